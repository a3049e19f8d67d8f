import type { RootConnection } from '@hostmaster/core/contract/authority';
import type { Operation } from '@hostmaster/core/contract/operation';
import { certificateFingerprint } from '@hostmaster/core/pki/certificate';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { SealingCtx } from '../context.ts';
import { askAuthority } from './ask.ts';
import { judgeRoot } from './judge.ts';

/** Connects a root by its certificate alone: its key is kept elsewhere, and whoever has it signs the CAs below it. It is announced. Errors: forbidden, invalid-input with everything that is wrong, rate-limited. */
export async function connectRoot(ctx: SealingCtx, { name, certificatePem, intermediateKey }: RootConnection): Promise<Operation> {
  authorize(ctx.actor, 'authority.manage');
  const certificate = await judgeRoot(ctx.db, certificatePem, ctx.clock.now());
  const detail = { name, certificatePem, intermediateKey };
  const facts = { fingerprint: certificateFingerprint(certificate), intermediateKey };
  return askAuthority(ctx, { act: 'connect-root', detail, subject: null, facts });
}
