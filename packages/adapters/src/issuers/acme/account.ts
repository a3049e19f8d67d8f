// The account that orders belong to (RFC 8555 §7.3): found by its key, so that asking anew makes no second one.
import { createPublicKey, type KeyObject } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import { operator } from '@hostmaster/core/operation/moves-next';
import { calculateJwkThumbprint, exportJWK, FlattenedSign, type JWK } from 'jose';
import { z } from 'zod';
import type { AcmeServer, AcmeSigner, Taken } from './server.ts';

/** What a CA gave out of band, so that the account counts for a contract with it (§7.3.4). */
export type ExternalAccount = { readonly keyId: string; readonly hmacKey: Uint8Array };

export type AcmeAccount = {
  readonly url: string;
  readonly signer: AcmeSigner /** Of the key (RFC 7638), base64url. */;
  readonly thumbprint: string;
};

export type AccountOptions = {
  readonly name: string;
  readonly key: KeyObject;
  readonly contact: string | null;
  readonly externalAccount: ExternalAccount | null;
};

/** §7.1.2, as far as it is read. */
const account = z.object({ status: z.string().max(64) });

/** The account with this key, which is looked up and not made (§7.3.1); null where the CA knows none. Errors: issuer-unavailable, issuer-refused. */
export async function findAccount(
  server: AcmeServer,
  key: KeyObject,
  signal: AbortSignal,
): Promise<{ readonly url: string; readonly status: string } | null> {
  const { newAccount } = await server.directory(signal);
  const jwk = await exportJWK(createPublicKey(key));
  const isUnknown: Taken = (_, error) => error === 'accountDoesNotExist';
  const { status, location, body } = await server.post(
    newAccount,
    { key, identity: { jwk } },
    { onlyReturnExisting: true },
    signal,
    isUnknown,
  );
  if (status >= 400) return null;
  return { url: location ?? 'there', status: server.read(account, { body }, 'account (RFC 8555 §7.1.2)').status };
}

async function externalBinding(url: string, jwk: JWK, { keyId, hmacKey }: ExternalAccount) {
  const payload = new TextEncoder().encode(JSON.stringify(jwk));
  return new FlattenedSign(payload).setProtectedHeader({ alg: 'HS256', kid: keyId, url }).sign(hmacKey);
}

/** Errors: issuer-unavailable, also where the CA wants to know the account from somewhere else first; issuer-refused. */
export async function openAccount(
  server: AcmeServer,
  { name, key, contact, externalAccount }: AccountOptions,
  signal: AbortSignal,
): Promise<AcmeAccount> {
  const { newAccount, meta } = await server.directory(signal);
  const jwk = await exportJWK(createPublicKey(key));
  if (meta.externalAccountRequired && externalAccount === null)
    throw new HostmasterError(
      'issuer-unavailable',
      `${name} takes accounts alone that it knows already: give the issuer the key id and the HMAC key that it gave you (EAB).`,
      {
        movesNext: operator,
      },
    );
  const payload = {
    termsOfServiceAgreed: true,
    ...(contact === null ? {} : { contact: [`mailto:${contact}`] }),
    ...(externalAccount === null ? {} : { externalAccountBinding: await externalBinding(newAccount, jwk, externalAccount) }),
  };
  const { location } = await server.post(newAccount, { key, identity: { jwk } }, payload, signal);
  if (location === null) throw new HostmasterError('issuer-unavailable', `${name} does not say where the account is.`);
  return { url: location, signer: { key, identity: { kid: location } }, thumbprint: await calculateJwkThumbprint(jwk) };
}

/**
 * Has the account of a key known by another one from now on (§7.3.5): each of the two signs that it agrees. Where the CA knows it by that
 * one already, or knows no account at all, there is nothing to ask. Errors: issuer-unavailable, issuer-refused.
 */
export async function changeAccountKey(
  server: AcmeServer,
  { name, key, next }: { readonly name: string; readonly key: KeyObject; readonly next: KeyObject },
  signal: AbortSignal,
): Promise<void> {
  if ((await findAccount(server, next, signal)) !== null) return;
  const known = await findAccount(server, key, signal);
  if (known === null) return;
  const { keyChange: url } = await server.directory(signal);
  if (url === undefined) throw new HostmasterError('issuer-refused', `${name} lets no account be known by another key.`);
  const [oldKey, jwk] = [await exportJWK(createPublicKey(key)), await exportJWK(createPublicKey(next))];
  const agreed = new TextEncoder().encode(JSON.stringify({ account: known.url, oldKey }));
  const inner = await new FlattenedSign(agreed).setProtectedHeader({ alg: 'ES256', jwk, url }).sign(next);
  const { status } = await server.post(url, { key, identity: { kid: known.url } }, inner, signal, (answered) => answered === 409);
  if (status === 409) throw new HostmasterError('issuer-refused', `${name} knows another account by the new key.`);
}
