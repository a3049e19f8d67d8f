// What Vault answers that is no success, as our errors: what passes is waited for, and whoever has to act is named. Its words are shown,
// cut and without what a page would act on.
import { HostmasterError } from '../errors.ts';
import { foreignWords } from '../foreign-words.ts';
import { issuerOperator, operator } from '../operation/moves-next.ts';
import { asSentence } from '../sentence.ts';

export type VaultRefusal = {
  /** HTTP status, 400 or above. */
  readonly status: number;
  readonly errors: readonly string[];
  /** In seconds, as Vault said. */
  readonly retryAfter: number | null;
};

/** What was asked of which Vault. */
export type VaultAsked = {
  /** The issuer's name. */
  readonly name: string;
  /** The path below /v1/, as its policies name it. */
  readonly path: string;
  /** What of the settings leads there, as a form calls it: compared where there is nothing. */
  readonly settings: string;
};

/** How its library heads a list of errors, of one, too. */
const counted = /^\d+ errors? occurred:\s*/;

/** Vault's own words, as a sentence or a few. */
export const vaultWords = ({ status, errors }: Pick<VaultRefusal, 'status' | 'errors'>): string => {
  const said = errors.map((text) =>
    counted.test(text)
      ? text
          .replace(counted, '')
          .split(/\s*\*\s+/)
          .map((each) => each.trim())
          .filter((each) => each !== '')
          .join('; ')
      : text,
  );
  return asSentence(foreignWords(said.join('; ')) || `it answers ${status} without saying why`);
};

/** @param refusal of a call that nobody's order is at fault for. The error is always issuer-unavailable */
export function unavailableVault({ name, path, settings }: VaultAsked, refusal: VaultRefusal): HostmasterError {
  const words = vaultWords(refusal);
  const all = refusal.errors.join(' ').toLowerCase();
  const { status, retryAfter } = refusal;
  const error = (message: string, movesNext: string) =>
    new HostmasterError('issuer-unavailable', message, { movesNext, ...(retryAfter === null ? {} : { retryAfter }) });
  const runs = issuerOperator(name);
  if (all.includes('sealed')) return error(`${name} is sealed, and signs again once it is unsealed.`, runs);
  if (status === 403) return error(`${name} does not allow ${path} with what Hostmaster signs in as: ${words} Its policy has to.`, runs);
  if (status === 404) return error(`${name} has nothing at ${path}: ${words} Compare ${settings}.`, operator);
  if (status === 429) return error(`${name} takes no more requests for now: ${words}`, runs);
  if (status === 473 || all.includes('standby'))
    return error(`${name} is a standby, and hands nothing on to the active node: ${words}`, runs);
  return error(`${name} did not do it: ${words}`, runs);
}
