import type { endpointRevisions } from '@hostmaster/core/contract/endpoint-view';
import type { EndpointState } from '@hostmaster/core/endpoint/state';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { readContract, readPlan, readRecordSets } from '../request/stored.ts';
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
    include: { request: { select: { id: true, number: true } }, endpoint: { select: { revision: true, state: true } } },
  });
  if (rows.length === 0) throw new HostmasterError('not-found', `There is no endpoint ${id}.`);
  return {
    rows: rows.slice(0, most).map((row, index) => ({
      number: row.number,
      contract: readContract(row.contract),
      recordSets: readRecordSets(row.recordSets).map((set) => ({ ...set, values: [...set.values] })),
      plan: readPlan(row.plan),
      requestId: row.requestId,
      takesBack: rows[index + 1]?.requestId === row.requestId ? row.request : null,
      inForce: isInForce(row),
      approvedAt: timestampOf(row.approvedAt),
    })),
  };
}

type Standing = {
  readonly number: number;
  readonly recordSets: unknown;
  readonly endpoint: { readonly revision: number; readonly state: EndpointState };
};

/** The endpoint's own; where a new name was given up before a record was sent, none is. */
const isInForce = ({ number, recordSets, endpoint: { revision, state } }: Standing): boolean =>
  number === revision && (state !== 'retired' || readRecordSets(recordSets).length === 0);
