import { HostmasterError } from '@hostmaster/core/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.ts';
import { isRefusal, noteAccessRefusal } from './note-access.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());

const events = (actorId: string) =>
  harness.db.auditEvent.findMany({
    where: { action: 'access.refuse', actorId },
    orderBy: { seq: 'asc' },
    select: { subject: true, detail: true },
  });
const denied = (message = 'The name is reserved.') => new HostmasterError('policy-denied', message);

describe('what somebody is refused', () => {
  it('is written down with who asked, for what and why, under their own name', async () => {
    const member = await harness.build.member(await harness.build.team());
    const ctx = harness.ctxFor(member);
    await noteAccessRefusal(ctx, { procedure: 'requests.create', hostname: 'login.example.test' }, denied());
    await noteAccessRefusal(ctx, { procedure: 'audit.list', hostname: null }, new HostmasterError('forbidden', 'It is for an auditor.'));
    expect(await events(member.id)).toEqual([
      { subject: 'login.example.test', detail: { code: 'policy-denied', reason: 'The name is reserved.', tries: 1 } },
      { subject: 'audit.list', detail: { code: 'forbidden', reason: 'It is for an auditor.', tries: 1 } },
    ]);
  });

  it('over and over does not fill the trail', async () => {
    const member = await harness.build.member(await harness.build.team());
    const ctx = harness.ctxFor(member);
    for (let index = 0; index < 12; index += 1)
      await noteAccessRefusal(ctx, { procedure: 'requests.create', hostname: 'a.test' }, denied());
    expect((await events(member.id)).map(({ detail }) => Object(detail).tries)).toEqual([1, 10]);
    for (let index = 0; index < 120; index += 1)
      await noteAccessRefusal(ctx, { procedure: 'requests.create', hostname: `n${index}.test` }, denied());
    expect((await events(member.id)).length).toBe(100);
  });

  it.each([
    ['forbidden', true],
    ['policy-denied', true],
    ['self-review', true],
    ['last-admin', true],
    ['invalid-input', false],
    ['not-found', false],
    ['conflict', false],
  ] as const)('with %s counts: %s', (code, counts) => {
    expect(isRefusal(new HostmasterError(code, 'No.'))).toBe(counts);
  });
});
