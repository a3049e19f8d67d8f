import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, lstat, mkdtemp, readdir, readFile, realpath, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { splitPem } from '@hostmaster/core/pki/chain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certificateFolder, directoryDestination } from './directory.ts';

const issuingPem = readFileSync(new URL('./testdata/issuing.pem', import.meta.url), 'utf8');
let parent: string;
let directory: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'destination-'));
  directory = join(parent, 'certificates');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const files = (mark: string) => ({ fullchainPem: `chain ${mark}`, privateKeyPem: `key ${mark}` });
const versionsOf = (folder: string) => readdir(join(directory, '.versions', folder));

async function read(folder: string): Promise<[string, string]> {
  const version = await realpath(join(directory, folder));
  return [await readFile(join(version, 'fullchain.pem'), 'utf8'), await readFile(join(version, 'privkey.pem'), 'utf8')];
}

describe('a delivery', () => {
  it('puts key and chain in a folder of the name, for the owner alone', async () => {
    await directoryDestination(directory).deliver({ hostname: 'orders.example.test', ...files('1') });
    await directoryDestination(directory).deliver({ hostname: '*.example.test', ...files('2') });
    expect(await read('orders.example.test')).toEqual(['chain 1', 'key 1']);
    expect(await read('_wildcard.example.test')).toEqual(['chain 2', 'key 2']);
    const version = await realpath(join(directory, 'orders.example.test'));
    const modes = await Promise.all(
      [directory, version, join(version, 'fullchain.pem'), join(version, 'privkey.pem')].map(
        async (path) => (await stat(path)).mode & 0o777,
      ),
    );
    expect(modes).toEqual([0o700, 0o700, 0o600, 0o600]);
  });

  it('never lets a reader pair an old key with a new chain', async () => {
    await directoryDestination(directory).deliver({ hostname: 'orders.example.test', ...files('0') });
    let done = false;
    const pairs = new Set<string>();
    const reader = (async () => {
      while (!done) {
        const [chain, key] = await read('orders.example.test');
        pairs.add(`${chain} ${key}`);
        expect(chain.replace('chain', 'key')).toBe(key);
      }
    })();
    for (let round = 1; round <= 60; round += 1)
      await directoryDestination(directory).deliver({ hostname: 'orders.example.test', ...files(String(round)) });
    done = true;
    await reader;
    expect(pairs.size).toBeGreaterThan(1);
    expect(await read('orders.example.test')).toEqual(['chain 60', 'key 60']);
  });

  it('by many writers at once ends with one whole pair, and no link into nothing', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        directoryDestination(directory).deliver({ hostname: 'orders.example.test', ...files(String(n)) }),
      ),
    );
    const [chain, key] = await read('orders.example.test');
    expect(chain.replace('chain', 'key')).toBe(key);
  });

  it('clears away what is more than an hour older, left-overs of a crash included', async () => {
    await directoryDestination(directory).deliver({ hostname: 'orders.example.test', ...files('1') });
    const leftOver = join(directory, '.versions', 'orders.example.test', 'crashed');
    await writeFile(leftOver, '');
    const longAgo = new Date(Date.now() - 2 * 3600_000);
    for (const name of await versionsOf('orders.example.test'))
      await utimes(join(directory, '.versions', 'orders.example.test', name), longAgo, longAgo);
    await directoryDestination(directory).deliver({ hostname: 'orders.example.test', ...files('2') });
    expect(await versionsOf('orders.example.test')).toHaveLength(1);
    expect(await read('orders.example.test')).toEqual(['chain 2', 'key 2']);
  });

  it('that fails leaves what was there', async () => {
    await directoryDestination(directory).deliver({ hostname: 'orders.example.test', ...files('1') });
    await writeFile(join(directory, '.versions', 'blocked.example.test'), '');
    await expect(directoryDestination(directory).deliver({ hostname: 'blocked.example.test', ...files('2') })).rejects.toThrow();
    expect(await read('orders.example.test')).toEqual(['chain 1', 'key 1']);
    expect(await readdir(directory)).toEqual(['.versions', 'orders.example.test']);
    await chmod(directory, 0o700);
  });
});

describe('a removal', () => {
  it('takes key, chain and every version away, and may be repeated', async () => {
    await directoryDestination(directory).deliver({ hostname: 'orders.example.test', ...files('1') });
    await directoryDestination(directory).deliver({ hostname: 'keep.example.test', ...files('2') });
    await directoryDestination(directory).withdraw('orders.example.test');
    await directoryDestination(directory).withdraw('orders.example.test');
    await expect(lstat(join(directory, 'orders.example.test'))).rejects.toThrow('ENOENT');
    expect(await readdir(join(directory, '.versions'))).toEqual(['keep.example.test']);
  });
});

describe('a hostile name', () => {
  it.each([
    '',
    '.',
    '..',
    '../orders.example.test',
    '/etc',
    'a/b.example.test',
    'a\\b.example.test',
    '.versions',
    'a..example.test',
    'orders.example.test/',
    'orders.example.test\0',
    'orders.example.test\n',
    'ORDERS.example.test',
    '*',
    '*.',
    '*.*.example.test',
    '*.../x',
    'a.*.example.test',
    '_wildcard.example.test',
    '-a.example.test',
    'münchen.example.test',
    `${'a.'.repeat(127)}test`,
    'a'.repeat(64),
  ])('%j is refused before anything is touched', async (hostname) => {
    expect(() => certificateFolder(hostname)).toThrow('A certificate can only be delivered for a host name');
    await expect(directoryDestination(directory).deliver({ hostname, ...files('1') })).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(directoryDestination(directory).withdraw(hostname)).rejects.toMatchObject({ code: 'invalid-input' });
    expect(await readdir(parent)).toEqual([]);
  });
});

describe('what is held', () => {
  it('is known by the fingerprint of its leaf, and by nothing of the key', async () => {
    const [leaf] = splitPem(issuingPem);
    const destination = directoryDestination(directory);
    expect(await destination.held('orders.example.test')).toBeNull();
    await destination.deliver({ hostname: 'orders.example.test', fullchainPem: issuingPem, privateKeyPem: 'key' });
    expect(await destination.held('orders.example.test')).toBe(
      createHash('sha256')
        .update(leaf ?? '')
        .digest('hex'),
    );
    await chmod(join(await realpath(join(directory, 'orders.example.test')), 'privkey.pem'), 0);
    expect(await destination.held('orders.example.test')).not.toBeNull();
    await destination.withdraw('orders.example.test');
    expect(await destination.held('orders.example.test')).toBeNull();
  });

  it('is nothing where it cannot be read, so that a delivery mends it', async () => {
    await directoryDestination(directory).deliver({ hostname: 'orders.example.test', ...files('no certificate') });
    expect(await directoryDestination(directory).held('orders.example.test')).toBeNull();
    expect(await directoryDestination(directory).held('../outside')).toBeNull();
  });
});
