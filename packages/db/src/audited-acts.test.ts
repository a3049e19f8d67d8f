// What the portal writes of who may do what stands in the audit trail, whatever it runs: tried with its role, past every use case.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actingDb } from './acting.ts';
import { appendAudit } from './audit.ts';
import { type Db, openDb, type Tx } from './client.ts';
import { makeCertificate } from './testing/certificate.ts';
import { createGround, type Ground } from './testing/ground.ts';
import { transact } from './transaction.ts';

let ground: Ground;
let portal: Db;
const ids = {
  admin: '',
  ann: '',
  ben: '',
  grant: '',
  reservation: '',
  exception: '',
  request: '',
  token: '',
  session: '',
  link: '',
  issuer: '',
  destination: '',
  scope: '',
  discovered: '',
  log: '',
  certificate: '',
  endpoint: '',
  campaign: '',
};
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
  await db.environment.createMany({
    data: [
      { slug: 'qa', name: 'QA', rank: 1 },
      { slug: 'old', name: 'Old', rank: 2 },
    ],
  });
  await db.cluster.createMany({
    data: ['k8s', 'old'].map((slug) => ({ slug, hostname: `${slug}.example.test`, environment: 'qa' })),
  });
  ids.certificate = await makeCertificate(ground);
  ids.endpoint = (await db.certificate.findUniqueOrThrow({ where: { id: ids.certificate } })).endpointId;
  ids.campaign = (await db.campaign.create({ data: { ...campaignOf(ids.admin), state: 'paused' } as never })).id;
  ids.destination = (await db.destination.create({ data: { ...destinationOf('k8s'), id: randomUUID() } })).id;
  ids.scope = (await db.discoveryScope.create({ data: scopeOf('old') })).id;
  ids.log = (await db.transparencyLog.create({ data: logOf('old') })).id;
  ids.discovered = (await db.discoveredCertificate.create({ data: discoveredOf('x') })).id;
  ids.issuer = (await db.issuer.create({ data: issuerOf('acme') })).id;
  const token = { name: 'ci', ownerId: ids.ann, scopes: [], expiresAt: later };
  ids.token = (await db.serviceToken.create({ data: { ...token, hash: Buffer.from('ended') } })).id;
  ids.session = (await db.session.create({ data: { personId: ids.ann, expiresAt: later } })).id;
  const link = { personId: ids.ann, hash: Buffer.from('ended'), purpose: 'reset' as const, createdById: ids.admin, expiresAt: later };
  ids.link = (await db.passwordLink.create({ data: link })).id;
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

const destinationOf = (slug: string) => ({ slug, kind: 'kubernetes', settings: {} });
const scopeOf = (name: string) => ({ name, targets: ['192.0.2.1'], ports: [443], everyHours: 24 });
const logOf = (address: string) => ({ address, kind: 'rfc6962', publicKey: Buffer.from('x') });
const discoveredOf = (fingerprint: string) => ({
  ...{ fingerprint, subject: 'x', issuer: 'x', namesTotal: 0, firstSeenAt: new Date(), lastSeenAt: new Date() },
});
const issuerOf = (slug: string) => ({ slug, kind: 'acme', name: 'x', chainPem: '', permittedSuffixes: [], profile: 'server' });

const campaignOf = (askerId: string) => ({
  ...{ action: 'replace', scope: {}, comment: 'x', pace: 1, asOf: new Date(), planHash: 'x', planned: 1, fourEyes: false },
  ...{ askerKind: 'person', askerId, askerName: 'x', answeringPersonId: askerId, movedAt: new Date(), movedBy: 'x' },
});

const lookAt = (subject: string) => ({
  kind: 'endpoint' as const,
  purpose: 'look' as const,
  subject,
  generation: 1,
  step: 'records-verified',
  reason: 'x',
  movesNext: 'hostmaster',
  endpointId: ground.endpointId,
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
  'connects a destination': {
    ...byAdmin,
    event: 'destination.connect',
    subject: () => made,
    write: (tx) => tx.destination.create({ data: { ...destinationOf('new'), id: made }, select: { id: true } }),
  },
  'changes where certificates go': {
    ...byAdmin,
    event: 'destination.update',
    subject: () => ids.destination,
    write: (tx) => tx.destination.updateMany({ where: { id: ids.destination }, data: { version: 2 } }),
  },
  'removes a destination': {
    ...byAdmin,
    event: 'destination.remove',
    subject: () => ids.destination,
    write: (tx) => tx.destination.deleteMany({ where: { id: ids.destination } }),
  },
  'allows hosts to be looked at': {
    ...byAdmin,
    event: 'discovery.allow',
    subject: () => made,
    write: (tx) => tx.discoveryScope.create({ data: { ...scopeOf('new'), id: made }, select: { id: true } }),
  },
  'changes where is looked': {
    ...byAdmin,
    event: 'discovery.update',
    subject: () => ids.scope,
    write: (tx) => tx.discoveryScope.updateMany({ where: { id: ids.scope }, data: { targets: ['10.0.0.1'] } }),
  },
  'removes a discovery scope': {
    ...byAdmin,
    event: 'discovery.remove',
    subject: () => ids.scope,
    write: (tx) => tx.discoveryScope.deleteMany({ where: { id: ids.scope } }),
  },
  'connects a log': {
    ...byAdmin,
    event: 'discovery.connect-log',
    subject: () => made,
    write: (tx) => tx.transparencyLog.create({ data: { ...logOf('new'), id: made }, select: { id: true } }),
  },
  'has a log read': {
    ...byAdmin,
    event: 'discovery.read-log',
    subject: () => ids.log,
    write: (tx) => tx.transparencyLog.updateMany({ where: { id: ids.log }, data: { nextReadAt: new Date() } }),
  },
  'removes a log': {
    ...byAdmin,
    event: 'discovery.remove-log',
    subject: () => ids.log,
    write: (tx) => tx.transparencyLog.deleteMany({ where: { id: ids.log } }),
  },
  'says that what was found is in order': {
    ...byAdmin,
    event: 'discovered.mark-known',
    subject: () => ids.discovered,
    write: (tx) => tx.discoveredCertificate.updateMany({ where: { id: ids.discovered }, data: { knownReason: 'x' } }),
  },
  'connects an issuer': {
    ...byAdmin,
    event: 'issuer.connect',
    subject: () => made,
    write: (tx) => tx.issuer.create({ data: { ...issuerOf('new'), id: made }, select: { id: true } }),
  },
  'asks something of the internal CA': {
    ...byAdmin,
    event: 'authority.make-root',
    subject: () => made,
    write: async (tx) => {
      const wish = { kind: 'authority' as const, purpose: 'ceremony' as const, subject: `authority:${made}`, step: 'carried-out' };
      const { id: operationId } = await tx.operation.create({ data: { ...wish, generation: 1, reason: 'x', movesNext: 'x' } });
      await tx.authorityChange.create({
        data: { id: made, operationId, act: 'make-root', subjectId: made, detail: {} },
        select: { id: true },
      });
    },
  },
  'changes for which names an issuer may sign': {
    ...byAdmin,
    event: 'issuer.update',
    subject: () => ids.issuer,
    write: (tx) => tx.issuer.updateMany({ where: { id: ids.issuer }, data: { permittedSuffixes: ['test'] } }),
  },
  'stops an issuer': {
    ...byAdmin,
    event: 'issuer.stop',
    subject: () => ids.issuer,
    write: (tx) => tx.issuer.updateMany({ where: { id: ids.issuer }, data: { stoppedAt: new Date() } }),
  },
  'resumes an issuer': {
    ...byAdmin,
    event: 'issuer.resume',
    subject: () => ids.issuer,
    write: (tx) => tx.issuer.updateMany({ where: { id: ids.issuer }, data: { stoppedAt: null } }),
  },
  'removes an issuer': {
    ...byAdmin,
    event: 'issuer.remove',
    subject: () => ids.issuer,
    write: (tx) => tx.issuer.deleteMany({ where: { id: ids.issuer } }),
  },
  'asks to revoke a certificate': {
    who: () => ids.ann,
    event: 'certificate.ask-revocation',
    subject: () => ids.certificate,
    write: (tx) =>
      tx.revocationRequest.create({
        data: { certificateId: ids.certificate, reason: 'superseded', comment: 'x', askerId: ids.ann, askerName: 'Ann' },
      }),
  },
  'brings a certificate': {
    who: () => ids.ann,
    event: 'endpoint.bring-certificate',
    subject: () => ids.endpoint,
    write: (tx) =>
      tx.broughtCertificate.createMany({
        data: [{ endpointId: ids.endpoint, askerId: ids.ann, askerName: 'Ann', secretKeyId: 'x', secretCiphertext: Buffer.from('x') }],
      }),
  },
  'asks for a private key': {
    who: () => ids.ann,
    event: 'certificate.ask-key',
    subject: () => ids.certificate,
    write: async (tx) => {
      const wish = { kind: 'key' as const, purpose: 'export' as const, subject: `key-export:${ids.certificate}`, step: 'sealed' };
      const { id: operationId } = await tx.operation.create({ data: { ...wish, generation: 1, reason: 'x', movesNext: 'x' } });
      const data = { id: made, operationId, certificateId: ids.certificate, askerId: ids.ann, recipient: 'x' };
      await tx.keyExport.create({ data, select: { id: true } });
    },
  },
  'starts a campaign': {
    ...byAdmin,
    event: 'campaign.start',
    subject: () => made,
    write: (tx) => tx.campaign.create({ data: { ...campaignOf(ids.admin), id: made, state: 'running', starterId: ids.admin } as never }),
  },
  'has a campaign go faster': {
    ...byAdmin,
    event: 'campaign.set-pace',
    subject: () => ids.campaign,
    write: (tx) => tx.campaign.updateMany({ where: { id: ids.campaign }, data: { pace: 3000 } }),
  },
  'stops a campaign': {
    ...byAdmin,
    event: 'campaign.stop',
    subject: () => ids.campaign,
    write: (tx) => tx.$executeRaw`UPDATE campaign SET state = 'stopped' WHERE id = ${ids.campaign}::uuid`,
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
  'makes a team': {
    ...byAdmin,
    event: 'team.create',
    subject: () => made,
    write: (tx) => tx.team.create({ data: { id: made, slug: 'new', name: 'New' } }),
  },
  'gives a token another team': {
    who: () => ids.ann,
    event: 'token.create',
    subject: () => ids.token,
    write: (tx) => tx.tokenTeam.create({ data: { tokenId: ids.token, teamId: ground.teamId } }),
  },
  'revokes a token': {
    who: () => ids.ann,
    event: 'token.revoke',
    subject: () => ids.token,
    write: (tx) => tx.$executeRaw`UPDATE service_token SET revoked_at = now() WHERE id = ${ids.token}::uuid`,
  },
  'ends a session': {
    who: () => ids.ann,
    event: 'session.end',
    subject: () => ids.session,
    write: (tx) => tx.session.updateMany({ where: { id: ids.session }, data: { revokedAt: new Date() } }),
  },
  'ends a link': {
    who: () => ids.ann,
    event: 'person.change-password',
    subject: () => ids.ann,
    write: (tx) => tx.passwordLink.updateMany({ where: { id: ids.link }, data: { endedAt: new Date() } }),
  },
  'makes an environment': {
    ...byAdmin,
    event: 'environment.create',
    subject: () => 'new',
    write: (tx) => tx.environment.create({ data: { slug: 'new', name: 'x', rank: 9 } }),
  },
  'renames an environment': {
    ...byAdmin,
    event: 'environment.update',
    subject: () => 'qa',
    write: (tx) => tx.environment.update({ where: { slug: 'qa' }, data: { name: 'Production' } }),
  },
  'takes an environment away': {
    ...byAdmin,
    event: 'environment.remove',
    subject: () => 'old',
    write: (tx) => tx.environment.delete({ where: { slug: 'old' } }),
  },
  'leads a cluster elsewhere': {
    ...byAdmin,
    event: 'cluster.update',
    subject: () => 'k8s',
    write: (tx) => tx.cluster.update({ where: { slug: 'k8s' }, data: { hostname: 'elsewhere.example.test' } }),
  },
  'takes a cluster away': {
    ...byAdmin,
    event: 'cluster.remove',
    subject: () => 'old',
    write: (tx) => tx.cluster.delete({ where: { slug: 'old' } }),
  },
  'has a name looked at': {
    who: () => ids.ann,
    event: 'endpoint.recheck',
    subject: () => ground.endpointId,
    write: (tx) => tx.operation.create({ data: lookAt('endpoint:public:orders.example.test') }),
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
    for (const more of [{ subjectId: randomUUID() }, { action: act.event === 'session.end' ? 'session.start' : 'session.end' }])
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

describe('whoever has the portal’s role', () => {
  const ann = () => actingDb(portal, { kind: 'person', id: ids.ann });

  it('ends work of somebody else only together with an event that says what for, whatever that is about', async () => {
    const { id } = await ground.db.operation.create({ data: { ...lookAt('endpoint:public:other.example.test') } });
    const end = (tx: Tx) => tx.operation.updateMany({ where: { id }, data: { state: 'superseded', reason: 'x' } as never });
    const refused = { message: expect.stringContaining('without its audit event') };
    await expect(transact(ann(), end)).rejects.toMatchObject(refused);
    const by = (event: string) =>
      transact(ann(), async (tx) => {
        await end(tx);
        await told(tx, { who: () => ids.ann, event, subject: () => randomUUID(), write: end });
      });
    await expect(by('session.end')).rejects.toMatchObject(refused);
    await by('request.create');
    expect(await ground.db.operation.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: 'superseded' });
  });

  it.each(['id', 'name', 'account', 'email', 'created_at'])('cannot make a person another one: %s is not written again', async (column) => {
    const value = column === 'id' ? 'gen_random_uuid()' : column === 'created_at' ? 'now()' : `'other'`;
    for (const db of [portal, actingDb(portal, { kind: 'person', id: ids.admin })])
      await expect(db.$executeRawUnsafe(`UPDATE person SET "${column}" = ${value} WHERE id = '${ids.ben}'`)).rejects.toThrow(
        /permission denied/,
      );
  });
});
