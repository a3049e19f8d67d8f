// Certificates from any CA that speaks ACME (RFC 8555). Control over names is proved in DNS, with our own providers, over HTTP, or at the edge. An order is asked
// on from its address: whoever takes it up again, after a crash at whatever step, asks the server how far it is.

import { createPrivateKey, type KeyObject } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { renewalIdentifier } from '@hostmaster/core/acme/renewal-info';
import { acmeRenewalInfo } from '@hostmaster/core/acme/resource';
import type { Clock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import { hostmaster, operator } from '@hostmaster/core/operation/moves-next';
import {
  type CertificateIssuer,
  type IssuerCapabilities,
  type IssuerConnection,
  type IssuerDescriptor,
  revocationReasons,
} from '@hostmaster/core/pki/issuer';
import { accountKeyContext, type SealedSecret } from '@hostmaster/core/pki/key-store';
import { requestOf, requireHostnames } from '@hostmaster/core/pki/order-request';
import { httpsExchange } from '../../net/https.ts';
import { rangesOf } from '../reach.ts';
import { type AcmeAccount, changeAccountKey, openAccount } from './account.ts';
import { type AcmeUnderTest, acmeChecks } from './checks.ts';
import { acmeResume, askOn } from './order.ts';
import { type AcmeServer, acmeServer } from './server.ts';
import { type AcmeOptions, type AcmeSettings, acmeSettings, hmacKey, limitsOf, resolverOf } from './settings.ts';

const capabilities: IssuerCapabilities = {
  leaves: true,
  wildcards: true,
  revoke: true,
  renewalWindow: true,
  authority: { no: 'its keys are elsewhere' },
  keepsKey: { no: 'it signs for a key of ours, or of a requester' },
  changeKey: true,
};

/** Orders come back this often while the key is changed, which takes about half a minute. */
const changingSeconds = 15;

const privateKey = (slug: string, sealed: SealedSecret, keyStore: AcmeOptions['keyStore']): KeyObject => {
  const pkcs8 = Buffer.from(keyStore.unwrapKey(sealed, accountKeyContext(slug)));
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
};

function accountKey({ slug, key }: IssuerConnection<AcmeSettings>, keyStore: AcmeOptions['keyStore']): KeyObject {
  if (key === null) throw new HostmasterError('issuer-unavailable', `${slug} has no account key yet.`, { movesNext: operator });
  return privateKey(slug, key, keyStore);
}

/** An account is opened when it is first needed, and kept until the CA knows it no more; one that could not be opened is tried again the next time. */
function keptAccount(server: AcmeServer, connection: IssuerConnection<AcmeSettings>, keyStore: AcmeOptions['keyStore']) {
  const { slug, settings, secret, changesKey = false } = connection;
  const { contact, externalKeyId } = settings;
  let kept: AcmeAccount | undefined;
  const open = (signal: AbortSignal): Promise<AcmeAccount> => {
    // Not the issuer's doing: no other one is asked in its place, and nobody is told that it is away.
    if (changesKey)
      throw new HostmasterError('unavailable', `The account at ${slug} gets another key, and nothing is asked in its name meanwhile.`, {
        movesNext: hostmaster,
        retryAfter: changingSeconds,
      });
    const account = {
      name: slug,
      key: accountKey(connection, keyStore),
      contact: contact || null,
      externalAccount: secret.length === 0 ? null : { keyId: externalKeyId, hmacKey: secret },
    };
    return openAccount(server, account, signal);
  };
  return async <T>(signal: AbortSignal, work: (account: AcmeAccount) => Promise<T>): Promise<T> => {
    kept ??= await open(signal);
    try {
      return await work(kept);
    } catch (error) {
      if (error instanceof HostmasterError && error.cause instanceof Error && error.cause.message === 'accountDoesNotExist')
        kept = undefined;
      throw error;
    }
  };
}

/** What ends it is the signal's reason, and not Node's AbortError around it: a run knows the end of its time by that. */
async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(milliseconds, undefined, { signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

const serverOf = ({ slug, settings: { directory, trust, addresses } }: IssuerConnection<AcmeSettings>, clock: Clock): AcmeServer =>
  acmeServer({ name: slug, directoryUrl: directory }, httpsExchange({ trust, allowedRanges: rangesOf(addresses) }), clock);

export const acme: IssuerDescriptor<AcmeOptions, typeof acmeSettings> = {
  kind: 'acme',
  label: 'ACME',
  summary:
    'A CA that speaks ACME (RFC 8555), such as Let’s Encrypt: control over names is proved in DNS, or over HTTP or TLS where they lead.',
  settings: acmeSettings,
  secret: { purpose: 'eab', input: hmacKey, optional: true, goesWith: 'externalKeyId' },
  capabilities,
  checks: acmeChecks,
  provesInDns: 'TXT',
  identifiedBy: ['directory'],
  limits: limitsOf,
  ownKey: accountKeyContext,

  open(connection, { clock, keyStore, proofs }): CertificateIssuer {
    const { slug, settings: chosen } = connection;
    const server = serverOf(connection, clock);
    const withAccount = keptAccount(server, connection, keyStore);

    return {
      capabilities,
      ...resolverOf(chosen),

      begin: () => ({ url: null, failures: 0 }),

      async issue(order, stored, signal, saw = () => {}) {
        signal.throwIfAborted();
        requireHostnames(order);
        const request = requestOf(order);
        const { httpPort, tlsPort, profile } = chosen;
        const look = { httpPort, tlsPort, ...resolverOf(chosen) };
        const rest = { name: slug, server, proofs, look, profile: profile || null, now: () => clock.now(), pause: wait, saw };
        return withAccount(signal, (account) => askOn({ ...rest, account }, order, request, acmeResume.parse(stored), signal));
      },

      async revoke(leaf, reason, signal) {
        const { revokeCert } = await server.directory(signal);
        if (revokeCert === undefined) throw new HostmasterError('issuer-refused', `${slug} revokes nothing.`);
        await withAccount(signal, ({ signer }) =>
          server.post(
            revokeCert,
            signer,
            { certificate: Buffer.from(leaf).toString('base64url'), reason: revocationReasons[reason] },
            signal,
            (_, error) => error === 'alreadyRevoked',
          ),
        );
      },

      async changeKey(next, signal) {
        const keys = { key: accountKey(connection, keyStore), next: privateKey(slug, next, keyStore) };
        await changeAccountKey(server, { name: slug, ...keys }, signal);
      },

      async caa(method, signal) {
        const { meta } = await server.directory(signal);
        if (meta.caaIdentities.length === 0) return null;
        return withAccount(signal, async ({ url }) => ({ identities: meta.caaIdentities, accountUri: url, method }));
      },

      async renewalWindow(leaf, signal) {
        const { renewalInfo } = await server.directory(signal);
        if (renewalInfo === undefined) return null;
        const answer = await server.get(`${renewalInfo}/${renewalIdentifier(leaf)}`, signal);
        const { suggestedWindow } = server.read(acmeRenewalInfo, answer, 'renewal information (RFC 9773 §4.2)');
        return { start: new Date(suggestedWindow.start), end: new Date(suggestedWindow.end) };
      },
    };
  },

  openTest(connection, { clock, keyStore }): AcmeUnderTest {
    const { directory: url, trust, addresses } = connection.settings;
    return { reached: { url, trust, addresses }, server: serverOf(connection, clock), connection, keyStore };
  },
};
