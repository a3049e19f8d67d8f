import { type AuditAction, type AuditDetail, auditActions } from '@hostmaster/core/audit/actions';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { appendAudit, appendAudits, type NewAuditEvent } from '@hostmaster/db/audit';
import type { Tx } from '@hostmaster/db/client';
import type { Ctx } from '../context.ts';

type Writer = Pick<Ctx, 'clock' | 'client'> & { readonly actor: Pick<Actor, 'kind' | 'id' | 'name'> };

type Act = Pick<Writer, 'actor' | 'client'>;

/**
 * What the actor does, as it is appended.
 * @param subject its id, and the name by which people know it, such as the hostname
 */
export const eventOf = <A extends AuditAction>(
  { actor, client }: Act,
  action: A,
  subject: { readonly id: string; readonly name: string },
  detail: AuditDetail<A>,
  at: Date,
): NewAuditEvent => ({
  at,
  actorKind: actor.kind,
  actorId: actor.id,
  actorName: actor.name,
  sessionId: client?.sessionId ?? null,
  address: client?.address ?? null,
  action,
  subjectKind: auditActions[action].subject,
  subjectId: subject.id,
  subject: subject.name,
  detail,
});

/**
 * Writes down what the actor does, in the transaction of the act itself and as the last thing in it, because events wait
 * for each other until their transactions end.
 */
export const audit = <A extends AuditAction>(
  tx: Tx,
  { clock, ...act }: Writer,
  action: A,
  subject: { readonly id: string; readonly name: string },
  detail: AuditDetail<A>,
  at: Date = clock.now(),
): Promise<void> => appendAudit(tx, eventOf(act, action, subject, detail, at));

/** Many at once, as `audit` writes one. @param events of `eventOf` */
export const auditAll = (tx: Tx, events: readonly NewAuditEvent[]): Promise<void> => appendAudits(tx, events);
