// Which entries of a log concern somebody here, and what is kept of them. Everything else is forgotten as soon as it is read.
import { hash } from 'node:crypto';
import { type DiscoveredFacts, discoveredFacts } from '../discovery/discovered-facts.ts';
import { readTbsCertificate } from '../pki/certificate.ts';
import { bitString, sequence } from '../pki/der.ts';
import type { LogEntry } from './log-entry.ts';

export type FoundEntry = {
  readonly facts: DiscoveredFacts;
  readonly precertificate: boolean;
  /** DER, as it was submitted. */
  readonly chain: readonly Uint8Array[];
};

/** Whether a name is one of the apexes, or below one; a wildcard is below what it stands for. */
export const isUnder =
  (apexes: readonly string[]) =>
  (name: string): boolean =>
    apexes.some((apex) => name === apex || name.endsWith(`.${apex}`));

/**
 * What is kept of an entry; null where no name in it is under an apex, and undefined where one may be and the certificate cannot be read.
 * A precertificate is known by the SHA-256 of what is to be signed.
 */
export function foundEntry({ tbs, chain }: LogEntry, apexes: readonly string[]): FoundEntry | null | undefined {
  const [submitted = new Uint8Array()] = chain;
  // Of a log that is read, hardly an entry gets any further; names are ASCII, in whatever case.
  const text = Buffer.from(tbs ?? submitted)
    .toString('latin1')
    .toLowerCase();
  if (!apexes.some((apex) => text.includes(apex))) return null;
  const matters = isUnder(apexes);
  const signed = tbs === null ? submitted : asCertificate(tbs);
  const facts = signed === null ? null : discoveredFacts(signed, matters);
  if (facts === null || facts.unreadable !== null) return undefined;
  if (!facts.names.some(matters)) return null;
  const fingerprint = tbs === null ? facts.fingerprint : hash('sha256', tbs, 'hex');
  return { facts: { ...facts, fingerprint }, precertificate: tbs !== null, chain };
}

/** A certificate with nothing for a signature, so that it is described as every other; null where it cannot be read. */
function asCertificate(tbs: Uint8Array): Uint8Array | null {
  try {
    return sequence(tbs, readTbsCertificate(tbs).signatureAlgorithm, bitString(new Uint8Array()));
  } catch {
    return null;
  }
}
