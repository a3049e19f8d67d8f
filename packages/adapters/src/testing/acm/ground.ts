// The issuer, opened on a fake of ACM as the worker opens it from its row, with a public DNS that is a map.
import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import type { CertificateIssuer, CertificateOrder, Progress, Resume } from '@hostmaster/core/pki/issuer';
import type { StandingProofs } from '@hostmaster/core/pki/standing-proofs';
import { acm } from '../../issuers/acm/acm.ts';
import type { FakeAcm } from './fake-acm.ts';

/** Public DNS of a test: where each alias leads. */
export const aliasesInMemory = () => {
  const aliases = new Map<string, string>();
  const proofs: StandingProofs = {
    async put(_, wanted) {
      for (const { name, target } of wanted) aliases.set(name, target);
      return null;
    },
  };
  return { aliases, proofs, resolve: async (name: string) => aliases.get(name) ?? null };
};

/** As somebody types them. */
export const settingsOf = ({ endpoint, trust, region, account, accessKeyId }: FakeAcm, changes: object = {}) => ({
  ...{ endpoint, trust, region, account, accessKeyId, addresses: '127.0.0.0/8' },
  ...changes,
});

export type Opening = {
  readonly proofs: StandingProofs;
  readonly settings?: object;
  readonly secret?: string;
  readonly clock?: Clock;
};

export const connectionOf = (fake: FakeAcm, { settings = {}, secret = fake.secretAccessKey }: Pick<Opening, 'settings' | 'secret'>) => ({
  ...{ slug: 'corp-aws', profile: null, chain: [], key: null },
  settings: acm.settings.parse(settingsOf(fake, settings)),
  secret: Buffer.from(secret),
});

export const openAcm = (fake: FakeAcm, { proofs, clock = systemClock, ...opening }: Opening): CertificateIssuer =>
  acm.open(connectionOf(fake, opening), { clock, standingProofs: proofs });

export const signal = () => AbortSignal.timeout(30_000);
export const orderOf = (changes: Partial<CertificateOrder> = {}): CertificateOrder => ({
  ...{ id: randomUUID(), names: ['orders.example.test'], csr: null },
  ...changes,
});

/** One turn, from what was stored as JSON. */
export const turn = (issuer: CertificateIssuer, order: CertificateOrder, from: Resume): Promise<Progress> =>
  issuer.issue(order, JSON.parse(JSON.stringify(from)), signal());

/** Turn by turn, as the worker asks; answers what the order went on from, too. */
export async function obtain(issuer: CertificateIssuer, order: CertificateOrder, from: Resume = issuer.begin(order)) {
  for (let resume = from, turns = 0; turns < 20; turns += 1) {
    const progress = await turn(issuer, order, resume);
    if (progress.outcome === 'issued') return { chain: progress.chain, leaf: progress.chain[0] ?? new Uint8Array(), resume };
    resume = progress.resume;
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
