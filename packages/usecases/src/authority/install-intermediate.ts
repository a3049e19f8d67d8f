import type { SignedAuthority } from '@hostmaster/core/contract/authority';
import type { Operation } from '@hostmaster/core/contract/operation';
import { certificateFingerprint } from '@hostmaster/core/pki/certificate';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { SealingCtx } from '../context.ts';
import { askAuthority } from './ask.ts';
import { judgeSigned, requireRequest, requireRoot } from './judge.ts';

/** Brings what was signed elsewhere for a request: from then on the CA signs. Errors: forbidden, not-found, invalid-input with everything that is wrong, rate-limited. */
export async function installIntermediate(ctx: SealingCtx, { id, certificatePem }: SignedAuthority): Promise<Operation> {
  authorize(ctx.actor, 'authority.manage');
  const { csr, rootId } = await requireRequest(ctx.db, id);
  const { slug } = await requireRoot(ctx.db, rootId);
  const certificate = await judgeSigned(ctx.db, csr, rootId, certificatePem, ctx.clock.now());
  const facts = { root: slug, fingerprint: certificateFingerprint(certificate) };
  return askAuthority(ctx, {
    act: 'install-intermediate',
    detail: { id, certificatePem },
    subject: { id, name: `request below ${slug}` },
    facts,
  });
}
