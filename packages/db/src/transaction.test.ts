import { randomUUID } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actingDb } from './acting.ts';
import { openDb, type Tx } from './client.ts';
import { createGround, type Ground } from './testing/ground.ts';
import { asDatabaseError, transact } from './transaction.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await createGround();
});
afterAll(() => ground.close());

// A database that goes away is met by the worker's outage test, with a real server that is stopped and killed.
describe('what the database says, in our words', () => {
  it('a broken uniqueness is already-exists, and nothing of the transaction stays', async () => {
    const doubled = transact(ground.db, async (tx) => {
      await tx.team.create({ data: { slug: 'first', name: 'First' } });
      await tx.team.create({ data: { slug: 'platform', name: 'Again' } });
    });
    await expect(doubled).rejects.toMatchObject({ code: 'already-exists' });
    expect(await ground.db.team.count({ where: { slug: 'first' } })).toBe(0);
  });

  it('a broken uniqueness is that in SQL of our own too', async () => {
    const doubled = transact(
      ground.db,
      (tx) => tx.$executeRaw`INSERT INTO team (id, slug, name) VALUES (gen_random_uuid(), 'platform', 'X')`,
    );
    await expect(doubled).rejects.toMatchObject({ code: 'already-exists' });
  });

  it('a row that is not there is not-found', async () => {
    const gone = transact(ground.db, (tx) => tx.team.update({ where: { slug: 'nobody' }, data: { name: 'X' } }));
    await expect(gone).rejects.toMatchObject({ code: 'not-found' });
  });

  const nowhere = '01890a5d-ac96-774b-bcce-b302099a8057';
  it.each<[string, string, (tx: Tx) => Promise<unknown>]>([
    [
      'a reference to what is gone',
      'What this refers to was removed a moment ago.',
      (tx) => tx.grant.create({ data: { teamId: nowhere, suffix: 'a.test', environments: [], views: ['public'] } }),
    ],
    [
      'the same in SQL of our own',
      'What this refers to was removed a moment ago.',
      (tx) => tx.$executeRaw`INSERT INTO zone_record_set VALUES (${nowhere}::uuid, 'a.test', 'A', 60, '{}', now())`,
    ],
    [
      'taking away what something refers to',
      'Something refers to it since a moment ago, so it stays.',
      (tx) => tx.team.delete({ where: { slug: 'platform' } }),
    ],
  ])('%s is a conflict', async (_, message, work) => {
    await expect(transact(ground.db, work)).rejects.toMatchObject({ code: 'conflict', message });
  });

  it('what was not done in its time says so, with what it was, and nothing of it stays', async () => {
    const slow = transact(
      ground.db,
      async (tx) => {
        await tx.team.create({ data: { slug: 'slow', name: 'Slow' } });
        await tx.$executeRaw`SELECT pg_sleep(0.2)`;
        await tx.team.findMany();
      },
      { what: 'The team Slow.', milliseconds: 50 },
    );
    await expect(slow).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Writing to the database took longer than 0.05 seconds and was undone: The team Slow.',
    });
    expect(await ground.db.team.count({ where: { slug: 'slow' } })).toBe(0);
  });

  it('of two that wait for each other one is done again, and both are done', async () => {
    await ground.db.team.createMany({
      data: [
        { slug: 'a', name: 'A' },
        { slug: 'b', name: 'B' },
      ],
    });
    const waiting = { a: () => {}, b: () => {} };
    const at = {
      a: new Promise<void>((resolve) => {
        waiting.a = resolve;
      }),
      b: new Promise<void>((resolve) => {
        waiting.b = resolve;
      }),
    };
    let begun = 0;
    const cross = (own: 'a' | 'b', other: 'a' | 'b') =>
      transact(ground.db, async (tx) => {
        begun += 1;
        await tx.team.update({ where: { slug: own }, data: { name: own } });
        waiting[own]();
        await at[other];
        await tx.team.update({ where: { slug: other }, data: { name: own } });
      });
    const results = await Promise.allSettled([cross('a', 'b'), cross('b', 'a')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(begun).toBe(3);
  });

  it('what is found broken only when all of it is done is that, too', async () => {
    const late = transact(ground.db, async (tx) => {
      await tx.$executeRaw`CREATE TEMPORARY TABLE once (id int UNIQUE DEFERRABLE INITIALLY DEFERRED) ON COMMIT DROP`;
      await tx.$executeRaw`INSERT INTO once VALUES (1), (1)`;
    });
    await expect(late).rejects.toMatchObject({ code: 'already-exists' });
  });

  it('a connection that is ended before all of it is done is a database that is not available', async () => {
    const own = openDb(ground.url, { connections: 1 });
    const ended = transact(own, async (tx) => {
      const [{ pid } = { pid: 0 }] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
      await ground.db.$queryRaw`SELECT pg_terminate_backend(${pid}::int)`;
    });
    await expect(ended).rejects.toMatchObject({ code: 'unavailable', message: 'The database is not available.' });
    await own.$disconnect();
  });

  it('whoever waits too long for what another holds is told that, and not that the database is gone', async () => {
    const team = await ground.db.team.create({ data: { slug: 'held', name: 'Held' } });
    const rename = (name: string, wait: () => Promise<unknown>) =>
      transact(ground.db, async (tx) => {
        await tx.$executeRaw`SET LOCAL lock_timeout = 1`;
        await tx.team.update({ where: { id: team.id }, data: { name } });
        await wait();
      });
    await rename('first', async () => {
      await expect(rename('second', async () => undefined)).rejects.toMatchObject({
        code: 'unavailable',
        message: 'Others are changing the same thing, and it took too long to wait for them.',
        retryAfter: 2,
      });
    });
    expect((await ground.db.team.findUniqueOrThrow({ where: { id: team.id } })).name).toBe('first');
  });

  it.each([
    ['Connection terminated unexpectedly', 'unavailable'],
    ['Client has encountered a connection error and is not queryable', 'unavailable'],
    ['timeout exceeded when trying to connect', 'unavailable'],
  ])('the driver\'s "%s" is %s', (message, code) => expect(asDatabaseError(new Error(message))).toMatchObject({ code }));

  it('what somebody may write no more since it was allowed is a conflict; what a role may never write stays an error', async () => {
    const portal = openDb(ground.webUrl, { connections: 1, acting: true });
    const nobody = actingDb(portal, { kind: 'person', id: randomUUID() });
    const team = { slug: 'ended', name: 'Ended' };
    await expect(transact(nobody, (tx) => tx.team.create({ data: team }))).rejects.toMatchObject({
      code: 'conflict',
      message: 'What you may do changed while this was being done; nothing was written.',
    });
    const never = await transact(nobody, (tx) => tx.$executeRaw`UPDATE certificate SET state = 'served'`).catch((error: unknown) => error);
    expect(never).not.toBeInstanceOf(HostmasterError);
    await portal.$disconnect();
  });

  it('everything else passes through as it is', async () => {
    const own = new HostmasterError('conflict', 'Mine.');
    await expect(transact(ground.db, () => Promise.reject(own))).rejects.toBe(own);
    const foreign = new Error('the word Connection terminated inside');
    expect([asDatabaseError(foreign), asDatabaseError('text'), asDatabaseError(null)]).toEqual([foreign, 'text', null]);
    const wrong = await ground.db.$queryRaw`SELECT * FROM nothing_of_that_name`.catch((error: unknown) => error);
    expect(asDatabaseError(wrong)).toBe(wrong);
  });
});
