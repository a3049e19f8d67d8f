// Of certificates that ended long ago what nobody did anything with is forgotten, with what brought it, and everything else stays.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forgetEnded } from './ended-certificate.ts';
import { behindTheBack } from './testing/behind-the-back.ts';
import { makeCertificate } from './testing/certificate.ts';
import { createGround, type Ground } from './testing/ground.ts';
import { transact } from './transaction.ts';

let ground: Ground;
let personId: string;
beforeAll(async () => {
  ground = await createGround();
  personId = (await ground.db.person.create({ data: { name: 'Ann', email: 'ann@example.test' } })).id;
});
afterAll(() => ground.close());

const hour = 3_600_000;
const before = new Date('2026-11-20T12:00:00Z');
const at = (hours: number) => new Date(before.getTime() + hours * hour);
type More = { state?: 'superseded' | 'served' | 'revoked'; from?: number; until?: number; endpointId?: string };
/** One of a day that ended an hour too long ago, and whose place another one has taken, unless something else is said. */
const ended = async ({ state = 'superseded', from = -25, until = -1, endpointId = ground.endpointId }: More = {}) => {
  const id = await makeCertificate({ ...ground, endpointId });
  const data = { state, notBefore: at(from), notAfter: at(until), renewAfter: at(until), issuedAt: at(from) };
  return behindTheBack(ground.db).certificate.update({ where: { id }, data, select: { id: true, orderId: true } });
};
const operation = async (more: object = {}) => {
  const run = {
    createdAt: at(-26),
    finishedAt: at(-24),
    endpointId: ground.endpointId,
    kind: 'endpoint',
    purpose: 'renewal',
    state: 'succeeded',
  };
  const said = { subject: randomUUID(), generation: 1, step: 'live', reason: 'x', movesNext: 'nobody', since: at(-26) };
  return (await behindTheBack(ground.db).operation.create({ data: { ...run, ...said, ...more } as never })).id;
};
const forget = (limit = 100) => transact(ground.db, (tx) => forgetEnded(tx, { before, days: 7, limit }));
const certificates = async () => (await ground.db.certificate.findMany({ orderBy: { notAfter: 'asc' } })).map(({ id }) => id);

beforeEach(async () => {
  const db = behindTheBack(ground.db);
  for (const table of [db.keyExport, db.campaignCertificate, db.revocationRequest, db.dnsProof])
    await (table as typeof db.dnsProof).deleteMany();
  await db.operation.deleteMany();
  await db.certificate.deleteMany();
  await db.certificateOrder.deleteMany();
});

it('a certificate that ended goes with its order, and with the renewal that brought it', async () => {
  await ended();
  await operation();
  expect(await forget()).toBe(1);
  expect([await certificates(), await ground.db.certificateOrder.count(), await ground.db.operation.count()]).toEqual([[], 0, 0]);
});

it('of what is served or revoked, of what lived for more than a week and of what ended lately all stay', async () => {
  const stays = [
    await ended({ from: -170 }),
    await ended({ state: 'served' }),
    await ended({ state: 'revoked' }),
    await ended({ until: 1 }),
  ];
  expect(await forget()).toBe(0);
  expect((await certificates()).sort()).toEqual(stays.map(({ id }) => id).sort());
  const week = await ended({ from: -169 });
  expect([await forget(), (await certificates()).includes(week.id)]).toEqual([1, false]);
});

describe('what somebody did something with stays:', () => {
  it.each<[string, (of: { id: string; orderId: string }) => Promise<unknown>]>([
    [
      'it was to be revoked',
      ({ id: certificateId }) =>
        ground.db.revocationRequest.create({ data: { certificateId, reason: 'superseded', comment: 'x', askerId: 'x', askerName: 'x' } }),
    ],
    [
      'its key was taken',
      async ({ id: certificateId }) => {
        const operationId = await operation({ kind: 'key', purpose: 'export', endpointId: null });
        const taken = { certificateId, operationId, askerId: personId, recipient: 'x' };
        await behindTheBack(ground.db).keyExport.create({ data: { id: randomUUID(), ...taken } });
      },
    ],
    [
      'a campaign took it up',
      async ({ id: certificateId }) => {
        const what = { action: 'replace', state: 'finished', scope: {}, comment: 'x', pace: 1, asOf: before, planHash: 'x', planned: 1 };
        const who = {
          fourEyes: false,
          askerKind: 'person' as const,
          askerId: 'x',
          askerName: 'x',
          movedAt: before,
          movedBy: 'x',
          answeringTeamId: ground.teamId,
        };
        const { id: campaignId } = await behindTheBack(ground.db).campaign.create({ data: { ...what, ...who } });
        await behindTheBack(ground.db).campaignCertificate.create({ data: { campaignId, certificateId, takenAt: before } });
      },
    ],
    [
      'a proof of its order is still in DNS',
      ({ orderId }) =>
        ground.db.dnsProof.create({
          data: { orderId, zoneId: ground.zoneId, name: '_acme-challenge.example.test', text: 'x', putAt: before },
        }),
    ],
  ])('%s', async (_, act) => {
    const one = await ended();
    await act(one);
    const other = await ended();
    expect([await forget(), await certificates()]).toEqual([1, [one.id]]);
    expect(other.id).not.toBe(one.id);
  });
});

it('other work than the renewal that brought it stays: of other times, of other names, for another purpose, or that came to nothing', async () => {
  const name = { hostname: 'other.example.test', skeleton: 'other.example.test', view: 'public' as const, environment: 'dev' };
  const data = { ...name, zoneId: ground.zoneId, teamId: ground.teamId, state: 'live' as const, revision: 1 };
  const { id: endpointId } = await behindTheBack(ground.db).endpoint.create({ data });
  await ended();
  const times = [{ createdAt: at(-24) }, { finishedAt: at(-25.5) }];
  const stays = await Promise.all([...times, { endpointId }, { purpose: 'look' }, { state: 'failed' }].map(operation));
  const parent = await operation();
  const part = await operation({ parentId: parent, createdAt: at(-24) });
  expect(await forget()).toBe(1);
  const left = (await ground.db.operation.findMany({ select: { id: true } })).map(({ id }) => id);
  expect(left.sort()).toEqual([...stays, parent, part].sort());
});

it('no more at once than is asked for, those that ended first', async () => {
  await ended({ until: -2 });
  const later = await ended();
  expect([await forget(1), await certificates()]).toEqual([1, [later.id]]);
});
