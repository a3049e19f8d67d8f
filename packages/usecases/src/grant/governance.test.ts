import {
  grantChange,
  grantCheckInput,
  grantInput,
  grantPage,
  grantsQuery,
  reservationInput,
  teamPage,
} from '@hostmaster/core/contract/governance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReservation } from '../reservation/create.ts';
import { listReservations } from '../reservation/list.ts';
import { removeReservation } from '../reservation/remove.ts';
import { createTeam } from '../team/create.ts';
import { listTeams } from '../team/list.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { getZone } from '../zone/get.ts';
import { checkGrant } from './check.ts';
import { createGrant } from './create.ts';
import { listGrants } from './list.ts';
import { revokeGrant } from './revoke.ts';
import { updateGrant } from './update.ts';

let harness: Harness;
let team: { id: string; slug: string };
beforeAll(async () => {
  harness = await createHarness();
  team = await harness.build.team('orders');
  await harness.build.environments('dev', 'prod');
});
afterAll(() => harness.close());

const platform = async () => harness.ctxFor(await harness.build.platform());
const everybodyElse = async () => [
  await harness.build.member(team),
  await harness.build.maintainer(team),
  await harness.build.reviewer(),
  await harness.build.auditor(),
  await harness.build.tokenOf(await harness.build.platform(), 'policy:read'),
];
const grant = (more: object = {}) => grantInput.parse({ team: 'orders', suffix: 'Dev.Example.Test.', environments: ['dev'], ...more });
const reservation = (more: object = {}) => reservationInput.parse({ kind: 'label', value: 'Login', reason: 'Phishing.', ...more });
const actions = async (subjectId: string) =>
  (await harness.db.auditEvent.findMany({ where: { subjectId }, orderBy: { seq: 'asc' } })).map(({ action }) => action);

describe('grants', () => {
  it('are made in canonical form, listed, revoked once, and audited', async () => {
    const ctx = await platform();
    const made = await createGrant(ctx, grant({ wildcard: true, environments: ['dev', 'dev'] }));
    expect(made).toMatchObject({ team: 'orders', suffix: 'dev.example.test', environments: ['dev'], views: ['public'], wildcard: true });
    const page = await listGrants(ctx, grantsQuery.parse({ team: 'orders' }));
    expect(grantPage.parse(page)).toEqual(page);
    expect(page.rows).toContainEqual(made);
    await revokeGrant(ctx, made);
    expect((await listGrants(ctx, grantsQuery.parse({ team: 'orders' }))).rows).not.toContainEqual(made);
    await expect(revokeGrant(ctx, made)).rejects.toMatchObject({ code: 'not-found' });
    expect(await actions(made.id)).toEqual(['grant.create', 'grant.revoke']);
  });

  it('are given and taken by platform admins only', async () => {
    const made = await createGrant(await platform(), grant());
    for (const actor of await everybodyElse()) {
      await expect(createGrant(harness.ctxFor(actor), grant())).rejects.toMatchObject({ code: 'forbidden' });
      await expect(revokeGrant(harness.ctxFor(actor), made)).rejects.toMatchObject({ code: 'forbidden' });
      await expect(updateGrant(harness.ctxFor(actor), grantChange.parse({ id: made.id, environments: ['dev'] }))).rejects.toMatchObject({
        code: 'forbidden',
      });
      await expect(checkGrant(harness.ctxFor(actor), grantCheckInput.parse({ team: 'orders', suffix: 'x.test' }))).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
    expect((await listGrants(await platform(), grantsQuery.parse({ search: 'dev.example.test' }))).rows).toEqual([made]);
  });

  it('are changed in everything but team and suffix, until they are revoked', async () => {
    const ctx = await platform();
    const made = await createGrant(ctx, grant());
    const until = '2027-06-30T23:59:59.000Z';
    const wanted = {
      environments: ['prod'],
      views: ['internal' as const],
      wildcard: true,
      apex: true,
      reason: 'A pilot.',
      expiresAt: until,
    };
    expect(await updateGrant(ctx, grantChange.parse({ id: made.id, ...wanted }))).toEqual({ ...made, ...wanted });
    const event = await harness.db.auditEvent.findFirstOrThrow({ where: { subjectId: made.id, action: 'grant.update' } });
    expect(event.detail).toMatchObject({
      before: { environments: ['dev'], expiresAt: null },
      after: { environments: ['prod'], expiresAt: until },
    });
    await updateGrant(ctx, grantChange.parse({ id: made.id, ...wanted }));
    expect(await harness.db.auditEvent.count({ where: { subjectId: made.id, action: 'grant.update' } })).toBe(1);
    const past = grantChange.parse({ id: made.id, environments: ['moon'], expiresAt: '2020-01-01T00:00:00Z' });
    await expect(updateGrant(ctx, past)).rejects.toMatchObject({ violations: [{ path: 'environments' }, { path: 'expiresAt' }] });
    await revokeGrant(ctx, made);
    await expect(updateGrant(ctx, grantChange.parse({ id: made.id, ...wanted }))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('say before they are made whose names stand below, who loses theirs, and where no zone is', async () => {
    const ctx = await platform();
    const { build } = harness;
    const [payments, billing, sales] = [await build.team('payments'), await build.team('billing'), await build.team('sales')];
    const zone = await build.zone({ apex: 'reach.test', team });
    const [wide, own] = ['reach.test', 'own.shop.reach.test'];
    await build.grant({ team: payments, suffix: wide });
    await build.grant({ team: billing, suffix: own });
    const stand = (names: string[], of: typeof team, state: 'live' | 'retired' = 'live') =>
      build.endpoints(names.map((hostname) => ({ hostname, team: of, zone, state })));
    await stand(['shop.reach.test', 'a.shop.reach.test', 'b.shop.reach.test', 'c.shop.reach.test', 'elsewhere.reach.test'], payments);
    await stand(['x.own.shop.reach.test'], billing);
    await stand(['s.shop.reach.test'], sales);
    await stand(['evilshop.reach.test'], payments);
    const asked = (more: object = {}) => checkGrant(ctx, grantCheckInput.parse({ team: 'orders', suffix: 'Shop.Reach.Test.', ...more }));
    const below = [
      // Governed by a grant of their own that is narrower still.
      { team: 'billing', total: 1, names: ['x.own.shop.reach.test'], losing: 0 },
      { team: 'payments', total: 4, names: ['a.shop.reach.test', 'b.shop.reach.test', 'c.shop.reach.test'], losing: 4 },
      // Refused already: the suffix above is not theirs.
      { team: 'sales', total: 1, names: ['s.shop.reach.test'], losing: 0 },
    ];
    expect(await asked()).toEqual({ outside: [], below });
    expect((await asked({ team: 'payments' })).below.map((each) => each.team)).toEqual(['billing', 'sales']);
    expect(await asked({ views: ['public', 'partner'] })).toMatchObject({ outside: ['partner'] });
    expect(await asked({ suffix: 'nowhere.test' })).toEqual({ outside: ['public'], below: [] });
    expect(await asked({ suffix: 'co.uk' }).catch((error: unknown) => error)).toMatchObject({ code: 'invalid-input' });
    // What somebody else was granted before changes nothing for anybody once more.
    await build.grant({ team: sales, suffix: 'shop.reach.test' });
    expect((await asked()).below.map(({ losing }) => losing)).toEqual([0, 0, 0]);
  });

  it('that have ended and begin anew concern others as new ones do', async () => {
    const ctx = await platform();
    const { build, clock } = harness;
    const other = await build.team();
    const zone = await build.zone({ apex: 'anew.test', team });
    await build.grant({ team: other, suffix: 'anew.test' });
    await build.endpoints([{ hostname: 'x.shop.anew.test', team: other, zone, state: 'live' }]);
    const ended = new Date(clock.now().getTime() - 1000);
    const { id } = await harness.db.grant.create({
      data: { teamId: team.id, suffix: 'shop.anew.test', environments: ['dev'], views: ['public'], expiresAt: ended },
    });
    const losing = async () => {
      const { below } = await checkGrant(ctx, grantCheckInput.parse({ team: team.slug, suffix: 'shop.anew.test' }));
      return below.map((each) => each.losing);
    };
    expect(await losing()).toEqual([1]);
    await updateGrant(ctx, grantChange.parse({ id, environments: ['dev'], expiresAt: '2027-06-30T23:59:59.000Z' }));
    expect(await losing()).toEqual([0]);
  });

  it('that reach into a zone are counted, and listed page by page, beyond those that the zone names', async () => {
    const ctx = await platform();
    const zone = await harness.build.zone({ apex: 'many.test', team });
    const of = { teamId: team.id, environments: ['dev'], views: ['public' as const] };
    const suffixes = ['many.test', ...Array.from({ length: 204 }, (_, at) => `g${at}.many.test`)];
    await harness.db.grant.createMany({ data: [...suffixes, 'notmany.test'].map((suffix) => ({ ...of, suffix })) });
    await harness.db.grant.create({ data: { ...of, suffix: 'inside.many.test', views: ['internal'] } });
    const { grants, grantsTotal } = await getZone(ctx, zone);
    expect([grants.length, grantsTotal]).toEqual([200, 205]);
    const listed: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listGrants(ctx, grantsQuery.parse({ zone: zone.id, limit: 100, cursor }));
      expect(page.total).toBe(205);
      listed.push(...page.rows.map(({ suffix }) => suffix));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(listed).toEqual([...suffixes].sort());
    await expect(listGrants(ctx, grantsQuery.parse({ zone: team.id }))).rejects.toMatchObject({ code: 'not-found' });
  });

  it.each(['com', 'co.uk', 'github.io'])('gives nobody the public suffix %s', async (suffix) => {
    await expect(createGrant(await platform(), grant({ suffix }))).rejects.toMatchObject({
      violations: [{ rule: 'public-suffix', path: 'suffix' }],
    });
  });

  it('name everything that is wrong at once', async () => {
    const wrong = grant({ team: 'nobody', suffix: '*.x.test', environments: ['dev', 'moon'], expiresAt: '2020-01-01T00:00:00Z' });
    const error = await createGrant(await platform(), wrong).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'invalid-input' });
    expect((error as { violations: { path?: string }[] }).violations.map(({ path }) => path)).toEqual([
      'suffix',
      'team',
      'environments',
      'expiresAt',
    ]);
  });

  it('come page by page, each once, from either end, and are found literally', async () => {
    const many = await harness.build.team('many');
    for (let index = 0; index < 9; index += 1) await harness.build.grant({ team: many, suffix: `s${index % 3}.many.test` });
    const everyPage = async (order: 'asc' | 'desc') => {
      const seen: string[] = [];
      let cursor: string | null | undefined;
      while (cursor !== null) {
        const page = await listGrants(await platform(), { limit: 2, team: 'many', order, ...(cursor ? { cursor } : {}) });
        seen.push(...page.rows.map(({ id }) => id));
        cursor = page.nextCursor;
      }
      return seen;
    };
    const ascending = await everyPage('asc');
    expect(new Set(ascending).size).toBe(9);
    expect(ascending.length).toBe(9);
    expect(await everyPage('desc')).toEqual(ascending.toReversed());
    for (const search of ['%', '_', 's_.many'])
      expect((await listGrants(await platform(), grantsQuery.parse({ search }))).rows).toEqual([]);
  });
});

describe('reservations', () => {
  it('are stored in the form in which the policy compares, once, and removed', async () => {
    const ctx = await platform();
    const made = await createReservation(ctx, reservation());
    expect(made).toMatchObject({ kind: 'label', value: 'login', group: 'security-reviewer' });
    await expect(createReservation(ctx, reservation({ value: 'LOGIN' }))).rejects.toMatchObject({ code: 'already-exists' });
    expect(await createReservation(ctx, reservation({ value: '42' }))).toMatchObject({ value: '42' });
    expect(await createReservation(ctx, reservation({ value: 'Bücher' }))).toMatchObject({ value: 'xn--bcher-kva' });
    expect(await createReservation(ctx, reservation({ kind: 'suffix', value: 'Pay.Test.' }))).toMatchObject({ value: 'pay.test' });
    expect((await listReservations(ctx, { limit: 50 })).rows).toContainEqual(made);
    await removeReservation(ctx, made);
    await expect(removeReservation(ctx, made)).rejects.toMatchObject({ code: 'not-found' });
    expect(await actions(made.id)).toEqual(['reservation.create', 'reservation.remove']);
  });

  it.each([
    { value: 'a.b' },
    { value: '*' },
    { value: '' },
    { value: 'under_score' },
    { kind: 'exact', value: 'http://x.test' },
    { kind: 'suffix', value: '*.x.test' },
    { value: 'fine', group: 'team:nobody' },
  ])('refuse %j', async (more) => {
    await expect(
      createReservation(await platform(), { ...reservation(), ...more } as ReturnType<typeof reservation>),
    ).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  it('are made and removed by platform admins only', async () => {
    const made = await createReservation(await platform(), reservation({ value: 'pay' }));
    for (const actor of await everybodyElse()) {
      await expect(createReservation(harness.ctxFor(actor), reservation({ value: 'x' }))).rejects.toMatchObject({ code: 'forbidden' });
      await expect(removeReservation(harness.ctxFor(actor), made)).rejects.toMatchObject({ code: 'forbidden' });
    }
  });
});

describe('teams', () => {
  it('have whoever made them as first maintainer, and a slug of their own', async () => {
    const ctx = await platform();
    const made = await createTeam(ctx, { slug: 'fresh', name: 'Fresh' });
    expect(made).toMatchObject({ slug: 'fresh', members: [{ name: ctx.actor.name, role: 'maintainer' }], grantCount: 0, endpointCount: 0 });
    await expect(createTeam(ctx, { slug: 'fresh', name: 'Again' })).rejects.toMatchObject({ code: 'already-exists' });
    const list = await listTeams(ctx, { limit: 50 });
    expect(teamPage.parse(list)).toEqual(list);
    expect(list.rows).toContainEqual(made);
  });

  it('are made by platform admins only', async () => {
    for (const actor of await everybodyElse())
      await expect(createTeam(harness.ctxFor(actor), { slug: 'mine', name: 'Mine' })).rejects.toMatchObject({ code: 'forbidden' });
  });
});
