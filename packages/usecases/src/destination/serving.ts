// Where the certificate of a contract is handed to: asked by whatever delivers, looks, takes back or shows it, and decided nowhere else.
import { isCertificateOnly } from '@hostmaster/core/contract/endpoint';
import type { AdmittedContract } from '@hostmaster/core/contract/stored-contract';
import { ofKind } from '@hostmaster/core/descriptor';
import { HostmasterError } from '@hostmaster/core/errors';
import { secretNameOf } from '@hostmaster/core/kubernetes/secret-name';
import { hostmaster } from '@hostmaster/core/operation/moves-next';
import type { CertificateDestination } from '@hostmaster/core/pki/destination';
import type { Reader, Tx } from '@hostmaster/db/client';
import type { Ctx, WorkerCtx } from '../context.ts';
import { readStored } from '../stored-json.ts';

export type Place = {
  /** Null: the directory of the worker. */
  readonly destinationId: string | null;
  /** Empty where the destination has no such thing. */
  readonly namespace: string;
};

export const edgePlace: Place = { destinationId: null, namespace: '' };

/**
 * The destination of the cluster that the name leads to, whatever ends TLS there: DNS leads nowhere else. In it the namespace of the
 * Gateway, else that of the backend, else the destination's own. Every other name is served from the directory of the worker. Null where
 * TLS is not ended with a certificate of ours, or where that is, its team alone knows. Errors: unsupported (nobody knows the kind of the destination).
 */
export async function placeOf(
  db: Reader,
  { destinationKinds }: Pick<Ctx, 'destinationKinds'>,
  contract: AdmittedContract,
): Promise<Place | null> {
  const { target, tls, routing } = contract;
  if (tls.termination === 'none' || isCertificateOnly(contract)) return null;
  if (!('cluster' in target)) return edgePlace;
  const cluster = await db.cluster.findUnique({
    where: { slug: target.cluster },
    select: { destination: { select: { id: true, kind: true, settings: true } } },
  });
  const destination = cluster?.destination ?? null;
  if (destination === null) return edgePlace;
  const kind = ofKind(destinationKinds, destination.kind);
  const own = kind.defaultNamespace(readStored(kind.settings, destination.settings, 'destination.settings'));
  const wanted = routing.gateway?.namespace ?? routing.backend?.namespace;
  return { destinationId: destination.id, namespace: own === null ? '' : (wanted ?? own) };
}

export type OpenPlace = {
  readonly destination: CertificateDestination;
  /** Of the row that it was opened from; null where that is the directory. */
  readonly version: number | null;
};

/** What holds the certificates of a place; null where that is the directory, and this worker has none. Errors: key-unreadable, unsupported, not-found. */
export async function openPlace(ctx: WorkerCtx, { destinationId, namespace }: Place): Promise<OpenPlace | null> {
  if (destinationId === null) return ctx.edge === null ? null : { destination: ctx.edge, version: null };
  const row = await ctx.db.destination.findUnique({ where: { id: destinationId } });
  if (row === null) throw new HostmasterError('not-found', 'The destination that the certificate was handed to is gone.');
  return { destination: (await ctx.connectedDestination(row))(namespace), version: row.version };
}

/**
 * Asked in the transaction that has just written down what is put there: that row refers to the destination and waits for whoever changes
 * it (`lockDestination`), so that what they changed is seen here, and nothing is put at an address that it had before. Errors:
 * delivery-failed.
 */
export async function requireAsOpened(tx: Tx, { destinationId }: Place, version: number | null): Promise<void> {
  if (destinationId === null) return;
  const row = await tx.destination.findUnique({ where: { id: destinationId }, select: { slug: true, version: true } });
  if (row?.version === version) return;
  throw new HostmasterError(
    'delivery-failed',
    `The destination ${row?.slug ?? 'that it goes to'} was changed while it was looked at; nothing was put there, and it is looked at again.`,
    { movesNext: hostmaster },
  );
}

/** Where a name's certificate is there, as people look for it. */
export const placeWords = ({ destinationId, namespace }: Place, hostname: string): string =>
  destinationId === null || namespace === '' ? hostname : `${namespace}/${secretNameOf(hostname)}`;
