import { z } from 'zod';
import { auditActionWords } from '../audit/actions.ts';
import { id, pageOf, pageQuery, sortOrder, timestamp } from './page.ts';

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
  /** By the number of the event. */
  order: sortOrder.default('desc'),
});
export const auditPage = pageOf(auditRow).meta({ id: 'AuditPage' });

export const auditVerification = z
  .object({
    ok: z.boolean(),
    checked: z.number().int(),
    head: z.string().nullable(),
    /** The first event whose hash does not follow, where there is one. */
    brokenAt: z.object({ seq: z.number().int(), reason: z.string() }).nullable(),
    verifiedAt: timestamp,
  })
  .meta({ id: 'AuditVerification' });
