// A newer wish of a team for a name takes the place of the one that it waits for still, whatever that waits for.
import { canonicalJson } from '@hostmaster/core/canonical-json';
import type { AdmittedContract } from '@hostmaster/core/contract/stored-contract';
import { HostmasterError } from '@hostmaster/core/errors';
import type { RequestKind } from '@hostmaster/core/request/kind';
import { requestMachine } from '@hostmaster/core/request/state';
import type { Tx } from '@hostmaster/db/client';
import { rightEnded } from '@hostmaster/db/transaction';
import { transition } from '@hostmaster/db/transition';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { readContract, readState } from '../stored-columns.ts';
import { giveBackBegun } from './give-back.ts';

/** A request whose place was taken. */
export type Superseded = Awaited<ReturnType<typeof supersede>>;

/** A change of a name that is still to be made asks for the same as its making. */
const wishOf = (kind: RequestKind): RequestKind => (kind === 'change' ? 'create' : kind);

/** Ends the older request in favour of `newerId`, which is stored in the same transaction. Errors: already-exists where it asks for the same, conflict where it went on a moment ago. */
export async function supersede(
  tx: Tx,
  { id, newerId }: { readonly id: string; readonly newerId: string },
  { kind, contract }: { readonly kind: RequestKind; readonly contract: AdmittedContract },
  now: Date,
) {
  const moved = await transition(tx, 'request', { id }, 'supersede', { decidedAt: now, supersededById: newerId });
  const row = await tx.request.findUniqueOrThrow({ where: { id } });
  if (moved === 0 && requestMachine.next(readState(row.state), 'supersede') !== null) throw rightEnded();
  if (moved === 0 || (kind === 'create' && row.endpointId !== null))
    throw new HostmasterError('conflict', `Request #${row.number} for ${row.hostname} went on a moment ago. Look at it, and ask again.`);
  if (wishOf(kind) === wishOf(row.kind) && canonicalJson(contract) === canonicalJson(readContract(row.contract)))
    throw new HostmasterError('already-exists', `Request #${row.number} asks for exactly this already.`);
  return row;
}

/**
 * What follows from a request's having taken the place of an older one.
 * @param later whether the newer one waits for people first: until they have decided, nobody wants what the older one had begun
 */
export async function supersededBy(
  tx: Tx,
  ctx: Ctx,
  {
    older,
    newer,
    later,
  }: { readonly older: Superseded; readonly newer: { readonly id: string; readonly number: number }; readonly later: boolean },
  now: Date,
): Promise<void> {
  const { id, number, hostname } = older;
  if (later) await giveBackBegun(tx, older, `Request #${newer.number} takes its place`, now);
  await audit(tx, ctx, 'request.supersede', { id, name: hostname }, { number, by: newer.number }, now);
}
