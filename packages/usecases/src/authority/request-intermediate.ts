import type { Operation } from '@hostmaster/core/contract/operation';
import { HostmasterError } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { SealingCtx } from '../context.ts';
import { askAuthority } from './ask.ts';
import { requireOffline, signableApexes } from './judge.ts';

/** Has a worker make the key of a CA below a root elsewhere, and the request for whoever holds that. Errors: forbidden, not-found, unsupported (the root signs here), rate-limited. */
export async function requestIntermediate(ctx: SealingCtx, { id }: { readonly id: string }): Promise<Operation> {
  authorize(ctx.actor, 'authority.manage');
  const root = await requireOffline(ctx.db, id);
  await requireApexes(ctx);
  return askAuthority(ctx, { act: 'request-intermediate', detail: { id }, subject: root, facts: {} });
}

/** The domains that a CA is asked for. Errors: unsupported where no zone is connected. */
export async function requireApexes({ db }: Pick<SealingCtx, 'db'>) {
  const apexes = await signableApexes(db);
  if (apexes.length > 0) return apexes;
  throw new HostmasterError('unsupported', 'A CA signs for the zones that are connected, and none is yet. Connect one first.');
}
