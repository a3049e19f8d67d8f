// What is kept of a certificate that was found. Anybody can have made it, so that every text is bounded and shows what is not seen, and
// one that cannot be read is kept as what it is.
import { createHash } from 'node:crypto';
import { HostmasterError } from '../errors.ts';
import { describeCertificate } from '../pki/describe-certificate.ts';

export type DiscoveredFacts = {
  /** SHA-256 over the DER, lower-case hex. */
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  /** In lower case, the first of them, those that matter before others; the common name where there are no alternative names. */
  readonly names: readonly string[];
  /** How many it has. */
  readonly namesTotal: number;
  /** Upper-case hex; null where it cannot be read. */
  readonly serial: string | null;
  readonly notBefore: Date | null;
  readonly notAfter: Date | null;
  readonly keyAlgorithm: string | null;
  /** Why it cannot be read; null where it can. */
  readonly unreadable: string | null;
};

export const mostNames = 100;
const longestName = 253;
const longestText = 500;
const longestSerial = 80;

/** @param matters names that are kept before others */
export function discoveredFacts(der: Uint8Array, matters: (name: string) => boolean = () => true): DiscoveredFacts {
  const fingerprint = createHash('sha256').update(der).digest('hex');
  try {
    const { subject, issuer, subjectAltNames, otherNames, serial, notBefore, notAfter, keyAlgorithm } = describeCertificate(der);
    if (!isTold(notBefore) || !isTold(notAfter)) return unread(fingerprint, 'Its validity cannot be read.');
    const named = subjectAltNames.length + otherNames.length > 0 ? subjectAltNames : commonNames(subject);
    const all = [...new Set([...named.map((name) => name.toLowerCase()), ...otherNames])];
    return {
      fingerprint,
      subject: bounded(subject, longestText),
      issuer: bounded(issuer, longestText),
      names: [...all.filter(matters), ...all.filter((name) => !matters(name))]
        .slice(0, mostNames)
        .map((name) => bounded(name, longestName)),
      namesTotal: all.length,
      serial: serial.slice(0, longestSerial),
      notBefore,
      notAfter,
      keyAlgorithm,
      unreadable: null,
    };
  } catch (error) {
    if (error instanceof HostmasterError) return unread(fingerprint, error.message);
    throw error;
  }
}

/** A character is not cut in half: half of one is no text that a database takes. */
const bounded = (text: string, most: number): string => text.slice(0, most).replace(/[\ud800-\udbff]$/, '');

/** A time that a database keeps and a page tells; RFC 5280 §4.1.2.5 has one of year 9999 for what has no end. */
const isTold = (time: Date): boolean => time.getUTCFullYear() >= 1950 && time.getUTCFullYear() <= 9999;

/** What old certificates name their server by (RFC 6125 §6.4.4), where it could be a hostname. */
const commonNames = (subject: string): readonly string[] =>
  [...subject.matchAll(/(?:^|, )CN=([a-z0-9*.-]+)(?=$|,)/gi)].map(([, name = '']) => name);

const unread = (fingerprint: string, unreadable: string): DiscoveredFacts => ({
  ...{ fingerprint, subject: '', issuer: '', names: [], namesTotal: 0 },
  ...{ serial: null, notBefore: null, notAfter: null, keyAlgorithm: null, unreadable },
});
