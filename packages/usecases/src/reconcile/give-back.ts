// What a request that ended on its way had begun is given back: the endpoint returns to the revision that was applied last, a
// name that was never live is free again, and records that may be written are taken back, whoever took over meanwhile.
import { isCertificateOnly } from '@hostmaster/core/contract/endpoint';
import type { AdmittedContract } from '@hostmaster/core/contract/stored-contract';
import { planBack } from '@hostmaster/core/dns/plan';
import { readNames } from '@hostmaster/core/dns/read-back';
import { isManaged, type RecordSetChange } from '@hostmaster/core/dns/record-set';
import type { View } from '@hostmaster/core/dns/view';
import { takesBack } from '@hostmaster/core/endpoint/revision-standing';
import { HostmasterError } from '@hostmaster/core/errors';
import { countingRequestStates, openRequestStates } from '@hostmaster/core/request/state';
import type { Db, Tx } from '@hostmaster/db/client';
import { holdersOf, holdNames, letNamesGo, type NameHolder } from '@hostmaster/db/held-name';
import { asJson } from '@hostmaster/db/json';
import { transition } from '@hostmaster/db/transition';
import { replaceRecordSetsAtEach } from '@hostmaster/db/zone-record-set';
import { audit } from '../audit/write.ts';
import { certificateNames } from '../certificate/fitting.ts';
import { readContract, readPlan, readRecordSets, readState } from '../stored-columns.ts';
import { connectZone } from '../zone/connect.ts';
import { startReconcile } from './start.ts';
import { type StepResult, stepDone, type Work } from './step.ts';

/** The only step of a cancellation. Errors: not-found; plan-stale where the request is wanted, or was applied; dns-*. */
export async function givenBack(work: Work): Promise<StepResult> {
  const { ctx, operation, signal } = work;
  const request = operation.requestId === null ? null : await ctx.db.request.findUnique({ where: { id: operation.requestId } });
  if (request === null) throw new HostmasterError('not-found', 'The request is gone.');
  const state = readState(request.state);
  if (countingRequestStates.includes(state)) throw new HostmasterError('plan-stale', 'Nobody cancelled the request.');
  const begun = await loadBegun(ctx.db, request);
  if (begun === null) return stepDone(work, 'Nothing had been begun.');
  const now = ctx.clock.now();
  const back = await whatComesBack(ctx.db, begun);
  const left = back === null ? '' : leftOut(back);
  if (!begun.sent && left === '') return stepDone(work, 'Nothing had been written.', (tx) => give(tx, begun, back, now));

  const { zone } = begun.endpoint;
  if (zone === null) throw new HostmasterError('not-found', `The zone of ${request.hostname} was removed.`);
  const plans = begun.revisions.map(({ plan }) => readPlan(plan).changes);
  const names = [...new Set(plans.flat().map(({ name }) => name))];
  const found = await readNames(
    await connectZone(ctx, zone),
    names.map((name) => ({ name })),
    signal,
  );
  return stepDone(work, `What was begun is taken back next.${left}`, async (tx) => {
    await replaceRecordSetsAtEach(tx, zone.id, names, found, now);
    await tellSent(tx, work, begun.endpoint, now);
    await give(tx, begun, back, now);
    await takeBack(tx, begun, back, planBack(plans, found.filter(isManaged)), now);
  });
}

/** An endpoint that is not at rest, with the revisions that nobody wants any more, the oldest first. */
type Begun = NonNullable<Awaited<ReturnType<typeof loadBegun>>>;

/** Null where nothing stands that is to be given back: no revision was made, a newer wish stands, or it was given back whole. */
async function loadBegun(db: Db, { hostname, view }: { readonly hostname: string; readonly view: View }) {
  const endpoint = await db.endpoint.findUnique({
    where: { hostname_view: { hostname, view } },
    include: { zone: true, revisions: { orderBy: { number: 'desc' }, include: { request: { select: { state: true, kind: true } } } } },
  });
  if (endpoint === null || endpoint.state === 'retired') return null;
  const made = endpoint.revisions.filter(({ number }) => number <= endpoint.revision);
  const [newest] = made;
  if (newest === undefined || openRequestStates.includes(readState(newest.request.state))) return null;
  const atRest = made.findIndex(
    (revision) => revision.request.state === 'applied' || (takesBack(revision, made) && revision.appliedAt !== null),
  );
  const kept = made.find(({ request }) => request.state === 'applied') ?? null;
  const unfinished = takesBack(newest, made) && endpoint.state !== 'live';
  const revisions = made.slice(0, atRest === -1 ? made.length : atRest).toReversed();
  if (revisions.length === 0 && !unfinished) return null;
  return {
    endpoint,
    newest,
    revisions,
    kept: kept === null || kept.request.kind === 'retire' ? null : kept,
    next: (endpoint.revisions[0]?.number ?? 0) + 1,
    /** Whether anything of it may have reached a name server or an issuer, or was on its way back. */
    sent: unfinished || revisions.some(({ sentAt }) => sentAt !== null) || (await isOrdered(db, endpoint.id)),
  };
}

/** A certificate alone is ordered without anything that is sent to a name server before; what proves it may be in DNS. */
const isOrdered = async (db: Db, endpointId: string): Promise<boolean> =>
  (await db.certificateOrder.count({ where: { endpointId, state: 'open', endpoint: { certificateOnly: true } } })) > 0;

/** What the endpoint is again, without the extra names that another team has by now; null where it is nothing again. */
type Back = { readonly contract: AdmittedContract; readonly teamId: string; readonly lost: readonly NameHolder[] };

async function whatComesBack(db: Db, { kept }: Begun): Promise<Back | null> {
  if (kept === null) return null;
  const contract = readContract(kept.contract);
  const team = await db.team.findUniqueOrThrow({ where: { slug: contract.team }, select: { id: true } });
  const holders = await holdersOf(db, contract.tls.extraNames);
  const lost = holders.filter(
    (holder, at) => holder.team !== contract.team && holders.findIndex(({ name }) => name === holder.name) === at,
  );
  const extraNames = contract.tls.extraNames.filter((name) => !lost.some((one) => one.name === name));
  return { contract: { ...contract, tls: { ...contract.tls, extraNames } }, teamId: team.id, lost };
}

const leftOut = ({ lost }: Back): string => lost.map(({ name, team }) => ` ${name} is left out: team ${team} has it by now.`).join('');

/** The endpoint is again what it was. */
async function give(tx: Tx, { endpoint, kept, sent }: Begun, back: Back | null, now: Date): Promise<void> {
  const { id, hostname } = endpoint;
  if (kept === null || back === null) {
    await transition(tx, 'endpoint', { id }, 'retire', { nextCheckAt: null, changedAt: now });
    if (sent) return;
    await transition(tx, 'endpoint', { id }, 'observe-gone');
    await letNamesGo(tx, id, null);
    return;
  }
  const { contract, teamId } = back;
  // Nobody but the team that was to receive it can have got its hostname besides, and that came to nothing.
  await tx.heldName.deleteMany({ where: { hostname, heldBackUntil: null, teamId: { not: teamId }, endpointId: { not: id } } });
  await holdNames(tx, { id, teamId }, certificateNames(contract), null);
  // Nobody asks on for it: what it has put into DNS is left behind.
  await transition(tx, 'certificateOrder', { endpointId: id }, 'abandon', { closedAt: now });
  await transition(tx, 'endpoint', { id }, 'give-back', {
    revision: kept.number,
    teamId,
    environment: contract.environment ?? endpoint.environment,
    certificateOnly: isCertificateOnly(contract),
    nextCheckAt: now,
    changedAt: now,
  });
}

/** A revision that wants what was there before, and the work that brings it back. */
async function takeBack(tx: Tx, begun: Begun, back: Back | null, changes: readonly RecordSetChange[], now: Date): Promise<void> {
  const { endpoint, newest, kept, next: number } = begun;
  const { id: endpointId, hostname, view, zoneId } = endpoint;
  const recordSets = kept === null ? [] : readRecordSets(kept.recordSets);
  await tx.endpointRevision.create({
    data: {
      endpointId,
      number,
      contract: back?.contract ?? readContract(newest.contract),
      recordSets: recordSets.map((set) => ({ ...set, values: [...set.values] })),
      retires: kept === null,
      plan: asJson({ ...readPlan(newest.plan), changes }),
      requestId: newest.requestId,
      approvedAt: now,
    },
  });
  await tx.endpoint.update({ where: { id: endpointId }, data: { revision: number } });
  const purpose = kept === null ? 'retirement' : 'reversal';
  const reason = 'What the request had written is taken back.';
  await startReconcile(tx, { purpose, hostname, view, zoneId, endpointId, reason }, now);
}

/** What the revision in force sent, and nobody read back before something newer took over, is told by whoever takes over. */
export async function tellSent(
  tx: Tx,
  { ctx }: Pick<Work, 'ctx'>,
  { id, hostname, revision: number }: { readonly id: string; readonly hostname: string; readonly revision: number },
  now: Date,
): Promise<void> {
  const sent = await tx.endpointRevision.findFirst({ where: { endpointId: id, number, sentAt: { not: null }, appliedAt: null } });
  if (sent === null) return;
  const { zone, changes } = readPlan(sent.plan);
  await audit(tx, ctx, 'records.send', { id, name: hostname }, { zone, changes }, now);
}
