import type { AuthorityImport } from '@hostmaster/core/contract/authority';
import type { Operation } from '@hostmaster/core/contract/operation';
import { certificateFingerprint } from '@hostmaster/core/pki/certificate';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { SealingCtx } from '../context.ts';
import { askAuthority } from './ask.ts';
import { judgeImport } from './judge-import.ts';

/**
 * Brings a CA that was made elsewhere, with its key: a root, which is announced, or one below a root that is known here. The key is sealed
 * to the worker before anything is stored, and the worker says whether it opens and belongs to the certificate.
 * Errors: forbidden, invalid-input with everything that is wrong with the certificate, rate-limited.
 */
export async function importAuthority(
  ctx: SealingCtx,
  { name, certificatePem, keyPem, passphrase, intermediateKey }: AuthorityImport,
): Promise<Operation> {
  authorize(ctx.actor, 'authority.manage');
  const { certificate } = await judgeImport(ctx.db, certificatePem, ctx.clock.now());
  const secret = Buffer.from(JSON.stringify({ keyPem, passphrase: passphrase === '' ? null : passphrase }));
  const detail = { name, certificatePem, intermediateKey };
  const facts = { fingerprint: certificateFingerprint(certificate), intermediateKey };
  return askAuthority(ctx, { act: 'import', detail, subject: null, facts, secret });
}
