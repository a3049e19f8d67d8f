import { isCertificateOnly } from '@hostmaster/core/contract/endpoint';
import { readNames } from '@hostmaster/core/dns/read-back';
import { HostmasterError } from '@hostmaster/core/errors';
import { type Hostname, mostSpecific, suffixesOf } from '@hostmaster/core/hostname/hostname';
import { storedHostname } from '@hostmaster/core/hostname/parse-hostname';
import { askedOf } from '@hostmaster/core/policy/asked';
import { decide } from '@hostmaster/core/policy/decide';
import { writeOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { replaceRecordSetsAtEach } from '@hostmaster/db/zone-record-set';
import { groundOf } from '../request/load-ground.ts';
import { readDecision } from '../stored-columns.ts';
import { connectZone } from '../zone/connect.ts';
import { decideAgain, loadAdmitted } from './admit.ts';
import type { Work } from './step.ts';
import type { Subject } from './subject.ts';

/** What stands at a name and makes it somebody else's. */
const ofRecords: readonly string[] = ['name-taken', 'not-delegated'];

/**
 * A hostname is held against the primary by the prerequisites of its plan; an extra name gets no records, so nothing would notice what
 * somebody put there since its zone was last read. It is read before a request's certificate is ordered; a renewal speaks for what it spoke
 * for before. With a certificate alone the hostname gets no records either: everything is decided once more on what was read. Errors:
 * policy-denied; plan-stale, where somebody has to look at what stands there by now; dns-*, key-unreadable.
 */
export async function requireUnclaimed(work: Work, subject: Subject): Promise<void> {
  const { ctx, operation } = work;
  const alone = isCertificateOnly(subject.contract);
  const names = alone ? subject.names : subject.contract.tls.extraNames;
  if (operation.requestId === null || names.length === 0) return;
  const request = await loadAdmitted(ctx.db, operation.requestId);
  if (request?.state !== 'approved') return;
  await rememberNames(work, subject, names);
  if (alone) {
    const { decision } = await decideAgain(work, request, subject.endpoint.id);
    const known = readDecision(request.decision).reviews;
    const unseen = decision.reviews.find(({ rule, reason }) => ofRecords.includes(rule) && !known.some((one) => one.reason === reason));
    if (unseen !== undefined) throw new HostmasterError('plan-stale', `Nobody has looked at what stands there by now: ${unseen.reason}`);
    return;
  }
  const { contract, endpoint } = subject;
  const asked = askedOf({ kind: 'change', contract, actorTeam: endpoint.team, now: ctx.clock.now() });
  const ground = await groundOf(ctx.db, asked, null);
  // Who else asks for it was decided when the name was given to this one, and is denied it since.
  const { violations } = decide(asked, { ...ground, openRequests: [] });
  const claimed = violations.filter(({ rule, path }) => ofRecords.includes(rule) && path?.startsWith('tls.extraNames.'));
  if (claimed.length === 0) return;
  throw new HostmasterError('policy-denied', `No certificate is ordered: ${claimed.map(({ reason }) => reason).join(' ')}`, {
    violations: claimed,
  });
}

/** Reads them where their own zones have them, which need not be that of the hostname. */
async function rememberNames({ ctx, claim, step, signal }: Work, { contract }: Subject, extra: readonly Hostname[]): Promise<void> {
  const rows = await ctx.db.zone.findMany({ where: { view: contract.view, givenUpAt: null, apex: { in: extra.flatMap(suffixesOf) } } });
  const zones = rows.map((row) => ({ ...row, apex: storedHostname(row.apex) }));
  for (const zone of zones) {
    const names = extra.filter((name) => mostSpecific(name, zones) === zone);
    if (names.length === 0) continue;
    const found = await readNames(
      await connectZone(ctx, zone),
      names.map((name) => ({ name })),
      signal,
    );
    await transact(ctx.db, async (tx) => {
      await writeOperation(tx, claim, { step });
      await replaceRecordSetsAtEach(tx, zone.id, names, found, ctx.clock.now());
    });
  }
}
