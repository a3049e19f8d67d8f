// What of the audit page lives in the address; read by the server for the first rows and by the browser afterwards.
import { auditActionWords } from '@hostmaster/core/audit/actions';
import { sortOrder } from '@hostmaster/core/contract/page';
import { createLoader, type inferParserType, parseAsString, parseAsStringLiteral } from 'nuqs/server';

export const auditSearch = {
  subject: parseAsString.withDefault(''),
  actor: parseAsString.withDefault(''),
  action: parseAsStringLiteral(auditActionWords),
  from: parseAsString.withDefault(''),
  until: parseAsString.withDefault(''),
  order: parseAsStringLiteral(sortOrder.options).withDefault('desc'),
};
export type AuditSearch = inferParserType<typeof auditSearch>;
export const loadAuditSearch = createLoader({ ...auditSearch, cursor: parseAsString.withDefault('') });

export function auditInput(search: AuditSearch & { cursor: string }) {
  return { ...auditFilters(search), order: search.order, ...(search.cursor === '' ? {} : { cursor: search.cursor }) };
}

/** What narrows the list. */
export function auditFilters({ subject, actor, action, from, until }: AuditSearch) {
  return {
    ...(subject.trim() === '' ? {} : { subject: subject.trim() }),
    ...(actor.trim() === '' ? {} : { actor: actor.trim() }),
    ...(action ? { action } : {}),
    ...(from === '' ? {} : { from }),
    ...(until === '' ? {} : { until }),
  };
}
