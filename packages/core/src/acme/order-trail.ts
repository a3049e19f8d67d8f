import { foreignWords } from '../foreign-words.ts';
import type { OrderTrail } from '../pki/order-trail.ts';
import { authorizedName } from './order-flow.ts';
import { type AcmeProblem, sayProblem } from './problem.ts';
import type { AcmeAuthorization, AcmeOrder } from './resource.ts';

const wordsOf = (error: AcmeProblem | undefined): string | null => (error === undefined ? null : sayProblem(error));

/**
 * What a server says of an order and its authorizations.
 * @param method the type of challenge that is answered here; of the others those are told that were tried
 */
export const trailOf = (order: AcmeOrder, authorizations: readonly AcmeAuthorization[], method: string): OrderTrail => ({
  status: order.status,
  problem: wordsOf(order.error),
  authorizations: authorizations.map((authorization) => ({
    name: authorizedName(authorization),
    status: authorization.status,
    challenges: authorization.challenges
      .filter(({ type, status, error }) => type === method || error !== undefined || status === 'valid')
      .map(({ type, status, error }) => ({ type: foreignWords(type), status, problem: wordsOf(error) })),
  })),
});
