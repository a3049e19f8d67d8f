// Transaction signatures (RFC 8945): signing and verifying single messages and the message streams of zone transfers.
// A message is signed after it is encoded, over its bytes; so it is verified over the bytes received, never over a re-encoding.
// Only full-length MACs are taken (§5.2.2.1 leaves truncation to local policy).
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { classCodes, tsigErrors, typeCodes } from './codes.ts';
import type { ReceivedMessage, Signature } from './message.ts';
import { canonicalName, invalid, malformed } from './name.ts';
import { WireWriter } from './writer.ts';

const hashes = {
  'hmac-sha256': { hash: 'sha256', length: 32 },
  'hmac-sha384': { hash: 'sha384', length: 48 },
  'hmac-sha512': { hash: 'sha512', length: 64 },
} as const;
export type TsigAlgorithm = keyof typeof hashes;
export const tsigAlgorithms = Object.keys(hashes) as readonly TsigAlgorithm[];

export type TsigKey = {
  /** Lower case, without the trailing dot; a domain name by form. */
  readonly name: string;
  readonly algorithm: TsigAlgorithm;
  readonly secret: Uint8Array;
};

/** Seconds by which two clocks may differ (§10 recommends 300). */
export const tsigFudge = 300;
/** At most this many messages of a stream may stand between two signed ones (§5.3.1). */
const maxUnsigned = 99;

/** The most bytes that a signature of this key adds, six of them only when it reports BADTIME: the `reserve` for encodeMessage. */
export const signatureLength = (key: TsigKey): number =>
  canonicalName(key.name).length + 2 + 10 + (key.algorithm.length + 2) + 16 + hashes[key.algorithm].length + 6;

type Variables = Pick<Signature, 'timeSigned' | 'fudge' | 'originalId' | 'error' | 'otherData'>;

export type Signed = { readonly bytes: Uint8Array; readonly mac: Uint8Array };

/**
 * Appends a TSIG record to an encoded message. `requestMac`: in a response, the MAC of the request. `error` and `otherData`: in a response
 * that reports a bad time (see `refuseSignature`). Returns the MAC, by which the answer is verified. Errors: invalid-input (key name).
 */
export function signMessage(
  bytes: Uint8Array,
  key: TsigKey,
  clock: Clock,
  options: { requestMac?: Uint8Array; timeSigned?: number; error?: number; otherData?: Uint8Array } = {},
): Signed {
  const { requestMac, timeSigned = seconds(clock), error = tsigErrors.NOERROR, otherData = new Uint8Array() } = options;
  const variables = { timeSigned, fudge: tsigFudge, originalId: idOf(bytes), error, otherData };
  const mac = macOf(key, [...prefixed(requestMac), bytes, fullVariables(key, variables)]);
  return { bytes: append(bytes, key.name, key.algorithm, mac, variables), mac };
}

export type TsigOutcome =
  /** `error` is what the peer reports in a valid signature: 0, or BADTIME with its clock in `otherData`. */
  | { readonly status: 'verified'; readonly key: TsigKey; readonly mac: Uint8Array; readonly error: number }
  | { readonly status: 'unsigned' }
  /** `reported`: the error that the peer put into its own record (BADKEY, BADSIG), 0 if it put none. */
  | { readonly status: 'bad-key' | 'bad-signature' | 'bad-truncation'; readonly reported: number }
  /** The MAC is right, the time is not. `skew`: seconds that the peer's clock is ahead of ours. */
  | { readonly status: 'bad-time'; readonly key: TsigKey; readonly mac: Uint8Array; readonly skew: number };

export type KeyLookup = (name: string) => TsigKey | undefined;

/**
 * Verifies a received message in the order of RFC 8945 §5.2: key, MAC, time. `requestMac`: for a response, the MAC of the request.
 * Errors: dns-malformed for a MAC longer than its hash, or under 10 bytes or half of it (§5.2.2.1); everything else is an outcome.
 */
export function verifyMessage(received: ReceivedMessage, keys: KeyLookup, clock: Clock, requestMac?: Uint8Array): TsigOutcome {
  const { signature } = received;
  if (signature === null) return { status: 'unsigned' };
  const key = keys(signature.keyName);
  return verifyWith(signature, key, clock, (found) => [
    ...prefixed(requestMac),
    unsignedBytes(received.wire, signature),
    fullVariables(found, signature),
  ]);
}

function verifyWith(
  signature: Signature,
  key: TsigKey | undefined,
  clock: Clock,
  digested: (key: TsigKey) => readonly Uint8Array[],
): TsigOutcome {
  const { mac, error } = signature;
  if (key === undefined || signature.algorithm !== key.algorithm || signature.keyName !== canonicalName(key.name)) {
    return { status: 'bad-key', reported: error };
  }
  // An error report about a key or a signature carries no MAC: it cannot be trusted further than "it did not work".
  if (mac.length === 0 && error !== 0) return { status: error === tsigErrors.BADKEY ? 'bad-key' : 'bad-signature', reported: error };
  const { length } = hashes[key.algorithm];
  if (mac.length > length || mac.length < Math.max(10, length / 2)) throw malformed(`a TSIG MAC of ${mac.length} bytes is not possible`);
  const expected = macOf(key, digested(key));
  if (!timingSafeEqual(expected.subarray(0, mac.length), mac)) return { status: 'bad-signature', reported: error };
  const skew = signature.timeSigned - seconds(clock);
  if (Math.abs(skew) > signature.fudge) return { status: 'bad-time', key, mac, skew };
  if (mac.length < length) return { status: 'bad-truncation', reported: error };
  return { status: 'verified', key, mac, error };
}

/**
 * Server side: the TSIG record that goes with a NOTAUTH response to a request that did not verify (§5.2). BADTIME is signed, with the
 * request's own time so that the asker can verify it, and carries ours as other data (§5.2.3); the others echo the request's key name with an empty MAC.
 */
export function refuseSignature(response: Uint8Array, request: Signature, outcome: TsigOutcome, clock: Clock): Uint8Array {
  if (outcome.status === 'bad-time') {
    const now = new WireWriter(6);
    now.u48(seconds(clock));
    const { timeSigned } = request;
    const options = { requestMac: outcome.mac, timeSigned, error: tsigErrors.BADTIME, otherData: now.finish() };
    return signMessage(response, outcome.key, clock, options).bytes;
  }
  const error =
    outcome.status === 'bad-key' ? tsigErrors.BADKEY : outcome.status === 'bad-truncation' ? tsigErrors.BADTRUNC : tsigErrors.BADSIG;
  const variables = {
    timeSigned: request.timeSigned,
    fudge: request.fudge,
    originalId: idOf(response),
    error,
    otherData: new Uint8Array(),
  };
  return append(response, request.keyName, request.algorithm, new Uint8Array(), variables);
}

/** Signs the messages of one TCP stream (§5.3.1): the first like a response, each later one over the MAC before it and the time alone. */
export function streamSigner(key: TsigKey, clock: Clock, requestMac: Uint8Array): (bytes: Uint8Array) => Uint8Array {
  let previous: Uint8Array | null = null;
  return (bytes) => {
    if (previous === null) {
      const signed = signMessage(bytes, key, clock, { requestMac });
      previous = signed.mac;
      return signed.bytes;
    }
    const variables = { timeSigned: seconds(clock), fudge: tsigFudge, originalId: idOf(bytes), error: 0, otherData: new Uint8Array() };
    const mac = macOf(key, [...prefixed(previous), bytes, timers(variables)]);
    previous = mac;
    return append(bytes, key.name, key.algorithm, mac, variables);
  };
}

export type StreamVerifier = {
  /** Takes the next message: `pending` is unsigned and waits for the next signed one; nothing may be believed before `verified`. */
  accept(received: ReceivedMessage): TsigOutcome | { readonly status: 'pending' };
  /** Whether every message so far is covered by a signature; ask after the last one. */
  complete(): boolean;
};

/** Verifies the messages of one TCP stream: the first must be signed, and after at most 99 unsigned ones the next. */
export function streamVerifier(key: TsigKey, clock: Clock, requestMac: Uint8Array): StreamVerifier {
  let previous: Uint8Array | null = null;
  let pending: Uint8Array[] = [];
  return {
    complete: () => previous !== null && pending.length === 0,
    accept: (received) => {
      const { signature } = received;
      if (previous === null) {
        const outcome = verifyMessage(received, (name) => (name === canonicalName(key.name) ? key : undefined), clock, requestMac);
        if (outcome.status === 'verified') previous = outcome.mac;
        return outcome;
      }
      if (signature === null) {
        if (pending.length >= maxUnsigned) return { status: 'unsigned' };
        pending.push(received.wire);
        return { status: 'pending' };
      }
      const chained = [...prefixed(previous), ...pending, unsignedBytes(received.wire, signature), timers(signature)];
      const outcome = verifyWith(signature, key, clock, () => chained);
      if (outcome.status === 'verified') {
        previous = outcome.mac;
        pending = [];
      }
      return outcome;
    },
  };
}

/** Why a key with one of these is not taken, for whoever has such a key (RFC 8945 §6). */
const refusedHashes: Readonly<Record<string, string>> = {
  'hmac-md5': 'MD5 is broken, and RFC 8945 forbids its use',
  'hmac-md5.sig-alg.reg.int': 'MD5 is broken, and RFC 8945 forbids its use',
  'hmac-sha1': 'SHA-1 is broken, and RFC 8945 advises against its use',
  'hmac-sha224': 'RFC 8945 advises against its use',
};

/** An algorithm as it is stored: lower case, without the dot that it has at its end as a domain name. */
export const canonicalAlgorithm = (text: string): string => text.trim().toLowerCase().replace(/\.$/, '');

/** Why a key of this algorithm is not taken, in a sentence; null where it is. `algorithm`: canonical. */
export function algorithmFault(algorithm: string): string | null {
  if (tsigAlgorithms.some((known) => known === algorithm)) return null;
  const why = Object.hasOwn(refusedHashes, algorithm) ? `: ${refusedHashes[algorithm]}` : '';
  return `"${algorithm}" is not a TSIG algorithm that is taken${why}.`;
}

/** A key from its parts as people write them. `secret`: base64. Errors: invalid-input. */
export function tsigKey(name: string, algorithm: string, secret: string): TsigKey {
  const canonical = canonicalAlgorithm(algorithm);
  const known = tsigAlgorithms.find((candidate) => candidate === canonical);
  if (known === undefined) throw invalid(algorithmFault(canonical) ?? '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(secret) || secret === '') {
    throw invalid('The TSIG secret is not base64.');
  }
  return { name: canonicalName(name), algorithm: known, secret: Uint8Array.from(Buffer.from(secret, 'base64')) };
}

const seconds = (clock: Clock): number => Math.floor(clock.now().getTime() / 1000);
const idOf = (bytes: Uint8Array): number => ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);

/** A MAC with its length before it, as it enters the digest of what follows (§4.3.1). */
function prefixed(mac: Uint8Array | undefined): Uint8Array[] {
  if (mac === undefined) return [];
  return [Uint8Array.of(mac.length >>> 8, mac.length & 0xff), mac];
}

function macOf(key: TsigKey, parts: readonly Uint8Array[]): Uint8Array {
  const hmac = createHmac(hashes[key.algorithm].hash, key.secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/** The message as it was before the TSIG record was added: its first id, one additional record less (§4.3.2). */
function unsignedBytes(wire: Uint8Array, signature: Signature): Uint8Array {
  // Copied: a Buffer's own slice would be a view of the message.
  const bytes = new Uint8Array(wire.subarray(0, signature.offset));
  const additionals = (((bytes[10] ?? 0) << 8) | (bytes[11] ?? 0)) - 1;
  bytes[0] = signature.originalId >>> 8;
  bytes[1] = signature.originalId & 0xff;
  bytes[10] = additionals >>> 8;
  bytes[11] = additionals & 0xff;
  return bytes;
}

/** §4.3.3 */
function fullVariables(key: TsigKey, variables: Variables): Uint8Array {
  const writer = new WireWriter(128);
  writer.name(canonicalName(key.name));
  writer.u16(classCodes.ANY);
  writer.u32(0);
  writer.name(key.algorithm);
  writer.u48(variables.timeSigned);
  writer.u16(variables.fudge);
  writer.u16(variables.error);
  writer.u16(variables.otherData.length);
  writer.put(variables.otherData);
  return writer.finish();
}

/** §5.3.1: the variables of a stream's later messages. */
function timers(variables: Variables): Uint8Array {
  const writer = new WireWriter(8);
  writer.u48(variables.timeSigned);
  writer.u16(variables.fudge);
  return writer.finish();
}

function append(bytes: Uint8Array, keyName: string, algorithm: string, mac: Uint8Array, variables: Variables): Uint8Array {
  const writer = new WireWriter(bytes.length + 256);
  writer.put(bytes);
  writer.name(canonicalName(keyName));
  writer.u16(typeCodes.TSIG);
  writer.u16(classCodes.ANY);
  writer.u32(0);
  const lengthAt = writer.length;
  writer.u16(0);
  writer.name(algorithm);
  writer.u48(variables.timeSigned);
  writer.u16(variables.fudge);
  writer.u16(mac.length);
  writer.put(mac);
  writer.u16(variables.originalId);
  writer.u16(variables.error);
  writer.u16(variables.otherData.length);
  writer.put(variables.otherData);
  writer.putU16(lengthAt, writer.length - lengthAt - 2);
  writer.putU16(10, (((bytes[10] ?? 0) << 8) | (bytes[11] ?? 0)) + 1);
  return writer.finish();
}
