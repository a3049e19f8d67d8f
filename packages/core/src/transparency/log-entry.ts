// Entries of logs: what RFC 6962 §3.4 and §4.6 hands out, and the data tiles of c2sp.org/static-ct-api. Anybody can have a certificate
// logged, so that an entry that makes no sense is null and the next one is read.
import { HostmasterError } from '../errors.ts';
import { needEnd, type TlsReader, tlsReader } from './tls-reader.ts';

export type LogEntry = {
  /** What is to be signed (without poison), where it is a precertificate; null where it is a certificate. */
  readonly tbs: Uint8Array | null;
  /** DER: the certificate or precertificate as it was submitted, then what was submitted with it, where the log hands that out. */
  readonly chain: readonly Uint8Array[];
};

/** More certificates than any sane chain holds. */
const longestChain = 10;
export const tileWidth = 256;

type Signed = { readonly certificate: Uint8Array } | { readonly tbs: Uint8Array };

/** TimestampedEntry (RFC 6962 §3.4). */
function readTimestamped(reader: TlsReader): Signed {
  reader.number(8);
  const type = reader.number(2);
  if (type > 1) throw new HostmasterError('invalid-input', 'An entry is neither a certificate nor a precertificate.');
  if (type === 1) reader.octets(32);
  const signed = reader.vector(3);
  reader.vector(2);
  return type === 0 ? { certificate: signed } : { tbs: signed };
}

/** ASN.1Cert<0..2^24-1> one after the other. */
function readChain(octets: Uint8Array): Uint8Array[] {
  const reader = tlsReader(octets);
  const chain: Uint8Array[] = [];
  while (!reader.ended()) {
    const one = reader.vector(3);
    if (chain.length < longestChain) chain.push(one);
  }
  return chain;
}

/** @returns null for what is none */
function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof HostmasterError) return null;
    throw error;
  }
}

/** An entry of get-entries: MerkleTreeLeaf, and PrecertChainEntry or the chain beside it; null for one that cannot be read. */
export const readLogEntry = (leafInput: Uint8Array, extraData: Uint8Array): LogEntry | null =>
  orNull(() => {
    const leaf = tlsReader(leafInput);
    if (leaf.number(1) !== 0 || leaf.number(1) !== 0) throw new HostmasterError('invalid-input', 'A leaf is of no version that there is.');
    const signed = readTimestamped(leaf);
    needEnd(leaf);
    const extra = tlsReader(extraData);
    const first = 'tbs' in signed ? extra.vector(3) : signed.certificate;
    const chain = [first, ...readChain(extra.vector(3))];
    needEnd(extra);
    return { tbs: 'tbs' in signed ? signed.tbs : null, chain };
  });

/**
 * The entries of a data tile, TileLeaf after TileLeaf. Nothing says where the next one begins behind one that cannot be read, so that it
 * and all behind it are null. Errors: invalid-input for what holds not even one, or more than it is wide.
 */
export function readDataTile(octets: Uint8Array, width: number): (LogEntry | null)[] {
  const reader = tlsReader(octets);
  const entries: (LogEntry | null)[] = [];
  let entry = orNull(() => readTileLeaf(reader));
  if (entry === null) throw new HostmasterError('invalid-input', 'What it answers is no data tile.');
  while (entry !== null && entries.push(entry) < width) entry = orNull(() => readTileLeaf(reader));
  if (entries.length === width) needEnd(reader);
  return [...entries, ...Array.from({ length: width - entries.length }, () => null)];
}

function readTileLeaf(reader: TlsReader): LogEntry {
  const signed = readTimestamped(reader);
  const first = 'tbs' in signed ? reader.vector(3) : signed.certificate;
  if (reader.vector(2).length % 32 !== 0) throw new HostmasterError('invalid-input', 'A chain is named by no fingerprints.');
  return { tbs: 'tbs' in signed ? signed.tbs : null, chain: [first] };
}

/** Where the data tile of an index is (c2sp.org/static-ct-api, § Merkle Tree): in elements of three digits, all but the last with an x. */
export function dataTilePath(index: number, width: number): string {
  const digits = String(index);
  const parts = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const path = parts.map((part, at) => (at === parts.length - 1 ? part : `x${part}`)).join('/');
  return `tile/data/${path}${width === tileWidth ? '' : `.p/${width}`}`;
}
