import type { Db, Reader } from './client.ts';

type ListRead = { readonly issuerId: string; readonly list: number; readonly number: number; readonly refreshAt: Date };
type NextList = { readonly der: Uint8Array; readonly nextUpdate: Date; readonly refreshAt: Date; readonly addresses: readonly string[] };

/**
 * Publishes a list in the place of the one that was read, unless another worker did. What made it due once more since it was read, a
 * revocation that it may not name, still does. @returns how many were published
 */
export const replaceList = (db: Db, { issuerId, list, number, refreshAt }: ListRead, next: NextList): Promise<number> =>
  db.$executeRaw`
    UPDATE revocation_list
       SET number = number + 1, der = ${Buffer.from(next.der)}, next_update = ${next.nextUpdate}::timestamptz, addresses = ${[...next.addresses]}::text[],
           refresh_at = CASE WHEN refresh_at = ${refreshAt}::timestamptz THEN ${next.refreshAt}::timestamptz ELSE refresh_at END
     WHERE issuer_id = ${issuerId}::uuid AND list = ${list} AND number = ${number}`;

/** A list as it is published, DER; null where there is none. */
export async function publishedList(db: Reader, slug: string, list: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const found = await db.revocationList.findFirst({ where: { issuer: { slug }, list }, select: { der: true } });
  return found?.der ?? null;
}

export type Revoked = {
  readonly serial: string;
  readonly revokedAt: Date;
  readonly reason: string | null;
  readonly notAfter: Date;
};

/** What an issuer revoked that ends after that. Times come as numbers: of a hundred thousand rows, that is most of what they cost. */
export async function revokedUntil(db: Reader, issuerId: string, endsAfter: Date): Promise<readonly Revoked[]> {
  const rows = await db.$queryRaw<{ serial: string; revokedAt: number; reason: string | null; notAfter: number }[]>`
    SELECT serial, extract(epoch FROM revoked_at)::float8 * 1000 AS "revokedAt", revocation_reason AS reason,
           extract(epoch FROM not_after)::float8 * 1000 AS "notAfter"
      FROM certificate WHERE issuer_id = ${issuerId}::uuid AND state = 'revoked' AND not_after > ${endsAfter}::timestamptz`;
  const date = (milliseconds: number): Date => new Date(Math.round(milliseconds));
  return rows.map(({ serial, revokedAt, reason, notAfter }) => ({ serial, reason, revokedAt: date(revokedAt), notAfter: date(notAfter) }));
}
