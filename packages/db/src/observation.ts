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
  const known = new Map((await tx.observation.findMany({ where: { endpointId, kind } })).map((row) => [row.source, row]));
  await tx.observation.deleteMany({
    where: { endpointId, kind, source: { notIn: observations.map((observation) => observation.source) } },
  });
  for (const { source, ok, detail } of observations) {
    const before = known.get(source);
    const since = before !== undefined && before.ok === ok ? before.since : now;
    await tx.observation.upsert({
      where: { endpointId_kind_source: { endpointId, kind, source } },
      create: { endpointId, kind, source, ok, detail, observedAt: now, since },
      update: { ok, detail, observedAt: now, since },
    });
  }
}
