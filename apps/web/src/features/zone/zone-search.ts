// What of the list of zones lives in the address, and what its procedure is asked for it.
import { createLoader, type inferParserType, parseAsBoolean, parseAsString } from 'nuqs/server';

export const zoneSearch = { q: parseAsString.withDefault(''), failing: parseAsBoolean.withDefault(false) };
export const loadZoneSearch = createLoader(zoneSearch);
export type ZoneSearch = inferParserType<typeof zoneSearch>;

export function zonesAsked({ q, failing }: ZoneSearch): { search?: string; failing?: true } {
  const search = q.trim();
  return { ...(search === '' ? {} : { search }), ...(failing ? { failing } : {}) };
}
