import { requestsQuery } from '@hostmaster/core/contract/request';
import { requestStates } from '@hostmaster/core/request/state';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.ts';
import { listRequests } from './list.ts';

let harness: Harness;
const oldestFirst = Array.from({ length: requestStates.length }, (_, index) => `n${index}.example.test`);
beforeAll(async () => {
  harness = await createHarness();
  const team = await harness.build.team();
  const zone = await harness.build.zone({ team });
  for (const [index, hostname] of oldestFirst.entries()) {
    // The second and the third at the same moment.
    if (index !== 2) harness.clock.advance(1000);
    await harness.build.endpoint({ hostname, team, zone });
  }
  await behindTheBack(harness.db).request.updateMany({ data: { state: 'in-review', reviewGroups: ['security-reviewer'] } });
});
afterAll(() => harness.close());

async function everyPage(query: object): Promise<string[]> {
  const ctx = harness.ctxFor(await harness.build.reviewer());
  const seen: string[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await listRequests(ctx, requestsQuery.parse({ limit: 3, ...query, ...(cursor ? { cursor } : {}) }));
    seen.push(...page.rows.map(({ hostname }) => hostname));
    cursor = page.nextCursor;
  }
  return seen;
}

it('requests come page by page, each once, the newest first or the oldest first', async () => {
  const newestFirst = await everyPage({});
  expect([...newestFirst].sort()).toEqual(oldestFirst);
  expect(newestFirst.at(0)).toBe(oldestFirst.at(-1));
  expect(await everyPage({ order: 'asc' })).toEqual(newestFirst.toReversed());
  expect(await everyPage({ order: 'desc' })).toEqual(newestFirst);
});

it('open is what is in review or being applied, and nothing that is over', async () => {
  const ids = (await harness.db.request.findMany({ orderBy: { number: 'asc' }, select: { id: true } })).map(({ id }) => id);
  const set = (state: string, at: number) =>
    behindTheBack(harness.db).request.updateMany({ where: { id: ids[at] ?? '' }, data: { state } });
  for (const [at, state] of requestStates.entries()) await set(state, at);
  expect((await everyPage({ open: true })).toSorted()).toEqual([oldestFirst[0], oldestFirst[1]]);
  // Its plan was applied, and the name was not seen to answer yet.
  const applied = requestStates.indexOf('applied');
  const work = { kind: 'endpoint', purpose: 'revision', subject: 'open', generation: 1, step: 'reachable', reason: 'Waits.' } as const;
  await harness.db.operation.create({ data: { ...work, state: 'waiting', movesNext: 'orders', requestId: ids[applied] ?? '' } });
  expect(await everyPage({ open: true })).toContain(oldestFirst[applied]);
  for (const at of requestStates.keys()) await set('in-review', at);
});

it('what waits for a reviewer comes the longest waiting first, unless they ask otherwise', async () => {
  expect((await everyPage({ queue: true })).at(0)).toBe(oldestFirst.at(0));
  expect((await everyPage({ queue: true, order: 'desc' })).at(0)).toBe(oldestFirst.at(-1));
});

it('a cursor of one order is refused by the other', async () => {
  const ctx = harness.ctxFor(await harness.build.reviewer());
  const { nextCursor } = await listRequests(ctx, requestsQuery.parse({ limit: 1 }));
  const other = listRequests(ctx, requestsQuery.parse({ limit: 1, order: 'asc', cursor: nextCursor ?? '' }));
  await expect(other).rejects.toMatchObject({ code: 'invalid-input' });
});
