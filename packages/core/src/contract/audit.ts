import { z } from 'zod';
import { auditActionWords } from '../audit/actions.ts';
import { givenDate, id, pageOf, pageQuery, sortOrder, timestamp } from './page.ts';

export const auditRow = z
  .object({
    seq: z.number().int(),
    at: timestamp,
    actor: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
    action: z.string(),
    subjectKind: z.string(),
    subjectId: z.string(),
    subject: z.string(),
    detail: z.record(z.string(), z.unknown()),
    hash: z.string(),
    previous: z.string(),
  })
  .meta({ id: 'AuditEvent' });
export type AuditRow = z.infer<typeof auditRow>;
export const auditQuery = z.strictObject({
  ...pageQuery,
  action: z.enum(auditActionWords).optional(),
  actor: z.string().max(100).optional(),
  subject: z.string().max(253).optional(),
  subjectId: id.optional(),
  /** The first and the last day (RFC 3339 dates, in UTC) of what is looked for. */
  from: givenDate.optional(),
  until: givenDate.optional(),
  /** By the number of the event. */
  order: sortOrder.default('desc'),
});
export const auditPage = pageOf(auditRow).meta({ id: 'AuditPage' });

export const auditVerifyQuery = z.strictObject({
  /** A head that was noted before: whether the trail still leads through it shows that nothing up to it was cut off or made anew. */
  noted: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'A head is 64 hexadecimal digits.')
    .optional(),
});
export const auditVerification = z
  .object({
    ok: z.boolean(),
    checked: z.number().int(),
    head: z.string().nullable(),
    /** The first event whose hash does not follow, where there is one. */
    brokenAt: z.object({ seq: z.number().int(), reason: z.string() }).nullable(),
    /** The event whose hash the noted head is; null where none was given, or the trail does not lead through it. */
    notedAt: z.number().int().nullable(),
    verifiedAt: timestamp,
  })
  .meta({ id: 'AuditVerification' });
