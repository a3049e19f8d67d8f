// Every procedure, with who may go through it and an input that gets as far as the authorization.
import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '@hostmaster/core/error-table';
import { toPem } from '@hostmaster/core/pki/chain';
import { testAuthority } from '@hostmaster/core/pki/testing/authority';
import type { Scope } from '@hostmaster/core/policy/roles';
import { openExchange } from '@hostmaster/http/door';
import { callTRPCProcedure } from '@trpc/server';
import { requestContext } from '../request-context.ts';
import type { ProcedureMeta } from '../trpc/init.ts';
import { appRouter } from '../trpc/router.ts';
import { people, type Who, type World } from './world.ts';

type ProcedureType = 'query' | 'mutation';

export const procedures = Object.entries(appRouter._def.procedures).map(([name, procedure]) => ({
  name,
  type: typeOf(procedure),
  /** With what it says that it refuses, whether or not it has a face over REST. */
  refusals: refusalsOf(procedure),
}));

function refusalsOf(procedure: unknown): readonly ErrorCode[] {
  return (procedure as { _def: { meta?: ProcedureMeta } })._def.meta?.refusals ?? [];
}

function typeOf(procedure: unknown): ProcedureType {
  const { type } = (procedure as { _def: { type: string } })._def;
  if (type !== 'query' && type !== 'mutation') throw new Error(`a ${type} has no place in the matrix`);
  return type;
}

/** Calls a procedure as whoever the headers say, the way a door does. */
export async function callProcedure(world: World, headers: Headers, name: string, type: ProcedureType, input: unknown): Promise<unknown> {
  const ctx = await requestContext({ headers, method: 'POST' }, world.container, openExchange({ headers }));
  return callTRPCProcedure({
    router: appRouter,
    path: name,
    type,
    ctx,
    getRawInput: async () => input,
    signal: undefined,
    batchIndex: 0,
  });
}

export type Row = {
  /** Sessions that may; `everything` holds every role and is a maintainer of the owning team. */
  readonly sessions: readonly Who[];
  /** The scope that opens it to a token of `everything`; null where any token will do, `session` where none will. */
  readonly scope: Scope | 'session' | null;
  /** For whoever asks, signed in or not. */
  readonly open?: true;
  /** An input that gets as far as the authorization, made anew for each call. */
  readonly input?: (world: World) => unknown;
  /** Who may not is told that there is no such thing. */
  readonly hidden?: true;
  /** Who is refused for another reason than that they lack the role. */
  readonly otherwise?: Partial<Record<Who, string>>;
};

const everybody = people;
const team: Who[] = ['member', 'maintainer', 'everything'];
const teamOrPlatform: Who[] = ['member', 'maintainer', 'platform', 'everything'];
const platform: Who[] = ['platform', 'everything'];
const securityOrPlatform: Who[] = ['platform', 'security', 'everything'];
const security: Who[] = ['security', 'everything'];
const auditor: Who[] = ['auditor', 'everything'];
const rootPem = toPem((await testAuthority(['example.test'], new Date())).root);
const anyId = () => ({ id: randomUUID() });
let count = 0;
const unique = (): number => {
  count += 1;
  return count;
};

const exception = () => ({
  rule: 'quarantine',
  hostname: `${unique()}.payments.example.test`,
  reason: 'Agreed.',
  until: new Date(Date.now() + 3_600_000).toISOString(),
});
const connection = () => ({
  kind: 'rfc2136',
  settings: { primary: { address: '127.0.0.1' }, tsig: { name: 'key' } },
  secret: 'c2VjcmV0IHNlY3JldA==',
});
const kubernetes = { kind: 'kubernetes', settings: { address: 'https://k8s.example.com', namespace: 'ingress' }, secret: 'x' };
const cluster = (slug: string) => ({ slug, hostname: `${slug}.clusters.example.test`, environment: 'dev' });

export const matrix: Readonly<Record<string, Row>> = {
  'account.me': { sessions: everybody, scope: null },
  'account.home': { sessions: everybody, scope: null },
  'account.search': { sessions: everybody, scope: null, input: () => ({ text: 'orders' }) },
  'account.dismiss': { sessions: everybody, scope: 'session', input: anyId },
  'account.sessions': { sessions: everybody, scope: 'session' },
  'account.endSession': { sessions: everybody, scope: 'session', input: anyId },
  'account.endOtherSessions': { sessions: everybody, scope: 'session' },
  'account.changePassword': {
    sessions: everybody,
    scope: 'session',
    input: () => ({ current: 'not this one', password: 'four quiet yellow chairs' }),
  },
  'account.setPassword': {
    sessions: everybody,
    scope: null,
    open: true,
    input: () => ({ token: 'of nobody', password: 'four quiet yellow chairs' }),
  },
  'requests.check': { sessions: team, scope: 'requests:read', input: (world) => ({ contract: world.contract() }) },
  'requests.create': { sessions: team, scope: 'requests:write', input: (world) => ({ contract: world.contract() }) },
  'requests.createMany': {
    sessions: team,
    scope: 'requests:write',
    input: (world) => ({ requests: [{ contract: world.contract() }] }),
  },
  'requests.list': { sessions: everybody, scope: 'requests:read', input: () => ({}) },
  'requests.get': { sessions: everybody, scope: 'requests:read', input: (world) => world.request().then(({ id }) => ({ id })) },
  'requests.review': {
    sessions: ['security', 'everything'],
    scope: 'reviews:write',
    input: async (world) => ({ ...(await world.request()), decision: 'reject', reason: 'No.' }),
    otherwise: { member: 'self-review' },
  },
  'requests.cancel': { sessions: teamOrPlatform, scope: 'requests:write', input: (world) => world.request().then(({ id }) => ({ id })) },
  'endpoints.list': { sessions: everybody, scope: 'endpoints:read', input: () => ({}) },
  'endpoints.get': { sessions: everybody, scope: 'endpoints:read', input: anyId },
  'endpoints.lastOrder': { sessions: everybody, scope: 'endpoints:read', input: anyId },
  'endpoints.revisions': { sessions: everybody, scope: 'endpoints:read', input: anyId },
  'endpoints.importCertificate': {
    sessions: ['maintainer', 'everything'],
    scope: 'certificates:write',
    input: async (world) => ({ ...(await world.endpoint()), file: 'eA==' }),
  },
  'endpoints.recheck': { sessions: teamOrPlatform, scope: 'requests:write', input: (world) => world.endpoint() },
  'operations.get': { sessions: everybody, scope: 'operations:read', input: anyId },
  'zones.list': { sessions: everybody, scope: 'zones:read', input: () => ({}) },
  'zones.recordSets': { sessions: everybody, scope: 'zones:read', input: (world) => ({ id: world.zoneId }) },
  'zones.get': { sessions: everybody, scope: 'zones:read', input: (world) => ({ id: world.zoneId }) },
  'zones.providers': { sessions: everybody, scope: 'zones:read' },
  'zones.create': {
    sessions: platform,
    scope: 'zones:write',
    input: () => ({
      apex: `zone-${unique()}.test`,
      ownerTeam: 'orders',
      connection: connection(),
      untested: true,
    }),
  },
  'zones.try': {
    sessions: platform,
    scope: 'zones:write',
    input: () => ({ apex: 'trial.test', connection: connection() }),
  },
  'zones.update': {
    sessions: platform,
    scope: 'zones:write',
    input: async (world) => ({ ...(await world.zone()), ownerTeam: 'orders', ttlMax: 3600 }),
  },
  'zones.remove': { sessions: platform, scope: 'zones:write', input: (world) => world.zone().then(({ id }) => ({ id })) },
  'zones.giveUp': { sessions: platform, scope: 'zones:write', input: (world) => world.zone().then(({ id }) => ({ id })) },
  'zones.reread': { sessions: platform, scope: 'zones:write', input: (world) => ({ id: world.zoneId }) },
  'zones.test': { sessions: platform, scope: 'zones:write', input: (world) => ({ id: world.zoneId }) },
  'grants.list': { sessions: everybody, scope: 'policy:read', input: () => ({}) },
  'grants.create': {
    sessions: platform,
    scope: 'policy:write',
    input: () => ({ team: 'orders', suffix: `s${unique()}.example.test`, environments: ['dev'] }),
  },
  'grants.check': { sessions: platform, scope: 'policy:write', input: () => ({ team: 'orders', suffix: 'check.example.test' }) },
  'grants.update': { sessions: platform, scope: 'policy:write', input: () => ({ ...anyId(), environments: ['dev'] }) },
  'grants.revoke': { sessions: platform, scope: 'policy:write', input: anyId },
  'reservations.list': { sessions: everybody, scope: 'policy:read', input: () => ({}) },
  'reservations.create': {
    sessions: platform,
    scope: 'policy:write',
    input: () => ({ kind: 'label', value: `r${unique()}`, reason: 'Held.' }),
  },
  'reservations.remove': { sessions: platform, scope: 'policy:write', input: anyId },
  'exceptions.list': { sessions: everybody, scope: 'policy:read', input: () => ({}) },
  'exceptions.create': { sessions: security, scope: 'reviews:write', input: exception },
  'exceptions.end': { sessions: [...platform, 'security'], scope: 'reviews:write', input: anyId },
  'environments.list': { sessions: everybody, scope: 'policy:read', input: () => ({}) },
  'environments.create': { sessions: platform, scope: 'policy:write', input: () => ({ slug: `e${unique()}`, name: 'Stage' }) },
  'environments.update': { sessions: platform, scope: 'policy:write', input: () => ({ slug: 'dev', name: 'Development' }) },
  'environments.remove': { sessions: platform, scope: 'policy:write', input: () => ({ slug: 'dev' }) },
  'clusters.list': { sessions: everybody, scope: 'policy:read', input: () => ({}) },
  'clusters.create': { sessions: platform, scope: 'policy:write', input: () => cluster(`c${unique()}`) },
  'clusters.update': { sessions: platform, scope: 'policy:write', input: () => cluster('nowhere') },
  'clusters.remove': { sessions: platform, scope: 'policy:write', input: () => ({ slug: 'nowhere' }) },
  'teams.list': { sessions: everybody, scope: 'teams:read', input: () => ({}) },
  'teams.create': { sessions: platform, scope: 'teams:write', input: () => ({ slug: `team-${unique()}`, name: 'Team' }) },
  'teams.get': { sessions: everybody, scope: 'teams:read', input: () => ({ slug: 'orders' }) },
  'teams.setMember': {
    sessions: ['maintainer', 'platform', 'everything'],
    scope: 'teams:write',
    input: async (world) => ({ slug: 'orders', email: (await world.person()).email, role: 'member' }),
  },
  'teams.removeMember': {
    sessions: ['maintainer', 'platform', 'everything'],
    scope: 'teams:write',
    input: async (world) => ({ slug: 'orders', email: (await world.person()).email }),
  },
  'people.list': { sessions: platform, scope: 'people:write', input: () => ({}) },
  'people.get': { sessions: platform, scope: 'people:write', input: somebody },
  'people.invite': {
    sessions: platform,
    scope: 'people:write',
    input: () => ({ email: `invited-${unique()}@example.test`, name: 'Invited', teams: [{ team: 'orders' }] }),
  },
  'people.renewLink': { sessions: platform, scope: 'people:write', input: somebody },
  'people.setRoles': {
    sessions: platform,
    scope: 'people:write',
    input: async (world) => ({ ...(await somebody(world)), roles: ['auditor'] }),
  },
  'people.disable': { sessions: platform, scope: 'people:write', input: somebody },
  'people.enable': { sessions: platform, scope: 'people:write', input: somebody },
  'people.endSessions': { sessions: platform, scope: 'people:write', input: somebody },
  'certificates.list': { sessions: everybody, scope: 'certificates:read', input: () => ({}) },
  'certificates.get': { sessions: everybody, scope: 'certificates:read', input: () => ({ serial: 'AB' }) },
  'certificates.revoke': {
    sessions: ['member', 'maintainer', 'security', 'platform', 'everything'],
    scope: 'certificates:write',
    input: async (world) => ({ serial: await world.certificate(), reason: 'superseded', comment: 'Replaced.' }),
  },
  'certificates.exportKey': {
    sessions: ['maintainer', 'everything'],
    scope: 'session',
    input: async (world) => ({ serial: await world.certificate(), password: 'x', recipient: `B${'A'.repeat(86)}` }),
  },
  'certificates.collectKey': { sessions: everybody, scope: 'session', input: anyId },
  'certificates.board': { sessions: everybody, scope: 'certificates:read' },
  'destinations.list': { sessions: everybody, scope: 'certificates:read', input: () => ({}) },
  'destinations.get': { sessions: everybody, scope: 'certificates:read', input: anyId },
  'destinations.kinds': { sessions: everybody, scope: 'certificates:read' },
  'destinations.connect': {
    sessions: platform,
    scope: 'issuers:write',
    input: () => ({ slug: `k8s-${unique()}`, connection: kubernetes, untested: true }),
  },
  'destinations.try': { sessions: platform, scope: 'issuers:write', input: () => ({ connection: kubernetes }) },
  'destinations.test': { sessions: platform, scope: 'issuers:write', input: anyId },
  'destinations.update': {
    sessions: platform,
    scope: 'issuers:write',
    input: () => ({ ...anyId(), version: 1, connection: kubernetes, untested: true }),
  },
  'destinations.remove': { sessions: platform, scope: 'issuers:write', input: anyId },
  'discovery.list': { sessions: everybody, scope: 'certificates:read', input: () => ({}) },
  'discovery.get': { sessions: everybody, scope: 'certificates:read', input: anyId },
  'discovery.markKnown': {
    sessions: securityOrPlatform,
    scope: 'certificates:write',
    input: async (world) => ({ id: await discovered(world), reason: 'In order.' }),
  },
  'discovery.withdrawKnown': {
    sessions: securityOrPlatform,
    scope: 'certificates:write',
    input: async (world) => ({ id: await discovered(world, 'In order.') }),
  },
  'discovery.scopes': { sessions: everybody, scope: 'certificates:read', input: () => ({}) },
  'discovery.scope': { sessions: everybody, scope: 'certificates:read', input: anyId },
  'discovery.allow': { sessions: platform, scope: 'issuers:write', input: () => ({ name: `Scope ${unique()}`, targets: ['192.0.2.1'] }) },
  'discovery.change': {
    sessions: platform,
    scope: 'issuers:write',
    input: async (world) => ({ id: await discoveryScope(world), version: 1, name: `Scope ${unique()}`, targets: ['192.0.2.2'] }),
  },
  'discovery.look': { sessions: platform, scope: 'issuers:write', input: async (world) => ({ id: await discoveryScope(world) }) },
  'discovery.remove': { sessions: platform, scope: 'issuers:write', input: async (world) => ({ id: await discoveryScope(world) }) },
  'discovery.logs': { sessions: everybody, scope: 'certificates:read', input: () => ({}) },
  'discovery.log': { sessions: everybody, scope: 'certificates:read', input: anyId },
  'discovery.connectLog': {
    sessions: platform,
    scope: 'issuers:write',
    input: () => ({ address: `https://ct.example.test/${unique()}`, kind: 'rfc6962', publicKey: logKey }),
  },
  'discovery.readLog': { sessions: platform, scope: 'issuers:write', input: async (world) => ({ id: await connectedLog(world) }) },
  'discovery.removeLog': { sessions: platform, scope: 'issuers:write', input: async (world) => ({ id: await connectedLog(world) }) },
  'issuers.list': { sessions: everybody, scope: 'certificates:read', input: () => ({}) },
  'issuers.get': { sessions: everybody, scope: 'certificates:read', input: anyId },
  'issuers.kinds': { sessions: everybody, scope: 'certificates:read' },
  'issuers.connect': {
    sessions: platform,
    scope: 'issuers:write',
    input: () => ({
      slug: `ca-${unique()}`,
      name: 'A CA',
      connection: { kind: 'acme', settings: { directory: 'https://acme.example.test/directory' } },
      suffixes: ['example.test'],
      untested: true,
    }),
  },
  'issuers.try': {
    sessions: platform,
    scope: 'issuers:write',
    input: () => ({
      connection: { kind: 'acme', settings: { directory: 'https://acme.example.test/directory' } },
      suffixes: ['example.test'],
    }),
  },
  'issuers.changeKey': { sessions: platform, scope: 'issuers:write', input: anyId },
  'issuers.test': { sessions: platform, scope: 'issuers:write', input: anyId },
  'issuers.update': {
    sessions: platform,
    scope: 'issuers:write',
    input: () => ({ ...anyId(), version: 1, name: 'A CA', suffixes: ['example.test'] }),
  },
  'issuers.stop': { sessions: platform, scope: 'issuers:write', input: anyId },
  'issuers.resume': { sessions: platform, scope: 'issuers:write', input: anyId },
  'issuers.remove': { sessions: platform, scope: 'issuers:write', input: anyId },
  'campaigns.list': { sessions: everybody, scope: 'certificates:read', input: () => ({}) },
  'campaigns.get': { sessions: everybody, scope: 'certificates:read', input: anyId },
  'campaigns.certificates': { sessions: everybody, scope: 'certificates:read', input: anyId },
  'campaigns.plan': {
    sessions: securityOrPlatform,
    scope: 'certificates:write',
    input: () => ({ action: 'replace', scope: { team: 'orders' } }),
  },
  'campaigns.start': {
    sessions: securityOrPlatform,
    scope: 'certificates:write',
    input: () => ({ action: 'replace', scope: { team: 'orders' }, comment: 'Why.', asOf: new Date().toISOString(), planHash: 'none' }),
  },
  'campaigns.startProposed': { sessions: securityOrPlatform, scope: 'certificates:write', input: () => ({ ...anyId(), planHash: 'none' }) },
  'campaigns.pause': { sessions: securityOrPlatform, scope: 'certificates:write', input: anyId },
  'campaigns.resume': { sessions: securityOrPlatform, scope: 'certificates:write', input: anyId },
  'campaigns.stop': { sessions: securityOrPlatform, scope: 'certificates:write', input: anyId },
  'campaigns.setPace': { sessions: securityOrPlatform, scope: 'certificates:write', input: () => ({ ...anyId(), pace: 60 }) },
  'authority.get': { sessions: everybody, scope: 'certificates:read' },
  'authority.fetches': { sessions: platform, scope: 'issuers:write', input: () => ({}) },
  'authority.makeRoot': { sessions: platform, scope: 'issuers:write', input: () => ({ name: 'Root' }) },
  'authority.connectRoot': { sessions: platform, scope: 'issuers:write', input: () => ({ name: 'Root', certificatePem: rootPem }) },
  'authority.import': { sessions: platform, scope: 'issuers:write', input: () => ({ name: 'Root', certificatePem: rootPem, keyPem: 'x' }) },
  'authority.activateRoot': { sessions: platform, scope: 'issuers:write', input: anyId },
  'authority.withdrawRoot': { sessions: platform, scope: 'issuers:write', input: anyId },
  'authority.requestIntermediate': { sessions: platform, scope: 'issuers:write', input: anyId },
  'authority.installCrl': { sessions: platform, scope: 'issuers:write', input: () => ({ ...anyId(), crlPem: 'x' }) },
  'authority.installIntermediate': { sessions: platform, scope: 'issuers:write', input: () => ({ ...anyId(), certificatePem: 'x' }) },
  'authority.dropRequest': { sessions: platform, scope: 'issuers:write', input: anyId },
  'audit.list': { sessions: auditor, scope: 'audit:read', input: () => ({}) },
  'audit.verify': { sessions: auditor, scope: 'audit:read', input: () => ({}) },
  'tokens.list': { sessions: everybody, scope: 'tokens:write', input: () => ({}) },
  'tokens.create': { sessions: team, scope: 'tokens:write', input: () => ({ name: 'made', scopes: ['tokens:write'], teams: ['orders'] }) },
  'tokens.revoke': { sessions: platform, scope: 'tokens:write', input: tokenOfEverything, hidden: true },
};

const logKey =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==';

async function connectedLog({ owner }: World): Promise<string> {
  const data = { address: `https://ct.example.test/there-${unique()}/`, kind: 'rfc6962', publicKey: Buffer.from(logKey, 'base64') };
  return (await owner.transparencyLog.create({ data, select: { id: true } })).id;
}

async function discoveryScope({ owner }: World): Promise<string> {
  const nextLookAt = new Date(Date.now() + 3_600_000);
  const data = { name: `There ${unique()}`, targets: ['192.0.2.1'], ports: [443], everyHours: 24, nextLookAt };
  return (await owner.discoveryScope.create({ data, select: { id: true } })).id;
}

/** @param knownReason what somebody said of it already */
async function discovered({ owner }: World, knownReason: string | null = null): Promise<string> {
  const at = new Date();
  const knownUntil = new Date(at.getTime() + 3_600_000);
  const known = knownReason === null ? {} : { knownReason, knownBy: 'x', knownAt: at, knownUntil };
  const seen = { subject: 'CN=x', issuer: 'CN=x', names: [], namesTotal: 0, firstSeenAt: at, lastSeenAt: at };
  return (await owner.discoveredCertificate.create({ data: { fingerprint: randomUUID(), ...seen, ...known }, select: { id: true } })).id;
}

async function somebody(world: World) {
  const { id } = await world.person();
  return { id };
}

async function tokenOfEverything(world: World) {
  await world.token('requests:read');
  const { id } = await world.container.parts.db.serviceToken.findFirstOrThrow({ orderBy: { id: 'desc' } });
  return { id };
}
