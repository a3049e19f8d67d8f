// A zone that is in memory for questions and on disk for good. Updates go one after the other: judged, written, then visible, then answered,
// so that nobody sees or is told what a crash could take back.
import { rcodes } from '@hostmaster/core/dns/wire/codes';
import type { Prerequisite, Update } from '@hostmaster/core/dns/wire/update';
import { causeChain } from '@hostmaster/core/errors';
import { planUpdate } from './update.ts';
import { type StoredSet, Zone } from './zone.ts';
import { openZoneFiles, writeSnapshot } from './zone-files.ts';
import { wholeZone } from './zone-lines.ts';

export type NameserverLog = (message: string) => void;

export type ZoneStore = {
  readonly zone: Zone;
  /** Resolves to the RCODE when the update is on the disk, or refused. Never rejects. */
  update(prerequisites: readonly Prerequisite[], updates: readonly Update[]): Promise<number>;
  /** Waits for the updates under way. */
  close(): Promise<void>;
};

export type ZoneStoreOptions = {
  readonly directory: string;
  readonly log: NameserverLog;
  /** Bytes of journal from which on it is folded into the snapshot. */
  readonly compactBytes: number;
};

/** Updates that may wait for their turn; more are answered SERVFAIL. */
const maxWaiting = 1000;

/** Writes a new zone. Errors: those of the file system. */
export async function createZone(directory: string, apex: string, sets: readonly StoredSet[]): Promise<void> {
  await writeSnapshot(directory, { apex, sequence: 0, changes: wholeZone(sets) });
}

/** Errors: unavailable where the files are damaged. */
export async function openZone(apex: string, { directory, log, compactBytes }: ZoneStoreOptions): Promise<ZoneStore> {
  const { changes, journal, torn } = await openZoneFiles(directory, apex);
  if (torn > 0) log(`zone ${apex}: cut off ${torn} bytes of an update that was never acknowledged`);
  const last = new Map(changes.map((change) => [`${change.name} ${change.type}`, change.after]));
  const zone = new Zone(
    apex,
    [...last.values()].filter((set) => set !== null),
  );
  let compactAt = compactBytes;
  let waiting = 0;
  let turn: Promise<unknown> = Promise.resolve();

  const compact = async (): Promise<void> => {
    if (journal.length < compactAt) return;
    try {
      await journal.compact(wholeZone(zone.sets()));
      compactAt = compactBytes;
    } catch (error) {
      // The journal still holds everything; the next try comes when it has grown by as much again.
      compactAt = journal.length + compactBytes;
      log(`zone ${apex}: the journal could not be folded into the snapshot: ${causeChain(error).join(': ')}`);
    }
  };

  const run: ZoneStore['update'] = async (prerequisites, updates) => {
    const planned = planUpdate(zone, prerequisites, updates);
    if (planned.changes.length === 0) return planned.rcode;
    try {
      await journal.append(planned.changes);
    } catch (error) {
      log(`zone ${apex}: an update was not written: ${causeChain(error).join(': ')}`);
      return rcodes.SERVFAIL;
    }
    zone.apply(planned.changes);
    return planned.rcode;
  };

  return {
    zone,
    update: async (prerequisites, updates) => {
      if (waiting >= maxWaiting) return rcodes.SERVFAIL;
      waiting += 1;
      const result = turn
        .then(() => run(prerequisites, updates))
        .finally(() => {
          waiting -= 1;
        });
      // A fault in one update must not end the turn of the next.
      turn = result.then(compact, () => undefined);
      return result;
    },
    close: async () => {
      await turn;
      await journal.close();
    },
  };
}
