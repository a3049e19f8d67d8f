import { randomUUID } from 'node:crypto';
import type { AuditAction, AuditDetail } from '@hostmaster/core/audit/actions';
import type { Operation } from '@hostmaster/core/contract/operation';
import { HostmasterError } from '@hostmaster/core/errors';
import { type AuthorityAct, type AuthorityDetail, importedKeyContext } from '@hostmaster/core/pki/authority-change';
import { startOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { SealingCtx } from '../context.ts';
import { presentOperation } from '../operation/present.ts';
import { readWorkforce } from '../operation/workforce.ts';
import { consumeLimit } from '../rate-limit/consume.ts';

/** A key of RSA takes a worker seconds. */
const asksPerPerson = { limit: 20, windowSeconds: 60 };

type Asked<A extends AuthorityAct> = {
  readonly act: A;
  readonly detail: AuthorityDetail<A>;
  /** What is to be done to it, with the name by which people know it; null where it is not there yet. */
  readonly subject: { readonly id: string; readonly name: string } | null;
  readonly facts: AuditDetail<`authority.${A}` & AuditAction>;
  /** A private key and what opens it: sealed to the worker before anything is stored. */
  readonly secret?: Uint8Array;
};

/** Has a worker do to the internal CA what was decided on, in one transaction with who asked for it. Errors: rate-limited. */
export async function askAuthority<A extends AuthorityAct>(
  ctx: Pick<SealingCtx, 'actor' | 'client' | 'clock' | 'db' | 'sealer'>,
  { act, detail, subject, facts, secret }: Asked<A>,
): Promise<Operation> {
  const id = randomUUID();
  const sealed = secret === undefined ? null : await ctx.sealer.seal(secret, importedKeyContext(id));
  const now = ctx.clock.now();
  const workforce = await readWorkforce(ctx.db);
  return transact(ctx.db, async (tx) => {
    await consumeLimit({ db: tx, clock: ctx.clock }, { key: `check:authority:${ctx.actor.id}`, ...asksPerPerson });
    const wish = { kind: 'authority', purpose: 'ceremony', subject: `authority:${id}`, reason: 'A worker takes it next.' } as const;
    const operation = await startOperation(tx, wish, now);
    if (operation === null) throw new HostmasterError('internal', 'A change of the CA that nobody else knows of is under way already.');
    const secretColumns = sealed === null ? {} : { secretKeyId: sealed.keyId, secretCiphertext: Buffer.from(sealed.ciphertext) };
    const about = subject ?? { id, name: 'internal CA' };
    const data = { id, operationId: operation.id, act, subjectId: about.id, detail, ...secretColumns, createdAt: now };
    await tx.authorityChange.create({ data, select: { id: true } });
    await audit(tx, ctx, `authority.${act}` as `authority.${A}` & AuditAction, about, facts, now);
    return presentOperation(operation, workforce);
  });
}
