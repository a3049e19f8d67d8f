import { createHash } from 'node:crypto';
import { fixedClock } from '@hostmaster/core/clock';
import { cheapHash } from '@hostmaster/core/person/testing/cheap-hash';
import { type Db, openDb } from '@hostmaster/db/client';
import { createTestDatabase, type TestDatabase } from '@hostmaster/embedded/testing/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSession } from '../session/check.ts';
import { endSession } from '../session/end.ts';
import { sessionSeconds, startSession } from '../session/start.ts';
import { purgeExpired } from '../sweep/purge-expired.ts';
import { linkOidc } from './link-oidc.ts';
import { signIn } from './sign-in.ts';

let database: TestDatabase;
let db: Db;
const clock = fixedClock(new Date('2026-11-20T12:00:00Z'));
const ctx = () => ({ db, clock });

const passwordHash = cheapHash('open sesame');

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDb(database.url);
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const person = (account: string, more: { disabledAt?: Date } = {}) =>
  db.person.create({
    data: { account, email: `${account}@example.test`, name: account, password: { create: { hash: passwordHash } }, ...more },
  });
const attempt = (account: string, password: string, clientAddress = '192.0.2.1') => signIn(ctx(), { account, password, clientAddress });

describe('a local sign-in', () => {
  it('takes the account name or the e-mail address, in any case', async () => {
    const { id } = await person('ann');
    await expect(attempt('ann', 'open sesame')).resolves.toEqual({ id });
    await expect(attempt(' ANN@example.test', 'open sesame')).resolves.toEqual({ id });
  });

  it('says the same to a wrong password, an unknown account and a disabled one', async () => {
    await person('bob');
    await person('gone', { disabledAt: clock.now() });
    const refused = { code: 'sign-in-failed', message: 'The account or the password is not right.' };
    for (const [account, password] of [
      ['bob', 'wrong'],
      ['nobody', 'open sesame'],
      ['gone', 'open sesame'],
      ['bob\0', 'open sesame'],
      ['bob', 'x'.repeat(2000)],
    ] as const)
      await expect(attempt(account, password, '192.0.2.2')).rejects.toMatchObject(refused);
  });

  it('is limited per account and client, by either name, says for how long, and counts failures only', async () => {
    await person('cleo');
    for (let tries = 0; tries < 11; tries += 1) await attempt('cleo', 'open sesame', '192.0.2.3');
    const names = ['cleo', 'cleo@example.test'];
    await Promise.allSettled(Array.from({ length: 10 }, (_, at) => attempt(names[at % 2] ?? '', 'wrong', '192.0.2.3')));
    for (const name of names)
      await expect(attempt(name, 'open sesame', '192.0.2.3')).rejects.toMatchObject({ code: 'rate-limited', retryAfter: 300 });
    clock.advance(300_000);
    await expect(attempt('cleo', 'open sesame', '192.0.2.3')).resolves.toBeDefined();
  });

  const exhaust = async (id: string) => {
    const key = `sign-in:account:${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
    const windowStart = new Date(Math.floor(clock.now().getTime() / 300_000) * 300_000);
    await db.rateLimit.upsert({ where: { key }, create: { key, windowStart, count: 200 }, update: { windowStart, count: 200 } });
  };

  it('of one client locks nobody out who signs in from elsewhere; of very many clients only who comes from somewhere new', async () => {
    const { id } = await person('dana');
    await Promise.allSettled(Array.from({ length: 60 }, () => attempt('dana', 'wrong', '192.0.2.5')));
    await expect(attempt('dana', 'open sesame', '192.0.2.6')).resolves.toBeDefined();
    await exhaust(id);
    await expect(attempt('dana', 'open sesame', '192.0.2.6')).resolves.toBeDefined();
    await expect(attempt('dana', 'open sesame', '192.0.2.7')).rejects.toMatchObject({ code: 'rate-limited' });
    for (let tries = 0; tries < 10; tries += 1)
      await expect(attempt('dana', 'wrong', '192.0.2.6')).rejects.toMatchObject({ code: 'sign-in-failed' });
    await expect(attempt('dana', 'open sesame', '192.0.2.6')).rejects.toMatchObject({ code: 'rate-limited' });
  });

  it('knows from where somebody signs in for as long as they do, and no longer', async () => {
    const { id } = await person('dora-known');
    await attempt('dora-known', 'open sesame', '2001:db8:1:2::1');
    clock.advance(89 * 86_400_000);
    await purgeExpired(ctx());
    await exhaust(id);
    await expect(attempt('dora-known', 'open sesame', '2001:db8:1:2:ffff::9')).resolves.toBeDefined();
    clock.advance(91 * 86_400_000);
    await purgeExpired(ctx());
    await exhaust(id);
    await expect(attempt('dora-known', 'open sesame', '2001:db8:1:2::1')).rejects.toMatchObject({ code: 'rate-limited' });
  });

  it('that fails is written down with the account and the address: the first, the tenth, and that no more were taken', async () => {
    const { id } = await person('erin');
    for (let tries = 0; tries < 15; tries += 1) await expect(attempt('erin', 'wrong', '192.0.2.21')).rejects.toThrow();
    const told = await db.auditEvent.findMany({ where: { subjectId: id }, orderBy: { seq: 'asc' } });
    expect(told.map(({ action, detail, subject }) => [action, subject, detail])).toEqual([
      ['session.refuse', 'erin@example.test', { address: '192.0.2.21', tries: 1, method: 'password' }],
      ['session.refuse', 'erin@example.test', { address: '192.0.2.21', tries: 10, method: 'password' }],
      ['session.lock-out', 'erin@example.test', { address: '192.0.2.21', tries: 11, method: 'password', of: 'account from one address' }],
    ]);
  });

  it('for an account that is not known is written down as any other, without what was typed', async () => {
    await expect(attempt('hunter2 typed here', 'x', '192.0.2.22')).rejects.toThrow();
    const last = await db.auditEvent.findFirst({ orderBy: { seq: 'desc' } });
    expect(last).toMatchObject({
      action: 'session.refuse',
      subject: 'an account that is not known',
      detail: { address: '192.0.2.22', tries: 1, method: 'password' },
    });
    expect(JSON.stringify(last, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))).not.toContain('hunter2');
  });

  it('that fails fills no audit trail, whatever is tried', async () => {
    const windowStart = new Date(Math.floor(clock.now().getTime() / 300_000) * 300_000);
    await db.rateLimit.upsert({
      where: { key: 'sign-in:told' },
      create: { key: 'sign-in:told', windowStart, count: 99 },
      update: { windowStart, count: 99 },
    });
    const before = await db.auditEvent.count();
    for (const account of ['a1', 'a2', 'a3']) await expect(attempt(account, 'x', '192.0.2.23')).rejects.toThrow();
    expect((await db.auditEvent.count()) - before).toBe(1);
  });

  it('is limited per client address, whatever the account', async () => {
    await db.rateLimit.create({
      data: { key: 'sign-in:address:192.0.2.9', windowStart: new Date(Math.floor(clock.now().getTime() / 300_000) * 300_000), count: 50 },
    });
    await expect(attempt('somebody', 'x', '192.0.2.9')).rejects.toMatchObject({ code: 'rate-limited' });
  });
});

describe('a session', () => {
  it('counts until it is ended, expires, or its person is disabled', async () => {
    const { id: personId } = await person('dora');
    const start = () => startSession(ctx(), { personId, method: 'password' });
    const ended = await start();
    const expires = await start();
    expect(await checkSession(ctx(), ended.id)).toMatchObject({ kind: 'person', id: personId, scopes: null });
    await endSession(ctx(), ended.id);
    await endSession(ctx(), ended.id);
    expect(await checkSession(ctx(), ended.id)).toBeNull();
    clock.advance(sessionSeconds * 1000);
    expect(await checkSession(ctx(), expires.id)).toBeNull();
    const cut = await start();
    await db.person.update({ where: { id: personId }, data: { disabledAt: clock.now() } });
    expect(await checkSession(ctx(), cut.id)).toBeNull();
    expect(await checkSession(ctx(), 'not a uuid')).toBeNull();
    const acts = await db.auditEvent.findMany({ where: { actorId: personId }, orderBy: { seq: 'asc' }, select: { action: true } });
    expect(acts.map(({ action }) => action)).toEqual(['session.start', 'session.start', 'session.end', 'session.start']);
  });

  it('sees memberships and roles as they are now', async () => {
    const { id: personId } = await person('eve');
    const { id } = await startSession(ctx(), { personId, method: 'password' });
    const team = await db.team.create({ data: { slug: 'orders', name: 'Orders' } });
    await db.membership.create({ data: { personId, teamId: team.id, role: 'maintainer' } });
    await db.person.update({ where: { id: personId }, data: { roles: ['security-reviewer', 'platform-admin'] } });
    expect(await checkSession(ctx(), id)).toMatchObject({
      teams: [{ id: team.id, slug: 'orders', role: 'maintainer' }],
      roles: ['security-reviewer', 'platform-admin'],
    });
    await db.membership.deleteMany({ where: { personId } });
    expect(await checkSession(ctx(), id)).toMatchObject({ teams: [] });
  });
});

describe('a subject of the OpenID Connect provider', () => {
  const claims = (subject: string, email: string | null, emailVerified = true, clientAddress = '192.0.2.31') => ({
    subject,
    name: 'Fay',
    email,
    emailVerified,
    clientAddress,
  });

  it('becomes a person without roles, and the same one next time', async () => {
    const first = await linkOidc(ctx(), claims('sub-fay', 'Fay@example.test'));
    await expect(linkOidc(ctx(), claims('sub-fay', null, false))).resolves.toEqual(first);
    await expect(db.person.findUnique({ where: { id: first.id }, include: { password: true } })).resolves.toMatchObject({
      email: 'fay@example.test',
      roles: [],
      password: null,
    });
  });

  it('is linked by a verified address, never by one that is not verified', async () => {
    const { id } = await person('gus');
    await expect(linkOidc(ctx(), claims('sub-gus', 'gus@example.test', false))).rejects.toMatchObject({ code: 'sign-in-failed' });
    await expect(linkOidc(ctx(), claims('sub-gus', 'gus@example.test'))).resolves.toEqual({ id });
    await expect(linkOidc(ctx(), claims('sub-other', 'gus@example.test'))).rejects.toMatchObject({ code: 'sign-in-failed' });
  });

  it('is refused when disabled', async () => {
    const { id } = await linkOidc(ctx(), claims('sub-hal', 'hal@example.test'));
    await db.person.update({ where: { id }, data: { disabledAt: clock.now() } });
    await expect(linkOidc(ctx(), claims('sub-hal', 'hal@example.test'))).rejects.toMatchObject({ code: 'sign-in-failed' });
  });

  const told = async (address: string) => {
    const events = await db.auditEvent.findMany({ where: { action: 'session.refuse' }, orderBy: { seq: 'asc' } });
    return events.flatMap(({ subject, subjectId, detail }) =>
      (detail as { address: string }).address === address ? [{ subject, subjectId, detail }] : [],
    );
  };
  const detail = (address: string, reason: string, tries = 1) => ({ address, tries, method: 'oidc', reason });
  const notVerified = 'The identity provider has not verified an e-mail address for this account.';

  it('who is refused is written down with the account, the address and the reason, and a burst by its size', async () => {
    const address = '192.0.2.32';
    const { id } = await person('ida');
    await linkOidc(ctx(), claims('sub-ida', 'ida@example.test'));
    const off = await person('off', { disabledAt: clock.now() });
    for (const refused of [
      claims('sub-else', 'ida@example.test', true, address),
      claims('sub-off', 'off@example.test', true, address),
      ...Array.from({ length: 10 }, (_, at) => claims(`sub-${at}`, null, false, address)),
    ])
      await expect(linkOidc(ctx(), refused)).rejects.toMatchObject({ code: 'sign-in-failed' });
    const nobody = { subject: 'an account that is not known', subjectId: 'unknown' };
    expect(await told(address)).toEqual([
      { subject: 'ida@example.test', subjectId: id, detail: detail(address, 'The e-mail address belongs to another account.') },
      { subject: 'off@example.test', subjectId: off.id, detail: detail(address, 'This account is disabled.') },
      { ...nobody, detail: detail(address, notVerified) },
      { ...nobody, detail: detail(address, notVerified, 10) },
    ]);
  });

  it('whose known account is disabled is refused in writing too, and an address that is not verified names whom it meant', async () => {
    const address = '192.0.2.33';
    const { id } = await linkOidc(ctx(), claims('sub-jon', 'jon@example.test'));
    await expect(linkOidc(ctx(), claims('sub-evil', 'jon@example.test', false, address))).rejects.toThrow(notVerified);
    await db.person.update({ where: { id }, data: { disabledAt: clock.now() } });
    await expect(linkOidc(ctx(), claims('sub-jon', null, false, '192.0.2.34'))).rejects.toThrow('disabled');
    expect(await told(address)).toEqual([{ subject: 'jon@example.test', subjectId: id, detail: detail(address, notVerified) }]);
    expect(await told('192.0.2.34')).toMatchObject([{ subjectId: id, detail: { reason: 'This account is disabled.' } }]);
  });
});
