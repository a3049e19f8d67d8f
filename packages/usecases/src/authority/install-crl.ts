import type { SignedList } from '@hostmaster/core/contract/authority';
import type { Operation } from '@hostmaster/core/contract/operation';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { SealingCtx } from '../context.ts';
import { askAuthority } from './ask.ts';
import { judgeCrl } from './judge.ts';

/** Publishes a list that a root elsewhere has signed. Errors: forbidden, not-found, unsupported (the root signs here), invalid-input, rate-limited. */
export async function installCrl(ctx: SealingCtx, { id, crlPem }: SignedList): Promise<Operation> {
  authorize(ctx.actor, 'authority.manage');
  const { root, list } = await judgeCrl(ctx.db, id, crlPem, ctx.clock.now());
  return askAuthority(ctx, { act: 'install-crl', detail: { id, crlPem }, subject: root, facts: { number: list.number } });
}
