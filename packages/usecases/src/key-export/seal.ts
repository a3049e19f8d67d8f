// By a worker: what the portal wrote is a wish, and nothing in it is believed. It opens the password itself, compares it with what the
// person chose, looks up what they are in the team, and only then opens the key.
import { createPrivateKey, randomBytes } from 'node:crypto';
import { HostmasterError } from '@hostmaster/core/errors';
import { verifyPassword } from '@hostmaster/core/person/password';
import { splitPem } from '@hostmaster/core/pki/chain';
import { recipientOf, sealTo } from '@hostmaster/core/pki/hpke';
import {
  type ExportedKey,
  exportedKeyContext,
  exportMilliseconds,
  exportMinutes,
  exportPasswordContext,
} from '@hostmaster/core/pki/key-export';
import { leafKeyContext } from '@hostmaster/core/pki/key-store';
import { jksKeyStore, pkcs12KeyStore } from '@hostmaster/core/pki/key-store-file';
import { writeOperation } from '@hostmaster/db/operation';
import type { WorkerCtx } from '../context.ts';
import { done, holdClaim, type StepResult, stepDone, type Work } from '../reconcile/step.ts';
import { requireExportable } from './exportable.ts';

/** Seals the key that somebody asked for. Errors: not-found, forbidden, conflict, key-unreadable. */
export async function sealKey(work: Work): Promise<StepResult> {
  const { ctx, operation } = work;
  // A run that was killed after its commit finds what it left.
  if (operation.result !== null) return done('It is sealed.');
  try {
    const wish = await readWish(work);
    await requireAsker(ctx, wish);
    await requireExportable(ctx.db, wish.certificate, ctx.clock.now());
    await holdClaim(work);
    const sealed = await sealFor(ctx, wish);
    return await stepDone(work, `It is there for ${exportMinutes} minutes.`, async (tx) => {
      await tx.keyProof.deleteMany({ where: { exportId: wish.id } });
      await tx.keyExport.updateMany({ where: { id: wish.id, takenAt: null }, data: { sealed: Buffer.from(sealed) } });
      await writeOperation(tx, work.claim, { result: { id: wish.id } });
    });
  } catch (cause) {
    // That nothing may leave is no matter of trying again.
    const refused = cause instanceof HostmasterError && cause.code === 'conflict';
    const error = refused ? new HostmasterError('unsupported', cause.message, { cause }) : cause;
    // What ends for good keeps no password.
    if (error instanceof HostmasterError && !error.kind.retryable)
      await ctx.db.keyExport.deleteMany({ where: { operationId: operation.id, takenAt: null } });
    throw error;
  }
}

async function readWish({ ctx, operation }: Work) {
  const wish = await ctx.db.keyExport.findUnique({
    where: { operationId: operation.id },
    include: {
      proof: true,
      certificate: {
        include: {
          endpoint: { select: { teamId: true, team: { select: { slug: true } } } },
          order: { select: { keyId: true, csr: true, keyCiphertext: true, keyLabel: true, teamId: true } },
        },
      },
    },
  });
  if (wish === null || ctx.clock.now().getTime() - wish.createdAt.getTime() > exportMilliseconds)
    throw new HostmasterError('not-found', `What was asked waited for longer than ${exportMinutes} minutes. Ask for the key once more.`);
  return wish;
}
type Wish = Awaited<ReturnType<typeof readWish>>;

/** Errors: forbidden, with one text for whatever does not hold; key-unreadable. */
async function requireAsker({ db, keyStore }: WorkerCtx, { id, askerId, proof, certificate }: Wish): Promise<void> {
  const { teamId, team } = certificate.endpoint;
  const person = await db.person.findFirst({
    where: { id: askerId, disabledAt: null, memberships: { some: { teamId, role: 'maintainer' } } },
    select: { password: { select: { hash: true } } },
  });
  if (proof === null) throw new HostmasterError('not-found', 'It is sealed already.');
  const secret = { keyId: proof.secretKeyId, ciphertext: proof.secretCiphertext };
  const password = await keyStore.open(secret, exportPasswordContext(id));
  const right = await verifyPassword(Buffer.from(password).toString(), person?.password?.hash ?? null);
  password.fill(0);
  if (person === null || !right)
    throw new HostmasterError('forbidden', `A worker could not see that a maintainer of ${team.slug} asked for the key.`);
}

async function sealFor({ clock, keys }: WorkerCtx, { id, recipient, certificate }: Wish): Promise<Uint8Array> {
  const { keyId, keyCiphertext, keyLabel } = certificate.order;
  if (keyId === null || keyCiphertext === null) throw new HostmasterError('not-found', 'There is no private key of it here.');
  const publicKey = await recipientOf(Buffer.from(recipient, 'base64url')).catch((cause: unknown) => {
    throw new HostmasterError('invalid-input', 'The key that it is to be sealed for is no point of P-256.', { cause });
  });
  const privateKeyPem = await keys.exportPem({ keyId, ciphertext: keyCiphertext }, leafKeyContext(keyLabel));
  const chain = splitPem(certificate.chainPem);
  const stored = { privateKey: createPrivateKey(privateKeyPem).export({ format: 'der', type: 'pkcs8' }), chain, alias: 'hostmaster' };
  const passphrase = randomBytes(15).toString('base64url');
  const base64 = (store: Uint8Array): string => Buffer.from(store).toString('base64');
  const whole: ExportedKey = {
    privateKeyPem,
    passphrase,
    stores: {
      p12: base64(pkcs12KeyStore(stored, passphrase, 'modern', randomBytes)),
      'legacy.p12': base64(pkcs12KeyStore(stored, passphrase, 'legacy', randomBytes)),
      jks: base64(jksKeyStore(stored, passphrase, clock.now(), randomBytes)),
    },
  };
  return sealTo(publicKey, Buffer.from(JSON.stringify(whole)), exportedKeyContext(id));
}
