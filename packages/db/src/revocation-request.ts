// Certificates that somebody asked to revoke and that still are to be: neither revoked nor expired, nor refused by their issuer since.
import type { RevocationReason } from '@hostmaster/core/pki/issuer';
import type { Reader } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';
import { unfinishedSql, unrevokedSql } from './state-lists.ts';

/** One wish for each certificate: that for a key which others know, else the first. */
export type AskedRevocation = {
  readonly certificateId: string;
  readonly reason: RevocationReason;
  readonly comment: string;
  readonly by: string;
  readonly at: Date;
};

const toRevoke = (now: Date): Prisma.Sql => Prisma.sql`
  c.state IN ${unrevokedSql} AND c.not_after > ${now}::timestamptz
  AND (c.revocation_refused_at IS NULL OR r.asked_at > c.revocation_refused_at)`;

export const askedRevocations = (db: Reader, endpointId: string, now: Date): Promise<AskedRevocation[]> =>
  db.$queryRaw<AskedRevocation[]>`
    SELECT DISTINCT ON (c.id) c.id AS "certificateId", r.reason, r.comment, r.asker_name AS by, r.asked_at AS at
      FROM certificate c JOIN revocation_request r ON r.certificate_id = c.id
     WHERE c.endpoint_id = ${endpointId}::uuid AND ${toRevoke(now)}
     ORDER BY c.id, r.reason = 'keyCompromise' DESC, r.asked_at, r.id`;

/** Endpoints with such a certificate on which no work is under way, or is tried again soon after it failed. */
export const endpointsToRevokeAt = (db: Reader, now: Date, failedBefore: Date, limit: number): Promise<{ readonly id: string }[]> =>
  db.$queryRaw<{ readonly id: string }[]>`
    SELECT DISTINCT c.endpoint_id AS id
      FROM revocation_request r JOIN certificate c ON c.id = r.certificate_id
     WHERE ${toRevoke(now)} AND NOT EXISTS (
             SELECT 1 FROM operation o WHERE o.endpoint_id = c.endpoint_id
                AND (o.state IN ${unfinishedSql} OR (o.state = 'failed' AND o.purpose = 'revocation' AND o.finished_at > ${failedBefore}::timestamptz)))
     LIMIT ${limit}`;

/** The certificate that was for a key which somebody said others know, and since when; null where nobody did. @param key its fingerprint */
export async function compromisedKey(db: Reader, key: string): Promise<{ readonly serial: string; readonly since: Date } | null> {
  const found = await db.revocationRequest.findFirst({
    where: { compromisedKey: key },
    orderBy: [{ askedAt: 'asc' }, { id: 'asc' }],
    select: { askedAt: true, certificate: { select: { serial: true } } },
  });
  return found === null ? null : { serial: found.certificate.serial, since: found.askedAt };
}
