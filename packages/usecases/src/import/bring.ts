// A team brings a certificate with its key: the portal seals both for a worker and can read neither again. Whether they are any good, the
// worker says (take.ts).
import { randomUUID } from 'node:crypto';
import type { CertificateImport } from '@hostmaster/core/contract/certificate-import';
import type { Operation } from '@hostmaster/core/contract/operation';
import { isLeaving } from '@hostmaster/core/endpoint/state';
import { HostmasterError } from '@hostmaster/core/errors';
import { broughtContext } from '@hostmaster/core/pki/brought-certificate';
import { takesBrought } from '@hostmaster/core/pki/source-traits';
import { authorize } from '@hostmaster/core/policy/authorize';
import { endpointById } from '@hostmaster/db/endpoint';
import { hurryOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { SealingCtx } from '../context.ts';
import { presentOperation } from '../operation/present.ts';
import { readWorkforce } from '../operation/workforce.ts';
import { consumeLimit } from '../rate-limit/consume.ts';
import { endpointSubject, startReconcile } from '../reconcile/start.ts';
import { readContract } from '../stored-columns.ts';

/** A file that is made to can take a worker seconds, and it opens one at a time. */
const broughtPerTeam = { limit: 10, windowSeconds: 60 };

/**
 * Hands a certificate with its key to a worker; it takes the place of what was brought before and not taken in. Work that waits for it goes
 * on, and a name that is live has its certificate replaced.
 * Errors: not-found, forbidden, conflict (the contract asks another one for its certificate, or the name ends), rate-limited.
 */
export async function bringCertificate(ctx: SealingCtx, { id: endpointId, file, passphrase }: CertificateImport): Promise<Operation> {
  const endpoint = await endpointById(ctx.db, endpointId);
  if (endpoint === null) throw new HostmasterError('not-found', `There is no endpoint ${endpointId}.`);
  authorize(ctx.actor, 'certificate.import', { team: endpoint.team });
  const { hostname, view, state } = endpoint;
  const contract = readContract(endpoint.contract);
  if (isLeaving(state)) throw new HostmasterError('conflict', `${hostname} is retired, or on its way: it needs no certificate.`);
  if (!takesBrought(contract))
    throw new HostmasterError(
      'conflict',
      `Nothing is imported for ${hostname}: its contract asks for ${contract.tls.termination === 'none' ? 'no TLS' : `a certificate from ${contract.tls.source}`}. Ask for a change to imported first.`,
    );
  const id = randomUUID();
  const sealed = await ctx.sealer.seal(Buffer.from(JSON.stringify({ file, passphrase })), broughtContext(id));
  const now = ctx.clock.now();
  const { zoneId } = await ctx.db.endpoint.findUniqueOrThrow({ where: { id: endpointId }, select: { zoneId: true } });
  const workforce = await readWorkforce(ctx.db);
  return transact(ctx.db, async (tx) => {
    await consumeLimit({ db: tx, clock: ctx.clock }, { key: `check:import:${endpoint.teamId}`, ...broughtPerTeam });
    await tx.broughtCertificate.deleteMany({ where: { endpointId } });
    const secret = { secretKeyId: sealed.keyId, secretCiphertext: Buffer.from(sealed.ciphertext) };
    const asker = { askerId: ctx.actor.id, askerName: ctx.actor.name };
    await tx.broughtCertificate.createMany({ data: [{ id, endpointId, ...asker, ...secret, createdAt: now }] });
    const wish = { purpose: 'import' as const, hostname, view, zoneId, endpointId, reason: 'A certificate was brought.' };
    const subject = endpointSubject({ hostname, view });
    const operation = (await startReconcile(tx, wish, now)) ?? (await hurryOperation(tx, subject));
    if (operation === null) throw new HostmasterError('conflict', `Work on ${hostname} ended a moment ago; bring it once more.`);
    const octets = Buffer.from(file, 'base64').length;
    await audit(tx, ctx, 'endpoint.bring-certificate', { id: endpointId, name: hostname }, { octets }, now);
    return presentOperation(operation, workforce);
  });
}
