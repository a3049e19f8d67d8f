// A CA that CAA records keep out would refuse: who keeps the zone is told before it is asked, and the order goes on once it is let in.
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
let above: readonly { critical: boolean; tag: string; value: string }[] | null = null;
/** The CA's own, where it has one. */
let resolver: string | undefined;
const asked: (readonly [name: string, resolver?: string])[] = [];
beforeAll(async () => {
  world = await createReconciling();
  const signing = await world.db.issuer.findFirstOrThrow({ where: { kind: 'internal-ca' } });
  const { permittedSuffixes, profile } = signing;
  const settings = { directory: 'https://ca.example.net/directory' };
  await world.db.issuer.create({
    data: { slug: 'some-ca', kind: 'acme', name: 'Some CA', chainPem: '', permittedSuffixes, profile, settings },
  });
  issuer = createSlowIssuer(await world.worker.issuer(signing), 1);
  const caa = async () => ({ identities: ['ca.example.net'], accountUri: 'https://ca.example.net/acct/1', method: 'dns-01' });
  worker = {
    ...world.worker,
    issuer: async (row) =>
      row.kind === 'acme' ? { ...issuer, caa, ...(resolver === undefined ? {} : { resolver }) } : world.worker.issuer(row),
    prober: {
      ...world.worker.prober,
      resolveCaa: async (name, _, instead) => {
        asked.push(instead === undefined ? [name] : [name, instead]);
        return above;
      },
    },
  };
});
afterAll(() => world.close());

const caaOf = (value: string) => [{ type: 'CAA' as const, ttl: 60, values: [value] }];
const ask = async (hostname: string) => {
  const { id } = await world.ask(hostname, { tls: { source: 'acme', challenge: 'dns-01' } });
  return world.db.operation.findFirstOrThrow({ where: { requestId: id } });
};
const run = async ({ id }: { readonly id: string }) => {
  world.clock.advance(3_600_000);
  await runOperation(worker, { operationId: id });
  return world.db.operation.findUniqueOrThrow({ where: { id } });
};

test('records at the name are said with what they let in and what to write, and the order is placed once they let the CA in', async () => {
  const hostname = `own.dev.${zoneApex}`;
  await world.writeByHand(hostname, caaOf('0 issue "other.example"'));
  const operation = await ask(hostname);
  expect(await run(operation)).toMatchObject({
    state: 'waiting',
    movesNext: zoneOwner,
    error: {
      code: 'issuer-unavailable',
      message: `Some CA will not sign for ${hostname}: of the CAA records of ${hostname}, it lets other.example in. Write there: ${hostname} CAA 0 issue "ca.example.net"`,
    },
  });
  expect(issuer.placed()).toBe(0);
  await world.writeByHand(hostname, caaOf('0 issue "ca.example.net"'));
  expect(await run(operation)).toMatchObject({ state: 'succeeded' });
});

test('where the name has none, the first above it count, and none further up', async () => {
  await world.writeByHand(`team.dev.${zoneApex}`, caaOf('0 issue "ca.example.net"'));
  await world.writeByHand(zoneApex, caaOf('0 issue ";"'));
  expect(await run(await ask(`a.team.dev.${zoneApex}`))).toMatchObject({ state: 'succeeded' });
  const { error } = await run(await ask(`b.dev.${zoneApex}`));
  expect(error).toMatchObject({ message: expect.stringContaining(`of the CAA records of ${zoneApex}, it lets no CA in`) });
  await world.writeByHand(zoneApex, []);
});

test('above the zones that are connected the resolver of the system says it; where it says nothing, the CA judges', async () => {
  above = null;
  expect(await run(await ask(`c.dev.${zoneApex}`))).toMatchObject({ state: 'succeeded' });
  above = [{ critical: false, tag: 'issue', value: 'other.example' }];
  const { error } = await run(await ask(`d.dev.${zoneApex}`));
  expect(error).toMatchObject({ message: expect.stringContaining('of the CAA records of test, it lets other.example in') });
  expect(new Set(asked.map(([name]) => name))).toEqual(new Set(['test']));
  above = null;
});

test('what the resolver of the CA says counts, where it has one, and not what the zone answers', async () => {
  const hostname = `e.dev.${zoneApex}`;
  await world.writeByHand(hostname, caaOf('0 issue "ca.example.net"'));
  resolver = '192.0.2.53:53';
  above = [{ critical: false, tag: 'issue', value: 'other.example' }];
  asked.length = 0;
  const operation = await ask(hostname);
  expect((await run(operation)).error).toMatchObject({
    message: expect.stringContaining(`of the CAA records of ${hostname}, it lets other.example in`),
  });
  expect(asked).toContainEqual([hostname, resolver]);
  above = [];
  expect(await run(operation)).toMatchObject({ state: 'succeeded' });
});
