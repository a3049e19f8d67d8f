// How somebody is shut out, and that somebody is always left who can let people in.
import { cheapHash } from '@hostmaster/core/person/testing/cheap-hash';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '../actor.ts';
import { checkSession } from '../session/check.ts';
import { endOtherSessions, endOwnSession, endSessionsOfPerson } from '../session/end-several.ts';
import { listSessions } from '../session/list.ts';
import { startSession } from '../session/start.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { authenticateToken } from '../token/authenticate.ts';
import { createToken } from '../token/create.ts';
import { changePassword } from './change-password.ts';
import { disablePerson, enablePerson } from './disable.ts';
import { setRoles } from './set-roles.ts';
import { signIn } from './sign-in.ts';

let harness: Harness;
let door: Harness['door'];
const password = 'four quiet yellow chairs';
const changed = 'three loud purple tables';
const hash = cheapHash(password);
beforeAll(async () => {
  harness = await createHarness();
  door = harness.door;
});
afterAll(() => harness.close());

const withPassword = async (actor: Actor): Promise<Actor> => {
  await harness.db.password.create({ data: { personId: actor.id, hash } });
  return actor;
};
const admin = async () => withPassword(await harness.build.platform());
const session = async (personId: string) => (await startSession(door, { personId, method: 'password', browser: 'Firefox on Linux' })).id;
const counts = async (...ids: string[]) => Promise.all(ids.map(async (id) => (await checkSession(door, id)) !== null));
const noAdmins = () => harness.db.person.updateMany({ where: { roles: { has: 'platform-admin' } }, data: { roles: [] } });

describe('disabling somebody', () => {
  it('ends their sessions and has their tokens count for nothing; enabling gives back the tokens, not the sessions', async () => {
    const ctx = harness.ctxFor(await admin());
    const lee = await withPassword(await harness.build.member(await harness.build.team()));
    const before = await session(lee.id);
    const scopes = ['endpoints:read' as const];
    const { token } = await createToken(harness.ctxFor(lee), { name: 'ci', scopes, teams: lee.teams.map(({ slug }) => slug), days: 1 });
    await disablePerson(ctx, lee);
    await disablePerson(ctx, lee);
    expect(await counts(before)).toEqual([false]);
    await expect(authenticateToken(door, token)).rejects.toMatchObject({ code: 'not-signed-in' });
    await expect(signIn(door, { account: await emailOf(lee), password, clientAddress: '192.0.2.1' })).rejects.toMatchObject({
      code: 'sign-in-failed',
    });
    await enablePerson(ctx, lee);
    expect(await counts(before)).toEqual([false]);
    await expect(authenticateToken(door, token)).resolves.toMatchObject({ kind: 'service' });
    const acts = await harness.db.auditEvent.findMany({ where: { subjectId: lee.id, actorId: ctx.actor.id }, orderBy: { seq: 'asc' } });
    expect(acts.map(({ action, detail }) => [action, detail])).toEqual([
      ['person.disable', { endedSessions: 1 }],
      ['person.enable', {}],
    ]);
  });
});

const emailOf = async ({ id }: Actor) => (await harness.db.person.findUniqueOrThrow({ where: { id } })).email;

describe('the last platform admin who can sign in', () => {
  it('neither loses the role nor is disabled, by themselves, by another, or from the command line', async () => {
    await noAdmins();
    const last = await admin();
    const unable = harness.ctxFor(await harness.build.platform());
    const gone = await admin();
    await disablePerson(unable, gone);
    for (const ctx of [harness.ctxFor(last), unable, { ...unable, actor: systemActor, db: harness.db }]) {
      await expect(disablePerson(ctx, last)).rejects.toMatchObject({ code: 'last-admin' });
      await expect(setRoles(ctx, { id: last.id, roles: ['auditor'] })).rejects.toMatchObject({ code: 'last-admin' });
    }
    await setRoles(unable, { id: last.id, roles: ['platform-admin', 'auditor'] });
    await enablePerson(unable, gone);
    await disablePerson(unable, last);
  });

  it('and whoever has lost the role since they were let in to do it are told that they may not, and change nothing', async () => {
    const [one, two] = [await admin(), await admin()];
    const ctx = harness.ctxFor(one);
    await harness.db.person.update({ where: { id: one.id }, data: { roles: [] } });
    await expect(disablePerson(ctx, two)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(setRoles(ctx, { id: two.id, roles: [] })).rejects.toMatchObject({ code: 'forbidden' });
    expect(await harness.db.person.findUniqueOrThrow({ where: { id: two.id } })).toMatchObject({
      disabledAt: null,
      roles: ['platform-admin'],
    });
  });

  it('is left also when each of two takes the other out at the same time', async () => {
    for (let round = 0; round < 5; round += 1) {
      await noAdmins();
      const [one, two] = [await admin(), await admin()];
      const tries = await Promise.allSettled([
        disablePerson(harness.ctxFor(one), two),
        setRoles(harness.ctxFor(two), { id: one.id, roles: [] }),
      ]);
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await harness.db.person.count({ where: { roles: { has: 'platform-admin' }, disabledAt: null } })).toBe(1);
    }
  });
});

describe('sessions', () => {
  it('are shown to their person with the one that asks, and ended one by one or all others at once', async () => {
    const lee = await harness.build.member(await harness.build.team());
    const ctx = harness.ctxFor(lee);
    const [here, there, elsewhere] = [await session(lee.id), await session(lee.id), await session(lee.id)];
    const { rows } = await listSessions(ctx, here);
    expect(rows.map(({ id, current }) => [id, current])).toEqual([
      [elsewhere, false],
      [there, false],
      [here, true],
    ]);
    expect(rows[0]).toMatchObject({ method: 'password', browser: 'Firefox on Linux', startedAt: '2026-11-20T12:00:00.000Z' });
    await endOwnSession(ctx, { id: there });
    expect(await counts(here, there, elsewhere)).toEqual([true, false, true]);
    await expect(endOtherSessions(ctx, here)).resolves.toEqual({ ended: 1 });
    expect(await counts(here, there, elsewhere)).toEqual([true, false, false]);
  });

  it('of somebody else are nobody’s to end but a platform admin’s', async () => {
    const [lee, ann] = [await harness.build.auditor(), await harness.build.auditor()];
    const own = await session(lee.id);
    await expect(endOwnSession(harness.ctxFor(ann), { id: own })).rejects.toMatchObject({ code: 'not-found' });
    await expect(endSessionsOfPerson(harness.ctxFor(ann), lee)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await counts(own)).toEqual([true]);
    await expect(endSessionsOfPerson(harness.ctxFor(await admin()), lee)).resolves.toEqual({ ended: 1 });
    expect(await counts(own)).toEqual([false]);
  });
});

describe('changing one’s own password', () => {
  const change = (actor: Actor, sessionId: string | null, current: string, next = changed) =>
    changePassword(harness.ctxFor(actor), { current, password: next, sessionId, clientAddress: '192.0.2.9' }, door);

  it('needs the current one, ends all other sessions, and leaves the one that asked', async () => {
    const lee = await withPassword(await harness.build.auditor());
    const [here, there] = [await session(lee.id), await session(lee.id)];
    await expect(change(lee, here, 'a wrong one')).rejects.toMatchObject({ code: 'sign-in-failed', violations: [{ path: 'current' }] });
    await expect(change(lee, here, password, 'short')).rejects.toMatchObject({ code: 'invalid-input', violations: [{ path: 'password' }] });
    expect(await counts(here, there)).toEqual([true, true]);
    await expect(change(lee, here, password)).resolves.toEqual({ ended: 1 });
    expect(await counts(here, there)).toEqual([true, false]);
    const account = await emailOf(lee);
    await expect(signIn(door, { account, password, clientAddress: '192.0.2.9' })).rejects.toMatchObject({ code: 'sign-in-failed' });
    await expect(signIn(door, { account, password: changed, clientAddress: '192.0.2.9' })).resolves.toEqual({ id: lee.id });
  });

  it('is guessed at no more often than at a sign-in', async () => {
    const lee = await withPassword(await harness.build.auditor());
    for (let tries = 0; tries < 10; tries += 1)
      await expect(change(lee, null, 'a guess')).rejects.toMatchObject({ code: 'sign-in-failed' });
    await expect(change(lee, null, password)).rejects.toMatchObject({ code: 'rate-limited' });
  });

  it('is no token’s to do', async () => {
    const owner = await withPassword(await harness.build.auditor());
    const token = await harness.build.tokenOf(owner, 'tokens:write', 'teams:write');
    await expect(change(token, null, password)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(listSessions(harness.ctxFor(token), null)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
