import type { IssuerRow } from '@hostmaster/core/contract/issuer';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { Ctx } from '../context.ts';
import { readIssuer } from './present.ts';

/** One issuer, made here or connected. Errors: forbidden, not-found. */
export async function getIssuer(ctx: Ctx, { id }: { readonly id: string }): Promise<IssuerRow> {
  authorize(ctx.actor, 'issuer.read');
  const issuer = await readIssuer(ctx.db, ctx.issuerKinds, id, ctx.clock.now());
  if (issuer === null) throw noIssuer(id);
  return issuer;
}

export const noIssuer = (id: string): HostmasterError => new HostmasterError('not-found', `There is no issuer ${id}.`);
