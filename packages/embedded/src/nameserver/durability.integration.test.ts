// No acknowledged update is lost: the server as a process, killed with SIGKILL in the middle of updates, started again on the same folder.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRfc2136Provider } from '@hostmaster/adapters/dns/rfc2136';
import { systemClock } from '@hostmaster/core/clock';
import type { RecordSet } from '@hostmaster/core/dns/record-set';
import { wholeZone } from '@hostmaster/core/dns/zone-parts';
import { rounds } from '@hostmaster/core/testing/soak';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testZone, writtenTestKey } from '../testing/nameserver-ground.ts';

const kills = rounds(10, 200);
const timeout = rounds(300_000, 6 * 3_600_000);
const writers = 4;
const main = fileURLToPath(new URL('../testing/nameserver-main.ts', import.meta.url));

let directory = '';
let child: ChildProcess | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hostmaster-durability-'));
});
afterEach(async () => {
  await kill();
  await rm(directory, { recursive: true, force: true });
});

/** Its port. A journal of 4 kB is folded every few updates, so that kills hit that as well. */
async function start(): Promise<number> {
  const started = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, directory, '0', '4096'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child = started;
  return new Promise((resolve, reject) => {
    started.stdout.once('data', (line) => resolve(Number(line)));
    started.once('exit', () => reject(new Error('the name server ended before it served')));
  });
}

async function kill(): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

it(`over ${kills} kills, every acknowledged update is there and every other is there whole or not at all`, { timeout }, async () => {
  const acknowledged = new Map<string, string>();
  const removed = new Set<string>();
  let sent = 0;
  for (let round = 0; round < kills; round += 1) {
    const port = await start();
    const provider = createRfc2136Provider({
      zone: testZone.apex,
      server: { address: '127.0.0.1', port },
      tsig: writtenTestKey,
      clock: systemClock,
      timeout: 3000,
    });
    const signal = AbortSignal.timeout(60_000);
    const { recordSets } = await wholeZone(provider.readZone(signal));
    const held = new Map(recordSets.map((set) => [set.name, set.values.join()]));
    for (const [name, value] of acknowledged) expect(held.get(name)).toBe(value);
    for (const name of removed) expect(held.has(name)).toBe(false);
    // Both names of one update, or neither.
    for (let number = 0; number < sent; number += 1) expect(held.has(nameOf(number, 'a'))).toBe(held.has(nameOf(number, 'b')));

    const until = acknowledged.size + removed.size + 5 + round * 4;
    let dead = false;
    const write = async (): Promise<void> => {
      while (!dead) {
        const number = sent;
        sent += 1;
        const sets = ['a', 'b'].map((half): RecordSet => ({ name: nameOf(number, half), type: 'TXT', ttl: 60, values: [`"${number}"`] }));
        const changes = sets.map((after) => ({ name: after.name, type: after.type, before: null, after }));
        const undone = sets.map((before) => ({ name: before.name, type: before.type, before, after: null }));
        try {
          await provider.apply(changes, signal);
          for (const set of sets) acknowledged.set(set.name, set.values.join());
          if (number % 3 === 0) {
            // Whether the deletion arrives is open from here on, until it is acknowledged.
            for (const set of sets) acknowledged.delete(set.name);
            await provider.apply(undone, signal);
            for (const set of sets) removed.add(set.name);
          }
        } catch {
          return;
        }
        if (acknowledged.size + removed.size >= until && !dead) {
          dead = true;
          // The other writers are in the middle of theirs.
          await kill();
        }
      }
    };
    await Promise.all(Array.from({ length: writers }, write));
    await kill();
  }
  expect(acknowledged.size).toBeGreaterThan(kills);
});

const nameOf = (number: number, half: string): string => `n${number}-${half}.${testZone.apex}`;
