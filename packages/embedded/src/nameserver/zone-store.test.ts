import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rcodes, typeCodes } from '@hostmaster/core/dns/wire/codes';
import { parseRdata } from '@hostmaster/core/dns/wire/rdata';
import type { Update } from '@hostmaster/core/dns/wire/update';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newZoneSets } from './new-zone.ts';
import { serialOf } from './soa.ts';
import type { Zone } from './zone.ts';
import { storedZones } from './zone-files.ts';
import { createZone, openZone, type ZoneStore } from './zone-store.ts';

const apex = 'example.test';
const add = (label: string, value: string): Update => ({
  kind: 'add',
  name: `${label}.${apex}`,
  type: typeCodes.TXT,
  ttl: 60,
  data: parseRdata(typeCodes.TXT, `"${value}"`),
});

let directory = '';
let messages: string[] = [];
const journal = () => join(directory, `${apex}.journal`);
const snapshot = () => join(directory, `${apex}.snapshot`);
const open = (compactBytes = 1 << 20): Promise<ZoneStore> =>
  openZone(apex, { directory, compactBytes, log: (line) => messages.push(line) });
const content = (zone: Zone): string[] =>
  [...zone.sets()].map(({ name, type, ttl, values }) => `${name} ${type} ${ttl} ${values.join(' ')}`).sort();

/** Updates the zone and gives what it then holds. */
async function written(updates: readonly Update[], compactBytes?: number): Promise<string[]> {
  const store = await open(compactBytes);
  for (const update of updates) expect(await store.update([], [update])).toBe(rcodes.NOERROR);
  const held = content(store.zone);
  await store.close();
  return held;
}

async function reopened(): Promise<string[]> {
  const store = await open();
  await store.close();
  return content(store.zone);
}

beforeEach(async () => {
  messages = [];
  directory = await mkdtemp(join(tmpdir(), 'hostmaster-zone-'));
  await createZone(
    directory,
    apex,
    newZoneSets({ apex, nameServers: [{ name: `ns1.${apex}`, address: '127.0.0.1' }], hostmaster: `a@${apex}` }),
  );
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('a zone on disk', () => {
  it('is read as it was written', async () => {
    const unknown: Update = { kind: 'add', name: `u.${apex}`, type: 65_280, ttl: 5, data: Uint8Array.of(1, 2) };
    const held = await written([
      add('a', 'one'),
      add('a', 'two'),
      add('b', 'caf\\195\\169'),
      unknown,
      { kind: 'delete-name', name: `a.${apex}` },
    ]);
    expect(held).toContain(`u.${apex} 65280 5 \\# 2 0102`);
    expect(await reopened()).toEqual(held);
    expect(messages).toEqual([]);
  });

  it('an update is in the file before it is answered', async () => {
    const store = await open();
    const before = (await stat(journal())).size;
    expect(await store.update([], [add('a', 'one')])).toBe(rcodes.NOERROR);
    expect((await stat(journal())).size).toBeGreaterThan(before);
    await store.close();
  });

  it('what changes nothing is not written', async () => {
    await written([add('a', 'one')]);
    const { size } = await stat(journal());
    await written([add('a', 'one'), { kind: 'delete-name', name: `z.${apex}` }]);
    expect((await stat(journal())).size).toBe(size);
  });

  it('a last line cut anywhere is forgotten, the lines before it stay, and writing goes on', async () => {
    const first = await written([add('a', 'one')]);
    const whole = await readFile(journal());
    await written([add('b', 'two')]);
    const both = await readFile(journal());
    for (let length = whole.length + 1; length < both.length; length += 17) {
      await writeFile(journal(), both.subarray(0, length));
      expect(await reopened()).toEqual(first);
      expect(await readFile(journal())).toEqual(whole);
    }
    expect(messages[0]).toContain('never acknowledged');
    const later = await written([add('c', 'three')]);
    expect(await reopened()).toEqual(later);
  });

  it('a last line with blocks that never reached the disk is forgotten too', async () => {
    const first = await written([add('a', 'one')]);
    const { size } = await stat(journal());
    await written([add('b', 'two')]);
    const bytes = await readFile(journal());
    bytes.fill(0, size, size + 40);
    await writeFile(journal(), bytes);
    expect(await reopened()).toEqual(first);
  });

  it('damage before the last line is not guessed over', async () => {
    await written([add('a', 'one'), add('b', 'two')]);
    const bytes = await readFile(journal());
    bytes[30] = (bytes[30] ?? 0) ^ 1;
    await writeFile(journal(), bytes);
    await expect(open()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('damaged at line 1') });
    expect(await readFile(journal())).toEqual(bytes);
  });

  it('a missing line is damage', async () => {
    await written([add('a', 'one')]);
    const { size } = await stat(journal());
    await written([add('b', 'two')]);
    await writeFile(journal(), (await readFile(journal())).subarray(size));
    await expect(open()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('a damaged snapshot is not guessed over', async () => {
    await truncate(snapshot(), 100);
    await expect(open()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('a grown journal is folded into the snapshot', async () => {
    const held = await written(
      Array.from({ length: 20 }, (_, at) => add(`n${at}`, 'x'.repeat(100))),
      1000,
    );
    expect((await stat(journal())).size).toBeLessThan(1000);
    expect(await reopened()).toEqual(held);
    expect(await readdir(directory)).toEqual([`${apex}.journal`, `${apex}.snapshot`]);
  });

  it('a crash between the new snapshot and the emptied journal applies nothing twice', async () => {
    await written([add('a', 'one')]);
    const lines = await readFile(journal());
    // Applied twice, this deletion would take the record away that came after it.
    const held = await written([{ kind: 'delete-name', name: `a.${apex}` }, add('a', 'two')], 1);
    expect((await stat(journal())).size).toBe(0);
    await writeFile(journal(), lines);
    expect(await reopened()).toEqual(held);
    const later = await written([add('b', 'three')]);
    expect(await reopened()).toEqual(later);
  });

  it('a crash before the new snapshot has its name leaves the old one', async () => {
    const held = await written([add('a', 'one')]);
    await writeFile(`${snapshot()}.new`, 'half a snapsh');
    expect(await reopened()).toEqual(held);
    expect(await readdir(directory)).toEqual([`${apex}.journal`, `${apex}.snapshot`]);
  });

  it('updates that arrive together are made one after the other', async () => {
    const store = await open();
    const begin = serialOf(store.zone.soa);
    const absent = { kind: 'name-not-in-use', name: `a.${apex}` } as const;
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => store.update([absent], [add('a', String(at))])));
    expect(answers.filter((rcode) => rcode === rcodes.NOERROR)).toHaveLength(1);
    expect(answers.filter((rcode) => rcode === rcodes.YXDOMAIN)).toHaveLength(19);
    expect(serialOf(store.zone.soa)).toBe(begin + 1);
    await store.close();
  });

  it('more updates than can wait are told so', async () => {
    const store = await open();
    const answers = await Promise.all(Array.from({ length: 1100 }, () => store.update([], [add('a', 'one')])));
    expect(answers.filter((rcode) => rcode === rcodes.SERVFAIL)).toHaveLength(100);
    await store.close();
  });

  it('an update that cannot be written is not answered as done and not seen', async () => {
    const store = await open();
    const held = content(store.zone);
    await store.close();
    expect(await store.update([], [add('a', 'one')])).toBe(rcodes.SERVFAIL);
    expect(content(store.zone)).toEqual(held);
    expect(messages.join()).toContain('was not written');
    expect(await reopened()).toEqual(held);
  });

  it('apexes that are no file names are kept apart', async () => {
    for (const name of ['.', 'a\\/b.test', '\\.\\.', '%2f.test']) {
      await createZone(
        directory,
        name,
        newZoneSets({ apex: name, nameServers: [{ name: 'ns.example.net', address: '127.0.0.1' }], hostmaster: 'a' }),
      );
    }
    await appendFile(join(directory, 'unrelated.txt'), 'x');
    expect((await storedZones(directory)).sort()).toEqual(['%2f.test', '.', '\\.\\.', 'a\\/b.test', apex].sort());
  });
});
