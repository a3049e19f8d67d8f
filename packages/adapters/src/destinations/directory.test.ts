import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostmasterError } from '@hostmaster/core/errors';
import { chainToPem, splitPem } from '@hostmaster/core/pki/chain';
import { destinationConformance } from '@hostmaster/core/pki/destination-conformance';
import { testAuthority } from '@hostmaster/core/pki/testing/authority';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestCa } from '../testing/test-ca.ts';
import { certificateFolder, deliveryError, directoryDestination } from './directory.ts';

const issuingPem = chainToPem([(await testAuthority()).intermediate]);
let parent: string;
let directory: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'destination-'));
  directory = join(parent, 'certificates');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const ca = await createTestCa();

/** Once for a server that looks at every handshake, and once for one that is told. */
for (const told of [false, true])
  destinationConformance({ describe, it, expect, beforeAll, afterAll }, { kind: told ? 'directory, told' : 'directory' }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
    let tellings = 0;
    const tell = async () => {
      tellings += 1;
    };
    return {
      destination: told ? directoryDestination(folder, tell) : directoryDestination(folder),
      make: async (hostname) => ({ hostname, ...(await ca.leaf([hostname])) }),
      read: async (hostname) => {
        const read = (file: string) => readFile(join(folder, certificateFolder(hostname), file), 'utf8');
        return Promise.all([read('fullchain.pem'), read('privkey.pem')]).then(
          ([fullchainPem, privateKeyPem]) => ({ fullchainPem, privateKeyPem }),
          () => null,
        );
      },
      close: async () => {
        expect(tellings > 0).toBe(told);
        await rm(folder, { recursive: true });
      },
    };
  });

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
    expect(await readdir(directory)).toEqual(['.versions', '_pem', 'orders.example.test']);
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

describe('a server that wants chain and key in one file', () => {
  const pem = (name: string) => join(directory, '_pem', `${name}.pem`);

  it('finds one for each name in a folder with nothing else, which follows each delivery by the one link', async () => {
    await directoryDestination(directory).deliver({ hostname: 'orders.example.test', ...files('1') });
    await directoryDestination(directory).deliver({ hostname: '*.example.test', ...files('2') });
    expect(await readdir(join(directory, '_pem'))).toEqual(['_wildcard.example.test.pem', 'orders.example.test.pem']);
    const link = await lstat(pem('orders.example.test'));
    await directoryDestination(directory).deliver({ hostname: 'orders.example.test', ...files('3') });
    expect([await readFile(pem('orders.example.test'), 'utf8'), (await lstat(pem('orders.example.test'))).ino]).toEqual([
      'chain 3key 3',
      link.ino,
    ]);
    await directoryDestination(directory).withdraw('orders.example.test');
    expect(await readdir(join(directory, '_pem'))).toEqual(['_wildcard.example.test.pem']);
  });

  it('is not robbed of a file that somebody else put there', async () => {
    await mkdir(join(directory, '_pem'), { recursive: true });
    await writeFile(pem('orders.example.test'), 'of somebody else');
    const refused = { code: 'delivery-failed', message: expect.stringContaining(pem('orders.example.test')) };
    await expect(directoryDestination(directory).deliver({ hostname: 'orders.example.test', ...files('1') })).rejects.toMatchObject(
      refused,
    );
    await expect(directoryDestination(directory).withdraw('orders.example.test')).rejects.toMatchObject(refused);
    expect(await readFile(pem('orders.example.test'), 'utf8')).toBe('of somebody else');
  });
});

describe('a server that is told to read', () => {
  const hostname = 'orders.example.test';
  /** Each answer is that of one telling: whether it works. */
  const telling = (...answers: readonly boolean[]) => {
    const left = [...answers];
    const read: (string | null)[] = [];
    const tell = async () => {
      read.push(await readFile(join(directory, hostname, 'fullchain.pem'), 'utf8').catch(() => null));
      if (left.shift() === false) throw new HostmasterError('delivery-failed', 'It was not told.');
    };
    return { destination: directoryDestination(directory, tell), read };
  };
  const own = { fullchainPem: issuingPem, privateKeyPem: 'key' };

  it('is told after a certificate was put in place, and after it was taken away', async () => {
    const { destination, read } = telling();
    await destination.deliver({ hostname, ...files('1') });
    await destination.withdraw(hostname);
    expect(read).toEqual(['chain 1', null]);
  });

  it('is not told where there was nothing to take away', async () => {
    const { destination, read } = telling();
    await destination.withdraw(hostname);
    await destination.deliver({ hostname, ...files('1') });
    await destination.withdraw(hostname);
    await destination.withdraw(hostname);
    expect(read).toHaveLength(2);
  });

  it('that could not be told holds nothing, until it is; what is in place is not put there again', async () => {
    const { destination, read } = telling(false, false, true);
    for (let round = 0; round < 2; round += 1) {
      await expect(destination.deliver({ hostname, ...own })).rejects.toMatchObject({ code: 'delivery-failed' });
      expect(await destination.held(hostname)).toBeNull();
    }
    expect(await versionsOf(hostname)).toHaveLength(1);
    await destination.deliver({ hostname, ...own });
    expect(await destination.held(hostname)).not.toBeNull();
    expect([read.length, (await versionsOf(hostname)).length]).toEqual([3, 1]);
  });

  it('is told by the next worker, where one died in between', async () => {
    const died = telling(false);
    await expect(died.destination.deliver({ hostname, ...own })).rejects.toThrow();
    const next = telling();
    expect(await next.destination.held(hostname)).toBeNull();
    await next.destination.deliver({ hostname, ...own });
    expect([next.read.length, await next.destination.held(hostname)]).toEqual([1, expect.any(String)]);
    const diedAgain = telling(false);
    await expect(diedAgain.destination.withdraw(hostname)).rejects.toThrow();
    const last = telling();
    await last.destination.withdraw(hostname);
    await last.destination.withdraw(hostname);
    expect(last.read).toEqual([null]);
  });
});

describe('what stands in the way', () => {
  const hostname = 'orders.example.test';
  const destination = () => directoryDestination(directory);
  const failed = (message: string) => ({
    code: 'delivery-failed',
    message,
    kind: { retryable: true, movesNext: expect.stringContaining('TLS') },
  });

  it.each([
    ['A folder', (link: string) => mkdir(link, { recursive: true })],
    ['A file', (link: string) => writeFile(link, 'of somebody else')],
  ])('%s at the place of a name is named, left as it is, and no key is left beside it', async (what, put) => {
    await mkdir(directory);
    const link = join(directory, hostname);
    await put(link);
    const before = await stat(link);
    const message = `${what} that Hostmaster did not make stands at ${link}. Move it away, and what it serves with it.`;
    await expect(destination().deliver({ hostname, ...files('1') })).rejects.toMatchObject(failed(message));
    await expect(destination().withdraw(hostname)).rejects.toMatchObject(failed(message));
    expect([(await stat(link)).ino, await readdir(directory)]).toEqual([before.ino, [hostname]]);
    await rm(link, { recursive: true });
    await destination().deliver({ hostname, ...files('2') });
    expect(await read(hostname)).toEqual(['chain 2', 'key 2']);
  });

  it('to a removal keeps no key of ours there', async () => {
    await destination().deliver({ hostname, ...files('1') });
    await rm(join(directory, hostname));
    await mkdir(join(directory, hostname));
    await expect(destination().withdraw(hostname)).rejects.toMatchObject({ code: 'delivery-failed' });
    expect(await readdir(join(directory, '.versions'))).toEqual([]);
  });

  it('leaves nothing of a delivery that fails half-way, however often it is tried', async () => {
    await destination().deliver({ hostname, ...files('1') });
    const kept = await versionsOf(hostname);
    const broken = { hostname, fullchainPem: 'chain', privateKeyPem: Symbol('no text') as unknown as string };
    for (let round = 0; round < 3; round += 1)
      await expect(destination().deliver(broken)).rejects.toMatchObject({ code: 'delivery-failed' });
    expect(await versionsOf(hostname)).toEqual(kept);
    expect(await read(hostname)).toEqual(['chain 1', 'key 1']);
  });

  it('on the way to the directory is named', async () => {
    await writeFile(directory, '');
    await expect(destination().deliver({ hostname, ...files('1') })).rejects.toMatchObject({
      code: 'delivery-failed',
      message: expect.stringMatching(/^(Something on the way to|Writing to) .+certificates/),
    });
  });

  it.each([
    ['ENOSPC', 'is full. Make room on it.'],
    ['EACCES', 'may not write to /edge/a. Make its account the owner of the folder.'],
    ['EROFS', '/edge/a is mounted for reading only.'],
    ['EIO', 'Writing to /edge/a failed (EIO).'],
  ])('is said by what it is: %s', (code, words) => {
    const { message } = deliveryError(Object.assign(new Error(`${code}: as Node has it`), { code }), '/edge/a');
    expect(message).toContain(words);
    expect(message).not.toContain('as Node has it');
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
