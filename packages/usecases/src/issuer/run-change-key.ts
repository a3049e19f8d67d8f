// Another key for the account at a CA, by the worker: it is made and stored first, so that whoever comes after a crash knows both; then
// whoever orders with the one in force is let finish; then the CA is told.
import { HostmasterError } from '@hostmaster/core/errors';
import { hostmaster } from '@hostmaster/core/operation/moves-next';
import { accountKeyContext } from '@hostmaster/core/pki/key-store';
import { runSeconds } from '../operation/run-error.ts';
import { holdClaim, type StepResult, stepDone, stepWaits, type Work } from '../reconcile/step.ts';
import { rolledOver } from './key-changes.ts';

/** Errors: not-found (the issuer is gone), unsupported, issuer-refused (the key stays as it was), issuer-unavailable, key-unreadable. */
export async function runChangeKey(work: Work): Promise<StepResult> {
  const { ctx, operation, signal } = work;
  const row = await ctx.db.issuer.findUnique({ where: { id: rolledOver(operation.subject) } });
  if (row === null) throw new HostmasterError('not-found', 'The issuer is gone.');
  const { id, slug, nextKeyId, nextKeyCiphertext } = row;
  if (nextKeyId === null || nextKeyCiphertext === null) {
    const made = await ctx.keys.account(accountKeyContext(slug));
    const message =
      'The new key is made. Whoever orders with the one in force is let finish; nothing more is ordered until it has changed.';
    return stepWaits(work, { message, movesNext: hostmaster, seconds: runSeconds }, async (tx) => {
      await tx.issuer.update({ where: { id }, data: { nextKeyId: made.keyId, nextKeyCiphertext: Buffer.from(made.ciphertext) } });
    });
  }
  const { changeKey } = await ctx.issuer(row);
  await holdClaim(work);
  const none = { nextKeyId: null, nextKeyCiphertext: null };
  try {
    if (changeKey === undefined) throw new HostmasterError('unsupported', `The issuer ${slug} has no account whose key could be changed.`);
    await changeKey({ keyId: nextKeyId, ciphertext: nextKeyCiphertext }, signal);
  } catch (thrown) {
    if (thrown instanceof HostmasterError && !thrown.kind.retryable)
      await ctx.db.issuer.updateMany({ where: { id, nextKeyId }, data: none });
    throw thrown;
  }
  return stepDone(work, 'The account is known by another key from now on; the one before signs for nothing.', async (tx) => {
    await tx.issuer.update({ where: { id }, data: { keyId: nextKeyId, keyCiphertext: Buffer.from(nextKeyCiphertext), ...none } });
  });
}
