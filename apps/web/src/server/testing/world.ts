// A small organisation for tests, in a database of its own: two teams, a zone, a grant, people of every role. Whoever
// asks does so as anybody would: with a session cookie or a bearer token.

import { systemClock } from '@hostmaster/core/clock';
import { endpointContract } from '@hostmaster/core/contract/endpoint';
import type { OtherRecordSet } from '@hostmaster/core/dns/record-set';
import { type MembershipRole, type OrganisationRole, organisationRoles, type Scope, scopes } from '@hostmaster/core/policy/roles';
import { tableAccess } from '@hostmaster/db/access';
import { type Db, openDb } from '@hostmaster/db/client';
import { storeZone } from '@hostmaster/db/testing/inventory';
import { createTestDatabase } from '@hostmaster/embedded/testing/database';
import { openExchange } from '@hostmaster/http/door';
import { createRequest } from '@hostmaster/usecases/request/create';
import { startSession } from '@hostmaster/usecases/session/start';
import { buildersOn } from '@hostmaster/usecases/testing/builders';
import { createToken } from '@hostmaster/usecases/token/create';
import { encode } from 'next-auth/jwt';
import type { Container } from '../container.ts';
import { sessionCookieName } from '../cookies.ts';
import { requestContext } from '../request-context.ts';
import { clientOf, usecaseContext } from '../usecase-context.ts';
import { testContainer } from './container.ts';

export const people = ['member', 'maintainer', 'stranger', 'security', 'platform', 'auditor', 'everything'] as const;
export type Who = (typeof people)[number];

const rolesOf: Record<Who, OrganisationRole[]> = {
  member: [],
  maintainer: [],
  stranger: [],
  security: ['security-reviewer'],
  platform: ['platform-admin'],
  auditor: ['auditor'],
  everything: [...organisationRoles],
};
const teamOf: Partial<Record<Who, { team: 'orders' | 'payments'; role: MembershipRole }>> = {
  member: { team: 'orders', role: 'member' },
  maintainer: { team: 'orders', role: 'maintainer' },
  everything: { team: 'orders', role: 'maintainer' },
  stranger: { team: 'payments', role: 'member' },
};

export type World = {
  readonly container: Container;
  /** Headers of a browser that is signed in, and on our own page. */
  cookie(who: Who): Promise<Headers>;
  /** A token of the one who holds every role, with these scopes. */
  token(...scopes: Scope[]): Promise<string>;
  /** A contract of team orders that policy sends to security for a review. */
  contract(): { hostname: string; team: string; target: { addresses: string[] } };
  /** A request of `member` that waits for a review. */
  request(): Promise<{ id: string; planHash: string }>;
  /** A live endpoint of team orders. */
  endpoint(): Promise<{ id: string }>;
  /** The serial of the certificate of such an endpoint. */
  certificate(): Promise<string>;
  /** Somebody who is none of them. */
  person(): Promise<{ id: string; email: string }>;
  readonly zoneId: string;
  /** Another zone, in which no name stands. */
  zone(): Promise<{ id: string; version: number }>;
  /** Has these record sets stand in a zone as if it was just read. */
  read(zoneId: string, sets: readonly OtherRecordSet[]): Promise<void>;
  /** The owner of the tables, for what befalls somebody from elsewhere. */
  readonly owner: Db;
  /** What the tables hold, table by table: as the owner sees it, without what every call leaves (limits, sessions). */
  fingerprint(): Promise<Readonly<Record<string, string>>>;
  close(): Promise<void>;
};

/** What may be written of a call that was refused: that it was. */
const besides: Readonly<Record<string, string>> = { audit_event: "WHERE action <> 'access.refuse'" };

export async function createWorld(more: Readonly<Record<string, string>> = {}): Promise<World> {
  const database = await createTestDatabase();
  const container = testContainer(database.webUrl, more);
  const db = openDb(database.url, { connections: 2 });
  const build = buildersOn(db, systemClock);
  await build.environments('dev');
  const teams = { orders: await build.team('orders'), payments: await build.team('payments') };
  const ids = new Map<Who, string>();
  for (const who of people) {
    const { team, role } = teamOf[who] ?? {};
    const { id } = await build.person(
      team === undefined ? [] : [{ team: teams[team], ...(role === undefined ? {} : { role }) }],
      rolesOf[who],
      who,
    );
    ids.set(who, id);
  }
  const makeZone = async (apex: string) => {
    const { id } = await build.zone({ apex, team: teams.orders, allowedRanges: ['127.0.0.0/8'], reviewFirstExposure: true });
    return db.zone.update({ where: { id }, data: { serial: 1, syncedAt: new Date() } });
  };
  const zone = await makeZone('example.test');
  await build.grant({ team: teams.orders, suffix: 'dev.example.test' });
  // The worker's key, so that a zone's secret can be sealed; what would open it is not here.
  const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  await db.workerKey.create({
    data: {
      id: 'key',
      publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)),
      privateKeyId: 'none',
      privateCiphertext: new Uint8Array(),
    },
  });

  let names = 0;
  const contract = () => {
    names += 1;
    return { hostname: `name-${names}.dev.example.test`, team: 'orders', target: { addresses: ['127.0.0.1'] } };
  };
  const cookie = async (who: Who): Promise<Headers> => {
    const { id } = await startSession(container.parts, { personId: ids.get(who) ?? '', method: 'password' });
    const value = await encode({ token: { sid: id }, secret: container.env.authSecret });
    return new Headers({ cookie: `${sessionCookieName(container.env.publicUrl)}=${value}`, 'sec-fetch-site': 'same-origin' });
  };
  const ctxOf = async (who: Who) => {
    const context = await requestContext(
      { headers: await cookie(who), method: 'GET' },
      container,
      openExchange({ headers: new Headers() }),
    );
    if (context.actor === null) throw new Error(`${who} is not signed in`);
    return usecaseContext(container.parts, context.actor, clientOf(context));
  };
  return {
    container,
    cookie,
    token: async (...held) => {
      const input = { name: 'test', scopes: held, teams: ['orders'], days: 1 };
      return (await createToken(await ctxOf('everything'), input)).token;
    },
    contract,
    request: async () => {
      const made = await createRequest(await ctxOf('member'), { kind: 'create', contract: endpointContract.parse(contract()) });
      return { id: made.id, planHash: made.plan.hash };
    },
    endpoint: async () => {
      const { id } = await build.endpoint({ hostname: contract().hostname, team: teams.orders, zone });
      return { id };
    },
    certificate: async () => {
      const { hostname } = contract();
      const { id } = await build.endpoint({ hostname, team: teams.orders, zone });
      return (await build.certificates([{ endpoint: { id, hostname } }]))[0] ?? '';
    },
    person: async () => {
      const { id } = await build.person();
      return db.person.findUniqueOrThrow({ where: { id }, select: { id: true, email: true } });
    },
    zoneId: zone.id,
    zone: async () => {
      names += 1;
      const { id, version } = await makeZone(`zone-${names}.example`);
      return { id, version };
    },
    read: (zoneId, sets) => storeZone(db, zoneId, sets, new Date()),
    owner: db,
    fingerprint: async () => {
      const tables = Object.keys(tableAccess).filter((table) => !['rate_limit', 'session', '_prisma_migrations'].includes(table));
      const digests = await Promise.all(
        tables.map((table) =>
          db.$queryRawUnsafe<{ digest: string }[]>(
            `SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS digest FROM "${table}" t ${besides[table] ?? ''}`,
          ),
        ),
      );
      return Object.fromEntries(tables.map((table, at) => [table, digests[at]?.[0]?.digest ?? '']));
    },
    close: async () => {
      await Promise.all([db.$disconnect(), container.parts.db.$disconnect()]);
      await database.drop();
    },
  };
}

export const everyScope = scopes;
