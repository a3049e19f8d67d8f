import type { AuditRow, auditPage, auditQuery } from '@hostmaster/core/contract/audit';
import { day } from '@hostmaster/core/duration';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { Db } from '@hostmaster/db/client';
import { literal } from '@hostmaster/db/like';
import { z } from 'zod';
import type { Ctx } from '../context.ts';
import { countedAtMost, decodeCursor, encodeCursor, pageOf, positions, totalOf } from '../cursor.ts';
import { readStored } from '../stored-json.ts';
import { timestampOf } from '../timestamp.ts';

const detail = z.record(z.string(), z.unknown());

type Row = NonNullable<Awaited<ReturnType<Db['auditEvent']['findFirst']>>>;

const present = (row: Row): AuditRow => ({
  seq: Number(row.seq),
  at: timestampOf(row.at),
  actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
  from: row.address === null ? null : { address: row.address, sessionId: row.sessionId },
  action: row.action,
  subjectKind: row.subjectKind,
  subjectId: row.subjectId,
  subject: row.subject,
  detail: readStored(detail, row.detail, 'audit_event.detail'),
  hash: Buffer.from(row.hash).toString('hex'),
  previous: Buffer.from(row.previous).toString('hex'),
});

/** Whole days in UTC, the last one included. */
const between = ({ from, until }: { readonly from?: string | undefined; readonly until?: string | undefined }) => ({
  ...(from === undefined ? {} : { gte: new Date(from) }),
  ...(until === undefined ? {} : { lt: new Date(Date.parse(until) + day) }),
});

/** Who did what, the newest first unless asked otherwise. Errors: forbidden, invalid-input. */
export async function listAudit(ctx: Ctx, query: z.output<typeof auditQuery>): Promise<z.output<typeof auditPage>> {
  authorize(ctx.actor, 'audit.read');
  const { order } = query;
  const place = `audit-seq-${order}`;
  const after = decodeCursor(place, [positions.sequence], query.cursor);
  const where = {
    ...(query.action ? { action: query.action } : {}),
    ...(query.actor
      ? { OR: [{ actorId: query.actor }, { actorName: { contains: literal(query.actor), mode: 'insensitive' as const } }] }
      : {}),
    ...(query.subject ? { subject: { contains: literal(query.subject), mode: 'insensitive' as const } } : {}),
    ...(query.subjectId ? { subjectId: query.subjectId } : {}),
    ...(query.from || query.until ? { at: between(query) } : {}),
  };
  const [read, counted] = await Promise.all([
    ctx.db.auditEvent.findMany({
      where: { AND: [where, after === null ? {} : { seq: { [order === 'asc' ? 'gt' : 'lt']: BigInt(after[0]) } }] },
      orderBy: { seq: order },
      take: query.limit + 1,
    }),
    ctx.db.auditEvent.count({ where, take: countedAtMost + 1 }),
  ]);
  const { page, nextCursor } = pageOf(read, query.limit, (last) => encodeCursor(place, [last.seq.toString()]));
  return { rows: page.map(present), nextCursor, total: totalOf(counted) };
}
