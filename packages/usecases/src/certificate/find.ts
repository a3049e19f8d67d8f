import { HostmasterError } from '@hostmaster/core/errors';
import type { Reader } from '@hostmaster/db/client';
import { certificateInclude } from './present.ts';

/** By its serial as people copy it: any case, with or without colons and leading zeros. Errors: not-found. */
export async function findCertificate(db: Reader, serial: string) {
  const digits = serial.replaceAll(':', '').toUpperCase();
  const bare = digits.replace(/^0+(?=.)/, '');
  const row = await db.certificate.findFirst({
    where: { serial: { in: [digits, bare, bare.length % 2 === 1 ? `0${bare}` : `00${bare}`] } },
    // Two issuers may have given the same serial.
    orderBy: [{ issuedAt: 'desc' }, { id: 'desc' }],
    include: certificateInclude,
  });
  if (row === null) throw new HostmasterError('not-found', `There is no certificate with the serial ${digits}.`);
  return row;
}
