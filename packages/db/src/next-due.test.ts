// Who is served next, by the rows alone.
import { sharesOf } from '@hostmaster/core/operation/lane';
import type { OperationPurpose } from '@hostmaster/core/operation/purpose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noteTaken, noteWaiting, seenLanes } from './lane.ts';
import { dueIn, nextDue, type Room, takeCheck } from './next-due.ts';
import { claimOperation } from './operation.ts';
import { behindTheBack } from './testing/behind-the-back.ts';
import { createGround, type Ground } from './testing/ground.ts';

let ground: Ground;
let [busy, other] = ['', ''];
let n = 0;
beforeAll(async () => {
  ground = await createGround();
  const team = async (slug: string) => (await ground.db.team.create({ data: { slug, name: slug } })).id;
  [busy, other] = [await team('busy'), await team('other')];
});
afterAll(() => ground.close());
beforeEach(async () => {
  await ground.db.operation.deleteMany();
  await ground.db.endpoint.deleteMany();
});

const noon = new Date('2026-11-20T12:00:00Z');
const at = (seconds: number) => new Date(noon.getTime() + seconds * 1000);

const endpoint = async (teamId: string, more: { nextCheckAt?: Date } = {}): Promise<string> => {
  n += 1;
  const name = `next-${n}.example.test`;
  const of = { hostname: name, skeleton: name, view: 'public' as const, zoneId: ground.zoneId, teamId, environment: 'dev', revision: 1 };
  return (await behindTheBack(ground.db).endpoint.create({ data: { ...of, state: 'live', ...more } })).id;
};
type Row = { purpose?: OperationPurpose; attempts?: number; lane?: 'work' | 'probes'; createdAt?: Date; nextAttemptAt?: Date };
/** Work that is due, of a team. */
const work = async (teamId: string, more: Row = {}): Promise<string> => {
  const endpointId = await endpoint(teamId);
  const { attempts = 0 } = more;
  const row = { kind: 'endpoint', purpose: 'revision', generation: 1, step: 'admitted', reason: 'Asked.', movesNext: 'nobody' } as const;
  const state = attempts === 0 ? ('pending' as const) : ('waiting' as const);
  const data = { ...row, subject: `endpoint:${endpointId}`, endpointId, state, createdAt: noon, ...more };
  return (await behindTheBack(ground.db).operation.create({ data })).id;
};
const room = (held: readonly (readonly [string | null, number])[] = [], more: Partial<Room> = {}): Room => ({
  held: new Map(held),
  share: sharesOf(8).team,
  onlyFirst: false,
  ...more,
});
/** Everything that is due in a lane, in the order in which one slot takes it. */
const line = async (lane: 'work' | 'probes'): Promise<string[]> => {
  const taken: string[] = [];
  for (let due = await nextDue(ground.db, lane, room()); due !== null; due = await nextDue(ground.db, lane, room())) {
    taken.push(due.id);
    if (due.kind === 'check') await takeCheck(ground.db, due.id);
    else await claimOperation(ground.db, due.id, 30, lane);
  }
  return taken;
};

describe('the line of one team', () => {
  it('has first attempts before what is tried again, renewals before looks, and the oldest of each first', async () => {
    const look = await work(busy, { purpose: 'look' });
    const again = await work(busy, { attempts: 1, createdAt: at(-3600) });
    const lookAgain = await work(busy, { purpose: 'look', attempts: 3 });
    const renewalAgain = await work(busy, { purpose: 'renewal', attempts: 7 });
    const second = await work(busy, { createdAt: at(2) });
    const renewal = await work(busy, { purpose: 'renewal', createdAt: at(1) });
    const first = await work(busy, { purpose: 'retirement' });
    expect(await line('work')).toEqual([first, renewal, second, renewalAgain, look, again, lookAgain]);
  });

  it('has looks at live endpoints at its end, those that are due for longest first', async () => {
    const [late, early] = [await endpoint(busy, { nextCheckAt: at(1) }), await endpoint(busy, { nextCheckAt: noon })];
    const again = await work(busy, { lane: 'probes', attempts: 40 });
    expect(await line('probes')).toEqual([again, early, late]);
  });
});

describe('several teams', () => {
  it('are served in turn: whoever has the fewest under way is next, however many another has waiting', async () => {
    for (let each = 0; each < 30; each += 1) await work(busy, { createdAt: at(-each) });
    const late = await work(other, { attempts: 4, createdAt: at(60) });
    expect(await nextDue(ground.db, 'work', room([[busy, 1]]))).toMatchObject({ id: late, teamId: other, again: true });
    expect(
      await nextDue(
        ground.db,
        'work',
        room([
          [busy, 1],
          [other, 2],
        ]),
      ),
    ).toMatchObject({ teamId: busy, again: false });
  });

  it('are served in turn among the probes too, a look at a live endpoint like what is tried again', async () => {
    for (let each = 0; each < 5; each += 1) await work(busy, { lane: 'probes', attempts: 2 });
    const look = await endpoint(other, { nextCheckAt: noon });
    expect(await nextDue(ground.db, 'probes', room([[busy, 1]]))).toMatchObject({ kind: 'check', id: look, teamId: other });
  });

  it('a team at its share gets nothing more, and alone it gets its share', async () => {
    const id = await work(busy);
    await endpoint(busy, { nextCheckAt: noon });
    expect(await nextDue(ground.db, 'work', room([[busy, 3]]))).toMatchObject({ id });
    expect(await nextDue(ground.db, 'work', room([[busy, 4]]))).toBeNull();
    expect(await nextDue(ground.db, 'probes', room([[busy, 4]]))).toBeNull();
  });
});

it('where only first attempts have room, nothing that was tried before is next, and no look', async () => {
  await work(busy, { attempts: 1, lane: 'probes' });
  await endpoint(other, { nextCheckAt: noon });
  expect(await nextDue(ground.db, 'probes', room([], { onlyFirst: true }))).toBeNull();
  const first = await work(busy, { lane: 'probes' });
  expect(await nextDue(ground.db, 'probes', room([], { onlyFirst: true }))).toMatchObject({ id: first, again: false });
});

describe('a lane', () => {
  it('has what is in it alone, and what has left it is not claimed there', async () => {
    const [here, there] = [await work(busy), await work(busy, { lane: 'probes' })];
    await endpoint(busy, { nextCheckAt: noon });
    expect(await dueIn(ground.db, 'work', 10)).toEqual({ operations: [here], endpoints: [] });
    expect(await dueIn(ground.db, 'probes', 10)).toMatchObject({ operations: [there], endpoints: [expect.any(String)] });
    expect(await claimOperation(ground.db, there, 30, 'work')).toBeNull();
    expect(await claimOperation(ground.db, there, 30, 'probes')).toMatchObject({ id: there });
  });

  it('is known by when something was last taken up in it, and since when something waits without a break', async () => {
    expect(await seenLanes(ground.db)).toEqual([]);
    await noteWaiting(ground.db, 'work', true);
    const [first] = await seenLanes(ground.db);
    expect(first).toMatchObject({ lane: 'work', takenAt: null, takenSecondsAgo: null, waitingSince: expect.any(Date) });
    await noteTaken(ground.db, 'work');
    await noteWaiting(ground.db, 'work', true);
    expect((await seenLanes(ground.db))[0]).toMatchObject({ waitingSince: first?.waitingSince, takenAt: expect.any(Date) });
    await noteWaiting(ground.db, 'work', false);
    expect((await seenLanes(ground.db))[0]).toMatchObject({ waitingSince: null, waitingSeconds: null });
  });
});

it('in whose share work is done follows from what it is about, whoever writes the row and whatever they say', async () => {
  const id = await work(busy);
  expect(await ground.db.operation.findUnique({ where: { id } })).toMatchObject({ teamId: busy });
  const row = {
    kind: 'zone',
    purpose: 'read',
    subject: 'zone:x',
    generation: 1,
    step: 'read',
    reason: 'Old.',
    movesNext: 'nobody',
  } as const;
  const reading = await behindTheBack(ground.db).operation.create({ data: { ...row, zoneId: ground.zoneId, teamId: other } });
  expect(await ground.db.operation.findUnique({ where: { id: reading.id } })).toMatchObject({ teamId: ground.teamId });
});
