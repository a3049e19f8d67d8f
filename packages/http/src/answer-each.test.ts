import { randomUUID } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { createHarness, type Harness } from '@hostmaster/usecases/testing/harness';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerEach } from './answer-each.ts';
import { type Door, openExchange } from './door.ts';
import { answerKeyed } from './idempotency.ts';
import { createTurns } from './in-turn.ts';

let harness: Harness;
let door: Door;
let actor: Actor;
const logged: string[] = [];

beforeAll(async () => {
  harness = await createHarness();
  const { db, clock, build } = harness;
  actor = await build.person();
  const log = { debug: () => {}, warn: () => {}, error: (_: object, message: string) => void logged.push(message) };
  door = { db, clock, log, publicUrl: 'http://names.example.test', requestsPerMinute: { person: 10, service: 10 }, inTurn: createTurns() };
});
beforeEach(() => harness.clock.advance(60_000));
afterAll(() => harness.close());

/** One call at a door, as `answer` would make it: the key covers the whole, and each part of it. */
async function ask(items: readonly string[], key: string | null, work: (item: string) => Promise<unknown>) {
  const exchange = openExchange({ headers: new Headers() });
  const asked = { address: 'many', body: Buffer.from(JSON.stringify(items)) };
  const { body } = await answerKeyed({ actor, key, asked, keepAnswer: true }, door, exchange, async () => {
    const answers = await answerEach(items, { actor, key, door, exchange }, async (item) => ({ status: 201, body: await work(item) }));
    return { status: 200, body: answers.map(({ status, body }) => [status, status < 400 ? body : Reflect.get(Object(body), 'code')]) };
  });
  return { results: body, headers: exchange.headers };
}

describe('several things of one call', () => {
  it('are answered in order, and a refusal touches no other', async () => {
    logged.length = 0;
    const { results } = await ask(['a', 'refused', 'broken', 'b'], null, async (item) => {
      if (item === 'refused') throw new HostmasterError('policy-denied', 'No.');
      if (item === 'broken') throw new RangeError('secret of the inside');
      return item;
    });
    expect(results).toEqual([
      [201, 'a'],
      [422, 'policy-denied'],
      [500, 'internal'],
      [201, 'b'],
    ]);
    expect(logged).toHaveLength(1);
  });

  it.each([null, randomUUID()])(
    'are done once, and what may yet succeed is tried again when the call comes again (key %s)',
    async (key) => {
      const done: string[] = [];
      let away = true;
      const work = async (item: string) => {
        done.push(item);
        if (item === 'refused') throw new HostmasterError('policy-denied', 'No.');
        if (item === 'later' && away) throw new HostmasterError('unavailable', 'Not now.');
        return item;
      };
      const items = ['a', 'refused', 'later', 'b'];
      const [refusal, first] = [[422, 'policy-denied'], await ask(items, key, work)];
      expect(first.results).toEqual([[201, 'a'], refusal, [503, 'unavailable'], [201, 'b']]);
      away = false;
      const second = await ask(items, key, work);
      expect(second.results).toEqual([[201, 'a'], refusal, [201, 'later'], [201, 'b']]);
      expect(done).toEqual(key === null ? [...items, ...items] : [...items, 'later']);
      const third = await ask(items, key, work);
      expect(third.results).toEqual(second.results);
      expect(third.headers.get('idempotency-replayed')).toBe(key === null ? null : 'true');
    },
  );

  it('go on where a call was cut off', async () => {
    const key = randomUUID();
    const done: string[] = [];
    const died = new Promise<never>(() => {});
    let reached = () => {};
    const second = new Promise<void>((resolve) => {
      reached = resolve;
    });
    void ask(['a', 'b'], key, async (item) => {
      if (item === 'b') {
        reached();
        await died;
      }
      done.push(item);
      return item;
    });
    await second;
    harness.clock.advance(61_000);
    const { results } = await ask(['a', 'b'], key, async (item) => {
      done.push(item);
      return item;
    });
    expect([results, done]).toEqual([
      [
        [201, 'a'],
        [201, 'b'],
      ],
      ['a', 'b'],
    ]);
  });

  it('count each, and none is done where the limit does not hold them all', async () => {
    const nothing = async () => {
      throw new Error('must not be reached');
    };
    const { headers } = await ask(['a', 'b', 'c'], null, async (item) => item);
    expect(headers.get('ratelimit-remaining')).toBe('8');
    await expect(
      ask(
        Array.from({ length: 10 }, () => 'd'),
        null,
        nothing,
      ),
    ).rejects.toMatchObject({ code: 'rate-limited' });
  });
});
