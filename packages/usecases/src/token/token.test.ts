import { fixedClock } from '@hostmaster/core/clock';
import type { Actor } from '@hostmaster/core/policy/authorize';
import type { OrganisationRole, Scope } from '@hostmaster/core/policy/roles';
import { type Db, openDb } from '@hostmaster/db/client';
import { createTestDatabase, type TestDatabase } from '@hostmaster/embedded/testing/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ctx } from '../context.ts';
import { checkSession } from '../session/check.ts';
import { startSession } from '../session/start.ts';
import { authenticateToken } from './authenticate.ts';
import { createToken } from './create.ts';
import { listTokens } from './list.ts';
import { revokeToken } from './revoke.ts';

let database: TestDatabase;
let db: Db;
let people = 0;
const clock = fixedClock(new Date('2026-11-20T12:00:00Z'));

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDb(database.url);
  await db.team.create({ data: { slug: 'orders', name: 'Orders' } });
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

/** A signed-in member of team orders, through the same doors as anybody. */
async function member(roles: OrganisationRole[] = []): Promise<Ctx> {
  people += 1;
  const name = `person-${people}`;
  const person = await db.person.create({
    data: { email: `${name}@example.test`, name, roles, memberships: { create: { team: { connect: { slug: 'orders' } } } } },
  });
  const { id } = await startSession({ db, clock }, { personId: person.id, method: 'password' });
  const actor = await checkSession({ db, clock }, id);
  if (actor === null) throw new Error('the session does not count');
  return {
    actor,
    db,
    clock,
    dnsProviders: new Map(),
    issuerKinds: new Map(),
    destinationKinds: new Map(),
    installation: { publicUrl: 'http://127.0.0.1' },
  };
}
const input = (scopes: Scope[], teams: string[] = ['orders'], days = 90) => ({ name: 'pipeline', scopes, teams, days });
const as = (ctx: Ctx, actor: Actor): Ctx => ({ ...ctx, actor });

describe('a token', () => {
  it('is shown once, stored as a hash, and stands for its owner', async () => {
    const ctx = await member();
    const made = await createToken(ctx, input(['requests:read', 'requests:read']));
    expect(made.token).toMatch(/^hm_[A-Za-z0-9_-]{43}$/);
    expect(made.scopes).toEqual(['requests:read']);
    expect(JSON.stringify(await listTokens(ctx, { limit: 50 }))).not.toContain(made.token);
    const everything = JSON.stringify([await db.serviceToken.findMany(), await db.auditEvent.findMany({ select: { detail: true } })]);
    expect(everything).not.toContain(made.token);
    await expect(authenticateToken(ctx, made.token)).resolves.toMatchObject({
      kind: 'service',
      id: made.id,
      answerer: { kind: 'person', id: ctx.actor.id },
      scopes: ['requests:read'],
      teams: [{ slug: 'orders', role: 'member' }],
    });
  });

  it('is refused for scopes and teams that its maker does not hold, all named at once', async () => {
    const ctx = await member();
    await expect(createToken(ctx, input(['audit:read', 'zones:write'], ['payments']))).rejects.toMatchObject({
      code: 'forbidden',
      violations: [
        { rule: 'scope-not-held', reason: expect.stringContaining('audit:read') },
        { rule: 'scope-not-held', reason: expect.stringContaining('zones:write') },
        { rule: 'team-not-held', reason: expect.stringContaining('payments') },
      ],
    });
  });

  it('carries no role that its scopes were not made for', async () => {
    const ctx = await member(['auditor', 'platform-admin']);
    const rolesWith = async (...scopes: Scope[]) => (await authenticateToken(ctx, (await createToken(ctx, input(scopes))).token)).roles;
    await expect(rolesWith('requests:read', 'requests:write', 'tokens:write')).resolves.toEqual([]);
    await expect(rolesWith('teams:write')).resolves.toEqual(['platform-admin']);
    await expect(rolesWith('audit:read')).resolves.toEqual(['auditor']);
  });

  it('cannot make a token that holds more than itself', async () => {
    const ctx = await member(['auditor']);
    const { token } = await createToken(ctx, input(['tokens:write', 'requests:read']));
    const service = as(ctx, await authenticateToken(ctx, token));
    await expect(createToken(service, input(['audit:read']))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(createToken(service, input(['requests:read']))).resolves.toMatchObject({ scopes: ['requests:read'] });
    const weak = as(ctx, await authenticateToken(ctx, (await createToken(ctx, input(['requests:read']))).token));
    await expect(createToken(weak, input(['requests:read']))).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('makes no token that outlives it', async () => {
    const ctx = await member();
    const made = await createToken(ctx, input(['tokens:write', 'requests:read'], [], 2));
    const service = as(ctx, await authenticateToken(ctx, made.token));
    expect((await createToken(service, input(['requests:read'], [], 90))).expiresAt).toBe(made.expiresAt);
    const brief = new Date(clock.now().getTime() + 86_400_000).toISOString();
    expect((await createToken(service, input(['requests:read'], [], 1))).expiresAt).toBe(brief);
  });

  it('ends with the token that made it, however far above, and never with one beside it', async () => {
    const ctx = await member();
    const make = async (maker: Ctx, name: string) => {
      const made = await createToken(maker, { ...input(['tokens:write', 'requests:read']), name });
      return { ...made, ctx: as(ctx, await authenticateToken(ctx, made.token)) };
    };
    const above = await make(ctx, 'above');
    const beside = await make(ctx, 'beside');
    const below = await make(above.ctx, 'below');
    const last = await make(below.ctx, 'last');
    await revokeToken(ctx, above);
    for (const { token } of [above, below, last])
      await expect(authenticateToken(ctx, token)).rejects.toMatchObject({
        code: 'not-signed-in',
        message: expect.stringContaining('revoked'),
      });
    await expect(authenticateToken(ctx, beside.token)).resolves.toMatchObject({ id: beside.id });
    const events = await db.auditEvent.findMany({ where: { action: 'token.revoke' }, orderBy: { seq: 'desc' }, take: 3 });
    expect(new Map(events.map(({ subject, detail }) => [subject, detail]))).toEqual(
      new Map<string, unknown>([
        ['above', {}],
        ['below', { madeBy: 'above' }],
        ['last', { madeBy: 'above' }],
      ]),
    );
  });

  it('is made by none that was revoked meanwhile', async () => {
    const ctx = await member();
    const { id, token } = await createToken(ctx, input(['tokens:write', 'requests:read']));
    const service = as(ctx, await authenticateToken(ctx, token));
    await revokeToken(ctx, { id });
    await expect(createToken(service, input(['requests:read']))).rejects.toMatchObject({ code: 'not-signed-in' });
  });

  it('is made or ended, whoever comes first, where its maker is revoked at the same time', async () => {
    const ctx = await member();
    const { id, token } = await createToken(ctx, input(['tokens:write', 'requests:read']));
    const service = as(ctx, await authenticateToken(ctx, token));
    const tries = Array.from({ length: 6 }, () => createToken(service, input(['requests:read'])));
    await Promise.allSettled([...tries.slice(0, 3), revokeToken(ctx, { id }), ...tries.slice(3)]);
    expect(await db.serviceToken.count({ where: { makerId: id, revokedAt: null } })).toBe(0);
  });

  it('loses with its owner: a role, a team, the account', async () => {
    const ctx = await member(['auditor']);
    const { token } = await createToken(ctx, input(['audit:read']));
    await expect(authenticateToken(ctx, token)).resolves.toMatchObject({ roles: ['auditor'] });
    await db.person.update({ where: { id: ctx.actor.id }, data: { roles: [], memberships: { deleteMany: {} } } });
    await expect(authenticateToken(ctx, token)).resolves.toMatchObject({ roles: [], teams: [] });
    await db.person.update({ where: { id: ctx.actor.id }, data: { disabledAt: clock.now() } });
    await expect(authenticateToken(ctx, token)).rejects.toMatchObject({
      code: 'not-signed-in',
      message: expect.stringContaining('disabled'),
    });
  });

  it('never gains what its owner gained later', async () => {
    const ctx = await member();
    const { token } = await createToken(ctx, input(['requests:read']));
    await db.person.update({ where: { id: ctx.actor.id }, data: { roles: ['platform-admin'] } });
    await expect(authenticateToken(ctx, token)).resolves.toMatchObject({ roles: [] });
  });

  it('ends when revoked by its owner or a platform admin, and for nobody else', async () => {
    const ctx = await member();
    const made = await createToken(ctx, input(['requests:read']));
    await expect(revokeToken(await member(), { id: made.id })).rejects.toMatchObject({ code: 'not-found' });
    await revokeToken(await member(['platform-admin']), { id: made.id });
    await revokeToken(ctx, { id: made.id });
    await expect(authenticateToken(ctx, made.token)).rejects.toMatchObject({ message: expect.stringContaining('revoked') });
  });

  it('expires, and an unknown or malformed one is nobody', async () => {
    const ctx = await member();
    const { token } = await createToken(ctx, input(['requests:read'], [], 1));
    const later = { db, clock: fixedClock(new Date(clock.now().getTime() + 86_400_000)) };
    await expect(authenticateToken(later, token)).rejects.toMatchObject({ message: expect.stringContaining('expired') });
    for (const secret of ['', 'hm_x', `hm_${'A'.repeat(43)}`, 'x'.repeat(100_000)])
      await expect(authenticateToken(ctx, secret)).rejects.toMatchObject({ code: 'not-signed-in' });
  });

  it('notes its use, at most once a minute', async () => {
    const ctx = await member();
    const { id, token } = await createToken(ctx, input(['requests:read']));
    const usedAt = async () => (await db.serviceToken.findFirst({ where: { id } }))?.lastUsedAt;
    const start = clock.now();
    await authenticateToken(ctx, token);
    clock.advance(59_000);
    await authenticateToken(ctx, token);
    expect(await usedAt()).toEqual(start);
    clock.advance(2_000);
    await authenticateToken(ctx, token);
    expect(await usedAt()).toEqual(clock.now());
  });
});
