import type { IssuerChange, IssuerKept, IssuerRow } from '@hostmaster/core/contract/issuer';
import { ofKind } from '@hostmaster/core/descriptor';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { Tx } from '@hostmaster/db/client';
import { hurryIssuance } from '@hostmaster/db/hurry';
import { transact } from '@hostmaster/db/transaction';
import { lockIssuer } from '@hostmaster/db/uses';
import { difference } from '../audit/difference.ts';
import { audit } from '../audit/write.ts';
import { testedWhereSent } from '../connection/tested.ts';
import type { SealingCtx } from '../context.ts';
import { saysAlready } from '../unchanged.ts';
import { refuse } from '../violation.ts';
import { requireConnected } from './connected.ts';
import { noIssuer } from './get.ts';
import { readIssuer } from './present.ts';
import { withoutCiphertexts } from './secret.ts';
import { factsOf, issuerColumns, issuerConnectionColumns, triedIssuer } from './settings.ts';

/**
 * Changes what is said of an issuer that is connected, where that is not said already; orders that are open go on with that. Where it is changes together with its
 * secret alone: what is not given with a new connection is gone.
 * Errors: forbidden, not-found, unsupported (made here), invalid-input with everything that is wrong, conflict (somebody changed it in between).
 */
export async function updateIssuer(
  ctx: SealingCtx,
  { id, version, name, connection, trial, untested, ...said }: IssuerChange,
): Promise<IssuerKept> {
  authorize(ctx.actor, 'issuer.update');
  const now = ctx.clock.now();
  const before = requireConnected(await readIssuer(ctx.db, ctx.issuerKinds, id, now), id);
  if (version > before.version)
    throw new HostmasterError('conflict', `The issuer ${before.slug} never had version ${version}; the newest is ${before.version}.`);
  const violations: Violation[] = connection === undefined || connection.kind === before.kind ? [] : [otherKind(before)];
  const columns = await issuerColumns(ctx, said, violations);
  const tried = violations.length > 0 || !connection ? null : triedIssuer(columns, connection);
  const tested = await testedWhereSent(ctx, { trial, untested }, { connection, tried }, violations);
  refuse(violations);
  const connected = connection === undefined ? {} : await issuerConnectionColumns(ctx, id, connection);
  return transact(ctx.db, async (tx) => {
    // What a worker is about to order is waited for and seen.
    await lockIssuer(tx, id);
    if (connection !== undefined) refuse(await otherCa(ctx, tx, before, connection.settings));
    const said = { name, ...columns, ...connected };
    if (before.version === version && connection?.secret === undefined && (await isSaid(tx, id, said))) return { ...before, tested };
    // What was seen of it was seen where it was.
    const data = { ...said, ...(connection === undefined ? {} : { longestHours: null }), version: { increment: 1 } };
    const { count } = await tx.issuer.updateMany({ where: { id, version }, data });
    if (count === 0 || before.version !== version)
      throw new HostmasterError('conflict', `The issuer ${before.slug} was changed since version ${version}.`);
    const after = await readIssuer(tx, ctx.issuerKinds, id, now);
    if (after === null) throw noIssuer(id);
    const detail = {
      ...difference(factsOf(before), factsOf(after)),
      newSecret: connection?.secret !== undefined,
      ...(tested === null ? {} : { tested }),
    };
    // What is mended may be what they wait for.
    await hurryIssuance(tx, [...before.permittedSuffixes, ...columns.permittedSuffixes]);
    await audit(tx, ctx, 'issuer.update', { id, name: before.slug }, detail, now);
    return { ...after, tested };
  });
}

/** Where no secret is given, and there was none. */
async function isSaid(tx: Tx, id: string, { secretCiphertext: _, ...said }: Readonly<Record<string, unknown>>): Promise<boolean> {
  return saysAlready(await tx.issuer.findUniqueOrThrow({ where: { id }, omit: withoutCiphertexts }), said);
}

/** What was ordered from a CA is asked on, fetched and revoked there: another one knows nothing of it. */
async function otherCa(
  { issuerKinds }: SealingCtx,
  tx: Tx,
  { id, slug, kind, connection }: IssuerRow,
  after: Readonly<Record<string, unknown>>,
): Promise<readonly Violation[]> {
  const moved = ofKind(issuerKinds, kind).identifiedBy.filter((setting) => connection?.settings[setting] !== after[setting]);
  if (moved.length === 0 || (await tx.certificateOrder.findFirst({ where: { issuerId: id }, select: { id: true } })) === null) return [];
  return moved.map((setting) => ({
    rule: 'issuer-identity',
    path: `connection.settings.${setting}`,
    reason: `Certificates were ordered from ${slug} at ${connection?.settings[setting]}, and are known there alone.`,
    remedy: 'Connect the other CA as an issuer of its own, and stop this one.',
  }));
}

/** By its kind contracts ask for it. */
const otherKind = ({ slug, kind }: IssuerRow) => ({
  rule: 'issuer-kind',
  path: 'connection.kind',
  reason: `The issuer ${slug} is of the kind ${kind}, and stays so.`,
  remedy: 'Connect another issuer of the other kind, and stop this one.',
});
