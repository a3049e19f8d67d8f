import { checkInput } from '@hostmaster/core/contract/request';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.ts';
import { checkRequest } from './check.ts';

let harness: Harness;
let member: Actor;
let zone: { readonly id: string; readonly apex: string };
let team: { readonly id: string; readonly slug: string };
const far = new Date('2100-01-01T00:00:00Z');
const lastSeen = new Date('2026-11-20T11:03:40Z');
beforeAll(async () => {
  harness = await createHarness();
  team = await harness.build.team('orders');
  zone = await harness.build.zone({ apex: 'example.test', team });
  await harness.build.environments('dev');
  await harness.build.grant({ team, suffix: 'dev.example.test' });
  await harness.db.reservation.create({
    data: { kind: 'label', value: 'login', skeleton: 'logln', group: 'security-reviewer', reason: 'people type passwords there.' },
  });
  member = await harness.build.member(team);
});
beforeEach(async () => {
  await harness.build.silence(far);
  await harness.db.zone.update({ where: { id: zone.id }, data: { syncError: null, syncedAt: new Date('2026-11-19T08:30:00Z') } });
});
afterAll(() => harness.close());

const told = async (hostname: string) => {
  const contract = { hostname, team: 'orders', target: { addresses: ['192.0.2.9'] } };
  return (await checkRequest(harness.ctxFor(member), checkInput.parse({ kind: 'create', contract }))).leadTime;
};
const unread = () => harness.db.zone.update({ where: { id: zone.id }, data: { syncError: 'The name server did not answer.' } });

it('promises what was usual lately, where a worker works and the zone is read', async () => {
  expect(await told('a.dev.example.test')).toEqual({ seconds: 2, text: 'Usually live in 2 seconds.' });
  expect(await told('login.dev.example.test')).toEqual({
    seconds: null,
    text: 'Live seconds after the review; no review has been timed yet.',
  });
});

it('takes the middle of what was timed for usual, and says what is rare as such', async () => {
  await harness.build.endpoints(Array.from({ length: 12 }, (_, index) => ({ hostname: `timed-${index}.example.test`, team, zone })));
  const requests = await harness.db.request.findMany({ select: { id: true, hostname: true, createdAt: true } });
  await harness.db.operation.createMany({
    data: requests.map(({ id, hostname, createdAt }, index) => ({
      kind: 'endpoint' as const,
      purpose: 'revision' as const,
      subject: `endpoint:public:${hostname}`,
      generation: 1,
      state: 'succeeded' as const,
      step: 'reachable',
      reason: 'Everything is as approved.',
      movesNext: 'nobody',
      requestId: id,
      attempts: 1,
      since: createdAt,
      createdAt,
      finishedAt: new Date(createdAt.getTime() + (index === 0 ? 82_000 : 800)),
    })),
  });
  expect(await told('a.dev.example.test')).toEqual({
    seconds: 1,
    text: 'Usually live in 1 second. One in twenty took longer than 38 seconds.',
  });
});

it.each([
  ['no worker works', () => harness.build.silence(lastSeen), 'no worker has been seen since 2026-11-20 11:03 UTC'],
  ['the zone cannot be read any more', () => unread(), 'the last time that example.test could be read was 2026-11-19 08:30 UTC'],
])('promises nothing where %s, and says what is known', async (_, happens, known) => {
  await happens();
  expect(await told('a.dev.example.test')).toEqual({ seconds: null, text: `How long it takes is not known: ${known}.` });
  expect(await told('login.dev.example.test')).toEqual({
    seconds: null,
    text: `How long it takes after the review is not known: ${known}.`,
  });
});

it('says nothing of time where the request would be refused', async () => {
  await harness.build.silence(lastSeen);
  expect(await told('a.example.test')).toEqual({ seconds: null, text: 'Not as it stands.' });
});
