// What of the audit page lives in the address; read by the server for the first rows and by the browser afterwards.
import { createLoader, type inferParserType, parseAsString } from 'nuqs/server';

export const auditSearch = {
  subject: parseAsString.withDefault(''),
  actor: parseAsString.withDefault(''),
  action: parseAsString.withDefault(''),
  cursor: parseAsString.withDefault(''),
};
type AuditSearch = inferParserType<typeof auditSearch>;
export const loadAuditSearch = createLoader(auditSearch);

export function auditInput(search: AuditSearch) {
  return {
    ...(search.subject.trim() === '' ? {} : { subject: search.subject.trim() }),
    ...(search.actor.trim() === '' ? {} : { actor: search.actor.trim() }),
    ...(search.action.trim() === '' ? {} : { action: search.action.trim() }),
    ...(search.cursor === '' ? {} : { cursor: search.cursor }),
  };
}
