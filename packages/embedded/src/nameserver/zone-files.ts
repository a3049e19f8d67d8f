// A zone on disk: a snapshot (one line) that is only ever replaced whole, and a journal that is only ever appended to, one line an update.
// An update is acknowledged after its line has reached the disk. What can be half done when the power goes: the last line of the journal,
// which nobody was told about and which is cut off; a snapshot newer than the journal's lines, which then are passed over by their sequence.
import { type FileHandle, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HostmasterError } from '@hostmaster/core/errors';
import type { ZoneChange } from './zone.ts';
import { formatLine, parseLine, type ZoneLine } from './zone-lines.ts';

const snapshotSuffix = '.snapshot';
const lineFeed = 0x0a;

/** Names become file names without separators; the suffix keeps the root (".") from being a folder. */
const fileOf = (directory: string, apex: string, suffix: string): string => join(directory, `${encodeURIComponent(apex)}${suffix}`);

/** Apexes of the zones that the folder holds. */
export async function storedZones(directory: string): Promise<string[]> {
  const files = await readdir(directory);
  return files.filter((file) => file.endsWith(snapshotSuffix)).map((file) => decodeURIComponent(file.slice(0, -snapshotSuffix.length)));
}

/** Replaces the snapshot: after a crash there is the old one or the new one. */
export async function writeSnapshot(directory: string, line: ZoneLine): Promise<void> {
  const file = fileOf(directory, line.apex, snapshotSuffix);
  const draft = `${file}.new`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(formatLine(line));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  await syncFolder(directory);
}

/** Makes the names of new files survive a crash, not only their content. */
async function syncFolder(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export type StoredZone = {
  /** Everything that made the zone, in order: the snapshot, then the updates since. */
  readonly changes: readonly ZoneChange[];
  readonly journal: Journal;
  /** Bytes of an unfinished last line that were cut off. */
  readonly torn: number;
};

/** Reads a zone and opens its journal for the updates to come. Errors: unavailable naming the damaged file. */
export async function openZoneFiles(directory: string, apex: string): Promise<StoredZone> {
  const snapshotFile = fileOf(directory, apex, snapshotSuffix);
  const snapshot = parseLine((await readFile(snapshotFile, 'utf8')).trimEnd());
  if (snapshot === null || snapshot.apex !== apex) throw damaged(snapshotFile, 1);
  await rm(`${snapshotFile}.new`, { force: true });

  const journalFile = fileOf(directory, apex, '.journal');
  const handle = await open(journalFile, 'a+', 0o600);
  try {
    await syncFolder(directory);
    const bytes = await handle.readFile();
    const { lines, length } = readLines(bytes, journalFile);
    if (length < bytes.length) {
      await handle.truncate(length);
      await handle.sync();
    }
    const since = lines.filter((line) => line.sequence > snapshot.sequence);
    for (const [index, line] of since.entries()) {
      if (line.apex !== apex || line.sequence !== snapshot.sequence + 1 + index) throw damaged(journalFile, lines.indexOf(line) + 1);
    }
    const journal = new Journal(directory, apex, handle, snapshot.sequence + since.length, length);
    return { changes: [snapshot, ...since].flatMap((line) => line.changes), journal, torn: bytes.length - length };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The whole lines and where they end. Only the last line may be broken: each was on the disk before the next was begun. */
function readLines(bytes: Buffer, file: string): { lines: ZoneLine[]; length: number } {
  const lines: ZoneLine[] = [];
  let length = 0;
  while (length < bytes.length) {
    const end = bytes.indexOf(lineFeed, length);
    const line = end === -1 ? null : parseLine(bytes.toString('utf8', length, end));
    if (line === null) {
      if (end !== -1 && end !== bytes.length - 1) throw damaged(file, lines.length + 1);
      break;
    }
    lines.push(line);
    length = end + 1;
  }
  return { lines, length };
}

const damaged = (file: string, line: number): HostmasterError =>
  new HostmasterError('unavailable', `The zone file ${file} is damaged at line ${line}. Restore it from a backup; nothing was changed.`);

/** The writing end of a zone's files. One call at a time. */
export class Journal {
  readonly #directory: string;
  readonly #apex: string;
  readonly #handle: FileHandle;
  #sequence: number;
  #length: number;
  #failure: unknown = null;

  constructor(directory: string, apex: string, handle: FileHandle, sequence: number, length: number) {
    this.#directory = directory;
    this.#apex = apex;
    this.#handle = handle;
    this.#sequence = sequence;
    this.#length = length;
  }

  /** Bytes since the last snapshot. */
  get length(): number {
    return this.#length;
  }

  /** Resolves when the line is on the disk. Errors: unavailable; then the line is not in the journal, or the journal takes no more. */
  async append(changes: readonly ZoneChange[]): Promise<void> {
    if (this.#failure !== null) throw this.#closed();
    const line = Buffer.from(formatLine({ apex: this.#apex, sequence: this.#sequence + 1, changes }));
    try {
      await this.#handle.appendFile(line);
      await this.#handle.datasync();
    } catch (error) {
      await this.#cutBack();
      throw new HostmasterError('unavailable', `The update of ${this.#apex} could not be written.`, { cause: error });
    }
    this.#sequence += 1;
    this.#length += line.length;
  }

  /** Makes `sets` the snapshot and empties the journal. Errors: those of the file system; nothing is lost then. */
  async compact(sets: readonly ZoneChange[]): Promise<void> {
    if (this.#failure !== null) throw this.#closed();
    await writeSnapshot(this.#directory, { apex: this.#apex, sequence: this.#sequence, changes: sets });
    await this.#handle.truncate(0);
    await this.#handle.sync();
    this.#length = 0;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  /** Takes half a line away again, so that the next does not follow it; if even that fails, nothing may be written any more. */
  async #cutBack(): Promise<void> {
    try {
      await this.#handle.truncate(this.#length);
      await this.#handle.sync();
    } catch (error) {
      this.#failure = error;
    }
  }

  #closed(): HostmasterError {
    return new HostmasterError('unavailable', `The journal of ${this.#apex} cannot be written until the name server is started again.`, {
      cause: this.#failure,
    });
  }
}
