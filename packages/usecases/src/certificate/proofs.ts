// Proofs of control for a CA (RFC 8555 §8): each is written down before it stands where the CA looks, so that whatever ends in between, it is
// taken back: by whoever goes on with the order, else by the next work on the name, or reading of the zone.
import type { Proofs } from '@hostmaster/core/acme/proofs';
import { causeChain, HostmasterError } from '@hostmaster/core/errors';
import { closedOrders } from '@hostmaster/db/state-lists';
import { transact } from '@hostmaster/db/transaction';
import type { WorkerCtx } from '../context.ts';
import { putInDns, takeBackFromDns } from './dns-proofs.ts';
import { answerNoMore, answerOverHttp } from './http-proofs.ts';
import { isWanted } from './kept.ts';
import { showInHandshakes, showNoMore } from './tls-proofs.ts';

export const createProofs = (ctx: WorkerCtx): Proofs => ({
  put: (orderId, look, proofs, signal) => {
    if (look.method === 'dns-01') return putInDns(ctx, orderId, proofs, signal);
    return look.method === 'http-01'
      ? answerOverHttp(ctx, orderId, look, proofs, signal)
      : showInHandshakes(ctx, orderId, look, proofs, signal);
  },
  async takeBack(orderId, signal) {
    await answerNoMore(ctx, orderId);
    await showNoMore(ctx, { orderId });
    await takeBackFromDns(ctx, orderId, signal);
  },
});

/** Takes back what all orders of an endpoint put, where the name goes. Errors: dns-*, delivery-failed. */
export const takeBackAll = (ctx: WorkerCtx, endpointId: string, signal: AbortSignal): Promise<void> =>
  takeBackOf(ctx, { order: { endpointId } }, signal, true);

type Left = { readonly endpointId: string } | { readonly zoneId: string };

/**
 * Takes back what orders of an endpoint, or in a zone, left behind that are over. Nobody waits for it: where a name server or the disk takes
 * nothing now, the next reading of the zone tries again.
 */
export async function takeBackLeft(ctx: WorkerCtx, left: Left, signal: AbortSignal): Promise<void> {
  const over = { state: { in: closedOrders } };
  try {
    await takeBackOf(
      ctx,
      'zoneId' in left ? { zoneId: left.zoneId, order: over } : { order: { ...over, endpointId: left.endpointId } },
      signal,
    );
  } catch (error) {
    if (!(error instanceof HostmasterError)) throw error;
    ctx.log.warn({ ...left, code: error.code, causes: causeChain(error) }, `A proof of control is left where it was put: ${error.message}`);
  }
}

/** An alias stays for as long as what it was put for is wanted: the CA looks at it again with each renewal. */
async function isToStay(ctx: WorkerCtx, orderId: string): Promise<boolean> {
  if ((await ctx.db.dnsProof.findFirst({ where: { orderId, type: 'CNAME' }, select: { id: true } })) === null) return false;
  const of = { endpointId: true, issuerId: true, reference: true } as const;
  return isWanted(ctx.db, await ctx.db.certificateOrder.findUniqueOrThrow({ where: { id: orderId }, select: of }));
}

type Which = { readonly zoneId?: string; readonly order: { readonly endpointId?: string; readonly state?: { readonly in: string[] } } };

/** @param ended whether the name is at an end, and everything that was put for it */
async function takeBackOf(ctx: WorkerCtx, where: Which, signal: AbortSignal, ended = false): Promise<void> {
  await transact(ctx.db, (tx) => tx.httpProof.deleteMany({ where: { order: where.order } }));
  await showNoMore(ctx, { order: where.order });
  const left = await ctx.db.dnsProof.findMany({ where, distinct: ['orderId'], select: { orderId: true } });
  for (const { orderId } of left) if (ended || !(await isToStay(ctx, orderId))) await createProofs(ctx).takeBack(orderId, signal);
}
