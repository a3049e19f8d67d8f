import { randomUUID } from 'node:crypto';
import { hostnameOf } from '@hostmaster/core/hostname/parse-hostname';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { holdersOf, holdNames, letNamesGo } from './held-name.ts';
import { createGround, type Ground } from './testing/ground.ts';
import { transact } from './transaction.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await createGround();
});
afterAll(() => ground.close());
beforeEach(async () => {
  await ground.db.heldName.deleteMany();
});

const own = hostnameOf('orders.example.test');
const extra = hostnameOf('www.example.test');
const later = new Date('2026-12-20T12:00:00Z');

const second = async (hostname: string, teamId = ground.teamId, id: string = randomUUID()) => {
  const row = await ground.db.endpoint.findUniqueOrThrow({ where: { id: ground.endpointId } });
  return ground.db.endpoint.create({
    data: { ...row, id, hostname, teamId, createdAt: new Date(row.createdAt.getTime() + 1000) },
  });
};
const hold = (
  endpoint: { readonly id: string; readonly teamId: string },
  names: Parameters<typeof holdNames>[2],
  until: Date | null = null,
) => transact(ground.db, (tx) => holdNames(tx, endpoint, names, until));
const first = () => ({ id: ground.endpointId, teamId: ground.teamId });
const rows = async () =>
  (await ground.db.heldName.findMany({ orderBy: { hostname: 'asc' } })).map(({ hostname, heldBackUntil }) => [hostname, heldBackUntil]);

test('an endpoint holds the names of its contract and no others; what it lets go is held back, or free', async () => {
  await hold(first(), [own, extra]);
  expect(await rows()).toEqual([
    [own, null],
    [extra, null],
  ]);
  await hold(first(), [own], later);
  expect(await rows()).toEqual([
    [own, null],
    [extra, later],
  ]);
  await hold(first(), [own, extra], later);
  expect(await rows(), 'it is had again').toEqual([
    [own, null],
    [extra, null],
  ]);
  await hold(first(), [own]);
  expect(await rows()).toEqual([[own, null]]);
  await transact(ground.db, (tx) => letNamesGo(tx, ground.endpointId, later));
  expect(await rows()).toEqual([[own, later]]);
});

test('what is held back stays held back, whatever its endpoint lets go after it', async () => {
  await hold(first(), [own, extra]);
  await hold(first(), [own], later);
  await hold(first(), [own]);
  await transact(ground.db, (tx) => letNamesGo(tx, ground.endpointId, new Date('2027-06-01T12:00:00Z')));
  expect(await rows()).toEqual([
    [own, new Date('2027-06-01T12:00:00Z')],
    [extra, later],
  ]);
});

test('one team has a name: another one cannot hold it, whatever was decided, until it was let go', async () => {
  const others = await ground.db.team.create({ data: { slug: 'others', name: 'Others' } });
  const theirs = await second('theirs.example.test', others.id);
  await hold(first(), [own, extra]);
  await expect(hold(theirs, [hostnameOf('theirs.example.test'), extra])).rejects.toMatchObject({ code: 'conflict' });
  expect(await holdersOf(ground.db, ['theirs.example.test', extra]), 'nothing of it is written').toEqual([
    { name: extra, endpointId: ground.endpointId, hostname: own, team: 'platform' },
  ]);
  await hold(first(), [own], later);
  await hold(theirs, [hostnameOf('theirs.example.test'), extra]);
  expect((await holdersOf(ground.db, [extra])).map(({ team }) => team)).toEqual(['others']);
});

test('of several endpoints of a team the one comes first whose hostname the name is, then the oldest', async () => {
  const www = await second(extra);
  // Ids say nothing of age.
  const shop = await second('shop.example.test', ground.teamId, '00000000-0000-4000-8000-000000000000');
  await hold(shop, [hostnameOf('shop.example.test'), extra, own]);
  await hold(first(), [own, extra]);
  expect((await holdersOf(ground.db, [extra])).map(({ hostname }) => hostname)).toEqual([own, 'shop.example.test']);
  await hold(www, [extra]);
  expect((await holdersOf(ground.db, [extra])).map(({ hostname }) => hostname)).toEqual([extra, own, 'shop.example.test']);
});
