// The issuer, opened on a fake of Vault as the worker opens it from its row.
import { type Clock, systemClock } from '@hostmaster/core/clock';
import type { CertificateIssuer } from '@hostmaster/core/pki/issuer';
import { vault } from '../../issuers/vault/vault.ts';
import type { Policy } from './fake-auth.ts';
import type { FakeVault } from './fake-vault.ts';

/** What the guide has an operator write. */
export const usualPolicy = (mount = 'pki', role = 'web'): Policy => ({
  [`${mount}/sign/${role}`]: ['update'],
  [`${mount}/roles/${role}`]: ['read'],
  [`${mount}/certs`]: ['list'],
  [`${mount}/revoke`]: ['update'],
});

/** As somebody types them; AppRole unless it is said otherwise. */
export const settingsOf = ({ address, trust, auth }: FakeVault, changes: object = {}) => ({
  address,
  role: 'web',
  signInAs: auth.roleId,
  trust,
  addresses: '127.0.0.0/8',
  ...changes,
});

export type Opening = {
  readonly settings?: object;
  readonly secret?: string;
  readonly clock?: Clock;
  readonly roots?: readonly Uint8Array[];
  readonly serviceAccount?: () => Promise<string>;
};

export function openVault(
  fake: FakeVault,
  { settings = {}, secret, clock = systemClock, roots, serviceAccount }: Opening = {},
): CertificateIssuer {
  return vault.open(
    {
      slug: 'corp-vault',
      settings: vault.settings.parse(settingsOf(fake, settings)),
      profile: null,
      chain: roots ?? [fake.root],
      key: null,
      secret: Buffer.from(secret ?? fake.auth.secretId),
    },
    { clock, serviceAccount: serviceAccount ?? (async () => fake.auth.serviceAccount) },
  );
}
