import type { endpointRevisions } from '@hostmaster/core/contract/endpoint-view';
import { heldAgainst, standingsOf, takesBack } from '@hostmaster/core/endpoint/revision-standing';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { contractChanges } from '@hostmaster/core/request/contract-changes';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { readContract, readPlan, readRecordSets, readState } from '../stored-columns.ts';
import { timestampOf } from '../timestamp.ts';

/** More changes of one name than anybody reads. */
const most = 100;

/** The revisions of an endpoint, the newest first. Errors: forbidden, not-found. */
export async function listRevisions(ctx: Ctx, { id }: { readonly id: string }): Promise<z.output<typeof endpointRevisions>> {
  authorize(ctx.actor, 'endpoint.read');
  const rows = await ctx.db.endpointRevision.findMany({
    where: { endpointId: id },
    orderBy: { number: 'desc' },
    // One more: what takes a request back follows the revision that was made of it.
    take: most + 1,
    include: { request: { select: { id: true, number: true, state: true } }, endpoint: { select: { revision: true, state: true } } },
  });
  const [newest] = rows;
  if (newest === undefined) throw new HostmasterError('not-found', `There is no endpoint ${id}.`);
  const { revision, state } = newest.endpoint;
  const standings = standingsOf(rows, state === 'retired' ? null : revision);
  return {
    rows: rows.slice(0, most).flatMap((row, index) => {
      const standing = standings[index];
      if (standing === undefined) return [];
      const { number, request } = row;
      const contract = readContract(row.contract);
      const before = heldAgainst(rows, standings, index);
      return {
        number,
        contract,
        contractChanges: before && contractChanges(readContract(before.contract), contract),
        retires: row.retires,
        recordSets: readRecordSets(row.recordSets).map((set) => ({ ...set, values: [...set.values] })),
        plan: readPlan(row.plan),
        request: { ...request, state: readState(request.state) },
        takesBack: takesBack(row, rows),
        standing,
        approvedAt: timestampOf(row.approvedAt),
      };
    }),
  };
}
