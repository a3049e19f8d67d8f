import { verifyPassword } from '@hostmaster/core/person/password';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setMember } from '../team/set-member.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { createPerson } from './create.ts';
import { setRoles } from './set-roles.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());

const lee = {
  account: 'Lee',
  email: 'Lee@example.org',
  name: 'Lee Chan',
  password: 'correct horse on a hill',
  roles: ['auditor' as const],
};

test('a platform admin adds people, says what they may do, and puts them into teams; the password is stored as a hash alone', async () => {
  const ctx = harness.ctxFor(await harness.build.platform());
  // Whoever holds the database; through the portal nobody writes a password of somebody else.
  const owner = { ...ctx, db: harness.db };
  const { id } = await createPerson(owner, lee);
  const stored = await harness.db.person.findUniqueOrThrow({ where: { id }, include: { password: true } });
  expect(stored).toMatchObject({ account: 'lee', email: 'lee@example.org', roles: ['auditor'] });
  expect(await verifyPassword(lee.password, stored.password?.hash ?? null)).toBe(true);
  await expect(createPerson(owner, { ...lee, email: 'other@example.org' })).rejects.toMatchObject({ code: 'already-exists' });

  await expect(createPerson(ctx, { ...lee, account: null, email: 'eve@example.org' })).rejects.toMatchObject({
    code: 'conflict',
    message: 'What you may do changed while this was being done; nothing was written.',
  });

  for (const _ of ['once', 'again']) await setRoles(ctx, { email: 'lee@EXAMPLE.org', roles: ['security-reviewer'] });
  expect((await harness.db.person.findUniqueOrThrow({ where: { id } })).roles).toEqual(['security-reviewer']);

  const team = await harness.build.team();
  for (const role of ['member', 'maintainer', null] as const) {
    await setMember(ctx, { team: team.slug, email: lee.email, role });
    if (role !== null) await setMember(ctx, { team: team.slug, email: lee.email, role });
    expect((await harness.db.membership.findMany({ where: { personId: id } })).map((row) => row.role)).toEqual(role === null ? [] : [role]);
  }
  const events = await harness.db.auditEvent.findMany({ where: { subjectKind: { in: ['person', 'team'] } } });
  expect(JSON.stringify(events.map(({ detail }) => detail))).not.toContain(lee.password);
  expect(events.map(({ action }) => action)).toEqual(expect.arrayContaining(['person.create', 'person.set-roles', 'team.set-member']));
  const times = (act: string) => events.filter(({ action }) => action === act).length;
  expect([times('person.set-roles'), times('team.set-member')], 'what is so already is not told of').toEqual([1, 3]);
});

test('nobody else manages people, and unknown people and teams are named', async () => {
  const auditor = harness.ctxFor(await harness.build.auditor());
  await expect(createPerson(auditor, lee)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(setRoles(auditor, { email: lee.email, roles: [] })).rejects.toMatchObject({ code: 'forbidden' });
  const { slug } = await harness.build.team();
  await expect(setMember(auditor, { team: slug, email: lee.email, role: 'member' })).rejects.toMatchObject({ code: 'forbidden' });
  const admin = harness.ctxFor(await harness.build.platform());
  await expect(setRoles(admin, { email: 'nobody@example.org', roles: [] })).rejects.toMatchObject({ code: 'not-found' });
  await expect(setMember(admin, { team: 'no-such', email: lee.email, role: 'member' })).rejects.toMatchObject({ code: 'not-found' });
});
