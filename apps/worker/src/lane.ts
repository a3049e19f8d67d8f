// A lane in this process: its slots take up what is next for as long as anything is. Which that is the rows say (db/next-due.ts);
// what is counted here is only what is under way here, so that no team and nothing that is tried again has every slot.
import { sharesOf } from '@hostmaster/core/operation/lane';
import type { Room } from '@hostmaster/db/next-due';
import type { Taken } from '@hostmaster/usecases/operation/take-next';

export type LaneOptions = {
  readonly slots: number;
  /** Takes up what is next, where there is room for it. */
  readonly next: (room: Room) => Promise<Taken | null>;
  /** Runs what was taken up; what it throws is its own affair. */
  readonly run: (taken: Taken) => Promise<void>;
};

export type LaneRunner = {
  /** One slot: takes up one thing after the other until nothing is next. Errors: those of `next`. */
  drain(): Promise<void>;
  /** Nothing further is taken up. */
  stop(): void;
};

export function createLane({ slots, next, run }: LaneOptions): LaneRunner {
  const shares = sharesOf(slots);
  const held = new Map<string | null, number>();
  let again = 0;
  let stopped = false;
  const count = (taken: Taken, by: 1 | -1): void => {
    const now = (held.get(taken.teamId) ?? 0) + by;
    if (now === 0) held.delete(taken.teamId);
    else held.set(taken.teamId, now);
    if (taken.again) again += by;
  };

  // One slot chooses at a time: what it takes counts for whoever chooses next.
  let chosen: Promise<unknown> = Promise.resolve();
  const choose = (): Promise<Taken | null> => {
    const choice = chosen.then(async () => {
      if (stopped) return null;
      const taken = await next({ held, share: shares.team, onlyFirst: again >= shares.again });
      if (taken !== null) count(taken, 1);
      return taken;
    });
    chosen = choice.catch(() => {});
    return choice;
  };

  return {
    drain: async () => {
      for (let taken = await choose(); taken !== null; taken = await choose()) {
        try {
          await run(taken);
        } finally {
          count(taken, -1);
        }
      }
    },
    stop: () => {
      stopped = true;
    },
  };
}
