import type { certificatePage, certificatesQuery } from '@hostmaster/core/contract/certificate';
import { day } from '@hostmaster/core/duration';
import { authorize } from '@hostmaster/core/policy/authorize';
import { countCertificates, certificatePage as readPage } from '@hostmaster/db/certificate';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, positions, totalOf } from '../cursor.ts';
import { asStored } from '../typed-name.ts';
import { presentCertificateRow } from './present.ts';
import { lookedAt } from './seen.ts';

const weekMilliseconds = 7 * day;

/** Certificates by expiry, the first to end first unless asked otherwise. Errors: forbidden, invalid-input. */
export async function listCertificates(ctx: Ctx, query: z.output<typeof certificatesQuery>): Promise<z.output<typeof certificatePage>> {
  authorize(ctx.actor, 'certificate.read');
  const now = ctx.clock.now();
  const { search, team, environment, issuer, urgency, atLeast, mine, state, current, over47Days, byHand, week, order } = query;
  const place = `certificates-expiry-${order}`;
  const after = decodeCursor(place, [positions.time, positions.id], query.cursor);
  const monday = week === undefined ? null : new Date(`${week}T00:00:00Z`);
  const filter = {
    current,
    ...(search ? { search: asStored(search) } : {}),
    ...(team ? { team } : {}),
    ...(environment ? { environment } : {}),
    ...(issuer ? { issuer } : {}),
    ...(urgency ? { urgency } : {}),
    ...(atLeast ? { atLeast } : {}),
    ...(mine === true ? { teamIds: ctx.actor.teams.map(({ id }) => id) } : {}),
    ...(state ? { state } : {}),
    ...(over47Days === true ? { over47Days } : {}),
    ...(byHand === true ? { byHand } : {}),
    ...(monday ? { ending: { from: monday, until: new Date(monday.getTime() + weekMilliseconds) } } : {}),
  };
  const position = after === null ? null : { notAfter: new Date(after[0]), id: after[1] };
  const [read, counted] = await Promise.all([
    readPage(ctx.db, filter, { after: position, order, limit: query.limit + 1 }, now),
    countCertificates(ctx.db, filter, countedAtMost + 1, now),
  ]);
  const { page, nextCursor } = pageOf(read, query.limit, (last) => encodeCursor(place, [last.notAfter.toISOString(), last.id]));
  const looked = await lookedAt(
    ctx.db,
    page.map(({ endpointId }) => endpointId),
  );
  return {
    rows: page.map((row) => presentCertificateRow(row, looked.get(row.endpointId) ?? [], now)),
    nextCursor,
    total: totalOf(counted),
  };
}
