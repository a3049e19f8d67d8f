import type { IssuerRow } from '@hostmaster/core/contract/issuer';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { hurryIssuance } from '@hostmaster/db/hurry';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { noIssuer } from './get.ts';
import { readIssuer } from './present.ts';

type Which = { readonly id: string };

/**
 * Stops an issuer, made here or connected: it signs nothing more, no open order and, of a root, no CA either. What it has signed stays
 * and is revoked through it, and its lists are published. Work that waits for a certificate goes to another issuer at once, or says why not.
 * Errors: forbidden, not-found, conflict (it was stopped before).
 */
export const stopIssuer = (ctx: Ctx, { id }: Which): Promise<IssuerRow> => turn(ctx, id, 'issuer.stop');

/** Takes that back. Errors: as of `stopIssuer`; conflict where it is not stopped. */
export const resumeIssuer = (ctx: Ctx, { id }: Which): Promise<IssuerRow> => turn(ctx, id, 'issuer.resume');

async function turn(ctx: Ctx, id: string, act: 'issuer.stop' | 'issuer.resume'): Promise<IssuerRow> {
  authorize(ctx.actor, 'issuer.stop');
  const now = ctx.clock.now();
  const stops = act === 'issuer.stop';
  return transact(ctx.db, async (tx) => {
    const before = await readIssuer(tx, ctx.issuerKinds, id, now);
    if (before === null) throw noIssuer(id);
    const { slug } = before;
    const { count } = await tx.issuer.updateMany({
      where: { id, stoppedAt: stops ? null : { not: null } },
      data: { stoppedAt: stops ? now : null },
    });
    if (count === 0)
      throw new HostmasterError('conflict', stops ? `The issuer ${slug} was stopped already.` : `The issuer ${slug} is not stopped.`);
    await hurryIssuance(tx, before.permittedSuffixes);
    await audit(tx, ctx, act, { id, name: slug }, {}, now);
    const after = await readIssuer(tx, ctx.issuerKinds, id, now);
    if (after === null) throw noIssuer(id);
    return after;
  });
}
