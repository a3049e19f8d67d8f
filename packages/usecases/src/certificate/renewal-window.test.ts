// An issuer that calls for renewals: asked when it signs, and again by the looks at a name, no more often than every six hours.
import { createSlowIssuer } from '@hostmaster/adapters/testing/slow-issuer';
import { hour } from '@hostmaster/core/duration';
import { HostmasterError } from '@hostmaster/core/errors';
import type { CertificateIssuer } from '@hostmaster/core/pki/issuer';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { WorkerCtx } from '../context.ts';
import { checkEndpoint } from '../endpoint/check.ts';
import { runOperation } from '../operation/run.ts';
import { zoneApex } from '../testing/demo.ts';
import { harnessStart } from '../testing/harness.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';

let world: Reconciling;
let worker: WorkerCtx;
let asked: number;
let says: () => { readonly start: Date; readonly end: Date } | null;
let n = 0;
beforeAll(async () => {
  world = await createReconciling();
  const signing = await world.db.issuer.findFirstOrThrow({ where: { kind: 'internal-ca' } });
  const { permittedSuffixes, profile } = signing;
  const settings = { directory: 'https://ca.example.net/directory' };
  await world.db.issuer.create({
    data: { slug: 'foreign', kind: 'acme', name: 'Some CA', chainPem: '', permittedSuffixes, profile, settings },
  });
  const issuer: CertificateIssuer = {
    ...createSlowIssuer(await world.worker.issuer(signing), 1),
    renewalWindow: async () => {
      asked += 1;
      return says();
    },
  };
  worker = { ...world.worker, issuer: async (row) => (row.kind === 'acme' ? issuer : world.worker.issuer(row)) };
});
afterAll(() => world.close());
beforeEach(() => {
  asked = 0;
});

/** Hours after the clock of the tests began, which looking moves on. */
const at = (hours: number): Date => new Date(harnessStart.getTime() + hours * hour);
const window = (from: number, to: number) => () => ({ start: at(from), end: at(to) });
/** A live name of that issuer, which said at first that its certificate is to be renewed in a thousand hours. */
async function live() {
  n += 1;
  const hostname = `w${n}.dev.${zoneApex}`;
  says = window(1000, 1000);
  const { id } = await world.ask(hostname, { tls: { source: 'acme', challenge: 'dns-01' } });
  const { id: operationId } = await world.db.operation.findFirstOrThrow({ where: { requestId: id } });
  expect(await runOperation(worker, { operationId })).toEqual({ state: 'succeeded' });
  const endpoint = await world.db.endpoint.findFirstOrThrow({ where: { hostname } });
  const certificate = () => world.db.certificate.findFirstOrThrow({ where: { endpointId: endpoint.id } });
  expect((await certificate()).renewAfter).toEqual(at(1000));
  asked = 0;
  return { certificate, look: () => checkEndpoint(worker, { endpointId: endpoint.id }) };
}

test('an issuer is asked again six hours after it was, and what it says then counts', async () => {
  const { certificate, look } = await live();
  says = window(500, 600);
  await look();
  expect(asked).toBe(0);
  world.clock.advance(6 * hour);
  await look();
  await look();
  expect(asked).toBe(1);
  expect(await certificate()).toMatchObject({ renewAfter: at(550), renewalAskedAt: expect.any(Date) });
});

test('a time within its window stays: it was chosen so that not all come at once', async () => {
  const { certificate, look } = await live();
  const { renewAfter } = await certificate();
  world.clock.advance(6 * hour);
  says = window(900, 1100);
  await look();
  expect([asked, (await certificate()).renewAfter]).toEqual([1, renewAfter]);
});

test.each<[string, () => never | null]>([
  ['says nothing', () => null],
  [
    'cannot be asked',
    () => {
      throw new HostmasterError('issuer-unavailable', 'It does not answer.');
    },
  ],
])('an issuer that %s leaves the time as it was, and is asked no more often for it', async (_, answer) => {
  const { certificate, look } = await live();
  const { renewAfter } = await certificate();
  world.clock.advance(6 * hour);
  says = answer;
  await look();
  await look();
  expect([asked, (await certificate()).renewAfter]).toEqual([1, renewAfter]);
});
