// What anybody can have logged, or send in the place of a log: nothing of it but a HostmasterError or null.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HostmasterError } from '../errors.ts';
import { foundEntry, isUnder } from './found-entry.ts';
import { headFault } from './log.ts';
import { dataTilePath, readDataTile, readLogEntry } from './log-entry.ts';
import { parseLogKey, readLogKey } from './log-key.ts';
import { precertificateFingerprint } from './precertificate.ts';
import { readCheckpoint, readSignedTreeHead } from './tree-head.ts';

const octets = fc.uint8Array({ maxLength: 400 });
const key = parseLogKey(
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==',
);
const ours = (act: () => unknown): void => {
  try {
    act();
  } catch (error) {
    if (!(error instanceof HostmasterError)) throw error;
  }
};

describe('what is no entry', () => {
  it('is null, whatever octets it has', () => {
    fc.assert(fc.property(octets, octets, (leaf, extra) => void readLogEntry(leaf, extra)));
    fc.assert(fc.property(octets, (der) => precertificateFingerprint(der) === null));
    fc.assert(fc.property(octets, (tile) => ours(() => readDataTile(tile, 256))));
    fc.assert(fc.property(octets, (tbs) => void foundEntry({ tbs, chain: [] }, ['a'])));
  });

  const certificate = Buffer.of(0, 0, 1, 9);
  const signed = (type: number) => Buffer.concat([Buffer.alloc(8), Buffer.of(0, type), certificate, Buffer.alloc(2)]);
  const leafOf = (type = 0) => Buffer.concat([Buffer.alloc(2), signed(type)]);
  const extraOf = (length: number) => {
    const chain = Buffer.concat(Array.from({ length }, () => certificate));
    return Buffer.concat([Buffer.of(0, 0, chain.length), chain]);
  };

  it('is of another type than there are, or has something behind its leaf or its chain', () => {
    expect(readLogEntry(leafOf(), extraOf(1))).toEqual({ tbs: null, chain: [Buffer.of(9), Buffer.of(9)] });
    const more = (octets: Buffer) => Buffer.concat([octets, Buffer.of(0)]);
    const submitted = Buffer.concat([certificate, extraOf(1)]);
    const none = [readLogEntry(leafOf(2), submitted), readLogEntry(more(leafOf()), extraOf(1)), readLogEntry(leafOf(), more(extraOf(1)))];
    expect(none).toEqual([null, null, null]);
  });

  it('has no more above it than any chain that makes sense, whatever was submitted', () =>
    expect(readLogEntry(leafOf(), extraOf(60))?.chain).toHaveLength(11));

  it('names its chain by something else than fingerprints in a tile', () => {
    const named = (octets: number) => Buffer.concat([signed(0), Buffer.of(0, octets), Buffer.alloc(octets)]);
    expect(readDataTile(named(64), 1)).toHaveLength(1);
    expect(() => readDataTile(named(48), 1)).toThrow('no data tile');
  });

  it('keeps the places of a tile, and refuses more than it is wide', () => {
    const leaf = Buffer.concat([Buffer.alloc(8), Buffer.of(0, 0), Buffer.of(0, 0, 1, 9), Buffer.alloc(4)]);
    expect(readDataTile(Buffer.concat([leaf, leaf]), 2)).toEqual([1, 2].map(() => ({ tbs: null, chain: [Buffer.of(9)] })));
    expect(readDataTile(Buffer.concat([leaf, Buffer.alloc(9, 255)]), 3).slice(1)).toEqual([null, null]);
    expect(() => readDataTile(Buffer.concat([leaf, leaf]), 1)).toThrow('Octets stand behind the end');
    expect(() => readDataTile(Buffer.from('<html>'), 1)).toThrow('no data tile');
  });
});

describe('a head', () => {
  it('that makes no sense is refused', () => {
    if (key === null) throw new Error('no key');
    fc.assert(fc.property(fc.string(), (text) => ours(() => readCheckpoint(text, key))));
    fc.assert(fc.property(fc.jsonValue(), (json) => ours(() => readSignedTreeHead(json, key))));
    for (const size of ['-1', '01', '1e9', '99999999999999999', ''])
      expect(() => readCheckpoint(`a\n${size}\nAAAA\n\n— a AAAA\n`, key)).toThrow('no checkpoint');
    expect(() => readSignedTreeHead({ tree_size: 2 ** 60 }, key)).toThrow('no signed tree head');
  });

  it('that has shrunk, or has another root, is told', () => {
    const [root, other] = [Buffer.alloc(32), Buffer.alloc(32, 1)];
    expect(headFault({ size: 2, root }, { size: 1, root: other })).toMatchObject({ forked: false });
    expect(headFault({ size: 2, root }, { size: 2, root: other })).toMatchObject({ forked: true });
    expect(headFault({ size: 2, root }, { size: 2, root })).toBeNull();
    expect(headFault({ size: 2, root }, { size: 3, root: other })).toBeNull();
  });
});

it('a key is one that logs sign with', () => {
  for (const text of ['', 'x', '<html>', '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----']) expect(parseLogKey(text)).toBeNull();
  expect(readLogKey(Uint8Array.of(0x30, 0))).toBeNull();
  const pem = `-----BEGIN PUBLIC KEY-----\n${Buffer.from(key?.spki ?? []).toString('base64')}\n-----END PUBLIC KEY-----\n`;
  expect(parseLogKey(pem)?.logId).toEqual(key?.logId);
});

it('a tile is where its index says', () => {
  expect(dataTilePath(1_234_067, 256)).toBe('tile/data/x001/x234/067');
  expect(dataTilePath(0, 7)).toBe('tile/data/000.p/7');
});

it('a name is under an apex by its labels', () => {
  const matters = isUnder(['example.test']);
  expect(['example.test', '*.example.test', 'a.b.example.test'].every(matters)).toBe(true);
  expect(['notexample.test', 'example.test.other', ''].some(matters)).toBe(false);
});
