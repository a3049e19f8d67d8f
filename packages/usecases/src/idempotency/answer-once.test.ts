import { createHash } from 'node:crypto';
import { fixedClock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { type Db, openDb } from '@hostmaster/db/client';
import { createTestDatabase, type TestDatabase } from '@hostmaster/embedded/testing/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '../actor.ts';
import { purgeExpired } from '../sweep/purge-expired.ts';
import { answerOnce } from './answer-once.ts';

let database: TestDatabase;
let db: Db;
const clock = fixedClock(new Date('2026-11-20T12:00:00Z'));
const ctx = (id = 'actor') => ({ db, clock, actor: { ...systemActor, id } });

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDb(database.url);
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const once = (key: string, content = 'a', keepAnswer = true) => ({
  key,
  fingerprint: Uint8Array.from(createHash('sha256').update(content).digest()),
  keepAnswer,
});
const made = (body: unknown, final = true) => ({ answer: { status: 201, body }, final });

describe('an Idempotency-Key', () => {
  it('gives the same content the same answer, without doing it again', async () => {
    let done = 0;
    const work = async () => made({ n: ++done, nothing: undefined });
    await expect(answerOnce(ctx(), once('same'), work)).resolves.toEqual({ answer: { status: 201, body: { n: 1 } }, repeated: false });
    await expect(answerOnce(ctx(), once('same'), work)).resolves.toEqual({ answer: { status: 201, body: { n: 1 } }, repeated: true });
    await expect(answerOnce(ctx('another'), once('same'), work)).resolves.toMatchObject({ repeated: false });
  });

  it('refuses other content', async () => {
    await answerOnce(ctx(), once('other'), async () => made(1));
    await expect(answerOnce(ctx(), once('other', 'b'), async () => made(2))).rejects.toMatchObject({ code: 'idempotency-mismatch' });
  });

  it('lets one of many at once through; the others wait', async () => {
    let finish = () => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let began = 0;
    const calls = Array.from({ length: 8 }, () =>
      answerOnce(ctx(), once('race'), async () => {
        began += 1;
        await held;
        return made(1);
      }).catch((error: unknown) => error),
    );
    const refused = await Promise.race(calls);
    expect(refused).toMatchObject({ code: 'idempotency-in-progress', retryAfter: 1 });
    finish();
    await Promise.all(calls);
    expect(began).toBe(1);
  });

  it('is free again after a failure that may pass, and after an answer that is not final', async () => {
    const fails = async () => {
      throw new HostmasterError('unavailable', 'Down.');
    };
    await expect(answerOnce(ctx(), once('again'), fails)).rejects.toMatchObject({ code: 'unavailable' });
    await answerOnce(ctx(), once('again'), async () => made(1, false));
    await expect(answerOnce(ctx(), once('again'), async () => made(2))).resolves.toMatchObject({ answer: { body: 2 }, repeated: false });
  });

  it('never keeps an answer with a secret', async () => {
    await answerOnce(ctx(), once('secret', 'a', false), async () => made({ token: 'hm_secret' }));
    expect(JSON.stringify(await db.idempotencyKey.findMany())).not.toContain('hm_secret');
    await expect(answerOnce(ctx(), once('secret', 'a', false), async () => made(1))).rejects.toMatchObject({ code: 'already-exists' });
  });

  it('of a call that died is taken over after a minute, and the dead one writes nothing any more', async () => {
    let finish = () => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let started = () => {};
    const began = new Promise<void>((resolve) => {
      started = resolve;
    });
    const slow = answerOnce(ctx(), once('dead'), async () => {
      started();
      await held;
      return made('slow');
    });
    await began;
    clock.advance(61_000);
    await answerOnce(ctx(), once('dead'), async () => made('new'));
    finish();
    await slow;
    await expect(answerOnce(ctx(), once('dead'), async () => made('third'))).resolves.toMatchObject({ answer: { body: 'new' } });
  });

  it('shows its answer to nobody who lost a role or a team since', async () => {
    const team = { id: 'orders', slug: 'orders', role: 'maintainer' } as const;
    const as = (rights: Pick<Actor, 'roles' | 'teams'>) => ({ db, clock, actor: { ...systemActor, id: 'leaver', ...rights } });
    const again = (rights: Pick<Actor, 'roles' | 'teams'>) => answerOnce(as(rights), once('rights'), async () => made('anew'));
    await answerOnce(as({ roles: ['auditor'], teams: [team] }), once('rights'), async () => made('secret plan'));
    await expect(again({ roles: [], teams: [team] })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(again({ roles: ['auditor'], teams: [] })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(again({ roles: ['auditor'], teams: [{ ...team, role: 'member' }] })).rejects.toThrow(/maintainer of orders/);
    const more = { roles: ['auditor', 'platform-admin'], teams: [team] } as const;
    await expect(again(more)).resolves.toEqual({ answer: { status: 201, body: 'secret plan' }, repeated: true });
  });

  it('is forgotten after seven days', async () => {
    await answerOnce(ctx(), once('old'), async () => made(1));
    clock.advance(7 * 86_400_000 + 1);
    await expect(answerOnce(ctx(), once('old', 'b'), async () => made(2))).resolves.toMatchObject({ repeated: false });
    clock.advance(7 * 86_400_000 + 1);
    await purgeExpired({ db, clock });
    await expect(db.idempotencyKey.count()).resolves.toBe(0);
  });
});
