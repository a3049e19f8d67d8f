// The demo organisation of `npm start`: four people, four teams, a zone on the embedded name server, grants and
// reservations that show every kind of verdict. Written through the same use cases as everything else, except for the teams
// and the people in them, which stand before anybody is there to act.

import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { type ZoneDraft, zoneInputOf } from '@hostmaster/core/contract/zone';
import { hashPassword } from '@hostmaster/core/person/password';
import type { Actor } from '@hostmaster/core/policy/authorize';
import type { Scope } from '@hostmaster/core/policy/roles';
import { systemActor } from '../actor.ts';
import { createCluster } from '../cluster/create.ts';
import type { Ctx, SealingCtx } from '../context.ts';
import { createGrant } from '../grant/create.ts';
import { createRequest } from '../request/create.ts';
import { createReservation } from '../reservation/create.ts';
import { createToken } from '../token/create.ts';
import { createZone } from '../zone/create.ts';

export type DemoAccount = 'app' | 'security' | 'platform' | 'auditor';

export type DemoOptions = {
  readonly zone: string;
  readonly nameserver: { readonly address: string; readonly port: number };
  readonly edgePort: number;
  readonly tsig: { readonly name: string; readonly algorithm: 'hmac-sha256'; readonly secret: string };
  /** Left out where nobody signs in with one. */
  readonly password?: string;
};

type Person = { readonly name: string; readonly team: string; readonly roles: Actor['roles']; readonly scopes: readonly Scope[] };

const reading: readonly Scope[] = [
  'requests:read',
  'endpoints:read',
  'certificates:read',
  'zones:read',
  'policy:read',
  'teams:read',
  'operations:read',
];

const people: Readonly<Record<DemoAccount, Person>> = {
  app: { name: 'Ada Park', team: 'order-platform', roles: [], scopes: [...reading, 'requests:write'] },
  security: { name: 'Sam Ito', team: 'security', roles: ['security-reviewer'], scopes: [...reading, 'reviews:write'] },
  platform: {
    name: 'Pat Novak',
    team: 'platform-edge',
    roles: ['platform-admin'],
    scopes: [...reading, 'reviews:write', 'zones:write', 'issuers:write', 'policy:write', 'teams:write', 'people:write'],
  },
  auditor: { name: 'Kim Berg', team: 'audit', roles: ['auditor'], scopes: [...reading, 'audit:read'] },
};

const teams: Readonly<Record<string, string>> = {
  'order-platform': 'Order platform',
  payments: 'Payments',
  'platform-edge': 'Platform edge',
  security: 'Security',
  audit: 'Audit',
};

/** E-mail address of a demo account. */
export const demoEmail = (account: string): string => `${account}@example.test`;
export const demoAccounts = (Object.keys(people) as DemoAccount[]).map((account) => ({
  account,
  email: demoEmail(account),
  roles: people[account].roles,
  team: people[account].team,
}));

/** Seeds the demo organisation once. @returns whether it did; false where it is there already. */
export async function seedDemo(ctx: SealingCtx, options: DemoOptions): Promise<boolean> {
  if ((await ctx.db.person.count({ where: { account: 'app' } })) > 0) return false;
  const { zone } = options;
  await ctx.db.team.createMany({ data: Object.entries(teams).map(([slug, name]) => ({ slug, name })), skipDuplicates: true });
  const asSystem = { ...ctx, actor: systemActor };
  const cluster = {
    slug: 'k8s-1',
    hostname: `k8s-1.clusters.${zone}`,
    environment: 'prod',
    public: true,
    certificateLimit: 25,
    destination: null,
  };
  await createCluster(asSystem, cluster);
  const { secret, ...tsig } = options.tsig;
  const { address, port } = options.nameserver;
  const wanted: ZoneDraft = {
    apex: zone,
    ownerTeam: 'platform-edge',
    connection: { kind: 'rfc2136', settings: { primary: { address, port }, tsig }, secret },
    servers: [{ name: `ns1.${zone}`, address, port }],
    servedPort: options.edgePort,
    allowedRanges: ['127.0.0.0/8'],
    // No worker may be there yet, and the name server is our own.
    untested: true,
  };
  await createZone(asSystem, zoneInputOf([...ctx.dnsProviders.values()]).parse(wanted));
  const granted = { views: ['public' as const], wildcard: false, apex: false };
  for (const environment of ['dev', 'staging', 'prod'])
    await createGrant(asSystem, {
      ...granted,
      team: 'order-platform',
      suffix: `${environment}.${zone}`,
      environments: [environment],
      reason: 'Order services',
    });
  await createGrant(asSystem, {
    ...granted,
    team: 'payments',
    suffix: `pay.prod.${zone}`,
    environments: ['prod'],
    reason: 'Card payments',
  });
  await createGrant(asSystem, {
    ...granted,
    team: 'platform-edge',
    suffix: `admin.prod.${zone}`,
    environments: ['prod'],
    wildcard: true,
    apex: true,
    reason: 'Consoles of the platform',
  });
  await createGrant(asSystem, {
    ...granted,
    team: 'platform-edge',
    suffix: zone,
    environments: ['dev', 'staging', 'prod'],
    wildcard: true,
    apex: true,
    reason: 'Owner of the zone',
  });
  await createReservation(asSystem, {
    kind: 'label',
    value: 'login',
    group: 'security-reviewer',
    reason: 'Sign-in pages invite phishing, so security looks at each of them.',
  });
  await createReservation(asSystem, {
    kind: 'label',
    value: 'www',
    group: 'platform-admin',
    reason: 'The public web site is owned by platform-edge.',
  });
  await createReservation(asSystem, {
    kind: 'suffix',
    value: `corp.${zone}`,
    group: 'security-reviewer',
    reason: 'Internal tools must not be exposed by accident.',
  });
  // Last, because its presence says that the seed is whole.
  const hash = options.password === undefined ? null : await hashPassword(options.password);
  for (const account of ['security', 'platform', 'auditor', 'app'] as const) {
    const { name, team, roles } = people[account];
    await ctx.db.person.create({
      data: {
        account,
        email: demoEmail(account),
        name,
        ...(hash === null ? {} : { password: { create: { hash } } }),
        roles: [...roles],
        memberships: { create: { role: 'maintainer', team: { connect: { slug: team } } } },
      },
    });
  }
  return true;
}

/** A demo account as an actor with a session. */
export async function demoActor(ctx: Ctx, account: DemoAccount): Promise<Actor> {
  const person = await ctx.db.person.findUniqueOrThrow({ where: { account }, include: { memberships: { include: { team: true } } } });
  return {
    kind: 'person',
    id: person.id,
    name: person.name,
    teams: person.memberships.map(({ team, role }) => ({ id: team.id, slug: team.slug, role })),
    roles: people[account].roles,
    scopes: null,
  };
}

/** A fresh token for each demo account, with what its owner needs for the journeys of the README. */
export async function createDemoTokens(ctx: Ctx): Promise<Record<DemoAccount, string>> {
  const tokens = { app: '', security: '', platform: '', auditor: '' };
  for (const { account, team } of demoAccounts) {
    const { token } = await createToken(
      { ...ctx, actor: await demoActor(ctx, account) },
      { name: `demo ${account}`, scopes: [...people[account].scopes], teams: [team], days: 365 },
    );
    tokens[account] = token;
  }
  return tokens;
}

/** Asks for a first name as the app team would, so that the portal opens on something alive. @returns the request's id. */
export async function requestDemoName(ctx: Ctx, hostname: string): Promise<string> {
  const contract = endpointContract.parse({ hostname, team: 'order-platform', target: { addresses: ['127.0.0.1'] } });
  return (await createRequest({ ...ctx, actor: await demoActor(ctx, 'app') }, { kind: 'create', contract })).id;
}

/** Gives the demo accounts a new password, where the one handed out was lost. */
export async function renewDemoPasswords(ctx: Ctx, password: string): Promise<void> {
  const hash = await hashPassword(password);
  await ctx.db.password.updateMany({
    where: { person: { account: { in: Object.keys(people) } } },
    data: { hash, changedAt: ctx.clock.now() },
  });
}
