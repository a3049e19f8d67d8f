// What the portal writes of who may do what stands in the audit trail, whatever it runs: tried with its role, past every use case.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actingDb } from './acting.ts';
import { appendAudit } from './audit.ts';
import { type Db, openDb, type Tx } from './client.ts';
import { createGround, type Ground } from './testing/ground.ts';
import { transact } from './transaction.ts';

let ground: Ground;
let portal: Db;
const ids = { admin: '', ann: '', ben: '', grant: '', reservation: '', exception: '', request: '', token: '' };
const later = new Date('2036-01-01T00:00:00Z');

beforeAll(async () => {
  ground = await createGround();
  portal = openDb(ground.webUrl, { connections: 2, acting: true });
  const { db, teamId } = ground;
  const make = async (name: string, roles: string[] = []) =>
    (await db.person.create({ data: { name, email: `${name}@example.test`, roles } })).id;
  [ids.admin, ids.ann, ids.ben] = [await make('admin', ['platform-admin', 'security-reviewer']), await make('ann'), await make('ben')];
  await db.membership.create({ data: { personId: ids.ann, teamId, role: 'maintainer' } });
  const grant = { teamId, suffix: 'dev.example.test', environments: ['dev'], views: ['public' as const] };
  ids.grant = (await db.grant.create({ data: grant })).id;
  const reservation = { kind: 'label' as const, value: 'www', skeleton: 'www', group: 'security-reviewer', reason: 'x' };
  ids.reservation = (await db.reservation.create({ data: reservation })).id;
  const exception = { rule: 'x', hostname: 'x.example.test', reason: 'x', until: later, by: 'x' };
  ids.exception = (await db.policyException.create({ data: exception })).id;
  ids.request = (await db.request.create({ data: requestOf(ids.ann) })).id;
});
afterAll(async () => {
  await portal.$disconnect();
  await ground.close();
});

const requestOf = (personId: string) => ({
  kind: 'create' as const,
  state: 'in-review' as const,
  hostname: 'orders.example.test',
  view: 'public' as const,
  teamId: ground.teamId,
  zoneId: ground.zoneId,
  contract: {},
  decision: {},
  plan: {},
  planHash: 'x',
  reviewGroups: ['security-reviewer'],
  askerKind: 'person' as const,
  askerId: personId,
  askerName: 'Ann',
  answeringPersonId: personId,
});

type Act = {
  readonly who: () => string;
  readonly event: string;
  readonly subject: () => string;
  readonly write: (tx: Tx) => Promise<unknown>;
};
const made = randomUUID();
const byAdmin = { who: () => ids.admin };
const acts: Readonly<Record<string, Act>> = {
  'makes a person': {
    ...byAdmin,
    event: 'person.create',
    subject: () => made,
    write: (tx) => tx.person.create({ data: { id: made, name: 'x', email: 'x@example.test', roles: ['auditor'] } }),
  },
  'gives somebody a role': {
    ...byAdmin,
    event: 'person.set-roles',
    subject: () => ids.ben,
    write: (tx) => tx.person.update({ where: { id: ids.ben }, data: { roles: ['platform-admin'] } }),
  },
  'lets somebody in again': {
    ...byAdmin,
    event: 'person.enable',
    subject: () => ids.ben,
    write: (tx) => tx.person.update({ where: { id: ids.ben }, data: { disabledAt: null } }),
  },
  'puts somebody into a team': {
    ...byAdmin,
    event: 'team.set-member',
    subject: () => ground.teamId,
    write: (tx) => tx.membership.create({ data: { personId: ids.ben, teamId: ground.teamId, role: 'member' } }),
  },
  'sets a password': {
    who: () => ids.ann,
    event: 'person.change-password',
    subject: () => ids.ann,
    write: (tx) => tx.password.create({ data: { personId: ids.ann, hash: 'x' } }),
  },
  'makes a link by which a password is set': {
    ...byAdmin,
    event: 'person.make-link',
    subject: () => ids.ann,
    write: (tx) =>
      tx.passwordLink.create({
        data: { personId: ids.ann, hash: Buffer.from('link'), purpose: 'reset', createdById: ids.admin, expiresAt: later },
        select: { id: true },
      }),
  },
  'makes a token': {
    who: () => ids.ann,
    event: 'token.create',
    subject: () => made,
    write: (tx) =>
      tx.serviceToken.create({
        data: { id: made, name: 'ci', hash: Buffer.from('token'), ownerId: ids.ann, scopes: [], expiresAt: later },
      }),
  },
  'gives a team a suffix': {
    ...byAdmin,
    event: 'grant.create',
    subject: () => made,
    write: (tx) => tx.grant.create({ data: { id: made, teamId: ground.teamId, suffix: 'x.test', environments: [], views: [] } }),
  },
  'brings a grant back': {
    ...byAdmin,
    event: 'grant.update',
    subject: () => ids.grant,
    write: (tx) => tx.grant.update({ where: { id: ids.grant }, data: { expiresAt: later } }),
  },
  'prolongs an exception': {
    ...byAdmin,
    event: 'exception.end',
    subject: () => ids.exception,
    write: (tx) => tx.policyException.update({ where: { id: ids.exception }, data: { until: later } }),
  },
  'leads a zone elsewhere': {
    ...byAdmin,
    event: 'zone.update',
    subject: () => ground.zoneId,
    write: (tx) => tx.zone.update({ where: { id: ground.zoneId }, data: { servers: [] }, select: { id: true } }),
  },
  'asks for a name': {
    who: () => ids.ann,
    event: 'request.create',
    subject: () => made,
    write: (tx) => tx.request.create({ data: { ...requestOf(ids.ann), id: made, hostname: 'new.example.test' } }),
  },
  'approves a request': {
    ...byAdmin,
    event: 'request.approve',
    subject: () => ids.request,
    write: (tx) => tx.request.update({ where: { id: ids.request }, data: { decidedAt: new Date() } }),
  },
  'reviews a request': {
    ...byAdmin,
    event: 'request.approve',
    subject: () => ids.request,
    write: (tx) =>
      tx.review.create({
        data: {
          requestId: ids.request,
          reviewerId: ids.admin,
          name: 'x',
          group: 'security-reviewer',
          decision: 'approve',
          reason: 'x',
          planHash: 'x',
        },
      }),
  },
  'takes a reservation away': {
    ...byAdmin,
    event: 'reservation.remove',
    subject: () => ids.reservation,
    write: (tx) => tx.reservation.delete({ where: { id: ids.reservation } }),
  },
};

const told = (tx: Tx, { who, event: action, subject }: Act, more: object = {}) =>
  appendAudit(tx, {
    at: new Date(),
    actorKind: 'person',
    actorId: who(),
    actorName: 'x',
    action,
    subjectKind: action.replace(/\..*/, ''),
    subjectId: subject(),
    subject: 'x',
    detail: {},
    ...more,
  });

describe.each(Object.entries(acts))('whoever has the portal’s role and %s', (_, act) => {
  const db = () => actingDb(portal, { kind: 'person', id: act.who() });
  const without = { message: expect.stringContaining('without its audit event') };

  it('does so only together with the event that says it', async () => {
    await expect(transact(db(), act.write)).rejects.toMatchObject(without);
    // An event of another transaction, of another thing, or of another kind is none.
    await transact(db(), (tx) => told(tx, act));
    await expect(transact(db(), act.write)).rejects.toMatchObject(without);
    for (const more of [{ subjectId: randomUUID() }, { action: 'session.end' }])
      await expect(
        transact(db(), async (tx) => {
          await act.write(tx);
          await told(tx, act, more);
        }),
      ).rejects.toMatchObject(without);
    await transact(db(), async (tx) => {
      await act.write(tx);
      await told(tx, act);
    });
  });
});
