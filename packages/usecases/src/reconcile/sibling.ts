// One hostname in two views is two endpoints of one team (ADR 0019), and one place may end TLS for both: a certificate has no view. What
// either has put there is good for the other while it is in use, so that neither puts its own in the place of the other's.
import type { EndpointObservationDetail } from '@hostmaster/core/endpoint/observation';
import type { Db } from '@hostmaster/db/client';
import { inUse, unretired } from '@hostmaster/db/state-lists';
import type { WorkerCtx } from '../context.ts';
import type { Subject } from './subject.ts';

export type SiblingCertificate = {
  readonly serial: string;
  readonly fingerprint: string;
  readonly view: NonNullable<EndpointObservationDetail['ofView']>;
};

/** Those in use of the team's endpoints of the same hostname in other views; each covers the hostname. */
export async function siblingCertificates(
  { db, clock }: Pick<WorkerCtx, 'clock'> & { readonly db: Db },
  { endpoint: { hostname, teamId }, contract }: Subject,
): Promise<SiblingCertificate[]> {
  const now = clock.now();
  const rows = await db.certificate.findMany({
    where: {
      state: { in: inUse },
      notBefore: { lte: now },
      notAfter: { gt: now },
      names: { has: hostname },
      endpoint: { hostname, teamId, view: { not: contract.view }, state: { in: unretired } },
      order: { teamId },
    },
    select: { serial: true, fingerprint: true, endpoint: { select: { view: true } } },
  });
  return rows.map(({ endpoint, ...row }) => ({ ...row, view: endpoint.view }));
}
