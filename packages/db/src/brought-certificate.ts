// What teams brought of certificates from elsewhere, as the worker meets it.
import type { broughtProblem } from '@hostmaster/core/pki/brought-certificate';
import type { z } from 'zod';
import type { Reader } from './client.ts';

/** What nobody has read yet is sealed. */
const unread = { secretCiphertext: { not: null } } as const;

/** What an endpoint's team brought and nobody has read; null where there is nothing. */
export const unreadCertificate = (db: Reader, endpointId: string) => db.broughtCertificate.findFirst({ where: { endpointId, ...unread } });

/** What was read and refused, or waited for too long: its secret goes, and what is wrong with it stays. @returns how many there were */
export async function refuseBrought(
  tx: Reader,
  where: { readonly id: string } | { readonly createdAt: { readonly lt: Date } },
  problems: readonly z.output<typeof broughtProblem>[],
): Promise<number> {
  const data = { secretKeyId: null, secretCiphertext: null, problems: problems.map((each) => ({ ...each })) };
  return (await tx.broughtCertificate.updateMany({ where: { ...where, ...unread }, data })).count;
}

/** What was taken in is gone. @returns whether it was still there, and nobody brought another one meanwhile */
export const takeBrought = async (tx: Reader, id: string): Promise<boolean> =>
  (await tx.broughtCertificate.deleteMany({ where: { id, ...unread } })).count > 0;
