// Issuers that others run and that cannot be asked: noted by whoever asks them, for whoever can mend it.
import type { Db, Reader } from './client.ts';

export type AwayIssuer = { readonly id: string; readonly name: string; readonly since: Date };

/** Those that could not be asked, or took no more, whenever they were since then; the longest first. */
export async function awayIssuers(db: Reader): Promise<AwayIssuer[]> {
  const rows = await db.issuer.findMany({
    where: { unavailableSince: { not: null }, stoppedAt: null },
    select: { id: true, name: true, unavailableSince: true },
    orderBy: [{ unavailableSince: 'asc' }, { slug: 'asc' }],
  });
  return rows.flatMap(({ id, name, unavailableSince: since }) => (since === null ? [] : [{ id, name, since }]));
}

/** It could not be asked, or took no more. */
export const noteAway = async (db: Db, id: string, now: Date): Promise<void> => {
  await db.issuer.updateMany({ where: { id, unavailableSince: null }, data: { unavailableSince: now } });
};

/** It answered. */
export const noteAnswers = async (db: Db, id: string): Promise<void> => {
  await db.issuer.updateMany({ where: { id, unavailableSince: { not: null } }, data: { unavailableSince: null } });
};
