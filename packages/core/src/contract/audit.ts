import { z } from 'zod';
import { auditActionWords } from '../audit/actions.ts';
import { givenDate, id, pageOf, pageQuery, sortOrder, timestamp } from './page.ts';
import { named, told } from './told.ts';

const auditAction = named('AuditAction', z.enum(auditActionWords), 'What can be done, as the audit trail calls it.');
const hash = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9';
const acted = z.object({
  kind: told(z.string(), 'A person, a service with a token, or the system itself.', 'person'),
  id: told(z.string(), 'Their identifier.', '01890a5d-ac96-774b-bcce-b302099a8057'),
  name: told(z.string(), 'Their name then.', 'Ada Park'),
});

const from = z.object({
  address: told(z.string(), 'The address of the client.', '192.0.2.10'),
  sessionId: told(z.string().nullable(), 'The session of a person; null where a token acted.', '01890a5d-ac96-774b-bcce-b302099a8057'),
});

export const auditRow = named(
  'AuditEvent',
  z.object({
    seq: told(z.number().int(), 'Its number; there is none missing.', 4711),
    at: told(timestamp, 'When it was done.'),
    actor: told(acted, 'Who did it.'),
    from: told(from.nullable(), 'From where they did it; null where nobody asked for it just then, or an older version wrote it down.'),
    action: told(z.string(), 'What was done.', 'request.create'),
    subjectKind: told(z.string(), 'What kind of thing it was done to.', 'request'),
    subjectId: told(z.string(), 'Identifier of that thing.', '01890a5d-ac96-774b-bcce-b302099a8057'),
    subject: told(z.string(), 'Name of that thing then.', 'orders.dev.example.test'),
    detail: told(z.record(z.string(), z.unknown()), 'What more there is to say, by the action.', { number: 12 }),
    hash: told(z.string(), 'SHA-256 over the event and the hash before it, as hex.', hash),
    previous: told(z.string(), 'The hash of the event before.', hash),
  }),
  'Who did what to what: one event of the chain.',
);
export type AuditRow = z.infer<typeof auditRow>;
export const auditQuery = z.strictObject({
  ...pageQuery,
  action: told(auditAction.optional(), 'Only what was done so.', 'request.create'),
  actor: told(z.string().max(100).optional(), 'Only what somebody of this name did.', 'Ada Park'),
  subject: told(z.string().max(253).optional(), 'Only what was done to a thing of this name.', 'orders.dev.example.test'),
  subjectId: told(id.optional(), 'Only what was done to the thing with this identifier.'),
  from: told(givenDate.optional(), 'The first day (UTC) of what is looked for.', '2026-11-20'),
  until: told(givenDate.optional(), 'The last day (UTC) of what is looked for.', '2026-11-27'),
  order: told(sortOrder.default('desc'), 'By the number of the event.', 'desc'),
});
export const auditPage = named('AuditPage', pageOf(auditRow), 'Events of the audit trail.');

export const auditVerifyQuery = z.strictObject({
  noted: told(
    z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/, 'A head is 64 hexadecimal digits.')
      .optional(),
    'A head that was noted before: whether the trail still leads through it shows that nothing up to it was cut off or made anew.',
    hash,
  ),
});

const brokenAt = z.object({
  seq: told(z.number().int(), 'Number of the event.', 4711),
  reason: told(z.string(), 'What does not fit.', 'Its hash is not that of what it says.'),
});

export const auditVerification = named(
  'AuditVerification',
  z.object({
    ok: told(z.boolean(), 'Whether every event follows the one before.', true),
    checked: told(z.number().int(), 'How many events were looked at.', 4711),
    head: told(z.string().nullable(), 'Hash of the last event: keep it elsewhere, and a trail that was cut off is found out.', hash),
    brokenAt: told(brokenAt.nullable(), 'The first event whose hash does not follow; null where there is none.'),
    notedAt: told(
      z.number().int().nullable(),
      'The event whose hash the noted head is; null where none was given, or the trail does not lead through it.',
      4700,
    ),
    verifiedAt: told(timestamp, 'When it was looked at.'),
  }),
  'Whether the audit trail is whole.',
);
