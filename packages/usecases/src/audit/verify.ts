import { followChain, genesisHash } from '@hostmaster/core/audit/chain';
import type { auditVerification, auditVerifyQuery } from '@hostmaster/core/contract/audit';
import { authorize } from '@hostmaster/core/policy/authorize';
import { auditEventsAfter } from '@hostmaster/db/audit';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { timestampOf } from '../timestamp.ts';

/** Events held in memory at a time. */
const step = 1_000;

/**
 * Recomputes the hash chain from the first event on. A changed, removed or inserted event shows as the first one that does
 * not follow; whether the newest ones were cut off, or all made anew, shows only against a head that was noted before.
 * Errors: forbidden.
 */
export async function verifyAudit(
  ctx: Ctx,
  { noted }: z.output<typeof auditVerifyQuery> = {},
): Promise<z.output<typeof auditVerification>> {
  authorize(ctx.actor, 'audit.verify');
  let head: { seq: bigint; hash: Uint8Array } = { seq: 0n, hash: genesisHash };
  let broken: { readonly seq: bigint; readonly reason: string } | null = null;
  for (let read = step; read === step && broken === null; ) {
    const events = await auditEventsAfter(ctx.db, head.seq, step);
    read = events.length;
    ({ head, broken } = followChain(head, events));
  }
  const through =
    noted === undefined ? null : await ctx.db.auditEvent.findFirst({ where: { hash: Buffer.from(noted, 'hex') }, select: { seq: true } });
  return {
    ok: broken === null,
    checked: Number(head.seq),
    head: head.seq === 0n ? null : Buffer.from(head.hash).toString('hex'),
    brokenAt: broken === null ? null : { seq: Number(broken.seq), reason: broken.reason },
    // Beyond where the chain is broken a hash says nothing.
    notedAt: through === null || through.seq > head.seq ? null : Number(through.seq),
    verifiedAt: timestampOf(ctx.clock.now()),
  };
}
