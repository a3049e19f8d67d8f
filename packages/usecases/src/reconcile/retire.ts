import { dayOf } from '@hostmaster/core/said-time';
import { letNamesGo } from '@hostmaster/db/held-name';
import { writeOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { transition } from '@hostmaster/db/transition';
import { audit } from '../audit/write.ts';
import { takeBackAll } from '../certificate/proofs.ts';
import { heldBackFrom } from '../endpoint/held-back.ts';
import { withdraw } from './deliver.ts';
import { concernsNoRecord } from './records.ts';
import { removeKept } from './remove-kept.ts';
import { revokeAll } from './revoke.ts';
import { type StepResult, stepDone } from './step.ts';
import type { Run } from './subject.ts';

/** The step after the records were seen gone on every server: stop serving, revoke what is still valid, hold the name back. */
export async function withdrawn({ work, subject }: Run): Promise<StepResult> {
  const { ctx } = work;
  const { id, hostname, liveSince } = subject.endpoint;
  // First, so that it does not wait for a server that ends TLS and cannot be written to.
  const kept = await revokeAll(work, subject);
  await withdraw(work, subject, 'every name');
  // Nobody asks on for it, and what an issuer keeps of it is not wanted any more.
  await transact(ctx.db, async (tx) => {
    await writeOperation(tx, work.claim, { step: work.step });
    await transition(tx, 'certificateOrder', { endpointId: id }, 'abandon', { closedAt: ctx.clock.now() });
  });
  await removeKept(work, subject, 'every one');
  await takeBackAll(ctx, id, work.signal);
  const now = ctx.clock.now();
  const quarantineEnds = heldBackFrom(liveSince, now);
  const { apex, givenUp } = subject.zone;
  const letGo = givenUp ? `The name is let go of, as its zone ${apex} was` : 'The name is let go of';
  const gone = givenUp || concernsNoRecord(subject) ? letGo : `What Hostmaster put there is gone from ${apex}`;
  const held = quarantineEnds === null ? `${gone}.` : `${gone}; the name is held back until ${dayOf(quarantineEnds)}.`;
  return stepDone(work, held + notRevoked(kept), async (tx) => {
    await tx.observation.deleteMany({ where: { endpointId: id, kind: 'endpoint' } });
    if (work.operation.requestId !== null) await transition(tx, 'request', { id: work.operation.requestId }, 'applied');
    // None moves where a run that was killed after this had retired it already.
    const moved = await transition(tx, 'endpoint', { id }, 'observe-gone', {
      changedAt: now,
      liveSince: null,
      nextCheckAt: null,
    });
    await letNamesGo(tx, id, quarantineEnds);
    if (moved > 0)
      await audit(tx, ctx, 'endpoint.retire', { id, name: hostname }, { quarantineEnds: quarantineEnds?.toISOString() ?? null }, now);
  });
}

/** A sentence about certificates that stay valid; none where every one is revoked. */
const notRevoked = (count: number): string =>
  count === 0 ? '' : ` ${count === 1 ? 'A certificate is' : `${count} certificates are`} not revoked, since the issuer refused.`;
