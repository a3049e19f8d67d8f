// What Key Vault says of a certificate that it is asked to make, in sentences: its own words stand in each.
import { foreignWords } from '../foreign-words.ts';
import { asSentence } from '../sentence.ts';

/** https://learn.microsoft.com/azure/key-vault/certificates/create-certificate-scenarios */
export type OperationSaid = {
  readonly status: string;
  readonly details: string;
  readonly error: { readonly code: string; readonly message: string } | null;
};

export const isInProgress = ({ status }: Pick<OperationSaid, 'status'>): boolean => status.toLowerCase() === 'inprogress';
export const isCompleted = ({ status }: Pick<OperationSaid, 'status'>): boolean => status.toLowerCase() === 'completed';

/** Codes of an operation that came to nothing, as its documents have them, with whose they are. */
const failures: Readonly<Record<string, string>> = {
  'certificate issuer error':
    'the CA behind the issuer did not sign, for a reason of its own. Whoever runs the vault looks at the account there.',
  'request rejected':
    'the CA behind the issuer refused what was asked for. Compare the names with those that its account is validated for.',
};

/** Why no certificate comes of an operation any more; null where one may. */
export function overWords(said: OperationSaid): string | null {
  if (isInProgress(said) || isCompleted(said)) return null;
  const { status, details, error } = said;
  const word = foreignWords(status) || 'over';
  if (error === null) return asSentence(`the operation is ${word}${details === '' ? '' : `: ${foreignWords(details)}`}`);
  const mended = failures[error.code.toLowerCase()];
  const words = asSentence(`the operation is ${word} (${foreignWords(error.code)}): ${foreignWords(error.message) || 'it says no more'}`);
  return mended === undefined ? words : `${words} That is: ${mended}`;
}
