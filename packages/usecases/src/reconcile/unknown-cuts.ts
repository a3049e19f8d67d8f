import { isHidden, judgeServer } from '@hostmaster/core/endpoint/judge';
import { type DnsObservationDetail, dnsObservationDetail } from '@hostmaster/core/endpoint/observation';
import type { Tx } from '@hostmaster/db/client';
import { hurryOperation, startOperation } from '@hostmaster/db/operation';
import { readStored } from '../stored-json.ts';
import { readingOf } from '../zone/reread.ts';
import type { Subject } from './subject.ts';

/** Names of the delegations and DNAMEs that hide the name. */
const cutsIn = (details: readonly DnsObservationDetail[]): string[] => [
  ...new Set(
    details
      .filter((detail) => isHidden(judgeServer(detail).fault))
      .flatMap(({ answers }) => answers.flatMap(({ cut }) => (cut === null ? [] : [cut.name]))),
  ),
];

/**
 * Has the zone read at once where its servers answer from a delegation or a DNAME that the last reading did not find, so that what is asked
 * for next is decided on what is there. Once for each that an endpoint meets: what only a secondary holds, no reading of the primary finds.
 * Call before the observations are saved.
 */
export async function readForCuts(tx: Tx, { endpoint, zone }: Subject, details: readonly DnsObservationDetail[], now: Date): Promise<void> {
  const cuts = cutsIn(details);
  if (cuts.length === 0 || zone.givenUp) return;
  const known = await tx.zoneRecordSet.findMany({
    where: { zoneId: zone.id, name: { in: cuts, not: zone.apex }, type: { in: ['NS', 'DNAME'] } },
    select: { name: true },
  });
  const before = await tx.observation.findMany({ where: { endpointId: endpoint.id, kind: 'dns' }, select: { detail: true } });
  const met = cutsIn(before.map(({ detail }) => readStored(dnsObservationDetail, detail, 'observation.detail')));
  const unknown = cuts.find((name) => !known.some((set) => set.name === name) && !met.includes(name));
  if (unknown === undefined) return;
  const subject = readingOf(zone.id);
  const reason = `The name servers answer from ${unknown}, which the last reading did not find.`;
  await ((await hurryOperation(tx, subject)) ??
    startOperation(tx, { kind: 'zone', purpose: 'read', subject, zoneId: zone.id, reason }, now));
}
