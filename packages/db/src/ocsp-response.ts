// The OCSP responses that are kept signed: which are due, what takes their place, and which one answers.
import type { CertIdHash } from '@hostmaster/core/pki/ocsp-cert-id';
import type { OcspResponses } from '@hostmaster/core/pki/ocsp-response';
import type { Db, Reader } from './client.ts';

export type DueResponse = {
  readonly certificateId: string;
  readonly serial: string;
  readonly notAfter: Date;
  /** Null where the certificate is not revoked. */
  readonly revokedAt: Date | null;
  readonly revocationReason: string | null;
  /** As it was read together with the certificate. */
  readonly refreshAt: Date;
};

/** Those of one issuer that are due, the oldest first, with what is to be said of their certificates now. */
export const dueResponses = (db: Reader, issuerId: string, now: Date, limit: number): Promise<DueResponse[]> =>
  db.$queryRaw<DueResponse[]>`
    SELECT r.certificate_id AS "certificateId", r.refresh_at AS "refreshAt", c.serial, c.not_after AS "notAfter",
           CASE WHEN c.state = 'revoked' THEN c.revoked_at END AS "revokedAt", c.revocation_reason AS "revocationReason"
      FROM ocsp_response r JOIN certificate c ON c.id = r.certificate_id
     WHERE r.issuer_id = ${issuerId}::uuid AND r.refresh_at <= ${now}::timestamptz
     ORDER BY r.refresh_at LIMIT ${limit}`;

export type NextResponse = {
  readonly due: DueResponse;
  readonly responses: OcspResponses;
  /** When those after them are due. */
  readonly refreshAt: Date;
};

/**
 * Puts new ones in the place of those that were due. What has become due for another reason since it was read stays as it is: the
 * certificate was revoked meanwhile, and these would say for days that it is good.
 * @returns how many were stored
 */
export function replaceResponses(db: Db, next: readonly NextResponse[], times: { readonly thisUpdate: Date; readonly nextUpdate: Date }) {
  const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
  return db.$executeRaw`
    UPDATE ocsp_response r
       SET sha1 = decode(v.sha1, 'base64'), sha256 = decode(v.sha256, 'base64'), refresh_at = v.refresh_at,
           this_update = ${times.thisUpdate}::timestamptz, next_update = ${times.nextUpdate}::timestamptz
      FROM unnest(${next.map(({ due }) => due.certificateId)}::uuid[], ${next.map(({ due }) => due.refreshAt.toISOString())}::timestamptz[],
                  ${next.map(({ responses }) => base64(responses.sha1))}::text[], ${next.map(({ responses }) => base64(responses.sha256))}::text[],
                  ${next.map(({ refreshAt }) => refreshAt.toISOString())}::timestamptz[]) AS v(id, seen, sha1, sha256, refresh_at)
     WHERE r.certificate_id = v.id AND r.refresh_at = v.seen`;
}

/** Of certificates that have expired nobody asks any more. */
export const dropResponses = (db: Db, certificateIds: readonly string[]) =>
  db.ocspResponse.deleteMany({ where: { certificateId: { in: [...certificateIds] } } });

export type KeptResponse = {
  /** Of the issuer that was asked of. */
  readonly chainPem: string;
  /** DER; null where nothing is known of such a certificate, or nothing is signed yet. */
  readonly response: Uint8Array<ArrayBuffer> | null;
  readonly thisUpdate: Date | null;
  /** Null where nothing is known of such a certificate. */
  readonly nextUpdate: Date | null;
};

/** What answers for a serial of an issuer, in one statement; null where there is no such issuer. */
export async function keptResponse(db: Reader, slug: string, serial: string, hash: CertIdHash): Promise<KeptResponse | null> {
  const [row] = await db.$queryRaw<KeptResponse[]>`
    SELECT i.chain_pem AS "chainPem", CASE WHEN ${hash} = 'sha1' THEN r.sha1 ELSE r.sha256 END AS response,
           r.this_update AS "thisUpdate", r.next_update AS "nextUpdate"
      FROM issuer i LEFT JOIN certificate c ON c.issuer_id = i.id AND c.serial = ${serial}
           LEFT JOIN ocsp_response r ON r.certificate_id = c.id
     WHERE i.slug = ${slug}`;
  return row ?? null;
}
