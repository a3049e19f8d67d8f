'use client';
// What a request changes in the contract, also where no record and no certificate changes with it.
import type { endpointRevision } from '@hostmaster/core/contract/endpoint-view';
import type { Request } from '@hostmaster/core/contract/request';
import { requestMachine } from '@hostmaster/core/request/state';
import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { Section } from '@/components/ui/card';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Bone } from '@/components/ui/skeleton';
import { contractChanges } from '@/features/endpoint/contract-changes';
import { ContractDiff } from '@/features/endpoint/contract-diff';
import { heldAgainst } from '@/features/endpoint/standing';
import { useTRPC } from '@/lib/trpc';

type Revision = z.output<typeof endpointRevision>;
type Asked = Pick<Request, 'id' | 'state' | 'contract' | 'createdAt' | 'decidedAt'>;

/** For a request that changes or hands over a name that is there already. */
export function ContractAsked({ request, endpointId }: { request: Request; endpointId: string }) {
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.endpoints.revisions.queryOptions({ id: endpointId }));
  if (data) return <ContractChanges request={request} revisions={data.rows} />;
  return <Section title="Contract">{error ? <ProblemPanel error={error} /> : <Bone className="w-3/5" />}</Section>;
}

/** @param revisions the newest first */
export function ContractChanges({ request, revisions }: { request: Asked; revisions: readonly Revision[] }) {
  const before = revisionBefore(request, revisions);
  if (before === null) return null;
  // Why it is needed is shown whole, on its own.
  const changes = contractChanges(before.contract, request.contract).filter(({ field }) => field !== 'justification');
  return (
    <Section title="Contract" note={`against revision ${before.number}`}>
      {changes.length === 0 ? <p className="text-ink-3 text-sm">No field changes.</p> : <ContractDiff changes={changes} />}
    </Section>
  );
}

/** The revision that a request changes: the one before its own; before it has one, the one in force, or that was when it ended. */
function revisionBefore({ id, state, createdAt, decidedAt }: Asked, revisions: readonly Revision[]): Revision | null {
  const own = revisions.findLastIndex(({ request }) => request.id === id);
  if (own >= 0) return heldAgainst(revisions, own);
  if (!requestMachine.isFinal(state)) return revisions.find(({ standing }) => standing === 'in-force') ?? null;
  const ended = Date.parse(decidedAt ?? createdAt);
  return heldAgainst(
    revisions.filter(({ approvedAt }) => Date.parse(approvedAt) <= ended),
    -1,
  );
}
