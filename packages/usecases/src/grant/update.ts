import type { GrantChange, grantRow } from '@hostmaster/core/contract/governance';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import type { z } from 'zod';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { saysAlready } from '../unchanged.ts';
import { refuse } from '../violation.ts';
import { grantColumns } from './columns.ts';
import { presentGrant } from './present.ts';

/**
 * Changes what a grant covers and when it ends; its team and suffix stay, and so do names that are live. One that has ended
 * begins anew with a later end. Errors: forbidden, not-found (also where it was revoked), invalid-input with everything that is wrong.
 */
export async function updateGrant(ctx: Ctx, { id, ...input }: GrantChange): Promise<z.output<typeof grantRow>> {
  authorize(ctx.actor, 'grant.update');
  const now = ctx.clock.now();
  const include = { team: { select: { slug: true } } } as const;
  return transact(ctx.db, async (tx) => {
    const row = await tx.grant.findUnique({ where: { id, revokedAt: null }, include });
    if (row === null) throw new HostmasterError('not-found', `There is no grant ${id}.`);
    const before = presentGrant(row);
    const violations: Violation[] = [];
    const data = await grantColumns(tx, input, now, violations);
    refuse(violations);
    if (saysAlready(row, data)) return before;
    const { count } = await tx.grant.updateMany({ where: { id, revokedAt: null }, data });
    if (count === 0) throw new HostmasterError('not-found', `There is no grant ${id}.`);
    const after = presentGrant(await tx.grant.findUniqueOrThrow({ where: { id }, include }));
    await audit(tx, ctx, 'grant.update', { id, name: `${after.team} ${after.suffix}` }, { before: said(before), after: said(after) }, now);
    return after;
  });
}

const said = ({ id: _, createdAt: __, ...rest }: z.output<typeof grantRow>) => rest;
