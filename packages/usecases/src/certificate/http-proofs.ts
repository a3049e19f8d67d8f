// Proofs of control for a CA that asks the name itself (RFC 8555 §8.3): a row for each, which the portal's door answers with. Before the CA
// is asked to look, every address that the name leads to is asked as it will: one of them may lead elsewhere.
import { challengePath } from '@hostmaster/core/acme/challenge';
import type { Proof, ProofLook, ProofWait } from '@hostmaster/core/acme/proofs';
import type { View } from '@hostmaster/core/dns/view';
import { tlsServer } from '@hostmaster/core/operation/moves-next';
import type { HttpProofAnswer } from '@hostmaster/core/probe/prober';
import type { Reader } from '@hostmaster/db/client';
import { transact } from '@hostmaster/db/transaction';
import type { WorkerCtx } from '../context.ts';
import { zoneKeeping } from '../zone/keeping.ts';
import { addressesForCa, leadsNowhere } from './leads-a-ca.ts';

/** What the portal's door answers for a token; null where nothing is to be proved with it. */
export async function answerToChallenge(db: Reader, token: string): Promise<string | null> {
  if (!/^[\w-]{1,256}$/.test(token)) return null;
  const found = await db.httpProof.findFirst({ where: { token }, select: { keyAuthorization: true } });
  return found?.keyAuthorization ?? null;
}

/** Has them answered, and asks for each as the CA will. */
export async function answerOverHttp(
  ctx: WorkerCtx,
  orderId: string,
  { httpPort: port, resolver }: Omit<ProofLook, 'method'>,
  proofs: readonly Proof[],
  signal: AbortSignal,
): Promise<ProofWait | null> {
  const { endpoint } = await ctx.db.certificateOrder.findUniqueOrThrow({
    where: { id: orderId },
    select: { endpoint: { select: { view: true } } },
  });
  const putAt = ctx.clock.now();
  const data = proofs.map(({ token, keyAuthorization }) => ({ orderId, token, keyAuthorization, putAt }));
  await transact(ctx.db, (tx) => tx.httpProof.createMany({ data, skipDuplicates: true }));
  for (const proof of proofs) {
    const fault = await notSeen(ctx, proof, { view: endpoint.view, port, resolver }, signal);
    if (fault !== null) return fault;
  }
  return null;
}

export const answerNoMore = (ctx: WorkerCtx, orderId: string): Promise<unknown> =>
  transact(ctx.db, (tx) => tx.httpProof.deleteMany({ where: { orderId } }));

type Where = { readonly view: View; readonly port: number; readonly resolver: string | undefined };

async function notSeen(ctx: WorkerCtx, proof: Proof, { view, port, resolver }: Where, signal: AbortSignal): Promise<ProofWait | null> {
  const { hostname, token, keyAuthorization } = proof;
  const addresses = await addressesForCa(ctx, { hostname, view, resolver }, signal);
  const zone = await zoneKeeping(ctx.db, hostname, view);
  const allowedRanges = zone?.allowedRanges ?? [];
  const asked = { hostname, port, path: `${challengePath}${token}`, addresses, allowedRanges };
  const answers = await ctx.prober.askForProof(asked, signal);
  const nowhere = leadsNowhere({ resolver });
  const [first] = answers.length === 0 ? [nowhere] : answers.flatMap((answer) => faultOf(answer, keyAuthorization, nowhere) ?? []);
  if (first === undefined) return null;
  const remedy = `Where ${hostname} is served, pass ${challengePath} over plain HTTP on to Hostmaster, or choose dns-01`;
  return {
    message: `The proof that a CA will ask ${hostname} for (http-01) is not seen there: ${first}. ${remedy}.`,
    movesNext: tlsServer,
  };
}

function faultOf({ address, url, status, body, error, failedLayer }: HttpProofAnswer, expected: string, nowhere: string): string | null {
  if (failedLayer === 'guard') return nowhere;
  if (error !== null) return `${url} at ${address}: ${error}`;
  if (status === null) return null;
  if (status !== 200) return `${url} at ${address} answers ${status}`;
  return body?.trimEnd() === expected ? null : `${url} at ${address} answers something else`;
}
