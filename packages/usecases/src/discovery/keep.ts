import { discoveredFacts } from '@hostmaster/core/discovery/discovered-facts';
import type { Place } from '@hostmaster/core/discovery/places';
import type { ChainAnswer } from '@hostmaster/core/probe/prober';
import type { Tx } from '@hostmaster/db/client';
import { noteGone, noteSeen } from '@hostmaster/db/sighting';
import { keepCertificate } from '../transparency/keep-certificate.ts';

export type Asked = { readonly place: Place; readonly address: string; readonly port: number; readonly serverName: string | null };

/** Keeps each certificate once, and where it was seen. Who did not answer says nothing of what is there. */
export async function keepAnswer(
  tx: Tx,
  { scopeId, address, port, serverName }: Asked & { readonly scopeId: string },
  answer: ChainAnswer,
  now: Date,
): Promise<void> {
  const where = { scopeId, address, port, serverName: serverName ?? '' };
  if (!('chain' in answer)) {
    if (answer.answered) await noteGone(tx, where, now);
    return;
  }
  const [leaf] = answer.chain;
  if (leaf === undefined) return;
  const id = await keepCertificate(tx, { facts: discoveredFacts(leaf), chain: answer.chain }, now);
  await noteSeen(tx, where, id, now);
}
