// The issuer with moto's ACM, somebody else's reading of its documents. It says that names are proved without looking, after a moment, and its
// certificates are of nobody's CA: what is seen here is that both speak of the same things.
// needs: moto
import { systemClock } from '@hostmaster/core/clock';
import { readIssued } from '@hostmaster/core/pki/issued';
import type { CertificateIssuer, CertificateOrder, Progress, Resume } from '@hostmaster/core/pki/issuer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aliasesInMemory, orderOf, signal, turn } from '../../testing/acm/ground.ts';
import { type Moto, startMoto } from '../../testing/acm/moto.ts';
import { checksOf } from '../../testing/checks.ts';
import { acm } from './acm.ts';

const dns = aliasesInMemory();
let moto: Moto;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(() => moto.close());

const connection = () => ({
  ...{ slug: 'moto', profile: null, chain: [], key: null },
  settings: acm.settings.parse(moto.settings),
  secret: moto.secret,
});
const open = (): CertificateIssuer => acm.open(connection(), { clock: systemClock, standingProofs: dns.proofs });

/** Asks on until there is something else than before. */
async function until(issuer: CertificateIssuer, order: CertificateOrder, from: Resume) {
  for (let resume = from, last: Progress | null = null; ; ) {
    const progress: Progress = await turn(issuer, order, resume);
    if (progress.outcome === 'issued') return { issued: progress, last };
    [resume, last] = [progress.resume, progress];
  }
}

it('an order goes from the request over its alias to the certificate, which is looked at and deleted', async () => {
  const [issuer, order] = [open(), orderOf({ names: ['orders.example.test', '*.orders.example.test'], key: 'rsa-2048' })];
  const { issued, last } = await until(issuer, order, issuer.begin(order));
  expect(last).toMatchObject({ outcome: 'pending', message: expect.stringContaining('moto says PENDING_VALIDATION') });
  expect([...dns.aliases]).toEqual([
    [expect.stringMatching(/^_\w+\.orders\.example\.test$/), expect.stringMatching(/\.acm-validations\.aws$/)],
  ]);
  const facts = readIssued(order, issued.chain, systemClock.now());
  expect(facts).toMatchObject({ names: order.names, keyAlgorithm: 'rsa-2048' });
  const reference = issued.reference ?? '';
  expect(await issuer.kept?.look(reference, signal())).toMatchObject({ serial: facts.serial, inUseBy: [] });
  await issuer.kept?.remove(reference, signal());
  expect(await issuer.kept?.look(reference, signal())).toBeNull();
});

it('a request that is repeated is the same one', async () => {
  const [issuer, order] = [open(), orderOf({ names: ['twice.example.test'] })];
  const first = await turn(issuer, order, issuer.begin(order));
  if (first.outcome === 'issued') throw new Error('signed at once');
  const [one, other] = [await turn(issuer, order, first.resume), await turn(open(), order, first.resume)];
  expect(one.reference).toMatch(/^arn:aws:acm:eu-central-1:123456789012:certificate\//);
  expect(other.reference).toBe(one.reference);
});

it('a connection test passes', async () => {
  const found = await checksOf(acm, { ...connection(), suffixes: ['example.test'] }, { clock: systemClock, standingProofs: dns.proofs });
  expect(Object.entries(found).filter(([, { ok }]) => ok !== true)).toEqual([]);
});
