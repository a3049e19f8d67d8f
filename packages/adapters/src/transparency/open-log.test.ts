// Logs of both kinds over the wire: what is read of one that keeps to its specification, and what is said of one that does not.
import { generateKeyPairSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { logKinds } from '@hostmaster/core/transparency/log';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestCa } from '../testing/test-ca.ts';
import { type FakeLog, type LogAnswer, logKeyPair, startFakeLog } from '../testing/transparency/fake-log.ts';
import { certificateEntry, precertificateEntry } from '../testing/transparency/submitted.ts';
import { openLog } from './open-log.ts';

const ca = await createTestCa();
const { der } = await ca.leaf(['pay.dev.example.test']);
const hex = (octets: Uint8Array | null | undefined) => Buffer.from(octets ?? []).toString('hex');
const never = new AbortController().signal;

describe.each(logKinds)('a log of kind %s', (kind) => {
  let fake: FakeLog;
  beforeAll(async () => {
    fake = await startFakeLog(kind);
  });
  afterAll(() => fake.close());
  beforeEach(() => {
    fake.behave(null);
    fake.claim(null);
    fake.entries.length = 0;
    fake.entries.push(...Array.from({ length: 300 }, () => certificateEntry(der, ca.intermediate)));
    fake.entries[260] = precertificateEntry(der, ca.intermediate);
  });
  const open = () => openLog({ address: fake.address, kind, publicKey: fake.publicKey }, { exchange: fake.exchange });
  const entries = (from = 0, size = 300) => open().entries(from, size, never);
  const answering = (answer: LogAnswer | 'endless') => fake.behave(() => answer);

  it('is read from any entry on, precertificates by what is to be signed', async () => {
    const { size } = await open().head(never);
    expect(size).toBe(300);
    const read = [];
    while (read.length < 300) read.push(...(await entries(read.length)));
    expect(read).toHaveLength(300);
    expect(read[0]?.tbs).toBeNull();
    expect(hex(read[0]?.chain[0])).toBe(hex(der));
    expect(hex(read[260]?.tbs)).toBe(hex(readCertificate(der).tbs));
    expect((await entries(299))[0]).toMatchObject({ tbs: null });
  });

  it('signs with RSA as well', async () => {
    const other = await startFakeLog(kind, generateKeyPairSync('rsa', { modulusLength: 2048 }));
    try {
      const log = openLog({ address: other.address, kind, publicKey: other.publicKey }, { exchange: other.exchange });
      expect((await log.head(never)).size).toBe(0);
    } finally {
      await other.close();
    }
  });

  it('is not followed where another key has signed', async () => {
    fake.claim({ signing: logKeyPair() });
    await expect(open().head(never)).rejects.toThrow('The head of its tree is not signed by its key.');
  });

  it.each<[string, LogAnswer | 'endless', string]>([
    ['a page', { body: '<html><body>Sign in</body></html>' }, 'What it answers'],
    ['nothing', { body: '' }, 'What it answers'],
    ['octets without end', 'endless', 'bytes were answered'],
    [
      'what unpacks to more than is read',
      { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(2 ** 25)) },
      'does not unpack',
    ],
    ['another address', { status: 302, headers: { location: 'https://169.254.169.254/' } }, 'leads to another address'],
    ['a fault', { status: 500 }, 'It answers 500.'],
  ])('answers with %s: that is said, of its head and of its entries', async (_, answer, said) => {
    answering(answer);
    await expect(open().head(never)).rejects.toThrow(said);
    await expect(entries()).rejects.toThrow(said);
  });

  it('says when it may be asked again', async () => {
    answering({ status: 429, headers: { 'retry-after': '120' } });
    await expect(open().head(never)).rejects.toMatchObject({ code: 'unavailable', retryAfter: 120 });
  });

  it('that nobody waits for any more has no fault for that', async () => {
    const reason = new Error('The worker stops.');
    await expect(open().head(AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('is not reached at an address that is not public', async () => {
    const guarded = openLog({ address: fake.address, kind, publicKey: fake.publicKey });
    await expect(guarded.head(never)).rejects.toThrow('may not be reached');
  });
});

describe('get-entries', () => {
  let fake: FakeLog;
  beforeAll(async () => {
    fake = await startFakeLog('rfc6962');
  });
  afterAll(() => fake.close());
  const read = (size: number) =>
    openLog({ address: fake.address, kind: 'rfc6962', publicKey: fake.publicKey }, { exchange: fake.exchange }).entries(0, size, never);

  it.each<[string, unknown[], string]>([
    ['none', [], 'It hands out no entries from 0 on, though it has signed for 2.'],
    ['more than were asked for', [{}, {}, {}], 'It hands out more entries than were asked for.'],
  ])('that hands out %s is refused', async (_, sent, said) => {
    fake.behave(() => ({ body: JSON.stringify({ entries: sent }) }));
    await expect(read(2)).rejects.toThrow(said);
  });

  it('passes over what is no entry', async () => {
    const none = [{}, { leaf_input: 'AAAA', extra_data: '' }, { leaf_input: '%', extra_data: 1 }];
    fake.behave(() => ({ body: JSON.stringify({ entries: none }) }));
    expect(await read(3)).toEqual([null, null, null]);
  });
});

describe('a data tile', () => {
  it('that was part of one and is whole meanwhile is read whole', async () => {
    const fake = await startFakeLog('static-ct-api');
    try {
      fake.entries.push(...Array.from({ length: 256 }, () => certificateEntry(der)));
      const log = openLog({ address: fake.address, kind: 'static-ct-api', publicKey: fake.publicKey }, { exchange: fake.exchange });
      expect(await log.entries(3, 10, never)).toHaveLength(7);
      expect(fake.asked).toEqual(['/log/tile/data/000.p/10', '/log/tile/data/000']);
      await expect(log.entries(256, 260, never)).rejects.toThrow('It hands out no entries from 256 on');
    } finally {
      await fake.close();
    }
  });
});
