import type { endpointRevisions } from '@hostmaster/core/contract/endpoint-view';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { readContract, readPlan, readRecordSets } from '../request/stored.ts';
import { timestampOf } from '../timestamp.ts';

/** More changes of one name than anybody reads. */
const most = 100;

/** The approved revisions of an endpoint, the newest first. Errors: forbidden, not-found. */
export async function listRevisions(ctx: Ctx, { id }: { readonly id: string }): Promise<z.output<typeof endpointRevisions>> {
  authorize(ctx.actor, 'endpoint.read');
  const rows = await ctx.db.endpointRevision.findMany({ where: { endpointId: id }, orderBy: { number: 'desc' }, take: most });
  if (rows.length === 0) throw new HostmasterError('not-found', `There is no endpoint ${id}.`);
  return {
    rows: rows.map((row) => ({
      number: row.number,
      contract: readContract(row.contract),
      recordSets: readRecordSets(row.recordSets).map((set) => ({ ...set, values: [...set.values] })),
      plan: readPlan(row.plan),
      requestId: row.requestId,
      approvedAt: timestampOf(row.approvedAt),
    })),
  };
}
