// Whether a certificate is on the wire: what the last look met where its name leads. That it was seen once is its state.
import type { CertificateRow } from '@hostmaster/core/contract/certificate';
import { judgeCertificate } from '@hostmaster/core/endpoint/judge';
import { type EndpointObserved, endpointObservationDetail } from '@hostmaster/core/endpoint/observation';
import { asSentence } from '@hostmaster/core/sentence';
import type { Db } from '@hostmaster/db/client';
import { readStored } from '../stored-json.ts';
import { timestampOf } from '../timestamp.ts';

export type Looked = readonly Pick<EndpointObserved, 'source' | 'observedAt' | 'detail'>[];
type Seen = CertificateRow['seen'];

/**
 * Null where it was never seen, or is not in use any more, and where nobody looks. The first address that does not present
 * it speaks for all.
 */
export function seenOf({ serial, state }: Pick<CertificateRow, 'serial' | 'state'>, looked: Looked): Seen {
  if (state !== 'served') return null;
  const judged = looked.map(({ source, observedAt, detail }) => ({ source, observedAt, ...judgeCertificate(source, detail, serial) }));
  const [first] = judged;
  if (first === undefined) return null;
  const missed = judged.find(({ fault }) => fault !== null);
  const where = judged.length === 1 ? first.source : `all ${judged.length} addresses`;
  const at = new Date(Math.max(...judged.map(({ observedAt }) => observedAt.getTime())));
  return {
    ok: missed === undefined,
    message: missed === undefined ? `Presented at ${where}.` : asSentence(missed.sentence),
    at: timestampOf(missed?.observedAt ?? at),
  };
}

/** What was last met where the names of these endpoints lead, in one query; by the endpoint's id. */
export async function lookedAt(db: Db, endpointIds: readonly string[]): Promise<ReadonlyMap<string, Looked>> {
  const rows =
    endpointIds.length === 0
      ? []
      : await db.observation.findMany({ where: { endpointId: { in: [...endpointIds] }, kind: 'endpoint' }, orderBy: { source: 'asc' } });
  const known = new Map<string, Looked>();
  for (const { endpointId, detail, ...row } of rows)
    known.set(endpointId, [
      ...(known.get(endpointId) ?? []),
      { ...row, detail: readStored(endpointObservationDetail, detail, 'observation.detail') },
    ]);
  return known;
}
