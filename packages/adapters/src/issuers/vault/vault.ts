// Certificates from Vault, or OpenBao: its PKI engine signs a CSR under a role.
import type { Clock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { toPem } from '@hostmaster/core/pki/chain';
import type { CertificateIssuer, IssuerCapabilities, IssuerConnection, IssuerDescriptor } from '@hostmaster/core/pki/issuer';
import { requestOf, requireHostnames } from '@hostmaster/core/pki/order-request';
import { unavailableVault, vaultWords } from '@hostmaster/core/vault/problem';
import { vaultSetup } from '@hostmaster/core/vault/setup';
import { httpsExchange } from '../../net/https.ts';
import { rangesOf } from '../reach.ts';
import { type VaultUnderTest, vaultChecks } from './checks.ts';
import { longestHours } from './longest.ts';
import { askOn, vaultResume } from './order.ts';
import { vaultServer } from './server.ts';
import { type VaultSignIn, vaultSession } from './session.ts';
import { placeOf, signInMountOf, type VaultSettings, vaultSecret, vaultSettings } from './settings.ts';

export type VaultOptions = {
  readonly clock: Clock;
  /** The token by which Kubernetes knows the worker, read anew for every sign-in. Errors: issuer-unavailable. */
  readonly serviceAccount: () => Promise<string>;
};

const capabilities: IssuerCapabilities = {
  leaves: true,
  wildcards: true,
  revoke: true,
  renewalWindow: { no: 'it does not say when it wants a certificate renewed' },
  authority: { no: 'its keys are elsewhere' },
  keepsKey: { no: 'it signs for a key of ours, or of a requester' },
  changeKey: { no: 'what it is asked with is changed under “Edit”' },
};

function signInOf(settings: VaultSettings, secret: string, { serviceAccount }: VaultOptions): VaultSignIn {
  const { signIn, signInAs } = settings;
  const mount = signInMountOf(settings);
  if (signIn === 'token') return { method: 'token', token: secret };
  if (signIn === 'approle') return { method: 'approle', mount, roleId: signInAs, secretId: secret };
  return { method: 'kubernetes', mount, role: signInAs, serviceAccount };
}

/** The server as it is asked, as somebody who signs in, and without a namespace: what is of the whole server is in none. */
function reached({ slug, settings, secret }: IssuerConnection<VaultSettings>, options: VaultOptions) {
  const { address, trust, addresses } = settings;
  const secretText = Buffer.from(secret).toString('utf8');
  const exchange = httpsExchange({ trust, allowedRanges: rangesOf(addresses) });
  const at = (namespace: string) => vaultServer({ name: slug, address, namespace }, exchange, options.clock, [secretText]);
  const server = at(placeOf(settings).namespace);
  return { server, whole: at(''), session: vaultSession(server, signInOf(settings, secretText, options), options.clock) };
}

export const vault: IssuerDescriptor<VaultOptions, typeof vaultSettings> = {
  kind: 'vault',
  label: 'Vault',
  summary: 'The PKI engine of HashiCorp Vault or OpenBao, which signs under a role.',
  settings: vaultSettings,
  secret: { purpose: 'vault', input: vaultSecret, optional: true, goesWith: 'signIn', without: 'kubernetes' },
  capabilities,
  checks: vaultChecks,
  provesInDns: false,
  identifiedBy: ['namespace', 'mount'],
  ownKey: null,
  setup: (settings, suffixes) => vaultSetup(placeOf(settings), suffixes),

  open(connection, options): CertificateIssuer {
    const { clock } = options;
    const { slug, settings, chain } = connection;
    const place = placeOf(settings);
    const { mount } = place;
    const { server, session } = reached(connection, options);
    const deps = {
      server,
      session,
      mount,
      place,
      roots: chain,
      now: () => clock.now(),
      unasked: new Set<string>(),
    };

    return {
      capabilities,

      begin: () => ({ attempt: null, since: 0, after: null }),

      async issue(order, stored, signal) {
        signal.throwIfAborted();
        requireHostnames(order);
        return askOn(deps, order, requestOf(order), vaultResume.parse(stored), signal);
      },

      async longestHours(signal) {
        signal.throwIfAborted();
        return longestHours(deps, signal);
      },

      async revoke(leaf, _, signal) {
        signal.throwIfAborted();
        readCertificate(leaf);
        const path = `${mount}/revoke`;
        const answer = await session.call({ method: 'POST', path, body: { certificate: toPem(leaf) } }, signal);
        if (answer.ok) return;
        if (answer.status === 400) throw new HostmasterError('issuer-refused', `${slug} refused: ${vaultWords(answer)}`);
        throw unavailableVault({ name: slug, path, settings: '“Mount” and “Namespace”' }, answer);
      },
    };
  },

  openTest(connection, options): VaultUnderTest {
    const { address: url, trust, addresses } = connection.settings;
    return { ...reached(connection, options), reached: { url, trust, addresses }, connection, now: () => options.clock.now() };
  },
};
