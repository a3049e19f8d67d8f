// What of the certificate page lives in the address; read by the server for the first rows and by the browser afterwards.
import { createLoader, type inferParserType, parseAsString, parseAsStringLiteral } from 'nuqs/server';

const urgencies = ['none', 'warning', 'high', 'urgent', 'incident', 'outage'] as const;

export const certificateSearch = {
  q: parseAsString.withDefault(''),
  team: parseAsString.withDefault(''),
  environment: parseAsString.withDefault(''),
  issuer: parseAsString.withDefault(''),
  urgency: parseAsStringLiteral(urgencies),
  week: parseAsString.withDefault(''),
  cursor: parseAsString.withDefault(''),
};
export type CertificateSearch = inferParserType<typeof certificateSearch>;
export const loadCertificateSearch = createLoader(certificateSearch);

export function certificatesInput(search: CertificateSearch) {
  const q = search.q.trim();
  return {
    ...(q === '' ? {} : { search: q }),
    ...(search.team === '' ? {} : { team: search.team }),
    ...(search.environment === '' ? {} : { environment: search.environment }),
    ...(search.issuer === '' ? {} : { issuer: search.issuer }),
    ...(search.urgency ? { urgency: search.urgency } : {}),
    ...(search.week === '' ? {} : { week: search.week }),
    ...(search.cursor === '' ? {} : { cursor: search.cursor }),
  };
}
