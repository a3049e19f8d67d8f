// Where DNSSEC keeps a CA from believing what a zone says, who keeps the zone is told before the CA is asked.
import { createSlowIssuer, type SlowIssuer } from '@hostmaster/adapters/testing/slow-issuer';
import { zoneOwner } from '@hostmaster/core/operation/moves-next';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WorkerCtx } from '../context.ts';
import { runOperation } from '../operation/run.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';

let world: Reconciling;
let worker: WorkerCtx;
let issuer: SlowIssuer;
let own: { readonly resolver?: string } = {};
let bogus: readonly string[] = [];
const asked: string[] = [];
const askedAt = new Set<string | undefined>();
beforeAll(async () => {
  world = await createReconciling();
  const signing = await world.db.issuer.findFirstOrThrow({ where: { kind: 'internal-ca' } });
  const { permittedSuffixes, profile } = signing;
  const settings = { directory: 'https://ca.example.net/directory' };
  await world.db.issuer.create({
    data: { slug: 'some-ca', kind: 'acme', name: 'Some CA', chainPem: '', permittedSuffixes, profile, settings },
  });
  issuer = createSlowIssuer(await world.worker.issuer(signing), 1);
  worker = {
    ...world.worker,
    issuer: async (row) => (row.kind === 'acme' ? { ...issuer, ...own } : world.worker.issuer(row)),
    prober: {
      ...world.worker.prober,
      isBogus: async (name, _, resolver) => {
        asked.push(name);
        askedAt.add(resolver);
        return bogus.includes(name);
      },
    },
  };
});
afterAll(() => world.close());

const ask = async (hostname: string, source: 'acme' | 'internal-ca', more: object = {}) => {
  const tls = source === 'acme' ? { source, challenge: 'dns-01' as const } : { source };
  const { id } = await world.ask(hostname, { tls: { ...tls, ...more } });
  return world.db.operation.findFirstOrThrow({ where: { requestId: id } });
};
const run = async ({ id }: { readonly id: string }) => {
  world.clock.advance(3_600_000);
  await runOperation(worker, { operationId: id });
  return world.db.operation.findUniqueOrThrow({ where: { id } });
};

test('one name of several is said, with what to look at, and the order is placed once it validates', async () => {
  const [hostname, extra] = [`many.dev.${zoneApex}`, `extra.dev.${zoneApex}`];
  bogus = [extra];
  const operation = await ask(hostname, 'acme', { extraNames: [extra] });
  expect(await run(operation)).toMatchObject({
    state: 'waiting',
    movesNext: zoneOwner,
    error: {
      code: 'issuer-unavailable',
      message: `Some CA will not sign for ${extra}: DNSSEC does not validate there, so that a CA cannot believe what DNS says of it. Ask delv ${extra} SOA, compare the DS records above its zone with the DNSKEY records in it, and look when its signatures end.`,
    },
  });
  expect(issuer.placed()).toBe(0);
  bogus = [];
  expect(await run(operation)).toMatchObject({ state: 'succeeded' });
  expect(asked).toEqual(expect.arrayContaining([hostname, extra]));
});

test('a CA with a resolver of its own sees what that says', async () => {
  expect([...askedAt]).toEqual([undefined]);
  askedAt.clear();
  own = { resolver: '192.0.2.53:53' };
  expect(await run(await ask(`own.dev.${zoneApex}`, 'acme'))).toMatchObject({ state: 'succeeded' });
  expect([...askedAt]).toEqual([own.resolver]);
});

test('what asks nobody outside is not held up', async () => {
  const hostname = `inside.dev.${zoneApex}`;
  bogus = [hostname];
  expect(await run(await ask(hostname, 'internal-ca'))).toMatchObject({ state: 'succeeded' });
});
