// What a lane holds to in one worker, whatever is due: no team and nothing that is tried again has every slot.
import type { Room } from '@hostmaster/db/next-due';
import type { Taken } from '@hostmaster/usecases/operation/take-next';
import { describe, expect, it } from 'vitest';
import { createLane } from './lane.ts';

type Item = { readonly team: string; readonly again?: boolean };
type Running = Item & { end(): void };

/** A lane over what is due, which takes the first thing there is room for; every run lasts until the test ends it. */
function laneOver(due: Item[], slots: number) {
  const running: Running[] = [];
  const next = async ({ held, share, onlyFirst }: Room): Promise<Taken | null> => {
    const at = due.findIndex(({ team, again = false }) => (held.get(team) ?? 0) < share && !(again && onlyFirst));
    const [item] = at === -1 ? [] : due.splice(at, 1);
    if (item === undefined) return null;
    const over = new Promise<null>((resolve) => {
      const one: Running = {
        ...item,
        end: () => {
          running.splice(running.indexOf(one), 1);
          resolve(null);
        },
      };
      running.push(one);
    });
    return { teamId: item.team, again: item.again ?? false, operationId: null, run: () => over };
  };
  const lane = createLane({ slots, next, run: async ({ run }) => void (await run()) });
  const teams = () => running.map(({ team }) => team).sort();
  return { lane, running, teams };
}

/** Everything that can happen without anybody ending a run has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const many = (count: number, item: Item): Item[] => Array.from({ length: count }, () => item);

describe('a lane of eight slots', () => {
  it('leaves slots to others beside a team with any backlog, and gives them to whoever comes', async () => {
    const due = many(2000, { team: 'busy' });
    const { lane, running, teams } = laneOver(due, 8);
    const drains = many(8, { team: '' }).map(() => lane.drain());
    await settled();
    expect(teams()).toEqual(Array(4).fill('busy'));
    due.push({ team: 'other' });
    drains.push(lane.drain());
    await settled();
    expect(teams()).toEqual([...Array(4).fill('busy'), 'other']);
    lane.stop();
    for (const one of [...running]) one.end();
    await Promise.all(drains);
  });

  it('gives a team its share anew with each run that is over', async () => {
    const due = many(12, { team: 'busy' });
    const { lane, running } = laneOver(due, 8);
    const drains = many(8, { team: '' }).map(() => lane.drain());
    await settled();
    while (running.length > 0) {
      for (const one of [...running]) one.end();
      drains.push(lane.drain());
      await settled();
    }
    await Promise.all(drains);
    expect(due).toEqual([]);
  });

  it('leaves slots to first attempts beside whatever is tried again, of however many teams', async () => {
    const due = Array.from({ length: 100 }, (_, at) => ({ team: `team-${at}`, again: true }));
    const { lane, running } = laneOver(due, 8);
    const drains = many(8, { team: '' }).map(() => lane.drain());
    await settled();
    expect(running).toHaveLength(6);
    due.push({ team: 'team-0', again: false });
    drains.push(lane.drain());
    await settled();
    expect(running).toHaveLength(7);
    lane.stop();
    for (const one of [...running]) one.end();
    await Promise.all(drains);
  });

  it('goes on with what is due in the slot that a run has left, and takes up nothing more once it is stopped', async () => {
    const due = many(3, { team: 'one' });
    const { lane, running } = laneOver(due, 8);
    const drain = lane.drain();
    await settled();
    expect([running.length, due.length]).toEqual([1, 2]);
    running[0]?.end();
    await settled();
    expect([running.length, due.length]).toEqual([1, 1]);
    lane.stop();
    running[0]?.end();
    await drain;
    expect(due).toHaveLength(1);
  });
});

it('a lane that could not choose once chooses again', async () => {
  let away = true;
  const lane = createLane({
    slots: 1,
    next: async () => {
      if (!away) return null;
      throw new Error('the database is away');
    },
    run: async () => {},
  });
  await expect(lane.drain()).rejects.toThrow('the database is away');
  away = false;
  await lane.drain();
});

it('a lane with one slot serves everybody, one after the other', async () => {
  const { lane, running, teams } = laneOver([{ team: 'a' }, { team: 'b', again: true }], 1);
  const drain = lane.drain();
  await settled();
  expect(teams()).toEqual(['a']);
  running[0]?.end();
  await settled();
  expect(teams()).toEqual(['b']);
  running[0]?.end();
  await drain;
});
