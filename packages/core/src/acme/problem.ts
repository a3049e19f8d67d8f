// Problem documents of an ACME server (RFC 8555 §6.7) as our errors: what will pass is waited for, and whoever runs Hostmaster is named
// where the account is at fault. The server's words are shown, cut and without what a terminal or a page would act on.
import { z } from 'zod';
import { HostmasterError } from '../errors.ts';
import { foreignWords } from '../foreign-words.ts';
import { issuerOperator, operator } from '../operation/moves-next.ts';
import { asSentence } from '../sentence.ts';

const prefix = 'urn:ietf:params:acme:error:';
const said = z.string().max(100_000);
const identifier = z.object({ value: said });

export const acmeProblem = z.object({
  type: said.default('about:blank'),
  detail: said.optional(),
  subproblems: z
    .array(z.object({ type: said.default('about:blank'), detail: said.optional(), identifier: identifier.optional() }))
    .max(1000)
    .optional(),
});
export type AcmeProblem = z.output<typeof acmeProblem>;

/** The last part of an error's type; as it stands where it is none of ACME's. */
export const acmeErrorOf = ({ type }: Pick<AcmeProblem, 'type'>): string => (type.startsWith(prefix) ? type.slice(prefix.length) : type);

const mostSubproblems = 3;

/** What the server said, as one sentence or a few. */
export function sayProblem({ type, detail, subproblems = [] }: AcmeProblem): string {
  const own = asSentence(foreignWords(detail ?? '') || foreignWords(acmeErrorOf({ type })));
  const parts = subproblems.slice(0, mostSubproblems).map((part) => {
    const what = foreignWords(part.detail ?? acmeErrorOf(part));
    return asSentence(part.identifier === undefined ? what : `${foreignWords(part.identifier.value)}: ${what}`);
  });
  return [own, ...parts].join(' ');
}

/** Errors about the account, or about what its owner has to agree to: nothing about this order, and mended by whoever connected the issuer. */
const ofAccount = new Set([
  'accountDoesNotExist',
  'externalAccountRequired',
  'userActionRequired',
  'invalidContact',
  'unsupportedContact',
  'badPublicKey',
  'badSignatureAlgorithm',
]);
/** Errors about the order itself: asking again changes nothing. */
const forGood = new Set([
  'badCSR',
  'rejectedIdentifier',
  'unsupportedIdentifier',
  'malformed',
  'invalidProfile',
  'alreadyReplaced',
  'badRevocationReason',
  'unauthorized',
]);

/** @param issuer its name @param retryAfter in seconds, as the server said */
export function errorOfProblem(issuer: string, status: number, problem: AcmeProblem, retryAfter: number | null): HostmasterError {
  const error = acmeErrorOf(problem);
  const words = sayProblem(problem);
  // For whoever has to know which error it was, and for the log.
  const again = { cause: new Error(error), ...(retryAfter === null ? {} : { retryAfter }) };
  if (error === 'rateLimited')
    return new HostmasterError('issuer-unavailable', `${issuer} takes no more orders for now: ${words}`, {
      ...again,
      movesNext: issuerOperator(issuer),
    });
  if (ofAccount.has(error))
    return new HostmasterError('issuer-unavailable', `${issuer} does not accept our account: ${words}`, { ...again, movesNext: operator });
  if (forGood.has(error) && status >= 400 && status < 500)
    return new HostmasterError('issuer-refused', `${issuer} refused: ${words}`, { cause: again.cause });
  return new HostmasterError('issuer-unavailable', `${issuer} did not do it: ${words}`, { ...again, movesNext: issuerOperator(issuer) });
}
