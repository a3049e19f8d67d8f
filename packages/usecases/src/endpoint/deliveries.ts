import type { EndpointDetail } from '@hostmaster/core/contract/endpoint-view';
import type { Db } from '@hostmaster/db/client';
import { placeWords } from '../destination/serving.ts';
import { timestampOf, timestampOrNull } from '../timestamp.ts';

/** Where the certificate of an endpoint was handed to, by name, and what was seen held there. */
export async function deliveriesOf(db: Db, endpointId: string): Promise<EndpointDetail['deliveries']> {
  const rows = await db.delivery.findMany({
    where: { endpointId },
    include: { destination: { select: { slug: true } } },
    orderBy: [{ hostname: 'asc' }, { id: 'asc' }],
  });
  const fingerprints = rows.flatMap(({ fingerprint }) => fingerprint ?? []);
  const own = await db.certificate.findMany({
    where: { endpointId, fingerprint: { in: fingerprints } },
    select: { serial: true, fingerprint: true },
  });
  return rows.map(({ hostname, fingerprint, destination, ...row }) => ({
    hostname,
    destination: destination?.slug ?? null,
    place: placeWords(row, hostname),
    serial: own.find((each) => each.fingerprint === fingerprint)?.serial ?? null,
    fingerprint,
    reference: row.reference,
    usedBy: row.usedBy,
    seenAt: timestampOf(row.seenAt),
    deliveredAt: timestampOrNull(row.deliveredAt),
  }));
}
