import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Db, Tx } from './client.ts';
import { hurryIssuance, hurryNamesIn } from './hurry.ts';
import { dueIn } from './next-due.ts';
import {
  claimOperation,
  endRun,
  extendLease,
  FenceLost,
  getOperation,
  giveWay,
  hurryOperation,
  type NewOperation,
  type Operation,
  startOperation,
  writeOperation,
} from './operation.ts';
import { behindTheBack } from './testing/behind-the-back.ts';
import { createGround, type Ground } from './testing/ground.ts';
import { transact } from './transaction.ts';

let ground: Ground;
let n = 0;
beforeAll(async () => {
  ground = await createGround();
});
afterAll(() => ground.close());

const fresh = (): string => {
  n += 1;
  return `subject:${n}`;
};
const wish = (purpose: 'test' | 'read', subject: string): NewOperation => ({
  kind: 'zone',
  purpose,
  subject,
  reason: 'Asked.',
  zoneId: ground.zoneId,
});
const begin = async (subject = fresh()): Promise<Operation> => {
  const begun = await transact(ground.db, (tx) => startOperation(tx, wish('test', subject), new Date()));
  if (begun === null) throw new Error('not begun');
  return begun;
};
const claimed = async (id: string, seconds = 30) => {
  const operation = await claimOperation(ground.db, id, seconds);
  if (operation === null) throw new Error('not claimed');
  return { id: operation.id, fence: operation.fence };
};
const due = async (limit: number) => (await dueIn(ground.db, 'work', limit)).operations;
/** Longer than a busy machine takes to come to the row. */
const hour = 3_600_000;

describe('starting', () => {
  it('begins with generation 1, due at once, and nudges a worker in the same transaction', async () => {
    const operation = await begin();
    expect(operation).toMatchObject({ generation: 1, state: 'pending', fence: 0, attempts: 0, nextAttemptAt: null, trail: [] });
    const nudges = await ground.db.outbox.findMany({ where: { job: 'operation.run' } });
    expect(nudges.map(({ payload }) => payload)).toContainEqual({ operationId: operation.id });
    expect(await due(1000)).toContain(operation.id);
  });

  it('leaves neither work nor nudge where the transaction fails', async () => {
    const subject = fresh();
    const before = await ground.db.outbox.count();
    await expect(
      transact(ground.db, async (tx) => {
        await startOperation(tx, wish('test', subject), new Date());
        throw new Error('later in the same transaction');
      }),
    ).rejects.toThrow('later');
    expect([await ground.db.operation.count({ where: { subject } }), await ground.db.outbox.count()]).toEqual([0, before]);
  });

  it('supersedes what is unfinished of the same subject, whose worker then writes nothing', async () => {
    const subject = fresh();
    const older = await begin(subject);
    const claim = await claimed(older.id);
    const newer = await begin(subject);
    expect(newer.generation).toBe(2);
    expect(await getOperation(ground.db, older.id)).toMatchObject({ state: 'superseded', movesNext: 'nobody', leasedUntil: null });
    await expect(writeOperation(ground.db, claim, { reason: 'late' })).rejects.toBeInstanceOf(FenceLost);
    await expect(extendLease(ground.db, claim, 30)).rejects.toBeInstanceOf(FenceLost);
    expect(await claimOperation(ground.db, older.id, 30)).toBeNull();
  });

  it('begins when what the run before has sent must have arrived, or as soon as that run has ended', async () => {
    const subject = fresh();
    const first = await begin(subject);
    await claimed(first.id);
    const running = await getOperation(ground.db, first.id);
    const second = await begin(subject);
    expect(second.notBefore).toEqual(running.leasedUntil);
    expect(second.nextAttemptAt).toEqual(running.leasedUntil);
    const third = await begin(subject);
    expect(third.notBefore).toEqual(running.leasedUntil);

    await giveWay(ground.db, { ...running, fence: running.fence + 1 });
    expect((await getOperation(ground.db, third.id)).notBefore).toEqual(running.leasedUntil);
    await giveWay(ground.db, running);
    expect(await getOperation(ground.db, third.id)).toMatchObject({ notBefore: null, nextAttemptAt: null });
    await claimed(third.id);

    // Once begun it waits for reasons of its own.
    await behindTheBack(ground.db).operation.update({
      where: { id: third.id },
      data: { state: 'waiting', notBefore: running.leasedUntil },
    });
    await giveWay(ground.db, running);
    expect((await getOperation(ground.db, third.id)).notBefore).toEqual(running.leasedUntil);
  });

  it('many at once for one subject: generations without a gap, and one of them unfinished', async () => {
    const subject = fresh();
    await Promise.all(Array.from({ length: 8 }, () => begin(subject)));
    const all = await ground.db.operation.findMany({ where: { subject }, orderBy: { generation: 'asc' } });
    expect(all.map(({ generation }) => generation)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(all.map(({ state }) => state)).toEqual([...Array(7).fill('superseded'), 'pending']);
  });

  it('two unfinished of one subject cannot exist, whoever writes them', async () => {
    const { subject } = await begin();
    const row = {
      kind: 'zone',
      purpose: 'test',
      subject,
      generation: 9,
      step: 'read',
      reason: 'Behind the back.',
      movesNext: 'nobody',
    } as const;
    await expect(transact(ground.db, (tx) => tx.operation.create({ data: row }))).rejects.toMatchObject({ code: 'already-exists' });
  });
});

describe('starting what nobody asked for', () => {
  const beginIfIdle = (subject: string) => transact(ground.db, (tx) => startOperation(tx, wish('read', subject), new Date()));

  it('leaves work under way as it is, and happens once however many sweeps find it due', async () => {
    const asked = await begin();
    expect(await beginIfIdle(asked.subject)).toBeNull();
    expect(await getOperation(ground.db, asked.id)).toMatchObject({ state: 'pending' });
    const idle = fresh();
    const started = await Promise.all(Array.from({ length: 6 }, () => beginIfIdle(idle)));
    expect(started.filter((one) => one !== null)).toMatchObject([{ generation: 1 }]);
  });
});

describe('claiming', () => {
  it('is won by one of many, and raises fence and attempts', async () => {
    const { id } = await begin();
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimOperation(ground.db, id, 30)));
    expect(claims.filter((one) => one !== null)).toMatchObject([{ fence: 1, attempts: 1, state: 'running' }]);
    expect(await due(1000)).not.toContain(id);
  });

  it('takes over an expired lease, after which the first holder writes and prolongs nothing', async () => {
    const { id } = await begin();
    const first = await claimed(id, -1);
    expect(await due(1000)).toContain(id);
    const second = await claimed(id);
    expect(second.fence).toBe(first.fence + 1);
    await expect(writeOperation(ground.db, first, { reason: 'late' })).rejects.toBeInstanceOf(FenceLost);
    await expect(extendLease(ground.db, first, 30)).rejects.toBeInstanceOf(FenceLost);
    await writeOperation(ground.db, second, { reason: 'mine' });
    expect((await getOperation(ground.db, id)).reason).toBe('mine');
  });

  it('is nothing for whoever slept for longer than its lease before it read what it had claimed', async () => {
    const { id } = await begin();
    let other: Operation | null = null;
    const takenOver = behindTheBack(ground.db).$extends({
      query: {
        operation: {
          async findUnique({ args, query }) {
            other = await claimOperation(ground.db, id, 30);
            return query(args);
          },
        },
      },
    });
    expect(await claimOperation(takenOver as unknown as Db, id, -1)).toBeNull();
    expect(other).toMatchObject({ id, fence: 2 });
  });

  it('a prolonged lease is not taken over', async () => {
    const { id } = await begin();
    const claim = await claimed(id, -1);
    await extendLease(ground.db, claim, 30);
    expect(await claimOperation(ground.db, id, 30)).toBeNull();
  });

  it('a write that loses its fence takes the rest of its transaction with it', async () => {
    const { id } = await begin();
    const claim = await claimed(id, -1);
    await claimed(id);
    await expect(
      transact(ground.db, async (tx) => {
        await tx.team.create({ data: { slug: `late-${n}`, name: 'Late' } });
        await writeOperation(tx, claim, { reason: 'late' });
      }),
    ).rejects.toBeInstanceOf(FenceLost);
    expect(await ground.db.team.count({ where: { slug: `late-${n}` } })).toBe(0);
  });

  it.each([
    ['succeeded', {}, false],
    ['failed', {}, false],
    ['superseded', {}, false],
    ['waiting', { nextAttemptAt: new Date(Date.now() + hour) }, false],
    ['waiting', { nextAttemptAt: new Date(Date.now() - hour) }, true],
    ['waiting', { nextAttemptAt: null }, true],
    ['running', { leasedUntil: new Date(Date.now() + hour) }, false],
    ['running', { leasedUntil: new Date(Date.now() - hour) }, true],
    ['running', { leasedUntil: null }, true],
  ] as const)('of one that is %s with %o: %s, and the sweep says the same', async (state, times, may) => {
    const { id } = await begin();
    await behindTheBack(ground.db).operation.update({ where: { id }, data: { state, ...times } });
    expect((await due(1000)).includes(id)).toBe(may);
    expect((await claimOperation(ground.db, id, 30)) !== null).toBe(may);
  });

  it('of what does not exist is nothing', async () => expect(await claimOperation(ground.db, crypto.randomUUID(), 30)).toBeNull());
});

describe('hurrying', () => {
  it('makes waiting work due now and nudges, without taking it from whoever works on it', async () => {
    const { id, subject } = await begin();
    await behindTheBack(ground.db).operation.update({
      where: { id },
      data: { state: 'waiting', nextAttemptAt: new Date(Date.now() + hour) },
    });
    await ground.db.outbox.deleteMany();
    await transact(ground.db, (tx) => hurryOperation(tx, subject));
    expect(await due(1000)).toContain(id);
    expect(await ground.db.outbox.findMany({ select: { job: true, payload: true } })).toEqual([
      { job: 'operation.run', payload: { operationId: id } },
    ]);
    const claim = await claimed(id);
    await transact(ground.db, (tx) => hurryOperation(tx, subject));
    await transact(ground.db, (tx) => endRun(tx, claim, 'succeed', {}));
    expect(await transact(ground.db, (tx) => hurryOperation(tx, subject))).toBeNull();
  });

  it('has work that a worker is at run once more at once, and waits as long as that run said where nobody hurries it', async () => {
    const { id, subject } = await begin();
    const waits = async () => {
      const claim = await claimed(id);
      return (hurry: boolean) =>
        transact(ground.db, async (tx) => {
          if (hurry) await hurryOperation(tx, subject);
          await endRun(tx, claim, 'wait', { nextAttemptAt: new Date(Date.now() + hour) });
        });
    };
    await (await waits())(true);
    expect(await due(1000)).toContain(id);
    await (await waits())(false);
    expect(await due(1000)).not.toContain(id);
  });

  it('of what waits on names of a domain, or for its certificate, holds for runs under way as well', async () => {
    const { id } = await begin();
    const subject = 'endpoint:public:hurried.example.test';
    const before = {
      kind: 'endpoint',
      purpose: 'look',
      subject,
      step: 'certificate-issued',
      state: 'waiting',
      nextAttemptAt: null,
    } as const;
    for (const hurry of [(tx: Tx) => hurryNamesIn(tx, 'example.test'), (tx: Tx) => hurryIssuance(tx, [])]) {
      await behindTheBack(ground.db).operation.update({ where: { id }, data: before });
      const claim = await claimed(id);
      expect(await transact(ground.db, hurry)).toBe(1);
      await transact(ground.db, (tx) => endRun(tx, claim, 'wait', { nextAttemptAt: new Date(Date.now() + hour) }));
      expect(await due(1000)).toContain(id);
    }
  });
});

it('the sweep takes the oldest first, and no more than it is asked for', async () => {
  await behindTheBack(ground.db).operation.updateMany({ data: { state: 'succeeded' } });
  const ids: string[] = [];
  for (let each = 0; each < 3; each += 1) ids.push((await begin()).id);
  expect(await due(2)).toEqual(ids.slice(0, 2));
});

it('what does not exist is not-found', async () =>
  await expect(getOperation(ground.db, crypto.randomUUID())).rejects.toMatchObject({ code: 'not-found' }));
