import type { Tx } from './client.ts';
import type { ObservationKind, Prisma } from './generated/prisma/client.ts';

export type NewObservation = { readonly source: string; readonly ok: boolean; readonly detail: Prisma.InputJsonObject };

/** Replaces what was last observed of an endpoint; `since` keeps the moment at which `ok` last turned. */
export async function saveObservations(
  tx: Tx,
  endpointId: string,
  kind: ObservationKind,
  observations: readonly NewObservation[],
  now: Date,
): Promise<void> {
  const rows = JSON.stringify(observations);
  // One statement: what is not asked any more goes, and what is there turns or stays as it was.
  await tx.$executeRaw`
    WITH seen AS (SELECT source, ok, detail FROM jsonb_to_recordset(${rows}::jsonb) AS row(source text, ok boolean, detail jsonb)),
         gone AS (DELETE FROM observation
                   WHERE endpoint_id = ${endpointId}::uuid AND kind = ${kind}::observation_kind
                     AND source NOT IN (SELECT source FROM seen))
    INSERT INTO observation AS known (endpoint_id, kind, source, ok, detail, observed_at, since)
    SELECT ${endpointId}::uuid, ${kind}::observation_kind, source, ok, detail, ${now}, ${now} FROM seen
    ON CONFLICT (endpoint_id, kind, source) DO UPDATE
       SET ok = excluded.ok, detail = excluded.detail, observed_at = excluded.observed_at,
           since = CASE WHEN known.ok = excluded.ok THEN known.since ELSE excluded.since END`;
}
