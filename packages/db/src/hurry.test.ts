// Which work is hurried: what waits on names of a domain, or for its certificate there, and nothing else.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Tx } from './client.ts';
import { hurryIssuance, hurryNamesIn } from './hurry.ts';
import { behindTheBack } from './testing/behind-the-back.ts';
import { createGround, type Ground } from './testing/ground.ts';
import { transact } from './transaction.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await createGround();
});
afterAll(() => ground.close());

const later = new Date('2036-01-01T00:00:00Z');
const issuing = 'certificate-issued';
type What = { kind?: 'endpoint' | 'key'; step?: string; state?: 'waiting' | 'succeeded' };
const waits = async (hostname: string, { kind = 'endpoint', step = issuing, state = 'waiting' }: What = {}): Promise<string> => {
  const purpose = kind === 'key' ? 'export' : 'look';
  const said = { reason: 'It waits.', movesNext: 'hostmaster', since: new Date(), nextAttemptAt: later };
  const data = { kind, purpose, step, state, subject: `endpoint:public:${hostname}`, generation: 1, ...said } as const;
  return (await behindTheBack(ground.db).operation.create({ data })).id;
};
/** Which of them are due from then on, and which of those a worker is woken for. */
const hurried = async (hurry: (tx: Tx) => Promise<number>) => {
  await ground.db.outbox.deleteMany();
  const count = await transact(ground.db, hurry);
  const due = await ground.db.operation.findMany({ where: { hurried: true, nextAttemptAt: null }, select: { subject: true, id: true } });
  const nudged = await ground.db.outbox.findMany({ where: { job: 'operation.run' } });
  expect(due).toHaveLength(count);
  expect(nudged.map(({ payload }) => due.some(({ id }) => id === Object(payload).operationId))).toEqual(count === 0 ? [] : [true]);
  return due.map(({ subject }) => subject.split(':')[2]).sort();
};
beforeEach(async () => {
  await behindTheBack(ground.db).operation.deleteMany();
});

describe('what waits on names of a domain is hurried', () => {
  it('at the domain and below, and not on names that only end like it', async () => {
    for (const name of ['example.test', 'a.b.example.test', '*.example.test', 'notexample.test', 'example.test.other.test', 'exampleXtest'])
      await waits(name, { step: 'records-applied' });
    expect(await hurried((tx) => hurryNamesIn(tx, 'example.test'))).toEqual(['*.example.test', 'a.b.example.test', 'example.test']);
  });

  it('where it is no pattern, whatever its characters are to a database', async () => {
    await waits('a.axb.test');
    expect(await hurried((tx) => hurryNamesIn(tx, 'a_b.test'))).toEqual([]);
    expect(await hurried((tx) => hurryNamesIn(tx, '%'))).toEqual([]);
  });

  it('where it is unfinished work on an endpoint', async () => {
    await waits('ended.example.test', { state: 'succeeded' });
    await waits('key.example.test', { kind: 'key' });
    expect(await hurried((tx) => hurryNamesIn(tx, 'example.test'))).toEqual([]);
  });
});

describe('what waits for its certificate is hurried', () => {
  it('on any name where no domain is given, and nothing that waits for something else', async () => {
    await waits('a.example.test');
    await waits('b.other.test');
    await waits('c.example.test', { step: 'records-applied' });
    expect(await hurried((tx) => hurryIssuance(tx, []))).toEqual(['a.example.test', 'b.other.test']);
  });

  it('on names of the domains that are given alone', async () => {
    await waits('a.example.test');
    await waits('b.other.test');
    await waits('c.third.test');
    await waits('d.example.test', { step: 'records-applied' });
    expect(await hurried((tx) => hurryIssuance(tx, ['example.test', 'third.test']))).toEqual(['a.example.test', 'c.third.test']);
  });
});
