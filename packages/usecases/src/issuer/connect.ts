import { randomUUID } from 'node:crypto';
import type { IssuerInput, IssuerKept } from '@hostmaster/core/contract/issuer';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { serverProfile } from '@hostmaster/core/pki/profile';
import { authorize } from '@hostmaster/core/policy/authorize';
import { hurryIssuance } from '@hostmaster/db/hurry';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import { testedBefore } from '../connection/tested.ts';
import type { SealingCtx } from '../context.ts';
import { refuse } from '../violation.ts';
import { noIssuer } from './get.ts';
import { readIssuer } from './present.ts';
import { factsOf, issuerColumns, issuerConnectionColumns, triedIssuer } from './settings.ts';

/**
 * Connects an issuer that others run, once its connection was tested or is said to be untested: its secret is sealed to the worker before anything is stored. The key of its account is made by
 * a worker, when the first certificate is ordered from it.
 * Errors: forbidden, invalid-input with everything that is wrong, already-exists (the short name).
 */
export async function connectIssuer(
  ctx: SealingCtx,
  { slug, name, connection, trial, untested, ...said }: IssuerInput,
): Promise<IssuerKept> {
  authorize(ctx.actor, 'issuer.connect');
  const violations: Violation[] = [];
  const columns = await issuerColumns(ctx, said, violations);
  const tried = violations.length > 0 ? null : triedIssuer(columns, connection);
  const tested = await testedBefore(ctx, { trial, untested }, tried, violations);
  refuse(violations);
  // Named before it is stored: the secret is sealed for this issuer.
  const id = randomUUID();
  const connected = await issuerConnectionColumns(ctx, id, connection);
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    if ((await tx.issuer.findUnique({ where: { slug }, select: { id: true } })) !== null)
      throw new HostmasterError('already-exists', `There is an issuer ${slug} already.`);
    const data = { id, slug, name, kind: connection.kind, ...columns, ...connected, profile: serverProfile.name, createdAt: now };
    await tx.issuer.create({ data, select: { id: true } });
    const issuer = await readIssuer(tx, ctx.issuerKinds, id, now);
    if (issuer === null) throw noIssuer(id);
    await hurryIssuance(tx, columns.permittedSuffixes);
    await audit(tx, ctx, 'issuer.connect', { id, name: slug }, { ...factsOf(issuer), tested }, now);
    return { ...issuer, tested };
  });
}
