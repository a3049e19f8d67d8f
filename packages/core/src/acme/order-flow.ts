// What comes next of an order, from what the server says of it and its authorizations (RFC 8555 §7.1.6).

import { foreignWords } from '../foreign-words.ts';
import { sayProblem } from './problem.ts';
import type { AcmeAuthorization, AcmeChallenge, AcmeOrder } from './resource.ts';

/** A proof that is to be put in place, and the challenge that is answered with it. */
export type PendingProof = {
  readonly hostname: string;
  readonly wildcard: boolean;
  readonly url: string;
  readonly token: string;
  readonly status: AcmeChallenge['status'];
};

export type OrderStep =
  | { readonly next: 'prove'; readonly proofs: readonly PendingProof[] }
  /** The server looks, or signs. */
  | { readonly next: 'wait'; readonly what: string }
  | { readonly next: 'finalize' }
  | { readonly next: 'fetch'; readonly certificate: string }
  /** Nothing comes of this order any more. Perhaps of another. */
  | { readonly next: 'anew'; readonly why: string }
  | { readonly next: 'impossible'; readonly why: string };

/** The name that an authorization is for, for a page. */
export const authorizedName = ({ identifier, wildcard }: AcmeAuthorization): string =>
  foreignWords(wildcard ? `*.${identifier.value}` : identifier.value);

/** Why the server could not see the proof; what it said last of a challenge. */
function whyNot(authorization: AcmeAuthorization): string {
  const failed = authorization.challenges.find(({ error }) => error !== undefined)?.error;
  return `${authorizedName(authorization)} is ${authorization.status}${failed === undefined ? '.' : `: ${sayProblem(failed)}`}`;
}

/** What we asked for, and answer: the type of challenge. */
type Wanted = { readonly names: readonly string[]; readonly method: string };

export function nextOf(order: AcmeOrder, authorizations: readonly AcmeAuthorization[], { names, method }: Wanted): OrderStep {
  if (order.status === 'valid')
    return order.certificate === undefined ? { next: 'wait', what: 'the certificate' } : { next: 'fetch', certificate: order.certificate };
  if (order.status === 'ready') return { next: 'finalize' };
  if (order.status === 'processing') return { next: 'wait', what: 'the certificate' };
  const failed = authorizations.filter(({ status }) => status !== 'pending' && status !== 'valid');
  if (order.status === 'invalid' || failed.length > 0) {
    const why = [...(order.error === undefined ? [] : [sayProblem(order.error)]), ...failed.map(whyNot)].join(' ');
    return { next: 'anew', why: why === '' ? 'The order was given up.' : why };
  }
  const open = authorizations.filter(({ status }) => status === 'pending');
  // Nobody but who ordered it says for which names something is put into DNS.
  const ordered = names.map((name) => name.replace(/^\*\./, ''));
  const foreign = open.filter(({ identifier: { type, value } }) => type !== 'dns' || !ordered.includes(value));
  if (foreign.length > 0)
    return { next: 'impossible', why: `A proof was asked for ${foreign.map(authorizedName).join(', ')}, which was not ordered.` };
  const proofs = open.map((authorization) => ({
    authorization,
    challenge: authorization.challenges.find(({ type, token }) => type === method && token !== undefined),
  }));
  const without = proofs.filter(({ challenge }) => challenge === undefined);
  if (without.length > 0)
    return {
      next: 'impossible',
      why: `${without.map(({ authorization }) => authorizedName(authorization)).join(', ')} cannot be proved by ${method}.`,
    };
  if (proofs.length === 0) return { next: 'wait', what: 'the authorizations' };
  return {
    next: 'prove',
    proofs: proofs.flatMap(({ authorization: { identifier, wildcard }, challenge }) =>
      challenge?.token === undefined
        ? []
        : [{ hostname: identifier.value, wildcard, url: challenge.url, token: challenge.token, status: challenge.status }],
    ),
  };
}
