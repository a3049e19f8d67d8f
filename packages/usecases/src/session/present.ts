import type { sessionRow } from '@hostmaster/core/contract/person';
import type { Db } from '@hostmaster/db/client';
import type { z } from 'zod';
import { timestampOf } from '../timestamp.ts';

/** Far more than anybody has at once. */
const most = 200;

/** The sessions of somebody that count, the newest first. */
export async function sessionsOf(db: Db, personId: string, now: Date): Promise<z.output<typeof sessionRow>[]> {
  const rows = await db.session.findMany({
    where: { personId, revokedAt: null, expiresAt: { gt: now } },
    orderBy: { id: 'desc' },
    take: most,
  });
  return rows.map(({ id, createdAt, expiresAt, method, browser }) => ({
    id,
    startedAt: timestampOf(createdAt),
    endsAt: timestampOf(expiresAt),
    method,
    browser,
  }));
}
