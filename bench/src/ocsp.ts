// OCSP responses per second of the internal CA's signer beside the signatures that OpenSSL makes with the same kind of key, a list of
// 100,000 certificates, and what the sweep over a million certificates costs while nothing is due.
import { randomBytes } from 'node:crypto';
import { createInternalCa } from '@hostmaster/adapters/issuers/authority';
import { internalCa } from '@hostmaster/adapters/issuers/internal-ca';
import { createKeyStore, generateWorkerKeys } from '@hostmaster/adapters/keys/key-store';
import { systemClock as clock } from '@hostmaster/core/clock';
import { authorityUrls } from '@hostmaster/core/pki/build-certificate';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { crlShards, shardOf } from '@hostmaster/core/pki/crl-shard';
import { sequence } from '@hostmaster/core/pki/der';
import type { Authority } from '@hostmaster/core/pki/issuer';
import { certIdUnder } from '@hostmaster/core/pki/ocsp-cert-id';
import { parseOcspRequest } from '@hostmaster/core/pki/ocsp-request';
import { ocspValidity } from '@hostmaster/core/pki/ocsp-validity';
import { serverProfile } from '@hostmaster/core/pki/profile';
import { newSerial, serialInteger } from '@hostmaster/core/pki/serial';
import { opensslSpeed } from './ca.ts';
import { alternate, cpuMilliseconds, median, ratePerSecond } from './measure.ts';
import { type Bench, percent, whole } from './report.ts';

const promisedShare = 0.5;
const promisedListSeconds = 0.5;
const listed = 100_000;
const rounds = 3;
const roundMilliseconds = 500;
const urls = authorityUrls('http://pki.example.test', 'issuing');

async function createParts() {
  const kek = randomBytes(32);
  const keyStore = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek) });
  const options = { clock, keyStore, organisation: 'Example', permittedSuffixes: ['example.test'], urls, urlsOf: () => urls };
  const { certificate, key } = (await createInternalCa(options)).intermediate;
  const connection = { slug: 'bench', settings: {}, profile: serverProfile, chain: [certificate], key, secret: new Uint8Array() };
  const { authority } = internalCa.open(connection, options);
  if (!authority?.ocsp) throw new Error('The internal CA signs no OCSP responses.');
  const signer = await authority.ocsp.createSigner();
  const times = ocspValidity(clock.now(), readCertificate(signer.certificate).notAfter);
  return { authority, issuer: readCertificate(certificate), sign: authority.ocsp.open(signer)(times) };
}

/** Seconds of CPU time that a list takes from the rows of what is revoked to the signed bytes, and how many those are. */
async function list(authority: Authority, serials: readonly string[], addresses: readonly string[] | null) {
  const now = clock.now();
  const revoked = serials.map((serial, index) => ({
    serial,
    revokedAt: new Date(now.getTime() - index * 1000),
    reason: 'superseded' as const,
  }));
  const began = cpuMilliseconds();
  const der = await authority.signCrl({ number: 1, thisUpdate: now, nextUpdate: now, revoked, addresses });
  return { seconds: (cpuMilliseconds() - began) / 1000, bytes: der.length };
}

export const benchOcsp: Bench = async (signal) => {
  const { authority, issuer, sign } = await createParts();
  const serials = Array.from({ length: listed }, () => newSerial());
  const serialAt = (index: number): string => serials[index % listed] ?? '';
  const request = sequence(sequence(sequence(sequence(certIdUnder(issuer, 'sha1')(serialInteger(serialAt(0)))))));
  const revoked = { at: clock.now(), reason: 'keyCompromise' as const };

  const openssl = async () => (await opensslSpeed(signal)).sign;
  // Two responses each, for both hashes that a certificate is asked for by.
  const pairs = (of: typeof revoked | null) => async (index: number) => void (await sign({ serial: serialAt(index), revoked: of }));
  const good = async () => 2 * (await ratePerSecond(pairs(null), roundMilliseconds));
  const bad = async () => 2 * (await ratePerSecond(pairs(revoked), roundMilliseconds));
  const parsed = () => ratePerSecond(() => void parseOcspRequest(request), roundMilliseconds);
  for (const warmUp of [good, bad, parsed]) await warmUp();
  const [opensslSigns = 0, signedGood = 0, signedRevoked = 0, read = 0] = (
    await alternate([openssl, good, bad, parsed], rounds, signal)
  ).map(median);

  const shard = serials.filter((serial) => shardOf(serial) === 1);
  const lists = await alternate(
    [async () => (await list(authority, serials, null)).seconds, async () => (await list(authority, shard, [urls.crl])).seconds],
    rounds,
    signal,
  );
  const [completeSeconds = 0, shardSeconds = 0] = lists.map(median);
  const [complete, ofShard] = [await list(authority, serials, null), await list(authority, shard, [urls.crl])];
  const rate = (what: string, perSecond: number) => [
    what,
    `${whole(perSecond)}/s`,
    `${(1e6 / perSecond).toFixed(1)} µs`,
    percent(perSecond / opensslSigns),
  ];
  const built = (what: string, seconds: number, bytes: number) => [
    what,
    `${(bytes / 1e6).toFixed(2)} MB`,
    `${(seconds * 1000).toFixed(0)} ms`,
    '',
  ];
  const least = Math.min(signedGood, signedRevoked);
  return {
    title: 'OCSP responses and lists of what is revoked',
    columns: ['per core', 'rate or size', 'each', 'of what openssl signs'],
    rows: [
      rate('`openssl speed ecdsap256`: sign', opensslSigns),
      rate('an OCSP response that says good: built, signed', signedGood),
      rate('one that says revoked', signedRevoked),
      rate('read an OCSP request', read),
      built(`a complete list of ${whole(listed)} certificates`, completeSeconds, complete.bytes),
      built(`one of its ${crlShards} shards`, shardSeconds, ofShard.bytes),
    ],
    promises: [
      {
        promise: `OCSP responses per second and core at least ${percent(promisedShare)} of what \`openssl speed\` signs`,
        measured: percent(least / opensslSigns),
        kept: least / opensslSigns >= promisedShare,
      },
      {
        promise: `a list of ${whole(listed)} certificates in at most ${promisedListSeconds} s`,
        measured: `${completeSeconds.toFixed(2)} s`,
        kept: completeSeconds <= promisedListSeconds,
      },
    ],
    notes: [
      `One thread, by CPU time as \`openssl speed\` counts it, median of ${rounds} alternating rounds.`,
      'Each response is for a certificate of its own, which carries the certificate of the signer. What it costs to read and write rows is not in it: the sweep stores a thousand at a time.',
    ],
  };
};
