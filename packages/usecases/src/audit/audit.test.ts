import { auditPage, auditVerification } from '@hostmaster/core/contract/audit';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { appendAudit } from '@hostmaster/db/audit';
import { openDb } from '@hostmaster/db/client';
import { transact } from '@hostmaster/db/transaction';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ctx } from '../context.ts';
import { createHarness, type Harness, harnessStart } from '../testing/harness.ts';
import { listAudit } from './list.ts';
import { verifyAudit } from './verify.ts';

let harness: Harness;
let auditor: Ctx;
let writer: Actor;
beforeEach(async () => {
  harness = await createHarness();
  auditor = harness.ctxFor(await harness.build.auditor());
  writer = await harness.build.platform();
});
afterEach(() => harness.close());

const append = (count: number, action = 'grant.create', from: { sessionId?: string; address?: string } = {}) =>
  transact(harness.db, async (tx) => {
    for (let index = 0; index < count; index += 1)
      await appendAudit(tx, {
        at: harness.clock.now(),
        actorKind: writer.kind,
        actorId: writer.id,
        actorName: 'Pat 100%',
        ...from,
        action,
        subjectKind: 'grant',
        subjectId: '018f0000-0000-7000-8000-00000000000a',
        subject: `orders_${index}.example.test`,
        detail: { index, nested: { b: 1, a: [true, null, 'ä'] } },
      });
  });

/** What only somebody with the database's own keys can do. */
async function asSuperuser(...statements: string[]): Promise<void> {
  const admin = openDb(harness.adminUrl, { connections: 1 });
  try {
    for (const statement of ['ALTER TABLE audit_event DISABLE TRIGGER USER', ...statements]) await admin.$executeRawUnsafe(statement);
  } finally {
    await admin.$disconnect();
  }
}

describe('the audit trail', () => {
  it('follows from its first event to its last, over more than one step', async () => {
    const empty = await verifyAudit(auditor);
    expect(empty).toMatchObject({ ok: true, checked: 0, head: null });
    for (let batch = 0; batch < 5; batch += 1) await append(201);
    const answer = await verifyAudit(auditor);
    expect(auditVerification.parse(answer)).toEqual(answer);
    expect(answer).toMatchObject({ ok: true, checked: 1005, brokenAt: null });
    expect(answer.head).toBe((await listAudit(auditor, { order: 'desc', limit: 1 })).rows[0]?.hash);
  });

  it('goes on from events that did not say from where, with events that do; nobody changes or takes away what they say', async () => {
    await append(2);
    await append(2, 'grant.create', { sessionId: 's1', address: '192.0.2.1' });
    await append(1, 'grant.create', { address: '192.0.2.2' });
    expect(await verifyAudit(auditor)).toMatchObject({ ok: true, checked: 5 });
    const { rows } = await listAudit(auditor, { order: 'asc', limit: 10 });
    const here = { sessionId: 's1', address: '192.0.2.1' };
    expect(rows.map(({ from }) => from)).toEqual([null, null, here, here, { sessionId: null, address: '192.0.2.2' }]);
    await asSuperuser('UPDATE audit_event SET address = NULL, session_id = NULL WHERE seq = 4');
    expect(await verifyAudit(auditor)).toMatchObject({ brokenAt: { seq: 4 } });
  });

  it.each([
    ['UPDATE', "UPDATE audit_event SET detail = '{}'"],
    ['DELETE', 'DELETE FROM audit_event'],
    ['TRUNCATE', 'TRUNCATE audit_event'],
  ])('is refused an %s by the database itself, for its owner too', async (_, statement) => {
    await append(2);
    await expect(harness.db.$executeRawUnsafe(statement)).rejects.toThrow(/append-only/);
    expect((await verifyAudit(auditor)).checked).toBe(2);
  });

  it.each([
    ['a changed actor', 2, "UPDATE audit_event SET actor_name = 'Nobody' WHERE seq = 2", /content/],
    ['an actor who was elsewhere', 2, "UPDATE audit_event SET address = '192.0.2.9' WHERE seq = 2", /content/],
    ['a changed detail', 3, `UPDATE audit_event SET detail = jsonb_set(detail, '{index}', '7') WHERE seq = 3`, /content/],
    ['a changed time', 4, "UPDATE audit_event SET at = at + interval '1 ms' WHERE seq = 4", /content/],
    ['a removed event', 4, 'DELETE FROM audit_event WHERE seq = 3', /event 3 is missing/],
    ['a removed begin', 2, 'DELETE FROM audit_event WHERE seq = 1', /event 1 is missing/],
    ['a forged hash', 2, `UPDATE audit_event SET hash = decode(repeat('ab', 32), 'hex') WHERE seq = 2`, /content/],
  ])('shows %s, and where', async (_, seq, statement, reason) => {
    await append(5);
    await asSuperuser(statement);
    expect(await verifyAudit(auditor)).toMatchObject({
      ok: false,
      checked: seq - (statement.startsWith('DELETE') ? 2 : 1),
      brokenAt: { seq },
    });
    expect((await verifyAudit(auditor)).brokenAt?.reason).toMatch(reason);
  });

  it('leads through a head that was noted before, or says that it does not', async () => {
    await append(3);
    const { head } = await verifyAudit(auditor);
    const noted = head ?? '';
    expect(await verifyAudit(auditor)).toMatchObject({ notedAt: null });
    await append(2);
    expect(await verifyAudit(auditor, { noted })).toMatchObject({ ok: true, checked: 5, notedAt: 3 });
    // Cut off, and what follows written anew: the chain alone looks whole.
    await asSuperuser('DELETE FROM audit_event WHERE seq > 2');
    expect(await verifyAudit(auditor)).toMatchObject({ ok: true, checked: 2 });
    await append(3, 'zone.create');
    expect(await verifyAudit(auditor, { noted })).toMatchObject({ ok: true, checked: 5, notedAt: null });
  });

  it('says nothing of a head beyond where the chain is broken', async () => {
    await append(5);
    const { head } = await verifyAudit(auditor);
    await asSuperuser("UPDATE audit_event SET actor_name = 'Nobody' WHERE seq = 2");
    expect(await verifyAudit(auditor, { noted: head ?? '' })).toMatchObject({ ok: false, checked: 1, notedAt: null });
  });

  it('is looked through by days, the last one included', async () => {
    await append(1);
    harness.clock.advance(86_400_000);
    await append(2);
    const count = async (query: object) => (await listAudit(auditor, { order: 'desc', limit: 50, ...query })).rows.length;
    const [first, second] = [harnessStart, harness.clock.now()].map((at) => at.toISOString().slice(0, 10));
    expect([await count({ from: first }), await count({ from: second }), await count({ until: first })]).toEqual([3, 2, 1]);
    expect([await count({ from: second, until: second }), await count({ from: second, until: first })]).toEqual([2, 0]);
  });

  it('is read newest first or oldest first, page by page, by what was looked for, literally', async () => {
    await append(5);
    await append(2, 'zone.create');
    const first = await listAudit(auditor, { order: 'desc', limit: 4 });
    expect(auditPage.parse(first)).toEqual(first);
    const second = await listAudit(auditor, { order: 'desc', limit: 4, ...(first.nextCursor ? { cursor: first.nextCursor } : {}) });
    expect([...first.rows, ...second.rows].map(({ seq }) => seq)).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(first.total).toBe(7);
    const oldest = await listAudit(auditor, { order: 'asc', limit: 4 });
    const newer = await listAudit(auditor, { order: 'asc', limit: 4, ...(oldest.nextCursor ? { cursor: oldest.nextCursor } : {}) });
    expect([...oldest.rows, ...newer.rows].map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const count = async (query: object) => (await listAudit(auditor, { order: 'desc', limit: 50, ...query })).rows.length;
    expect(await count({ action: 'zone.create' })).toBe(2);
    expect(await count({ actor: 'pat 100%' })).toBe(7);
    expect(await count({ actor: '1%0' })).toBe(0);
    expect(await count({ subject: 'orders_4' })).toBe(1);
    expect(await count({ subject: 'orders%4' })).toBe(0);
    await expect(listAudit(auditor, { order: 'desc', limit: 1, cursor: 'WyJhdWRpdC1zZXEtZGVzYyIsIi0xIl0' })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  it('is for auditors only, and for their tokens with the scope', async () => {
    const team = await harness.build.team();
    for (const actor of [await harness.build.member(team), await harness.build.maintainer(team)]) {
      await expect(listAudit(harness.ctxFor(actor), { order: 'desc', limit: 1 })).rejects.toMatchObject({ code: 'forbidden' });
      await expect(verifyAudit(harness.ctxFor(actor))).rejects.toMatchObject({ code: 'forbidden' });
    }
    const token = await harness.build.tokenOf(auditor.actor, 'requests:read');
    await expect(listAudit(harness.ctxFor(token), { order: 'desc', limit: 1 })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(listAudit(harness.ctxFor({ ...token, scopes: ['audit:read'] }), { order: 'desc', limit: 1 })).resolves.toBeDefined();
  });
});
