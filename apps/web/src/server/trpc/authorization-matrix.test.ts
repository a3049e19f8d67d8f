// Every procedure × every kind of asker. A procedure without a row here fails, and so does a row that no procedure has:
// whoever adds a door says here who may go through it.
import { randomUUID } from 'node:crypto';
import { requestBatch } from '@hostmaster/core/contract/request';
import { HostmasterError } from '@hostmaster/core/errors';
import type { Scope } from '@hostmaster/core/policy/roles';
import { openExchange } from '@hostmaster/http/door';
import { callTRPCProcedure } from '@trpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestContext } from '../request-context.ts';
import { restRoutes } from '../rest/routes.ts';
import { createWorld, everyScope, people, type Who, type World } from '../testing/world.ts';
import { ownErrorOf } from './own-error.ts';
import { appRouter } from './router.ts';

type Row = {
  /** Sessions that may; `everything` holds every role and is a maintainer of the owning team. */
  readonly sessions: readonly Who[];
  /** The scope that opens it to a token of `everything`; null where any token will do. */
  readonly scope: Scope | null;
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
const security: Who[] = ['security', 'everything'];
const auditor: Who[] = ['auditor', 'everything'];
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
const cluster = (slug: string) => ({ slug, hostname: `${slug}.clusters.example.test`, environment: 'dev' });

const matrix: Readonly<Record<string, Row>> = {
  'account.me': { sessions: everybody, scope: null },
  'account.home': { sessions: everybody, scope: null },
  'account.search': { sessions: everybody, scope: null, input: () => ({ text: 'orders' }) },
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
  'endpoints.revisions': { sessions: everybody, scope: 'endpoints:read', input: anyId },
  'endpoints.recheck': { sessions: teamOrPlatform, scope: 'requests:write', input: (world) => world.endpoint() },
  'operations.get': { sessions: everybody, scope: 'operations:read', input: anyId },
  'zones.list': { sessions: everybody, scope: 'zones:read' },
  'zones.get': { sessions: everybody, scope: 'zones:read', input: (world) => ({ id: world.zoneId }) },
  'zones.providers': { sessions: everybody, scope: 'zones:read' },
  'zones.create': {
    sessions: platform,
    scope: 'zones:write',
    input: () => ({
      apex: `zone-${unique()}.test`,
      ownerTeam: 'orders',
      connection: {
        kind: 'rfc2136',
        settings: { primary: { address: '127.0.0.1' }, tsig: { name: 'key' } },
        secret: 'c2VjcmV0IHNlY3JldA==',
      },
    }),
  },
  'zones.test': { sessions: platform, scope: 'zones:write', input: (world) => ({ id: world.zoneId }) },
  'grants.list': { sessions: everybody, scope: 'policy:read', input: () => ({}) },
  'grants.create': {
    sessions: platform,
    scope: 'policy:write',
    input: () => ({ team: 'orders', suffix: `s${unique()}.example.test`, environments: ['dev'] }),
  },
  'grants.revoke': { sessions: platform, scope: 'policy:write', input: anyId },
  'reservations.list': { sessions: everybody, scope: 'policy:read' },
  'reservations.create': {
    sessions: platform,
    scope: 'policy:write',
    input: () => ({ kind: 'label', value: `r${unique()}`, reason: 'Held.' }),
  },
  'reservations.remove': { sessions: platform, scope: 'policy:write', input: anyId },
  'exceptions.list': { sessions: everybody, scope: 'policy:read' },
  'exceptions.create': { sessions: security, scope: 'reviews:write', input: exception },
  'exceptions.end': { sessions: [...platform, 'security'], scope: 'reviews:write', input: anyId },
  'environments.list': { sessions: everybody, scope: 'policy:read' },
  'environments.create': { sessions: platform, scope: 'policy:write', input: () => ({ slug: `e${unique()}`, name: 'Stage' }) },
  'environments.update': { sessions: platform, scope: 'policy:write', input: () => ({ slug: 'dev', name: 'Development' }) },
  'environments.remove': { sessions: platform, scope: 'policy:write', input: () => ({ slug: 'dev' }) },
  'clusters.list': { sessions: everybody, scope: 'policy:read' },
  'clusters.create': { sessions: platform, scope: 'policy:write', input: () => cluster(`c${unique()}`) },
  'clusters.update': { sessions: platform, scope: 'policy:write', input: () => cluster('nowhere') },
  'clusters.remove': { sessions: platform, scope: 'policy:write', input: () => ({ slug: 'nowhere' }) },
  'teams.list': { sessions: everybody, scope: 'teams:read' },
  'teams.create': { sessions: platform, scope: 'teams:write', input: () => ({ slug: `team-${unique()}`, name: 'Team' }) },
  'certificates.list': { sessions: everybody, scope: 'certificates:read', input: () => ({}) },
  'certificates.get': { sessions: everybody, scope: 'certificates:read', input: () => ({ serial: 'AB' }) },
  'certificates.board': { sessions: everybody, scope: 'certificates:read' },
  'issuers.list': { sessions: everybody, scope: 'certificates:read' },
  'audit.list': { sessions: auditor, scope: 'audit:read', input: () => ({}) },
  'audit.verify': { sessions: auditor, scope: 'audit:read' },
  'tokens.list': { sessions: everybody, scope: 'tokens:write' },
  'tokens.create': { sessions: team, scope: 'tokens:write', input: () => ({ name: 'made', scopes: ['tokens:write'], teams: ['orders'] }) },
  'tokens.revoke': { sessions: platform, scope: 'tokens:write', input: tokenOfEverything, hidden: true },
};

async function tokenOfEverything(world: World) {
  await world.token('requests:read');
  const { id } = await world.container.parts.db.serviceToken.findFirstOrThrow({ orderBy: { id: 'desc' } });
  return { id };
}

let world: World;
const headersOf = new Map<string, Headers>();
const tokenName = (scope: Scope): string => `token with ${scope}`;

beforeAll(async () => {
  world = await createWorld();
  headersOf.set('nobody', new Headers());
  for (const who of people) headersOf.set(who, await world.cookie(who));
  for (const scope of everyScope) headersOf.set(tokenName(scope), new Headers({ authorization: `Bearer ${await world.token(scope)}` }));
});
afterAll(() => world.close());

const procedures = Object.entries(appRouter._def.procedures).map(([name, procedure]) => ({ name, type: typeOf(procedure) }));

function typeOf(procedure: unknown): 'query' | 'mutation' {
  const { type } = (procedure as { _def: { type: string } })._def;
  if (type !== 'query' && type !== 'mutation') throw new Error(`a ${type} has no place in the matrix`);
  return type;
}

const refusals = ['not-signed-in', 'forbidden', 'self-review'];

/** The code of the refusal, or "allowed": whatever happens behind the authorization is not the matter here. */
async function verdict(name: string, type: 'query' | 'mutation', row: Row, headers: Headers): Promise<string> {
  const input: unknown = await row.input?.(world);
  try {
    const ctx = await requestContext({ headers, method: 'POST' }, world.container, openExchange({ headers }));
    const answer: unknown = await callTRPCProcedure({
      router: appRouter,
      path: name,
      type,
      ctx,
      getRawInput: async () => input,
      signal: undefined,
      batchIndex: 0,
    });
    const parts = requestBatch.safeParse(answer).data?.results ?? [];
    const codes = parts.flatMap((part) => ('problem' in part ? [part.problem.code] : []));
    return codes.find((code) => refusals.includes(code)) ?? 'allowed';
  } catch (error) {
    const own = ownErrorOf(error);
    if (own.code === 'internal' || own.code === 'invalid-input')
      throw new HostmasterError(own.code, `${name}: ${own.message}`, { cause: error });
    // Routes of the same procedure say in the OpenAPI document what they refuse with.
    const documented = restRoutes.find((route) => route.name === name)?.refusals ?? refusals;
    expect(documented, `${name} refuses with ${own.code}, which its meta does not say`).toContain(own.code);
    return refusals.includes(own.code) || (row.hidden && own.code === 'not-found') ? own.code : 'allowed';
  }
}

describe('the authorization matrix', () => {
  it('has a row for every procedure, and no other', () => {
    expect(Object.keys(matrix).sort()).toEqual(procedures.map(({ name }) => name).sort());
  });

  it.each(procedures)('$name', async ({ name, type }) => {
    const row = matrix[name];
    if (row === undefined) throw new Error(`${name} has no row in the matrix`);
    const refused = row.hidden ? 'not-found' : 'forbidden';
    const expected: Record<string, string> = { nobody: 'not-signed-in' };
    for (const who of people) expected[who] = row.sessions.includes(who) ? 'allowed' : (row.otherwise?.[who] ?? refused);
    for (const scope of everyScope) expected[tokenName(scope)] = row.scope === null || row.scope === scope ? 'allowed' : 'forbidden';
    const actual: Record<string, string> = {};
    for (const [who, headers] of headersOf) actual[who] = await verdict(name, type, row, headers);
    expect(actual).toEqual(expected);
  });
});
