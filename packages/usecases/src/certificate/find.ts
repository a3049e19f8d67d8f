import { HostmasterError } from '@hostmaster/core/errors';
import { serialSpellings } from '@hostmaster/core/pki/serial';
import type { Reader } from '@hostmaster/db/client';
import { certificateInclude } from './present.ts';

/** SHA-256. No serial is as long (RFC 5280 §4.1.2.2). */
const fingerprintDigits = 64;

/**
 * By its serial as people copy it, in any case, with or without colons and leading zeros; or by its fingerprint. An issuer may give a
 * serial that another has given, and whoever makes a certificate chooses its own: of several nothing is done to any.
 * Errors: not-found; conflict, with the fingerprint of each.
 */
export async function findCertificate(db: Reader, serial: string) {
  const digits = serial.replaceAll(':', '').toUpperCase();
  const rows = await db.certificate.findMany({
    where: digits.length === fingerprintDigits ? { fingerprint: digits.toLowerCase() } : { serial: { in: serialSpellings(serial) } },
    orderBy: [{ issuedAt: 'asc' }, { id: 'asc' }],
    take: 5,
    include: certificateInclude,
  });
  const [row, ...others] = rows;
  if (row === undefined) throw new HostmasterError('not-found', `There is no certificate with the serial ${digits}.`);
  if (others.length === 0) return row;
  const each = rows.map(({ names, issuer, fingerprint }) => `${fingerprint} for ${names[0]}, from ${issuer.slug}`);
  throw new HostmasterError(
    'conflict',
    `Several certificates have the serial ${digits}. Name the one that you mean by its fingerprint, in place of the serial: ${each.join('; ')}.`,
  );
}
