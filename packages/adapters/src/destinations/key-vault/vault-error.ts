// What a vault of Azure refuses and how it fails, as errors of ours: with its own words, whose it is to mend, and how.
import { isRestError } from '@azure/core-rest-pipeline';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { grantCommand, importingRights, orderingRights, policyCommand, vaultOf } from '@hostmaster/core/key-vault/setup';
import { clusterOperator, issuerOperator, theIssuer } from '@hostmaster/core/operation/moves-next';
import { asSentence } from '@hostmaster/core/sentence';
import { z } from 'zod';
import { secondsOf } from '../../net/answer.ts';
import { tellFault } from '../../probes/fault-words.ts';
import type { KeyVaultSettings } from './settings.ts';

/** What a vault is spoken with for: how its faults are called then, whose they are, and what its application needs. */
export type VaultUse = {
  readonly refused: 'issuer-refused' | 'delivery-failed';
  readonly unavailable: 'issuer-unavailable' | 'delivery-failed';
  readonly runs: (name: string) => string;
  /** Rights to certificates, by the names that access policies have for them. */
  readonly rights: readonly string[];
};
export const importing: VaultUse = {
  ...{ refused: 'delivery-failed', unavailable: 'delivery-failed' },
  ...{ runs: clusterOperator, rights: importingRights },
};
export const ordering: VaultUse = {
  ...{ refused: 'issuer-refused', unavailable: 'issuer-unavailable' },
  ...{ runs: issuerOperator, rights: orderingRights },
};

/** Status and what the vault said; null where it is another error. */
export const refusalOf = (error: unknown): { readonly status: number; readonly message: string } | null =>
  error instanceof HostmasterError && isRestError(error.cause) && error.cause.statusCode !== undefined
    ? { status: error.cause.statusCode, message: error.cause.message }
    : null;

/** Null where the vault has none. */
export async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (refusalOf(error)?.status === 404) return null;
    throw error;
  }
}

const busySeconds = 10;

type Asked = { readonly name: string; readonly settings: KeyVaultSettings; readonly use: VaultUse };

/** @param what was asked of it @param cause what the client threw */
export function errorOf({ name, settings, use }: Asked, what: string, now: Date, cause: unknown): HostmasterError {
  const movesNext = use.runs(name);
  const away = (message: string, retryAfter?: number, mover = movesNext) =>
    new HostmasterError(use.unavailable, message, { cause, movesNext: mover, ...(retryAfter === undefined ? {} : { retryAfter }) });
  if (!isRestError(cause) || cause.statusCode === undefined || cause.response === undefined)
    return away(
      `${name} does not answer as a vault does: ${asSentence(tellFault(causeOf(cause)).words)}${goneWords(settings, causeOf(cause))}`,
    );
  const { statusCode: status, response } = cause;
  // Without a code of the vault's, the library has made the message up.
  const inner = innerCodeOf(cause.details);
  const code = cause.code === undefined ? 'without a word' : [cause.code, ...(inner === null ? [] : [inner])].map(foreignWords).join(', ');
  const said = cause.code === undefined ? '' : ` ${asSentence(foreignWords(cause.message))}`;
  const retryAfter = secondsOf(response.headers.get('retry-after') ?? null, now) ?? undefined;
  if (status === 429)
    return away(
      `${name} has too much to do at the moment (${code}).${said}`,
      retryAfter ?? busySeconds,
      use.refused === 'issuer-refused' ? theIssuer : movesNext,
    );
  if (status === 401)
    return away(`${name} does not take the token (${code}).${said} Compare “Tenant”: the vault trusts one directory alone.`);
  if (status === 403) return away(`${name} does not let Hostmaster ${what} (${code}).${said} ${forbiddenRemedy(inner, { settings, use })}`);
  const message = `${name} did not ${what}, it answers ${status} (${code}).${said}`;
  if (status >= 500 || status === 408 || status === 409) return away(message, retryAfter);
  // A refusal of what was ordered ends an order; of a delivery it is looked at by whoever runs the vault.
  return new HostmasterError(use.refused, message, { cause, ...(use.refused === 'issuer-refused' ? {} : { movesNext }) });
}

/** Which of its guards said no (https://learn.microsoft.com/azure/key-vault/general/rest-error-codes); null where it does not say. */
function innerCodeOf(details: unknown): string | null {
  const told = z.object({ error: z.object({ innerError: z.object({ code: z.string() }) }) });
  return told.safeParse(details).data?.error.innerError.code ?? null;
}

function forbiddenRemedy(inner: string | null, { settings: { address, client }, use }: Omit<Asked, 'name'>): string {
  const vault = vaultOf(address);
  if (inner === 'ForbiddenByRbac')
    return `Have whoever runs the vault run, with the application's id as APPLICATION: ${grantCommand(vault)}`;
  if (inner === 'ForbiddenByPolicy') return `Have whoever runs the vault run: ${policyCommand(vault, client, use.rights)}`;
  if (inner === 'ForbiddenByFirewall' || inner === 'ForbiddenByConnection')
    return "Have whoever runs the vault let the worker's address through its firewall, or connect the worker's network by a private endpoint.";
  return "Give its application the right, and where the vault has a firewall, let the worker's address through.";
}

/** A vault that is deleted keeps its name to itself, and has none in DNS. */
const goneWords = ({ address }: KeyVaultSettings, cause: unknown): string =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOTFOUND'
    ? ` A vault that was deleted has no address any more: az keyvault list-deleted shows it, and az keyvault recover --name ${vaultOf(address)} brings it back.`
    : '';

/** The socket's own error stands behind the one that the library makes of it. */
const causeOf = (error: unknown): unknown => (error instanceof Error && error.cause !== undefined ? error.cause : error);
