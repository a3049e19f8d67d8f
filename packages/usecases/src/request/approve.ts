// What follows from an approval, human or not: the endpoint's next revision and the operation that makes the world match
// it. Called inside the transaction that approves.
import type { Decision } from '@hostmaster/core/contract/request';
import { advanceEndpoint } from '@hostmaster/core/endpoint/state';
import { HostmasterError } from '@hostmaster/core/errors';
import { hostnameOf, skeletonOf } from '@hostmaster/core/hostname/parse-hostname';
import type { Tx } from '@hostmaster/db/client';
import { lockEndpoint } from '@hostmaster/db/endpoint-lock';
import { startOperation } from '@hostmaster/db/operation';
import type { Proposal } from './propose.ts';

export type ApprovedRequest = {
  readonly id: string;
  readonly kind: 'create' | 'change' | 'transfer' | 'retire';
  readonly decision: Decision;
};

export const endpointSubject = (endpointId: string): string => `endpoint:${endpointId}`;

/** @returns the endpoint's id. Errors: conflict, where the endpoint is no longer what the decision saw. */
export async function applyApproved(
  tx: Tx,
  request: ApprovedRequest,
  completed: NonNullable<Proposal['completed']>,
  placement: {
    readonly zoneId: string;
    readonly teamId: string;
    readonly admitted: string;
    /** The endpoint as the decision saw it; null where there was none. */
    readonly decidedOn: { readonly revision: number; readonly state: string; readonly teamId: string } | null;
  },
  now: Date,
): Promise<string> {
  const { contract, recordSets, plan } = completed;
  const { hostname, view } = contract;
  await lockEndpoint(tx, hostname, view);
  const existing = await tx.endpoint.findUnique({
    where: { hostname_view: { hostname, view } },
    include: { revisions: { orderBy: { number: 'desc' }, take: 1 } },
  });
  // What was decided on may have changed before this transaction began.
  const { decidedOn } = placement;
  if (existing?.revision !== decidedOn?.revision || existing?.state !== decidedOn?.state || existing?.teamId !== decidedOn?.teamId)
    throw new HostmasterError('conflict', `${hostname} was changed a moment ago.`);
  const number = (existing?.revisions[0]?.number ?? 0) + 1;
  const fresh = existing === null || existing.state === 'retired';
  const state =
    existing === null ? 'pending' : advanceEndpoint(existing.state, request.kind === 'retire' ? 'retire' : fresh ? 'reclaim' : 'revise');
  const placed = {
    zoneId: placement.zoneId,
    teamId: placement.teamId,
    environment: contract.environment ?? '',
    state,
    changedAt: now,
    quarantineEnds: null,
  } as const;
  const endpoint =
    existing === null
      ? await tx.endpoint.create({
          data: { ...placed, hostname, view, skeleton: skeletonOf(hostnameOf(hostname)), revision: number, createdAt: now },
        })
      : await tx.endpoint.update({
          where: { id: existing.id },
          data: { ...placed, revision: number, ...(fresh ? { liveSince: null } : {}) },
        });
  await tx.endpointRevision.create({
    data: {
      endpointId: endpoint.id,
      number,
      contract,
      recordSets: recordSets.map((set) => ({ ...set, values: [...set.values] })),
      plan,
      requestId: request.id,
      approvedAt: now,
    },
  });
  await tx.request.update({ where: { id: request.id }, data: { endpointId: endpoint.id } });
  await startOperation(
    tx,
    {
      kind: 'reconcile_endpoint',
      subject: endpointSubject(endpoint.id),
      step: 'admitted',
      reason: 'Approved; a worker is picking it up.',
      movesNext: 'hostmaster',
      endpointId: endpoint.id,
      requestId: request.id,
      zoneId: placement.zoneId,
      trail: [{ step: 'admitted', state: 'done', at: now.toISOString(), message: placement.admitted }],
    },
    now,
  );
  return endpoint.id;
}
