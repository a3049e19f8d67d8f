// What of the certificate page lives in the address; read by the server for the first rows and by the browser afterwards.
import { urgency } from '@hostmaster/core/contract/certificate';
import { sortOrder } from '@hostmaster/core/contract/page';
import { certificateStates } from '@hostmaster/core/pki/certificate-state';
import { createLoader, type inferParserType, parseAsBoolean, parseAsString, parseAsStringLiteral } from 'nuqs/server';

export const certificateSearch = {
  q: parseAsString.withDefault(''),
  team: parseAsString.withDefault(''),
  environment: parseAsString.withDefault(''),
  issuer: parseAsString.withDefault(''),
  urgency: parseAsStringLiteral(urgency.options),
  atLeast: parseAsStringLiteral(urgency.options),
  mine: parseAsBoolean.withDefault(false),
  state: parseAsStringLiteral(certificateStates),
  over47Days: parseAsBoolean.withDefault(false),
  byHand: parseAsBoolean.withDefault(false),
  week: parseAsString.withDefault(''),
  order: parseAsStringLiteral(sortOrder.options).withDefault('asc'),
};
export type CertificateSearch = inferParserType<typeof certificateSearch>;
export const loadCertificateSearch = createLoader({ ...certificateSearch, cursor: parseAsString.withDefault('') });

export function certificatesInput(search: CertificateSearch & { cursor: string }) {
  return { ...certificateFilters(search), order: search.order, ...(search.cursor === '' ? {} : { cursor: search.cursor }) };
}

/** What narrows the list. */
export function certificateFilters(search: CertificateSearch) {
  const q = search.q.trim();
  return {
    ...(q === '' ? {} : { search: q }),
    ...(search.team === '' ? {} : { team: search.team }),
    ...(search.environment === '' ? {} : { environment: search.environment }),
    ...(search.issuer === '' ? {} : { issuer: search.issuer }),
    ...(search.urgency ? { urgency: search.urgency } : {}),
    ...(search.atLeast ? { atLeast: search.atLeast } : {}),
    ...(search.mine ? { mine: true } : {}),
    ...(search.state ? { state: search.state } : {}),
    ...(search.over47Days ? { over47Days: true } : {}),
    ...(search.byHand ? { byHand: true } : {}),
    ...(search.week === '' ? {} : { week: search.week }),
  };
}
