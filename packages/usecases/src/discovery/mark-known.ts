import type { DiscoveredDetail, knownInput } from '@hostmaster/core/contract/discovery';
import { day } from '@hostmaster/core/duration';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { transact } from '@hostmaster/db/transaction';
import type { z } from 'zod';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { timestampOf } from '../timestamp.ts';
import { readDiscovered } from './get.ts';

/** For how long where it says no end of its own that is still ahead. */
const otherwiseDays = 90;

/**
 * Says that a certificate is in order though Hostmaster did not issue it: until its end, and then it is asked about again.
 * Errors: forbidden, not-found, conflict (it is one of Hostmaster).
 */
export async function markKnown(ctx: Ctx, { id, reason }: z.output<typeof knownInput>): Promise<DiscoveredDetail> {
  authorize(ctx.actor, 'discovery.confirm');
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const { verdict, fingerprint, names, notAfter } = await readDiscovered(ctx, tx, id);
    if (verdict === 'ours') throw new HostmasterError('conflict', 'Hostmaster issued it or had it imported: there is nothing to confirm.');
    const knownUntil = notAfter !== null && new Date(notAfter) > now ? new Date(notAfter) : new Date(now.getTime() + otherwiseDays * day);
    const data = { knownReason: reason, knownBy: ctx.actor.name, knownAt: now, knownUntil };
    await tx.discoveredCertificate.update({ where: { id }, data, select: { id: true } });
    const detail = { fingerprint, reason, until: timestampOf(knownUntil) };
    await audit(tx, ctx, 'discovered.mark-known', { id, name: names[0] ?? fingerprint }, detail, now);
    return readDiscovered(ctx, tx, id);
  });
}

/** Takes that back. Errors: forbidden, not-found (also where nobody said it). */
export async function withdrawKnown(ctx: Ctx, { id }: { readonly id: string }): Promise<void> {
  authorize(ctx.actor, 'discovery.confirm');
  const now = ctx.clock.now();
  await transact(ctx.db, async (tx) => {
    const { known, fingerprint, names } = await readDiscovered(ctx, tx, id);
    if (known === null) throw new HostmasterError('not-found', 'Nobody said that it is in order.');
    const data = { knownReason: null, knownBy: null, knownAt: null, knownUntil: null };
    await tx.discoveredCertificate.update({ where: { id }, data, select: { id: true } });
    await audit(tx, ctx, 'discovered.withdraw', { id, name: names[0] ?? fingerprint }, { fingerprint, reason: known.reason }, now);
  });
}
