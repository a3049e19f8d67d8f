import { followChain, genesisHash } from '@hostmaster/core/audit/chain';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendAudit, auditEventsAfter } from './audit.ts';
import { createGround, type Ground } from './testing/ground.ts';
import { transact } from './transaction.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await createGround();
});
afterAll(() => ground.close());

const event = (subject: string) => ({
  at: new Date(),
  actorKind: 'person',
  actorId: 'a1',
  actorName: 'Ada Park',
  action: 'request.create',
  subjectKind: 'request',
  subjectId: subject,
  subject,
  detail: { number: 1, nested: { b: [1, null, 'ä'], a: 0.1 }, none: null },
});
const append = (subject: string) => transact(ground.db, (tx) => appendAudit(tx, event(subject)));
const verified = async () => followChain({ seq: 0n, hash: genesisHash }, await auditEventsAfter(ground.db, 0n, 1000));

describe('the stored audit trail', () => {
  it('is one chain without a gap, however many append at once, and reads back as it was hashed', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, n) => append(`n${n}`)));
    expect(await verified()).toMatchObject({ head: { seq: 30n }, broken: null });
  });

  it('has no event of an act that did not happen, and no act without its event', async () => {
    const before = await ground.db.auditEvent.count();
    const undone = transact(ground.db, async (tx) => {
      await tx.team.create({ data: { slug: 'undone', name: 'Undone' } });
      await appendAudit(tx, event('undone'));
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect([await ground.db.auditEvent.count(), await ground.db.team.count({ where: { slug: 'undone' } })]).toEqual([before, 0]);
    await append('after');
    expect(await verified()).toMatchObject({ broken: null });
  });

  it.each([
    ['changed', `UPDATE audit_event SET actor_name = 'Eve' WHERE seq = 1`],
    ['deleted', 'DELETE FROM audit_event WHERE seq = 1'],
    ['emptied', 'TRUNCATE audit_event'],
  ])('cannot be %s, not even by a superuser', async (_, statement) => {
    const client = new pg.Client({ connectionString: ground.adminUrl });
    await client.connect();
    try {
      await expect(client.query(statement)).rejects.toThrow('append-only');
    } finally {
      await client.end();
    }
  });

  it('shows what somebody did who took the trigger away', async () => {
    const client = new pg.Client({ connectionString: ground.adminUrl });
    await client.connect();
    try {
      await client.query('ALTER TABLE audit_event DISABLE TRIGGER USER');
      await client.query(`UPDATE audit_event SET actor_name = 'Eve' WHERE seq = 5`);
      expect((await verified()).broken).toEqual({ seq: 5n, reason: 'its content does not match its hash' });
      await client.query(`UPDATE audit_event SET actor_name = 'Ada Park' WHERE seq = 5`);
      expect((await verified()).broken).toBeNull();
      await client.query('DELETE FROM audit_event WHERE seq = 5');
      expect((await verified()).broken).toEqual({ seq: 6n, reason: 'event 5 is missing' });
    } finally {
      await client.end();
    }
  });

  it('is read in bounded steps, in order', async () => {
    expect((await auditEventsAfter(ground.db, 10n, 3)).map(({ seq }) => seq)).toEqual([11n, 12n, 13n]);
  });
});
