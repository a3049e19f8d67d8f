// Proofs of control that a CA asks for in a TLS handshake (RFC 8737): a row for each, and then key and certificate where an edge reads them.
// Before the CA is asked to look, every address that the name leads to is asked as it will: one of them may lead elsewhere.
import { acmeTls, proofCertificateFault } from '@hostmaster/core/acme/proof-certificate';
import type { Proof, ProofLook, ProofWait } from '@hostmaster/core/acme/proofs';
import type { View } from '@hostmaster/core/dns/view';
import { hostmaster, operator, tlsServer } from '@hostmaster/core/operation/moves-next';
import type { HandshakeProofAnswer } from '@hostmaster/core/probe/prober';
import { closedOrders } from '@hostmaster/db/state-lists';
import { transact } from '@hostmaster/db/transaction';
import type { WorkerCtx } from '../context.ts';
import { zoneKeeping } from '../zone/keeping.ts';
import { addressesForCa, leadsNowhere } from './leads-a-ca.ts';

/** A name shows one proof at a time. That of another order is left alone for so long, in which a CA looks, and then gives way. */
const shownMilliseconds = 120_000;

/** Has them shown, and asks for each as the CA will. Errors: delivery-failed. */
export async function showInHandshakes(
  ctx: WorkerCtx,
  orderId: string,
  { tlsPort: port, resolver }: Omit<ProofLook, 'method'>,
  proofs: readonly Proof[],
  signal: AbortSignal,
): Promise<ProofWait | null> {
  const place = ctx.handshakeProofs;
  if (place === null || !(await place.areShown())) return notHere;
  const { endpoint } = await ctx.db.certificateOrder.findUniqueOrThrow({
    where: { id: orderId },
    select: { endpoint: { select: { view: true } } },
  });
  for (const proof of proofs) {
    if (!(await take(ctx, orderId, proof))) return taken(proof.hostname);
    await place.show(proof);
  }
  for (const proof of proofs) {
    const fault = await notSeen(ctx, proof, { view: endpoint.view, port, resolver }, signal);
    if (fault !== null) return fault;
  }
  return null;
}

type Which =
  | { readonly orderId: string }
  | { readonly order: { readonly endpointId?: string; readonly state?: { readonly in: string[] } } };

/** What this worker can take back: the rows of a directory that it has not stay for one that has. Errors: delivery-failed. */
export async function showNoMore(ctx: WorkerCtx, which: Which): Promise<void> {
  const place = ctx.handshakeProofs;
  if (place === null) return;
  for (const { id, hostname } of await ctx.db.tlsProof.findMany({ where: which, select: { id: true, hostname: true } })) {
    await place.hide(hostname);
    await transact(ctx.db, (tx) => tx.tlsProof.deleteMany({ where: { id } }));
  }
}

const notHere: ProofWait = {
  message:
    'No edge here shows the proof that a CA asks for in a TLS handshake (tls-alpn-01): what ends TLS from the directory of the worker does not answer it. Choose dns-01 or http-01.',
  movesNext: operator,
};

const taken = (hostname: string): ProofWait => ({
  message: `Another order shows its proof of ${hostname} (tls-alpn-01) for now; that of this one follows.`,
  movesNext: hostmaster,
});

/** Whether the name is this order's to show a proof of. Written down before anything is put anywhere. */
function take(ctx: WorkerCtx, orderId: string, { hostname, keyAuthorization }: Proof): Promise<boolean> {
  const putAt = ctx.clock.now();
  const stale = [
    { orderId, keyAuthorization: { not: keyAuthorization } },
    { orderId: { not: orderId }, putAt: { lt: new Date(putAt.getTime() - shownMilliseconds) } },
    { orderId: { not: orderId }, order: { state: { in: closedOrders } } },
  ];
  return transact(ctx.db, async (tx) => {
    await tx.tlsProof.deleteMany({ where: { hostname, OR: stale } });
    await tx.tlsProof.createMany({ data: [{ orderId, hostname, keyAuthorization, putAt }], skipDuplicates: true });
    return (await tx.tlsProof.count({ where: { hostname, orderId } })) === 1;
  });
}

type Where = { readonly view: View; readonly port: number; readonly resolver: string | undefined };

async function notSeen(ctx: WorkerCtx, proof: Proof, { view, port, resolver }: Where, signal: AbortSignal): Promise<ProofWait | null> {
  const { hostname } = proof;
  const addresses = await addressesForCa(ctx, { hostname, view, resolver }, signal);
  const zone = await zoneKeeping(ctx.db, hostname, view);
  const answers = await ctx.prober.askInHandshake({ hostname, port, addresses, allowedRanges: zone?.allowedRanges ?? [] }, signal);
  const nowhere = leadsNowhere({ resolver });
  const [first] =
    answers.length === 0
      ? [nowhere]
      : answers.flatMap((answer) => (answer.failedLayer === 'guard' ? nowhere : (faultOf(answer, port, proof) ?? [])));
  if (first === undefined) return null;
  const remedy = `Have ${hostname} lead to the edge of Hostmaster on port ${port} and nowhere else, or choose dns-01`;
  return {
    message: `The proof that a CA will ask ${hostname} for (tls-alpn-01) is not seen there: ${first}. ${remedy}.`,
    movesNext: tlsServer,
  };
}

function faultOf({ address, error, protocol, certificate }: HandshakeProofAnswer, port: number, proof: Proof): string | null {
  const at = `port ${port} of ${address}`;
  if (error !== null) return `${at}: ${error}`;
  if (protocol !== acmeTls) return `${at} takes the connection and does not speak ${acmeTls}`;
  const fault = certificate === null ? 'presents no certificate' : proofCertificateFault(certificate, proof);
  return fault === null ? null : `${at} ${fault}`;
}
