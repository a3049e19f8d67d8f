// A delegation or a DNAME that somebody makes above a name after the zone was read: the records are written, and nobody sees them. On BIND.
import { typeCodes } from '@hostmaster/core/dns/wire/codes';
import { parseRdata } from '@hostmaster/core/dns/wire/rdata';
import { hurryOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { checkEndpoint } from '@hostmaster/usecases/endpoint/check';
import { endpointSubject } from '@hostmaster/usecases/reconcile/start';
import { cancelRequest } from '@hostmaster/usecases/request/cancel';
import { getRequest } from '@hostmaster/usecases/request/get';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addByHand, heldAt, writeByHand } from './testing/outside.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
}, 60_000);
afterAll(() => world.close());

const delegate = (cut: string) => writeByHand(world, cut, [{ type: 'NS', ttl: 60, values: ['ns.example.net'] }]);
const redirect = (cut: string) => addByHand(world, cut, typeCodes.DNAME, parseRdata(typeCodes.CNAME, 'elsewhere.example.net'));
const again = async (hostname: string) => {
  await transact(world.db, (tx) => hurryOperation(tx, endpointSubject({ hostname, view: 'public' })));
  await world.runDue();
};
const readings = () => world.db.operation.count({ where: { kind: 'zone', purpose: 'read' } });

test.each([
  ['a delegation', delegate, 'NameDelegated', 'is delegated to ns.example.net', 'Have the delegation taken back'],
  ['a DNAME', redirect, 'NameRedirected', 'leads below elsewhere.example.net', 'Have the DNAME removed'],
] as const)(
  '%s above a name makes its request wait for the owner of the zone, in words, and the zone is read once',
  async (_, make, code, leads, remedy) => {
    const cut = `${code.toLowerCase()}.dev.${zoneApex}`;
    const hostname = `a.${cut}`;
    const { id } = await world.ask(hostname);
    await make(cut);
    const before = await readings();
    await world.runDue();
    const waiting = await getRequest(await world.as('app'), { id });
    expect(waiting.operation).toMatchObject({
      state: 'waiting',
      step: 'records-verified',
      movesNext: 'the owner of the zone',
      nextAttempt: expect.any(String),
    });
    for (const part of [cut, leads, remedy, 'cancel the request']) expect(waiting.summary).toContain(part);
    const { findings } = await world.view(hostname);
    expect(findings).toMatchObject([
      {
        code,
        layer: 'dns',
        cause: expect.stringContaining(leads),
        remedy: expect.stringContaining(remedy),
        movesNext: 'the owner of the zone',
      },
    ]);

    expect(await readings()).toBe(before + 1);
    await expect(world.ask(`next.${cut}`)).rejects.toMatchObject({
      code: 'policy-denied',
      violations: expect.arrayContaining([expect.objectContaining({ rule: 'not-delegated' })]),
    });
    await again(hostname);
    expect(await readings()).toBe(before + 1);

    await cancelRequest(await world.as('app'), { id });
    await world.runDue();
    expect(await heldAt(world, hostname)).toEqual([]);
    expect((await getRequest(await world.as('app'), { id })).state).toBe('cancelled');
  },
);

test('a request goes on once the delegation was taken back', async () => {
  const cut = `back.dev.${zoneApex}`;
  const hostname = `a.${cut}`;
  await world.ask(hostname);
  await delegate(cut);
  await world.runDue();
  expect((await world.view(hostname)).state).not.toBe('live');
  await writeByHand(world, cut, []);
  await again(hostname);
  expect((await world.view(hostname)).state).toBe('live');
});

test('a live name that is delegated away is said to be, and the zone is read', async () => {
  const cut = `later.dev.${zoneApex}`;
  const hostname = `a.${cut}`;
  await world.ask(hostname);
  await world.runDue();
  const { id } = await world.view(hostname);
  await delegate(cut);
  const before = await readings();
  await checkEndpoint(world.worker, { endpointId: id });
  await world.runDue();
  expect(await world.view(hostname)).toMatchObject({ state: 'degraded', findings: [{ code: 'NameDelegated' }] });
  expect(await readings()).toBe(before + 1);
});
