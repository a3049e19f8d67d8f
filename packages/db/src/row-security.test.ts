// What the database itself shows to the portal and takes from it, for whoever acts: tried with the portal's role, past every use case.
import { randomUUID } from 'node:crypto';
import { groupsOf } from '@hostmaster/core/policy/review-group';
import { organisationRoles } from '@hostmaster/core/policy/roles';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableAccess } from './access.ts';
import { actingDb } from './acting.ts';
import { type Db, openDb } from './client.ts';
import { rowSecurity } from './row-security.ts';
import { behindTheBack } from './testing/behind-the-back.ts';
import { makeCertificate } from './testing/certificate.ts';
import { createGround, type Ground } from './testing/ground.ts';
import { transact } from './transaction.ts';

let ground: Ground;
let portal: Db;
const ids = { ann: '', ben: '', other: '', token: '', foreign: '' };
const later = new Date('2036-01-01T00:00:00Z');
const person = (id: string) => actingDb(portal, { kind: 'person', id });

beforeAll(async () => {
  ground = await createGround();
  portal = openDb(ground.webUrl, { connections: 2, acting: true });
  const { db, teamId } = ground;
  // What is written here is written without its event: audited-acts.test.ts is about those.
  await db.$executeRaw`DROP FUNCTION act_is_audited() CASCADE`;
  ids.other = (await db.team.create({ data: { slug: 'payments', name: 'Payments' } })).id;
  const make = async (name: string, roles: string[] = []) =>
    (await db.person.create({ data: { name, email: `${name}@example.test`, roles } })).id;
  [ids.ann, ids.ben] = [await make('ann'), await make('ben')];
  await db.membership.createMany({
    data: [
      { personId: ids.ann, teamId, role: 'maintainer' },
      { personId: ids.ann, teamId: ids.other, role: 'member' },
      { personId: ids.ben, teamId: ids.other, role: 'member' },
    ],
  });
  const token = async (ownerId: string, team: string) =>
    (
      await db.serviceToken.create({
        data: { name: 'ci', hash: Buffer.from(randomUUID()), ownerId, scopes: [], expiresAt: later, teams: { create: { teamId: team } } },
      })
    ).id;
  [ids.token, ids.foreign] = [await token(ids.ann, teamId), await token(ids.ben, ids.other)];
  for (const personId of [ids.ann, ids.ben]) await db.session.create({ data: { personId, expiresAt: later } });
  for (const actorId of [ids.ann, ids.ben])
    await db.idempotencyKey.create({ data: { actorId, key: 'once', fingerprint: Buffer.from('x'), createdAt: new Date() } });
});
afterAll(async () => {
  await portal.$disconnect();
  await ground.close();
});

it('holds rows only of tables that there are, with rights that the portal has', () => {
  for (const [table, policies] of Object.entries(rowSecurity)) {
    const { becomes: _, ...rights } = policies;
    for (const right of Object.keys(rights)) expect(Object.keys(tableAccess[table]?.web ?? {}), `${table} ${right}`).toContain(right);
  }
});

describe('a person', () => {
  it('asks for a private key as a maintainer of its team, by no token, sees what was sealed for them alone, and takes it whole', async () => {
    const { db } = ground;
    const certificateId = await makeCertificate(ground);
    const begin = async (askerId: string, as = person(askerId)) => {
      const subject = `key-export:${certificateId}`;
      const work = { kind: 'key', purpose: 'export', subject, step: 'sealed', reason: 'x', movesNext: 'hostmaster' } as const;
      const { id: operationId } = await as.operation.create({
        data: { ...work, generation: (await db.operation.count({ where: { subject } })) + 1 },
      });
      const data = { id: randomUUID(), operationId, certificateId, askerId, recipient: 'x' };
      return as.keyExport.create({ data, select: { id: true } });
    };
    await expect(begin(ids.ben)).rejects.toThrow(/row-level security/);
    await expect(begin(ids.ann, actingDb(portal, { kind: 'service', id: ids.token }))).rejects.toThrow(/row-level security/);
    const { id } = await begin(ids.ann);
    await expect(
      person(ids.ben).keyProof.createMany({ data: [{ exportId: id, secretKeyId: 'k', secretCiphertext: Buffer.from('x') }] }),
    ).rejects.toThrow(/row-level security/);
    const taking = (by: string, data: object) => person(by).keyExport.updateMany({ where: { id }, data });
    const taken = { takenAt: new Date() };
    expect(await taking(ids.ann, taken), 'before a worker came').toEqual({ count: 0 });
    await db.keyExport.update({ where: { id }, data: { sealed: Buffer.from('x') } });
    expect(await person(ids.ben).keyExport.count({ where: { id } })).toBe(0);
    expect(await taking(ids.ben, taken)).toEqual({ count: 0 });
    await expect(taking(ids.ann, { sealed: null })).rejects.toThrow(/permission denied/);
    expect(await taking(ids.ann, taken)).toEqual({ count: 1 });
    expect(await person(ids.ben).keyExport.count({ where: { id } }), 'that it left is for all to see').toBe(1);
    expect(await taking(ids.ann, { takenAt: new Date(0) }), 'nor is it taken back').toEqual({ count: 0 });
  });

  it('brings a certificate as a maintainer of its team, in their own name, and reads nothing of it again', async () => {
    const { db, endpointId } = ground;
    const secret = { secretKeyId: 'k', secretCiphertext: Buffer.from('x') };
    const bring = (who: string, askerId = who) =>
      person(who).broughtCertificate.createMany({ data: [{ endpointId, askerId, askerName: 'x', ...secret }] });
    await expect(bring(ids.ben)).rejects.toThrow(/row-level security/);
    await expect(bring(ids.ann, ids.ben)).rejects.toThrow(/row-level security/);
    expect(await bring(ids.ann)).toEqual({ count: 1 });
    await expect(person(ids.ann).broughtCertificate.findFirst()).rejects.toThrow(/permission denied/);
    expect(await person(ids.ben).broughtCertificate.deleteMany()).toEqual({ count: 0 });
    expect(await db.broughtCertificate.count()).toBe(1);
    expect(await person(ids.ann).broughtCertificate.deleteMany()).toEqual({ count: 1 });
  });

  it('brings no token of theirs back that was revoked', async () => {
    const { id } = await ground.db.serviceToken.create({
      data: { name: 'gone', hash: Buffer.from(randomUUID()), ownerId: ids.ann, scopes: [], expiresAt: later },
    });
    const mine = (revokedAt: Date | null) => person(ids.ann).serviceToken.updateMany({ where: { id }, data: { revokedAt } });
    expect(await mine(new Date())).toEqual({ count: 1 });
    expect(await mine(null)).toEqual({ count: 0 });
    await ground.db.serviceToken.delete({ where: { id } });
  });

  it('finds their own tokens, sessions and kept answers, and nobody else’s', async () => {
    const db = person(ids.ann);
    expect((await db.serviceToken.findMany()).map(({ id }) => id)).toEqual([ids.token]);
    expect((await db.tokenTeam.findMany()).map(({ tokenId }) => tokenId)).toEqual([ids.token]);
    expect((await db.session.findMany()).map(({ personId }) => personId)).toEqual([ids.ann]);
    expect((await db.idempotencyKey.findMany()).map(({ actorId }) => actorId)).toEqual([ids.ann]);
  });

  it('ends no session and no token of somebody else', async () => {
    const { count } = await person(ids.ann).session.updateMany({ where: { personId: ids.ben }, data: { revokedAt: new Date() } });
    const tokens = await person(ids.ann).serviceToken.updateMany({ where: { id: ids.foreign }, data: { revokedAt: new Date() } });
    expect([count, tokens.count]).toEqual([0, 0]);
  });

  it('puts nobody into a team that they do not maintain', async () => {
    const join = (teamId: string) => person(ids.ann).membership.create({ data: { personId: ids.ben, teamId, role: 'member' } });
    await expect(person(ids.ann).membership.updateMany({ where: { teamId: ids.other }, data: { role: 'maintainer' } })).resolves.toEqual({
      count: 0,
    });
    await join(ground.teamId);
    await expect(person(ids.ben).membership.create({ data: { personId: ids.ann, teamId: ids.other, role: 'member' } })).rejects.toThrow();
  });

  it('gives nobody a role, not even themselves, but for what an administrator does', async () => {
    expect(await person(ids.ann).person.updateMany({ where: { id: ids.ben }, data: { roles: ['platform-admin'] } })).toEqual({ count: 0 });
  });

  it('writes the audit trail in no other name', async () => {
    const event = (actorId: string, seq: bigint) =>
      person(ids.ann).auditEvent.createMany({
        data: {
          seq,
          at: new Date(),
          actorKind: 'person',
          actorId,
          actorName: 'x',
          action: 'team.create',
          subjectKind: 'team',
          subjectId: '1',
          subject: 'x',
          detail: {},
          previous: Buffer.alloc(32),
          hash: Buffer.from(String(seq)),
        },
      });
    await expect(event(ids.ben, 1n)).rejects.toThrow(/row-level security/);
    await event(ids.ann, 1n);
  });

  it('appends no audit event that does not follow the last one', async () => {
    const [last] = await ground.db.auditEvent.findMany({ orderBy: { seq: 'desc' }, take: 1 });
    const { ...event } = last;
    const after = (seq: bigint, previous: Uint8Array) =>
      person(ids.ann).auditEvent.createMany({
        data: { ...event, detail: {}, seq, previous: Buffer.from(previous), hash: Buffer.from(String(seq)) } as never,
      });
    const [seq, hash] = [last?.seq ?? 0n, last?.hash ?? Buffer.alloc(0)];
    await expect(after(9_223_372_036_854_775_807n, hash)).rejects.toThrow(/follows the last one/);
    await expect(after(seq + 1n, Buffer.alloc(32))).rejects.toThrow(/follows the last one/);
    await after(seq + 1n, hash);
  });

  it('moves no work on a name of another team', async () => {
    const operation = await ground.db.operation.create({
      data: {
        kind: 'endpoint',
        purpose: 'look',
        subject: 'endpoint:x',
        generation: 1,
        step: 'reachable',
        reason: 'x',
        movesNext: 'x',
        endpointId: ground.endpointId,
      },
    });
    const eve = await ground.db.person.create({ data: { name: 'eve', email: 'eve@example.test' } });
    const hurry = (id: string) => person(id).operation.updateMany({ where: { id: operation.id }, data: { nextAttemptAt: new Date() } });
    expect([await hurry(eve.id), await hurry(ids.ann)]).toEqual([{ count: 0 }, { count: 1 }]);
  });

  it('begins such work alone as somebody can ask for, and hurries it or ends it', async () => {
    const hostname = 'worked.example.test';
    const { id: endpointId } = await ground.db.endpoint.create({
      data: {
        hostname,
        view: 'public',
        skeleton: hostname,
        zoneId: ground.zoneId,
        teamId: ground.teamId,
        environment: 'dev',
        state: 'pending',
        revision: 1,
      },
    });
    const look = {
      kind: 'endpoint' as const,
      purpose: 'look' as const,
      subject: `endpoint:public:${hostname}`,
      generation: 1,
      step: 'records-verified',
      reason: 'Asked to check now.',
      movesNext: 'hostmaster',
      endpointId,
    };
    const begin = (more: object) => person(ids.ann).operation.create({ data: { ...look, ...more } as never });
    const inTime = (seconds: number) => new Date(Date.now() + seconds * 1000);
    for (const more of [
      { notBefore: later, nextAttemptAt: later },
      { nextAttemptAt: inTime(20) },
      { generation: 2 },
      { generation: 2_147_483_647 },
      { reason: 'r'.repeat(201) },
      { subject: 'endpoint:public:other.example.test' },
      { subject: 'x' },
      { kind: 'zone', purpose: 'read' },
      { kind: 'zone', purpose: 'look' },
      { purpose: 'renewal' },
      { endpointId: null },
    ])
      await expect(begin(more), JSON.stringify(more).slice(0, 80)).rejects.toThrow(/row-level security/);
    const { id } = await begin({ notBefore: inTime(20), nextAttemptAt: inTime(20) });
    const write = (data: object) => person(ids.ann).operation.updateMany({ where: { id }, data });
    for (const data of [
      { nextAttemptAt: later },
      { state: 'running', leasedUntil: later },
      { state: 'superseded', reason: 'r'.repeat(201) },
    ])
      await expect(write(data), JSON.stringify(data).slice(0, 80)).rejects.toThrow(/row-level security/);
    await write({ nextAttemptAt: null });
    await write({ state: 'superseded', reason: 'Newer work took its place.' });
    await begin({ generation: 2 });
  });

  it('has a certificate revoked in nobody else’s name, and not one of another team unless they review or administer', async () => {
    const { db, endpointId } = ground;
    const certificateId = await makeCertificate(ground);
    const make = async (name: string, roles: string[]) =>
      (await db.person.create({ data: { name, email: `${name}@revokes.test`, roles } })).id;
    const [zoe, sam, pat] = [await make('zoe', []), await make('sam', ['security-reviewer']), await make('pat', ['platform-admin'])];
    const wish = (by: string, askerId = by) =>
      person(by).revocationRequest.create({ data: { certificateId, reason: 'superseded', comment: 'x', askerId, askerName: 'x' } });
    await expect(wish(zoe)).rejects.toThrow(/row-level security/);
    await expect(wish(ids.ann, zoe)).rejects.toThrow(/row-level security/);
    const { hostname, view } = await db.endpoint.findUniqueOrThrow({ where: { id: endpointId } });
    const subject = `endpoint:${view}:${hostname}`;
    const work = { kind: 'endpoint', subject, step: 'certificate-issued', reason: 'x', movesNext: 'hostmaster', endpointId } as const;
    const generation = async () => (await db.operation.count({ where: { subject } })) + 1;
    const begin = async (by: string) =>
      person(by).operation.create({ data: { ...work, purpose: 'revocation', generation: await generation() } as never });
    // Who reviews begins work on another team's name for what they asked to revoke, and for nothing else.
    await expect(begin(sam)).rejects.toThrow(/row-level security/);
    await wish(sam);
    const { id } = await begin(sam);
    await db.operation.delete({ where: { id } });
    await behindTheBack(db).certificate.update({ where: { id: certificateId }, data: { state: 'revoked' } });
    await expect(begin(sam)).rejects.toThrow(/row-level security/);
    await Promise.all([wish(ids.ann), wish(pat)]);
  });

  it('begins the test of an issuer that is there, or of one that is tried, and the change of the key of its account, as an admin alone', async () => {
    const pat = (await ground.db.person.create({ data: { name: 'pat', email: 'pat@tests.test', roles: ['platform-admin'] } })).id;
    const { id: issuerId } = await ground.db.issuer.create({
      data: { slug: 'tested-ca', kind: 'acme', name: 'x', chainPem: '', permittedSuffixes: ['example.test'] },
    });
    const test = {
      kind: 'issuer' as const,
      purpose: 'test' as const,
      subject: `issuer-test:${issuerId}`,
      ...{ generation: 1, step: 'checked', reason: 'x', movesNext: 'hostmaster' },
    };
    const begin = (by: string, more: object = {}) => person(by).operation.create({ data: { ...test, ...more } as never });
    for (const more of [
      { subject: `issuer-test:${ids.ann}` },
      { subject: 'issuer-test:x' },
      { subject: `zone-test:${issuerId}` },
      { subject: 'trial:x' },
      { purpose: 'read' },
      { generation: 2 },
    ])
      await expect(begin(pat, more), JSON.stringify(more)).rejects.toThrow(/row-level security/);
    await expect(begin(ids.ann)).rejects.toThrow(/row-level security/);
    await begin(pat);
    await begin(pat, { subject: `trial:${issuerId}` });
    const rollover = { purpose: 'rollover', step: 'key-changed', subject: `account-key:${issuerId}` };
    await expect(begin(pat, { ...rollover, subject: `account-key:${ids.ann}` })).rejects.toThrow(/row-level security/);
    await expect(begin(ids.ann, rollover)).rejects.toThrow(/row-level security/);
    await begin(pat, rollover);
    await ground.db.issuer.delete({ where: { id: issuerId } });
  });

  it('starts a campaign as a reviewer or an admin alone, in their own name, and the second person where two are needed is not the first', async () => {
    const make = async (name: string, roles: string[]) =>
      (await ground.db.person.create({ data: { name, email: `${name}@campaigns.test`, roles } })).id;
    const [sam, pat] = [await make('sam', ['security-reviewer']), await make('pat', ['platform-admin'])];
    const wanted = (askerId: string, more: object) =>
      ({
        ...{ action: 'revoke', reason: 'superseded', scope: {}, comment: 'x', pace: 1, asOf: new Date(), planHash: 'x', planned: 200 },
        ...{ askerKind: 'person', askerId, askerName: 'x', answeringPersonId: askerId, movedAt: new Date(), movedBy: 'x' },
        ...{ fourEyes: false, state: 'running', starterId: askerId, startedAt: new Date() },
        ...more,
      }) as never;
    const start = (by: string, more: object = {}, askerId = by) => person(by).campaign.create({ data: wanted(askerId, more) });
    await expect(start(ids.ann)).rejects.toThrow(/row-level security/);
    await expect(start(sam, {}, pat)).rejects.toThrow(/row-level security/);
    await expect(start(sam, { fourEyes: true })).rejects.toThrow(/row-level security|campaign_four_eyes/);
    await start(sam);
    const { id } = await start(sam, { fourEyes: true, state: 'proposed', starterId: null, startedAt: null });
    const move = (by: string, data: object) => person(by).campaign.updateMany({ where: { id }, data: data as never });
    await expect(move(sam, { state: 'running', starterId: sam, startedAt: new Date() })).rejects.toThrow(
      /row-level security|campaign_four_eyes/,
    );
    await expect(move(sam, { state: 'running' })).rejects.toThrow(/row-level security/);
    expect(await move(ids.ann, { state: 'stopped' })).toEqual({ count: 0 });
    expect(await move(pat, { state: 'running', starterId: pat, startedAt: new Date() })).toEqual({ count: 1 });
    expect(await move(sam, { state: 'stopped' })).toEqual({ count: 1 });
    expect(await move(pat, { state: 'running' }), 'what is over stays so').toEqual({ count: 0 });
  });

  it('writes nothing more on a request that is over', async () => {
    const open = await ground.db.request.create({
      data: {
        kind: 'create',
        state: 'in-review',
        hostname: 'over.example.test',
        view: 'public',
        teamId: ground.teamId,
        zoneId: ground.zoneId,
        contract: {},
        decision: {},
        plan: {},
        planHash: 'x',
        reviewGroups: ['platform-admin'],
        askerKind: 'person',
        askerId: ids.ann,
        askerName: 'ann',
        answeringPersonId: ids.ann,
        createdAt: new Date(),
      },
    });
    const cancel = (outcome: string) =>
      person(ids.ann).$executeRaw`UPDATE request SET state = 'cancelled', outcome = ${outcome} WHERE id = ${open.id}::uuid`;
    expect([await cancel('first'), await cancel('second')]).toEqual([1, 0]);
    expect(await ground.db.request.findUniqueOrThrow({ where: { id: open.id } })).toMatchObject({ outcome: 'first' });
    await ground.db.request.delete({ where: { id: open.id } });
  });

  it('who was disabled is nobody', async () => {
    await ground.db.person.update({ where: { id: ids.ben }, data: { disabledAt: new Date() } });
    expect(await person(ids.ben).serviceToken.count()).toBe(0);
    await ground.db.person.update({ where: { id: ids.ben }, data: { disabledAt: null } });
  });
});

it('a token speaks for the teams that it was given, not for all of its owner', async () => {
  const teams = async (id: string, kind = 'service') => {
    const [row] = await actingDb(portal, { kind, id }).$queryRaw<
      { teams: string[] }[]
    >`SELECT acting_teams('member', 'maintainer') AS teams`;
    return row?.teams;
  };
  expect(await teams(ids.token)).toEqual([ground.teamId]);
  expect((await teams(ids.ann, 'person'))?.toSorted()).toEqual([ground.teamId, ids.other].toSorted());
  await ground.db.serviceToken.update({ where: { id: ids.token }, data: { revokedAt: new Date() } });
  expect(await teams(ids.token)).toEqual([]);
  await ground.db.serviceToken.update({ where: { id: ids.token }, data: { revokedAt: null } });
});

it('a token is made in the name of whoever acts, by which token is written down, and none outlives its maker', async () => {
  const end = new Date('2035-01-01T00:00:00Z');
  const make = (kind: string, id: string, makerId: string | null, expiresAt = end) =>
    actingDb(portal, { kind, id }).serviceToken.create({
      data: { name: 'made', hash: Buffer.from(randomUUID()), ownerId: ids.ann, makerId, scopes: [], expiresAt },
    });
  await expect(make('person', ids.ann, null)).resolves.toMatchObject({ makerId: null });
  await expect(make('service', ids.token, ids.token)).resolves.toMatchObject({ makerId: ids.token });
  await expect(make('service', ids.token, null)).rejects.toThrow();
  await expect(make('service', ids.token, ids.token, new Date('2037-01-01T00:00:00Z'))).rejects.toThrow();
  await expect(make('person', ids.ann, ids.token)).rejects.toThrow();
});

it('a token holds no scope, no role and no team that whoever makes it does not hold', async () => {
  const token = (kind: string, id: string, more: { readonly scopes?: string[]; readonly roles?: string[] } = {}) =>
    actingDb(portal, { kind, id }).serviceToken.create({
      data: {
        name: 'made',
        hash: Buffer.from(randomUUID()),
        ownerId: ids.ann,
        makerId: kind === 'service' ? id : null,
        scopes: [],
        expiresAt: later,
        ...more,
      },
    });
  const { id: reader } = await token('person', ids.ann, { scopes: ['requests:read'] });
  await token('service', reader, { scopes: ['requests:read'] });
  await expect(token('service', reader, { scopes: ['requests:read', 'requests:write'] })).rejects.toThrow(/row-level security/);
  await expect(token('person', ids.ann, { roles: ['auditor'] })).rejects.toThrow(/row-level security/);
  const give = (teamId: string) => person(ids.ben).tokenTeam.create({ data: { tokenId: ids.foreign, teamId } });
  const { id: elsewhere } = await ground.db.team.create({ data: { slug: 'elsewhere', name: 'Elsewhere' } });
  await expect(give(elsewhere)).rejects.toThrow(/row-level security/);
  await ground.db.serviceToken.deleteMany({ where: { name: 'made' } });
});

describe('a request', () => {
  let admin = '';
  beforeAll(async () => {
    admin = (await ground.db.person.create({ data: { name: 'pat', email: 'pat@example.test', roles: ['platform-admin'] } })).id;
  });
  const asked = (personId: string) => ({
    kind: 'create' as const,
    state: 'approved' as const,
    hostname: `${randomUUID()}.example.test`,
    view: 'public' as const,
    teamId: ground.teamId,
    zoneId: ground.zoneId,
    contract: {},
    decision: {},
    plan: {},
    planHash: 'x',
    reviewGroups: [] as string[],
    askerKind: 'person' as const,
    askerId: personId,
    askerName: 'x',
    answeringPersonId: personId,
  });

  it('is stored by whoever asks and answers for it, for a team of theirs, and approved only where nobody reviews it', async () => {
    const ask = (more: object) => person(ids.ann).request.create({ data: { ...asked(ids.ann), ...more }, select: { id: true } });
    await ask({});
    await ask({ state: 'in-review', reviewGroups: ['platform-admin'] });
    const theirs = await ground.db.team.create({ data: { slug: 'theirs', name: 'Theirs' } });
    for (const more of [{ reviewGroups: ['platform-admin'] }, { askerId: ids.ben }, { answeringPersonId: ids.ben }, { teamId: theirs.id }])
      await expect(ask(more), JSON.stringify(more)).rejects.toThrow(/row-level security/);
  });

  it('is reviewed in one’s own name, for one’s own groups, and by nobody who answers for it', async () => {
    const reviewGroups = ['platform-admin', 'security-reviewer'];
    const inReview = async (personId: string) =>
      (await ground.db.request.create({ data: { ...asked(personId), state: 'in-review', reviewGroups } })).id;
    const [theirs, own] = [await inReview(ids.ann), await inReview(admin)];
    const review = (requestId: string, group: string, reviewerId = admin) =>
      person(admin).review.create({
        data: { requestId, reviewerId, name: 'x', group, decision: 'approve', reason: 'x', planHash: 'x' },
      });
    await expect(review(theirs, 'security-reviewer')).rejects.toThrow(/row-level security/);
    await expect(review(theirs, 'platform-admin', ids.ben)).rejects.toThrow(/row-level security/);
    await expect(review(own, 'platform-admin')).rejects.toThrow(/row-level security/);
    await review(theirs, 'platform-admin');
    expect(await person(ids.ann).review.deleteMany({ where: { requestId: theirs } }), 'nor taken back').toEqual({ count: 0 });
  });
});

it('somebody who acts counts checks, and touches no other counter', async () => {
  const count = (key: string) => person(ids.ann).rateLimit.create({ data: { key, windowStart: later, count: 1 } });
  await expect(count('check:endpoint:x')).resolves.toMatchObject({ count: 1 });
  await expect(count('sign-in:account:x')).rejects.toThrow();
  await ground.db.rateLimit.create({ data: { key: 'api:somebody', windowStart: later, count: 1 } });
  expect((await person(ids.ann).rateLimit.findMany()).map(({ key }) => key)).toEqual(['check:endpoint:x']);
  expect(await person(ids.ann).rateLimit.deleteMany()).toEqual({ count: 0 });
});

it('the database speaks for the same groups of reviewers as core', async () => {
  const roles = [...organisationRoles];
  const { id } = await ground.db.person.create({
    data: { name: 'all', email: 'all@example.test', roles, memberships: { create: { teamId: ids.other } } },
  });
  const [row] = await person(id).$queryRaw<{ groups: string[] }[]>`SELECT acting_groups() AS groups`;
  expect(row?.groups.toSorted()).toEqual([...groupsOf({ roles, teams: [{ slug: 'payments' }] })].toSorted());
});

it('whoever is not signed in finds what a sign-in needs, and changes no rule', async () => {
  expect(await portal.session.count()).toBe(2);
  await expect(portal.team.create({ data: { slug: 'mine', name: 'Mine' } })).rejects.toThrow(/row-level security/);
  await expect(portal.outbox.createMany({ data: { job: 'operation.run', payload: {} } })).rejects.toThrow(/row-level security/);
});

it('many actors at once on few connections each see their own, in transactions too', async () => {
  const own = async (id: string) => {
    const db = person(id);
    const outside = (await db.session.findMany()).map(({ personId }) => personId);
    const inside = await transact(db, async (tx) => (await tx.session.findMany()).map(({ personId }) => personId));
    return [outside, inside];
  };
  const actors = Array.from({ length: 16 }, (_, at) => (at % 2 === 0 ? ids.ann : ids.ben));
  const seen = await Promise.all(actors.map(own));
  expect(seen).toEqual(actors.map((id) => [[id], [id]]));
});

describe('a password', () => {
  const hashes = async (db: Pick<Db, 'password'>) => (await db.password.findMany()).map(({ personId }) => personId);
  let admin = '';
  beforeAll(async () => {
    admin = (await ground.db.person.create({ data: { name: 'root', email: 'root@example.test', roles: [...organisationRoles] } })).id;
    for (const personId of [ids.ann, ids.ben]) await ground.db.password.create({ data: { personId, hash: 'kept' } });
  });

  it('is seen by its person and by a sign-in, and by no administrator and no token', async () => {
    expect(await hashes(portal)).toHaveLength(2);
    expect(await hashes(person(ids.ann))).toEqual([ids.ann]);
    expect(await hashes(person(admin))).toEqual([]);
    expect(await hashes(actingDb(portal, { kind: 'service', id: ids.token }))).toEqual([]);
  });

  it('is written by nobody who is signed in but its person', async () => {
    for (const db of [person(admin), person(ids.ben), actingDb(portal, { kind: 'service', id: ids.token })]) {
      expect(await db.password.updateMany({ where: { personId: ids.ann }, data: { hash: 'forged' } })).toEqual({ count: 0 });
      await expect(db.password.create({ data: { personId: ids.other, hash: 'forged' } })).rejects.toThrow(/row-level security/);
    }
    expect(await person(ids.ann).password.updateMany({ data: { hash: 'new' } })).toEqual({ count: 1 });
  });

  it('has links that no token of an administrator makes without the scope over people', async () => {
    const actor = async (...scopes: string[]) => {
      const data = { name: 'ci', hash: Buffer.from(randomUUID()), ownerId: admin, scopes, roles: ['platform-admin'], expiresAt: later };
      return actingDb(portal, { kind: 'service', id: (await ground.db.serviceToken.create({ data })).id });
    };
    const link = (db: Db) =>
      db.passwordLink.create({
        data: { personId: ids.ann, hash: Buffer.from(randomUUID()), purpose: 'reset', createdById: admin, expiresAt: later },
      });
    const invited = (db: Db) => db.person.create({ data: { name: 'x', email: `${randomUUID()}@example.test` } });
    const teams = await actor('teams:write', 'zones:write');
    for (const make of [link, invited]) {
      await expect(make(teams)).rejects.toThrow(/row-level security/);
      await make(await actor('people:write'));
    }
    await ground.db.serviceToken.deleteMany({ where: { ownerId: admin } });
  });

  it('connects, changes and removes an issuer as a platform admin alone, and stops alone what is made here', async () => {
    const issuer = (kind: string) => ({ slug: randomUUID(), kind, name: 'x', chainPem: '', permittedSuffixes: [], profile: 'server' });
    const connect = (db: Pick<Db, 'issuer'>, kind: string) => db.issuer.create({ data: issuer(kind), select: { id: true } });
    for (const db of [portal, person(ids.ann)]) await expect(connect(db, 'acme')).rejects.toThrow(/row-level security/);
    const here: string[] = [];
    for (const kind of ['imported', 'internal-ca', 'internal-root']) {
      await expect(connect(person(admin), kind)).rejects.toThrow(/row-level security/);
      here.push((await ground.db.issuer.create({ data: issuer(kind) })).id);
    }
    const { id } = await connect(person(admin), 'acme');
    for (const [db, count] of [
      [portal, 0],
      [person(ids.ann), 0],
      [person(admin), 4],
    ] as const)
      expect(await db.issuer.updateMany({ where: { id: { in: [id, ...here] } }, data: { stoppedAt: new Date() } })).toEqual({ count });
    expect(await person(ids.ann).issuer.deleteMany({ where: { id } })).toEqual({ count: 0 });
    expect(await person(admin).issuer.deleteMany()).toEqual({ count: 1 });
  });

  it('has links that administrators alone make, and that nobody brings to life again', async () => {
    const link = (db: Pick<Db, 'passwordLink'>) =>
      db.passwordLink.create({
        data: { personId: ids.ann, hash: Buffer.from(randomUUID()), purpose: 'reset', createdById: admin, expiresAt: later },
      });
    await expect(link(portal)).rejects.toThrow(/row-level security/);
    await expect(link(person(ids.ann))).rejects.toThrow(/row-level security/);
    const { id } = await link(person(admin));
    expect(await person(ids.ben).passwordLink.count()).toBe(0);
    await portal.passwordLink.updateMany({ where: { id }, data: { usedAt: new Date() } });
    for (const db of [portal, person(admin), person(ids.ann)])
      await expect(db.passwordLink.updateMany({ where: { id }, data: { usedAt: null } })).rejects.toThrow(/row-level security/);
  });
});
