// A private key leaves once, for one browser: the portal writes whom it is for, a worker proves by itself who asks and seals it
// (seal.ts), and whoever asked takes it (collect.ts). Nobody between can read it.
import { randomUUID } from 'node:crypto';
import type { keyExportInput } from '@hostmaster/core/contract/key-export';
import type { Operation } from '@hostmaster/core/contract/operation';
import { HostmasterError } from '@hostmaster/core/errors';
import { exportPasswordContext } from '@hostmaster/core/pki/key-export';
import { authorize } from '@hostmaster/core/policy/authorize';
import { startOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import type { z } from 'zod';
import { audit } from '../audit/write.ts';
import { findCertificate } from '../certificate/find.ts';
import type { Ctx, SealingCtx } from '../context.ts';
import { presentOperation } from '../operation/present.ts';
import { readWorkforce } from '../operation/workforce.ts';
import { prove } from '../person/prove.ts';
import { consumeLimit } from '../rate-limit/consume.ts';
import { requireExportable } from './exportable.ts';

const asksPerPerson = { limit: 20, windowSeconds: 60 };

type Input = z.output<typeof keyExportInput> & { readonly clientAddress: string };

/**
 * Has a worker seal the private key of a certificate for the browser of whoever asks; its operation says the export in its result.
 * @param before the context of somebody who is not signed in, in which the password is proved
 * Errors: not-found, forbidden, conflict (there is no key to take), sign-in-failed, rate-limited, unavailable.
 */
export async function askForKey(
  ctx: SealingCtx,
  { serial: asked, recipient, password, clientAddress }: Input,
  before: Pick<Ctx, 'db' | 'clock'>,
): Promise<Operation> {
  const certificate = await findCertificate(ctx.db, asked);
  const { id: certificateId, serial, endpoint, names } = certificate;
  authorize(ctx.actor, 'certificate.export-key', { team: endpoint.team.slug });
  await requireExportable(ctx.db, certificate, ctx.clock.now());
  await consumeLimit(ctx, { key: `check:key-export:${ctx.actor.id}`, ...asksPerPerson });
  await prove(ctx, { password, path: 'password', clientAddress }, before);
  const id = randomUUID();
  const sealed = await ctx.sealer.seal(Buffer.from(password), exportPasswordContext(id));
  const proof = { exportId: id, secretKeyId: sealed.keyId, secretCiphertext: Buffer.from(sealed.ciphertext) };
  const now = ctx.clock.now();
  const workforce = await readWorkforce(ctx.db);
  return transact(ctx.db, async (tx) => {
    const subject = `key-export:${certificateId}`;
    const wish = { kind: 'key', purpose: 'export', subject, reason: 'A worker takes it next.' } as const;
    const operation = await startOperation(tx, wish, now);
    if (operation === null) throw new HostmasterError('internal', 'A newer wish for a key takes the place of an older one.');
    const data = { id, operationId: operation.id, certificateId, askerId: ctx.actor.id, recipient, createdAt: now };
    await tx.keyExport.create({ data, select: { id: true } });
    await tx.keyProof.createMany({ data: [proof] });
    await audit(tx, ctx, 'certificate.ask-key', { id: certificateId, name: names[0] ?? serial }, { serial }, now);
    return presentOperation(operation, workforce);
  });
}
