import type { RootWish } from '@hostmaster/core/contract/authority';
import type { Operation } from '@hostmaster/core/contract/operation';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { SealingCtx } from '../context.ts';
import { askAuthority } from './ask.ts';

/** Has a worker make another root, whose key is kept here. It is announced: trusted, and signing nothing before it is activated. Errors: forbidden, rate-limited. */
export async function makeRoot(ctx: SealingCtx, { name, key, intermediateKey }: RootWish): Promise<Operation> {
  authorize(ctx.actor, 'authority.manage');
  const detail = { name, key, intermediateKey };
  return askAuthority(ctx, { act: 'make-root', detail, subject: null, facts: { key, intermediateKey } });
}
