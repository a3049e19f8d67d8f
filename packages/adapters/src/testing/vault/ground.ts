// The issuer, opened on a fake of Vault as the worker opens it from its row.
import { generateKeyPairSync } from 'node:crypto';
import { type Clock, systemClock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import { buildCsr } from '@hostmaster/core/pki/build-csr';
import type { CertificateIssuer, CertificateOrder, Resume } from '@hostmaster/core/pki/issuer';
import type { LeafContent } from '@hostmaster/core/pki/leaf-content';
import { signerFor } from '@hostmaster/core/pki/signer';
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

export const signal = () => AbortSignal.timeout(30_000);
export const orderOf = async (
  changes: { names?: readonly string[]; rsa?: number; replaces?: Uint8Array; content?: LeafContent } = {},
): Promise<CertificateOrder> => {
  const { names = ['orders.example.test'], rsa, replaces, content } = changes;
  const { privateKey } =
    rsa === undefined ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: rsa });
  const csr = await buildCsr(signerFor(privateKey), names, content);
  return { id: 'order-1', names, csr, ...(replaces === undefined ? {} : { replaces }), ...(content === undefined ? {} : { content }) };
};
/** Turn by turn, as the worker asks; answers what the order went on from, too. */
export async function obtain(issuer: CertificateIssuer, order: CertificateOrder, from: Resume = issuer.begin(order)) {
  for (let resume = from, turns = 0; turns < 200; turns += 1) {
    const progress = await issuer.issue(order, resume, signal());
    if (progress.outcome === 'issued') return { chain: progress.chain, resume };
    resume = JSON.parse(JSON.stringify(progress.resume));
  }
  throw new Error('no certificate');
}
export async function failing(work: Promise<unknown>): Promise<HostmasterError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof HostmasterError) return error;
  throw error ?? new Error('it did not fail');
}
