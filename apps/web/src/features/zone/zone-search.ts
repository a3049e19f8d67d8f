// What of the list of zones lives in the address. It comes whole: what narrows it is looked for here.
import type { ZoneRow } from '@hostmaster/core/contract/zone';
import { createLoader, type inferParserType, parseAsBoolean } from 'nuqs/server';

export const zoneSearch = { failing: parseAsBoolean.withDefault(false) };
export const loadZoneSearch = createLoader(zoneSearch);

/** Zones that the last reading failed of, or that no CA may sign for; of one that was given up nobody expects more. */
export const zonesOf = (rows: readonly ZoneRow[], { failing }: inferParserType<typeof zoneSearch>): readonly ZoneRow[] =>
  failing
    ? rows.filter(({ syncError, signingError, givenUpAt }) => givenUpAt === null && (syncError !== null || signingError !== null))
    : rows;
