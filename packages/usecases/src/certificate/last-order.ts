import type { CertificateOrderView } from '@hostmaster/core/contract/certificate-order';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { Ctx } from '../context.ts';
import { readOrderState, readOrderTrail } from '../stored-columns.ts';
import { timestampOf, timestampOrNull } from '../timestamp.ts';

/** The order of an endpoint's certificate that was placed last, with what its issuer says of it. Errors: forbidden, not-found. */
export async function lastOrderOf(ctx: Ctx, { id }: { readonly id: string }): Promise<{ order: CertificateOrderView | null }> {
  authorize(ctx.actor, 'endpoint.read');
  const row = await ctx.db.certificateOrder.findFirst({
    where: { endpointId: id },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: {
      id: true,
      state: true,
      names: true,
      reference: true,
      pendingMessage: true,
      pendingMovesNext: true,
      askAgainAt: true,
      unavailableSince: true,
      refusal: true,
      trail: true,
      trailAt: true,
      createdAt: true,
      closedAt: true,
      issuer: { select: { slug: true } },
      proofs: { select: { type: true, name: true, text: true, putAt: true, zone: { select: { apex: true } } }, orderBy: { name: 'asc' } },
      httpProofs: { select: { token: true, keyAuthorization: true, putAt: true }, orderBy: { token: 'asc' } },
      tlsProofs: { select: { hostname: true, keyAuthorization: true, putAt: true }, orderBy: { hostname: 'asc' } },
    },
  });
  if (row === null) {
    const endpoint = await ctx.db.endpoint.findUnique({ where: { id }, select: { id: true } });
    if (endpoint === null) throw new HostmasterError('not-found', `There is no endpoint ${id}.`);
    return { order: null };
  }
  const { state, pendingMessage, pendingMovesNext, trail, trailAt } = row;
  const waits = state === 'open' && pendingMessage !== null && pendingMovesNext !== null;
  return {
    order: {
      id: row.id,
      issuer: row.issuer.slug,
      state: readOrderState(state),
      names: row.names,
      reference: row.reference,
      waitsFor: waits ? { message: pendingMessage, movesNext: pendingMovesNext, askAgainAt: timestampOrNull(row.askAgainAt) } : null,
      refusal: row.refusal,
      unavailableSince: timestampOrNull(row.unavailableSince),
      proofs: [
        ...row.proofs.map(({ type, name, text, zone, putAt }) => ({
          method: type === 'CNAME' ? ('alias' as const) : ('dns-01' as const),
          where: name,
          value: text,
          zone: zone.apex,
          putAt: timestampOf(putAt),
        })),
        ...row.httpProofs.map(({ token, keyAuthorization, putAt }) => ({
          method: 'http-01' as const,
          where: `/.well-known/acme-challenge/${token}`,
          value: keyAuthorization,
          zone: null,
          putAt: timestampOf(putAt),
        })),
        ...row.tlsProofs.map(({ hostname, keyAuthorization, putAt }) => ({
          method: 'tls-alpn-01' as const,
          where: hostname,
          value: keyAuthorization,
          zone: null,
          putAt: timestampOf(putAt),
        })),
      ],
      said: trail === null || trailAt === null ? null : { at: timestampOf(trailAt), ...readOrderTrail(trail) },
      placedAt: timestampOf(row.createdAt),
      closedAt: timestampOrNull(row.closedAt),
    },
  };
}
