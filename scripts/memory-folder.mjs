// Most of what tests write is forgotten at once: databases by the hundred, zones, profiles of browsers. In memory that costs a quarter of
// what it costs on a disk.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { availableMemory } from 'node:process';

const MEMORY = '/dev/shm';
const ROOM = 6 * 2 ** 30; // octets that must be free, in the folder and in the machine; the tests take one or two GiB

/** A container may mount it so that nothing in it can be run, and tests write scripts. */
function runsPrograms(folder) {
  const program = join(folder, 'program');
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o700 });
  const { status } = spawnSync(program);
  rmSync(program);
  return status === 0;
}

/**
 * Has everything that this process starts keep its temporary files in memory, where there is room.
 * @returns {() => void} removes them
 */
export function keepInMemory() {
  if (!existsSync(MEMORY)) return () => {};
  const { bavail, bsize } = statfsSync(MEMORY);
  if (bavail * bsize < ROOM || availableMemory() < ROOM) return () => {};
  const folder = mkdtempSync(join(MEMORY, 'hostmaster-test-'));
  chmodSync(folder, 0o755); // PostgreSQL may run as somebody else
  const remove = () => rmSync(folder, { recursive: true, force: true });
  if (!runsPrograms(folder)) {
    remove();
    return () => {};
  }
  process.env.TMPDIR = folder;
  process.env.HOSTMASTER_TEST_POSTGRES_DATA = join(folder, 'postgres');
  return remove;
}
