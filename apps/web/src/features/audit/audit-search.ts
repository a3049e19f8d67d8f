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

/** What is said where the filters leave nothing; days that cannot be are said to be that. Null while nothing is filtered. */
export function narrowedBy(search: AuditSearch): string | null {
  const { from, until } = search;
  if (Object.keys(auditFilters(search)).length === 0) return null;
  return from !== '' && until !== '' && from > until ? 'No event can be like that: From is a day after Until' : 'No event is like that';
}

/** What narrows the list. */
function auditFilters({ subject, actor, action, from, until }: AuditSearch) {
  return {
    ...(subject.trim() === '' ? {} : { subject: subject.trim() }),
    ...(actor.trim() === '' ? {} : { actor: actor.trim() }),
    ...(action ? { action } : {}),
    ...(from === '' ? {} : { from }),
    ...(until === '' ? {} : { until }),
  };
}
