// The embedded authoritative name server: primary for the zones of one folder, changed by signed dynamic updates, read by signed transfers.
// It serves loopback for `npm start` and the tests; a real installation has name servers of its own.
import { chmod, mkdir } from 'node:fs/promises';
import { type Clock, systemClock } from '@hostmaster/core/clock';
import { canonicalName } from '@hostmaster/core/dns/wire/name';
import type { TsigKey } from '@hostmaster/core/dns/wire/tsig';
import { lockFolder } from '../folder-lock.ts';
import { listen } from './listen.ts';
import { type NewZone, newZoneSets } from './new-zone.ts';
import { createResponder } from './respond.ts';
import { storedZones } from './zone-files.ts';
import { createZone, type NameserverLog, openZone, type ZoneStore } from './zone-store.ts';

export type NameserverOptions = {
  /** Holds the zones; made with mode 0700, one server at a time. */
  readonly directory: string;
  readonly address: string;
  /** 0 for a port that is free for UDP and TCP. */
  readonly port: number;
  /** Each may update and transfer every zone. */
  readonly keys: readonly TsigKey[];
  /** Made where the folder does not hold them yet. */
  readonly zones?: readonly NewZone[];
  readonly log?: NameserverLog;
  readonly clock?: Clock;
  /** Milliseconds after which a TCP connection without a whole message is closed; 10,000 unless given. */
  readonly idleMilliseconds?: number;
  /** Bytes of journal from which on a zone's snapshot is written anew; 4 MiB unless given. */
  readonly compactBytes?: number;
};

export type Nameserver = {
  readonly address: string;
  readonly port: number;
  /** Makes a zone and serves it; `false` where the folder holds it already, which stays as it is. Errors: invalid-input. */
  addZone(zone: NewZone): Promise<boolean>;
  /** Ends every connection, waits for updates under way, gives the folder back. A second call waits for the first. */
  stop(): Promise<void>;
};

/** Errors: unavailable (the port, the folder or a damaged zone file), invalid-input (a key's name, a new zone). */
export async function startNameserver(options: NameserverOptions): Promise<Nameserver> {
  const { directory, address, port, clock = systemClock, idleMilliseconds = 10_000, compactBytes = 4 * 1024 * 1024 } = options;
  const log = options.log ?? (() => undefined);
  const keys = new Map(options.keys.map((key) => [canonicalName(key.name), key]));
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  const lock = lockFolder(directory, 'nameserver.lock');
  const zones = new Map<string, ZoneStore>();

  const serve = async (apex: string): Promise<void> => {
    zones.set(apex, await openZone(apex, { directory, log, compactBytes }));
  };
  const release = async (): Promise<void> => {
    await Promise.all([...zones.values()].map((store) => store.close()));
    lock.release();
  };
  // One after the other: two callers with the same apex must not both make it.
  let turn: Promise<unknown> = Promise.resolve();
  const addZone = (zone: NewZone): Promise<boolean> => {
    const added = turn.then(async () => {
      const apex = canonicalName(zone.apex);
      if (zones.has(apex)) return false;
      await createZone(directory, apex, newZoneSets(zone));
      await serve(apex);
      return true;
    });
    turn = added.catch(() => undefined);
    return added;
  };

  try {
    for (const apex of await storedZones(directory)) await serve(apex);
    for (const zone of options.zones ?? []) await addZone(zone);
    const respond = createResponder({ zones, keys: (name) => keys.get(name), clock, log });
    const listeners = await listen(address, port, respond, idleMilliseconds);
    log(`serving ${zones.size} zones on ${address} port ${listeners.port}`);
    const stop = async (): Promise<void> => {
      await listeners.close();
      await turn;
      await release();
    };
    let stopped: Promise<void> | undefined;
    return {
      address,
      port: listeners.port,
      addZone,
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}
