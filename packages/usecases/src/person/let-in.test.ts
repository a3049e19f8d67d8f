// How somebody comes in: an invitation or a reset, its link, the password that they choose.
import { inviteInput } from '@hostmaster/core/contract/person';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSession } from '../session/check.ts';
import { startSession } from '../session/start.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { disablePerson } from './disable.ts';
import { getPerson } from './get.ts';
import { invite } from './invite.ts';
import { listPeople } from './list.ts';
import { renewLink } from './renew-link.ts';
import { setPassword } from './set-password.ts';
import { signIn } from './sign-in.ts';

let harness: Harness;
let ctx: ReturnType<Harness['ctxFor']>;
let door: Harness['door'];
beforeAll(async () => {
  harness = await createHarness();
  door = harness.door;
  ctx = harness.ctxFor(await harness.build.platform());
});
afterAll(() => harness.close());

const password = 'four quiet yellow chairs';
const other = 'three loud purple tables';
const clientAddress = '192.0.2.1';
const tokenOf = ({ link }: { readonly link: string }): string => new URL(link).hash.slice(1);
const set = (link: { readonly link: string }, chosen = password) =>
  setPassword(door, { token: tokenOf(link), password: chosen, clientAddress });
const ended = { code: 'link-ended', message: 'It was used, a newer one was made, its time is over, or it is not whole.' };
let count = 0;
const someone = () => {
  count += 1;
  return inviteInput.parse({ email: `Lee-${count}@Example.org`, name: `Lee ${count}`, account: `lee${count}` });
};
const session = (personId: string) => startSession(door, { personId, method: 'password' });

describe('an invitation', () => {
  it('lets somebody in with the roles and teams that it names, by a password that they choose', async () => {
    const team = await harness.build.team();
    const wish = { ...someone(), roles: ['auditor' as const], teams: [{ team: team.slug, role: 'maintainer' as const }] };
    const link = await invite(ctx, wish);
    expect(link).toMatchObject({ email: 'lee-1@example.org', purpose: 'invitation', expiresAt: '2026-11-27T12:00:00.000Z' });
    expect(link.link).toMatch(/^http:\/\/127\.0\.0\.1:3000\/set-password#[A-Za-z0-9_-]{43}$/);
    const invited = await getPerson(ctx, link);
    expect(invited).toMatchObject({ state: 'invited', roles: ['auditor'], signsInWith: [], link: { purpose: 'invitation' } });
    expect(invited.teams).toEqual([{ slug: team.slug, name: team.slug, role: 'maintainer' }]);

    await expect(set(link)).resolves.toEqual({ signIn: 'lee1', ended: 0 });
    await expect(signIn(door, { account: 'lee1', password, clientAddress })).resolves.toEqual({ id: link.id });
    expect(await getPerson(ctx, link)).toMatchObject({ state: 'active', signsInWith: ['password'], link: null });
  });

  it('is kept as a hash alone, and stands in no event', async () => {
    const link = await invite(ctx, someone());
    await set(link);
    const kept = JSON.stringify([
      await harness.db.auditEvent.findMany({ select: { detail: true } }),
      await harness.db.passwordLink.findMany(),
    ]);
    expect(kept).not.toContain(tokenOf(link));
    expect(kept).not.toContain(password);
    const acts = await harness.db.auditEvent.findMany({ where: { subjectId: link.id }, orderBy: { seq: 'asc' } });
    expect(acts.map(({ action, actorId }) => [action, actorId])).toEqual([
      ['person.invite', ctx.actor.id],
      ['person.set-password', link.id],
    ]);
  });

  it('of somebody who is there already, or into a team that is not, makes nobody and says what to do', async () => {
    const wish = someone();
    await invite(ctx, wish);
    await expect(invite(ctx, { ...wish, account: null })).rejects.toMatchObject({
      code: 'already-exists',
      violations: [{ path: 'email', remedy: expect.stringContaining('Open them under People') }],
    });
    await expect(invite(ctx, { ...someone(), account: wish.account })).rejects.toMatchObject({ violations: [{ path: 'account' }] });
    const before = await harness.db.person.count();
    await expect(invite(ctx, { ...someone(), teams: [{ team: 'nowhere', role: 'member' }] })).rejects.toMatchObject({
      code: 'invalid-input',
      violations: [{ path: 'teams.0.team' }],
    });
    expect(await harness.db.person.count()).toBe(before);
  });

  it('is for platform admins to make', async () => {
    const auditor = harness.ctxFor(await harness.build.auditor());
    await expect(invite(auditor, someone())).rejects.toMatchObject({ code: 'forbidden' });
    await expect(listPeople(auditor, { order: 'asc', limit: 50 })).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('a link', () => {
  it('sets a password once, also when it is used twice at the same time', async () => {
    const link = await invite(ctx, someone());
    const tries = await Promise.allSettled([set(link), set(link, other)]);
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(set(link, other)).rejects.toMatchObject(ended);
  });

  it('ends when a newer one is made, when its time is over, and when its person is disabled, which nobody is told apart from an unknown one', async () => {
    const first = await invite(ctx, someone());
    const second = await renewLink(ctx, first);
    expect(second.purpose).toBe('invitation');
    await expect(set(first)).rejects.toMatchObject(ended);
    await set(second);
    const reset = await renewLink(ctx, first);
    expect(reset).toMatchObject({ purpose: 'reset' });
    harness.clock.advance(24 * 3_600_000);
    await expect(set(reset)).rejects.toMatchObject(ended);
    const last = await renewLink(ctx, first);
    await disablePerson(ctx, first);
    await expect(set(last)).rejects.toMatchObject(ended);
    await expect(renewLink(ctx, first)).rejects.toMatchObject({ code: 'person-disabled' });
    await expect(set({ link: 'http://x/#unknown' })).rejects.toMatchObject(ended);
  });

  it('ends all sessions of its person, says how many there were, and begins none', async () => {
    const link = await invite(ctx, someone());
    await set(link);
    const before = await session(link.id);
    expect(await set(await renewLink(ctx, link), other)).toMatchObject({ ended: 1 });
    expect(await checkSession(door, before.id)).toBeNull();
    expect(await harness.db.session.count({ where: { personId: link.id, revokedAt: null } })).toBe(0);
    await expect(signIn(door, { account: link.email, password, clientAddress })).rejects.toMatchObject({ code: 'sign-in-failed' });
  });

  it('sets no password that is guessed first or is known of its person, and still counts afterwards', async () => {
    const link = await invite(ctx, { ...someone(), name: 'Lee Alexander Chan' });
    await expect(set(link, 'Lee Alexander Chan')).rejects.toMatchObject({ violations: [{ rule: 'password-personal', path: 'password' }] });
    await expect(set(link, 'too short')).rejects.toMatchObject({ violations: [{ rule: 'password-length' }] });
    await set(link);
  });

  it('that counts no more, and one that never did, is written down with whose it was, why, and from where it was tried', async () => {
    const link = await invite(ctx, someone());
    const newer = await renewLink(ctx, link);
    await set(newer);
    const late = await invite(ctx, someone());
    harness.clock.advance(8 * 24 * 3_600_000);
    const tried = '192.0.2.78';
    const tokens = [link, newer, late].map(tokenOf);
    for (const token of [...tokens, 'y'.repeat(43), 'no link'])
      await expect(setPassword(door, { token, password, clientAddress: tried })).rejects.toMatchObject(ended);
    const events = await harness.db.auditEvent.findMany({ where: { action: 'session.refuse' }, orderBy: { seq: 'asc' } });
    const told = events.flatMap(({ subject, detail }) => ((detail as { address: string }).address === tried ? [[subject, detail]] : []));
    const detail = (reason: string) => ({ address: tried, tries: 1, method: 'link', reason });
    expect(told).toEqual([
      [link.email, detail('It was ended, or a newer one was made.')],
      [late.email, detail('Its time is over.')],
      ['a link that is not known', detail('There is no such link.')],
    ]);
    expect(JSON.stringify(told)).not.toContain(tokenOf(link));
  });

  it('is guessed no more than a few times from one address, which is written down', async () => {
    const guess = () => setPassword(door, { token: 'x'.repeat(43), password, clientAddress: '192.0.2.77' });
    for (let tries = 0; tries < 20; tries += 1) await expect(guess()).rejects.toMatchObject(ended);
    await expect(guess()).rejects.toMatchObject({ code: 'rate-limited' });
    await expect(guess()).rejects.toMatchObject({ code: 'rate-limited' });
    const events = await harness.db.auditEvent.findMany({ where: { action: 'session.lock-out' } });
    expect(events.map(({ detail }) => detail)).toEqual([{ address: '192.0.2.77', tries: 21, method: 'link', of: 'address' }]);
    await set(await invite(ctx, someone()));
  });
});

describe('the list of people', () => {
  it('finds them by name, address and account, by what they may do, page by page', async () => {
    const named = await invite(ctx, { ...someone(), name: 'Zoë 100% Quux', email: 'zq@example.org', account: 'quux' });
    const list = (query: object) => listPeople(ctx, { order: 'asc', limit: 50, ...query });
    for (const search of ['zoë 100%', 'ZQ@example', 'QUUX']) expect((await list({ search })).rows.map(({ id }) => id)).toEqual([named.id]);
    expect((await list({ search: 'quux', state: 'active' })).total).toBe(0);
    expect((await list({ search: 'quux', state: 'invited' })).total).toBe(1);
    expect((await list({ state: 'disabled' })).rows.every(({ disabledAt }) => disabledAt !== null)).toBe(true);
    for (const order of ['asc', 'desc'] as const) {
      const names: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await list({ order, limit: 3, cursor });
        names.push(...page.rows.map(({ id }) => id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(new Set(names).size).toBe(await harness.db.person.count());
      expect(names).toHaveLength(await harness.db.person.count());
    }
  });
});
