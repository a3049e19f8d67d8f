import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nudge, type OutboxRow, outboxChannel, relayOutbox } from './outbox.ts';
import { createGround, type Ground } from './testing/ground.ts';
import { transact } from './transaction.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await createGround();
});
afterAll(() => ground.close());
beforeEach(() => ground.db.outbox.deleteMany());

const write = (operationId: string) => transact(ground.db, (tx) => nudge(tx, 'operation.run', { operationId }));
const ids = (rows: readonly OutboxRow[]) => rows.map(({ payload }) => (payload as { operationId: string }).operationId);
const number = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

describe('the outbox', () => {
  it('hands nudges over oldest first, at most as many as asked, and forgets them then', async () => {
    for (let n = 0; n < 5; n += 1) await write(number(n));
    const batches: string[][] = [];
    const take = () =>
      relayOutbox(ground.db, 3, async (rows) => {
        batches.push(ids(rows));
      });
    expect([await take(), await take(), await take()]).toEqual([3, 2, 0]);
    expect(batches).toEqual([[0, 1, 2].map(number), [3, 4].map(number)]);
    expect(await ground.db.outbox.count()).toBe(0);
  });

  it('keeps them where the queue does not take them, and hands over the same ones again', async () => {
    await write(number(1));
    const seen: string[] = [];
    const failing = relayOutbox(ground.db, 10, async (rows) => {
      seen.push(...rows.map(({ id }) => id));
      throw new Error('the queue is away');
    });
    await expect(failing).rejects.toThrow('the queue is away');
    expect(await ground.db.outbox.count()).toBe(1);
    await relayOutbox(ground.db, 10, async (rows) => {
      seen.push(...rows.map(({ id }) => id));
    });
    expect(seen[0]).toBe(seen[1]);
  });

  it('is shared by several relays: none is handed over twice, and nobody waits for anybody', async () => {
    for (let n = 0; n < 6; n += 1) await write(number(n));
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let began = (): void => {};
    const holding = new Promise<void>((resolve) => {
      began = resolve;
    });
    const all: string[] = [];
    const slow = relayOutbox(ground.db, 3, async (rows) => {
      all.push(...ids(rows));
      began();
      await held;
    });
    await holding;
    await relayOutbox(ground.db, 10, async (rows) => {
      all.push(...ids(rows));
    });
    expect(all).toHaveLength(6);
    release();
    await slow;
    expect(new Set(all).size).toBe(6);
  });

  it('wakes a listener when, and only when, the transaction commits', async () => {
    const client = new pg.Client({ connectionString: ground.url });
    await client.connect();
    try {
      await client.query(`LISTEN ${outboxChannel}`);
      let heard = 0;
      client.on('notification', () => {
        heard += 1;
      });
      const undone = transact(ground.db, async (tx) => {
        await nudge(tx, 'operation.run', { operationId: number(1) });
        throw new Error('undone');
      });
      await expect(undone).rejects.toThrow('undone');
      await client.query('SELECT 1');
      expect(heard).toBe(0);
      await write(number(2));
      await expect.poll(() => heard).toBe(1);
      expect(await ground.db.outbox.count()).toBe(1);
    } finally {
      await client.end();
    }
  });
});
