// A token of Microsoft Entra for an application with a client secret (OAuth 2.0 client credentials, RFC 6749 §4.4), over connections that are
// judged here. The credentials of Azure's own library would look into the environment, files and the metadata service of the host.
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';
import { platformAdmin } from '@hostmaster/core/operation/moves-next';
import { asSentence } from '@hostmaster/core/sentence';
import { z } from 'zod';
import { jsonOf } from '../../net/answer.ts';
import type { Exchange } from '../../net/https.ts';
import { tellFault } from '../../probes/fault-words.ts';
import { type KeyVaultSettings, resourceOf, signInOf } from './settings.ts';
import type { VaultUse } from './vault-error.ts';

const granted = z.object({ access_token: z.string().min(1).max(16_384), expires_in: z.coerce.number().int().min(0).max(1_000_000) });
/** https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const refused = z.object({ error: z.string(), error_description: z.string().catch('') });
const mostBytes = 64 * 1024;
const timeoutMilliseconds = 15_000;

type Application = { readonly name: string; readonly settings: KeyVaultSettings; readonly secret: Uint8Array; readonly use: VaultUse };
export type Token = { readonly token: string; readonly expiresOnTimestamp: number };

/** @param scopes what the vault wants a token for: of another resource than its own none is asked for. Errors: as its use calls them. */
export async function signIn(
  { name, settings, secret, use }: Application,
  scopes: readonly string[],
  exchange: Exchange,
  now: () => Date,
  signal: AbortSignal,
): Promise<Token> {
  const scope = `${resourceOf(settings)}/.default`;
  const failed = (message: string, movesNext: string, cause?: unknown) =>
    new HostmasterError(use.unavailable, message, { movesNext, cause });
  // Whoever answers in the place of a vault would be handed a token for something else.
  if (scopes.length !== 1 || scopes[0] !== scope)
    throw failed(
      `${name} asks for a token for ${foreignWords(scopes.join(', '))}, and not for ${scope}: it is no vault of that cloud, and is given none. Compare “Address”.`,
      platformAdmin,
    );
  const form = { grant_type: 'client_credentials', client_id: settings.client, client_secret: Buffer.from(secret).toString('utf8'), scope };
  const url = `${new URL(signInOf(settings)).origin}/${settings.tenant}/oauth2/v2.0/token`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const body = new URLSearchParams(form).toString();
  const answer = await exchange({ method: 'POST', url, headers, body, mostBytes, timeoutMilliseconds }, signal).catch((cause: unknown) => {
    if (signal.aborted) throw signal.reason;
    if (cause instanceof HostmasterError) throw cause;
    throw failed(`Microsoft Entra does not answer: ${asSentence(tellFault(cause).words)}`, use.runs(name), cause);
  });
  const token = granted.safeParse(jsonOf(answer.body));
  if (answer.status === 200 && token.success)
    return { token: token.data.access_token, expiresOnTimestamp: now().getTime() + token.data.expires_in * 1000 };
  const said = refused.safeParse(jsonOf(answer.body)).data;
  const words =
    said === undefined ? '' : ` (${foreignWords(said.error)}): ${asSentence(foreignWords(said.error_description.split(/\r?\n/)[0] ?? ''))}`;
  throw failed(
    `Microsoft Entra does not let ${name} in, it answers ${answer.status}${words || '.'} Compare “Tenant” and “Application”, and give the client secret anew: it may have run out.`,
    platformAdmin,
  );
}
