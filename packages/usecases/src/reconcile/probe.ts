// The outside view: what a user of the hostname meets, address by address, held against the certificate that should be there.
import { isCertificateOnly } from '@hostmaster/core/contract/endpoint';
import {
  type CertificateFault,
  judgeAddress,
  judgeCertificate,
  judgeReach,
  type ReachFault,
  sameSerial,
  type Verdict,
} from '@hostmaster/core/endpoint/judge';
import type { EndpointObservationDetail } from '@hostmaster/core/endpoint/observation';
import { moverOf } from '@hostmaster/core/endpoint/reasons';
import { tlsServer } from '@hostmaster/core/operation/moves-next';
import { stepsOf } from '@hostmaster/core/operation/purpose';
import { keyHolderOf } from '@hostmaster/core/pki/key-holder';
import { probedName } from '@hostmaster/core/probe/probed-name';
import type { EndpointObservation } from '@hostmaster/core/probe/prober';
import { dayOf } from '@hostmaster/core/said-time';
import { asSentence } from '@hostmaster/core/sentence';
import type { Tx } from '@hostmaster/db/client';
import { asJson } from '@hostmaster/db/json';
import { type NewObservation, saveObservations } from '@hostmaster/db/observation';
import { transition } from '@hostmaster/db/transition';
import { audit } from '../audit/write.ts';
import type { FittingCertificate } from '../certificate/fitting.ts';
import type { WorkerCtx } from '../context.ts';
import { broughtAnchors, knownAnchors } from '../issuer/anchors.ts';
import { supersedeOthers } from './certificate.ts';
import { installsWords, isOursToDeliver } from './deliver.ts';
import { leadsTo } from './leads-to.ts';
import { shortSerial } from './order.ts';
import { removeKept } from './remove-kept.ts';
import { type Outlived, revokeLetGo, revokeReplaced, revokeStanding, unlessLater } from './revoke.ts';
import { untilSettled } from './settle.ts';
import { type SiblingCertificate, siblingCertificates } from './sibling.ts';
import { type StepResult, stepDone, stepSkipped, stepWaits, type Work } from './step.ts';
import { currentCertificate, type Run, type Subject, usesTls } from './subject.ts';

export type ServedVerdict = { readonly fault: CertificateFault | ReachFault | null; readonly message: string };
export type EndpointView = {
  readonly observations: readonly NewObservation[];
  /** Every address presents the expected certificate, with a chain that verifies. */
  readonly served: ServedVerdict;
  /** Some address presents the endpoint's own certificate. */
  readonly ownSeen: boolean;
  /** Some address presents that of the same name in this view. */
  readonly ofView: EndpointObservationDetail['ofView'];
  /** Every address answers the health path. */
  readonly reachable: ServedVerdict;
};

const checkEverySeconds = 60;

/** The step that ends when every address presents the certificate. */
export async function certificateServed(run: Run): Promise<StepResult> {
  const { work, subject } = run;
  const certificate = await currentCertificate(run);
  if (isUnseen(subject)) {
    const newest = certificate;
    return stepSkipped(work, notLookedAt, async (tx) => {
      if (newest !== null) await supersedeOthers(tx, subject, newest, work.ctx.clock.now());
    });
  }
  run.view = await untilSettled(
    work,
    () => observeEndpoint(work.ctx, subject, certificate, work.signal),
    ({ served, reachable: answers }) => served.fault === null && answers.fault === null,
  );
  const { served, reachable: reached, ownSeen, ofView } = run.view;
  const keep = keeping(work, subject, run.view);
  if (served.fault !== null) {
    const outlived = certificate === null ? [] : await revokeLetGo(work, subject, certificate);
    const { message, movesNext } = waitsFor(run, certificate, served, reached);
    return stepWaits(work, { message: message + outlivedWords(outlived), movesNext }, keep);
  }
  if (certificate === null) return stepSkipped(work, served.message, keep);
  const shared = ofView === null ? '' : ` It is that of the same name in the ${ofView} view: one place serves both.`;
  const result = await stepDone(work, served.message + shared, async (tx) => {
    await keep(tx);
    const servedAt = certificate.servedAt ?? work.ctx.clock.now();
    if (ownSeen) await transition(tx, 'certificate', { id: certificate.id }, 'observe', { servedAt });
    await supersedeOthers(tx, subject, certificate, work.ctx.clock.now());
  });
  await revokeReplaced(work, subject);
  await unlessLater(() => removeKept(work, subject));
  await revokeStanding(work, subject);
  return result;
}

/** Whether nobody but its team knows what presents the certificate. */
const isUnseen = ({ contract, retires }: Subject): boolean => isCertificateOnly(contract) && !retires;
const notLookedAt = 'A certificate alone: where it is installed is not looked at.';
const nothingToReach: ServedVerdict = { fault: null, message: notLookedAt };

type Mover = { readonly message: string; readonly movesNext: string };

/** Where nobody got as far as a certificate, whoever keeps users from it moves, and not whoever serves it. */
function waitsFor({ subject }: Run, certificate: FittingCertificate | null, served: ServedVerdict, reached: ServedVerdict): Mover {
  const { team } = subject.endpoint;
  if (served.fault === 'NotReached' && reached.fault !== null && reached.fault !== 'TlsFailed')
    return { message: reached.message, movesNext: moverOf(reached.fault, team) };
  if (certificate === null || isOursToDeliver(certificate)) return { message: served.message, movesNext: tlsServer };
  const movesNext = keyHolderOf(certificate.order) === 'requester' ? team : tlsServer;
  return { message: `${installsWords(subject, certificate)} ${served.message}`, movesNext };
}

const outlivedWords = (outlived: readonly Outlived[]): string =>
  outlived
    .map(
      ({ serial, at }) =>
        ` The one with the key before, serial ${shortSerial(serial)}, is revoked on ${dayOf(at)}, whether the new one is seen by then or not.`,
    )
    .join('');

/** The step that ends when every address answers the health path: then, and only then, the endpoint is live. */
export async function reachable(run: Run): Promise<StepResult> {
  const { work, subject, view } = run;
  const { ctx } = work;
  const verdict = isUnseen(subject) ? nothingToReach : view?.reachable;
  if (verdict === undefined) throw new TypeError('unreachable: what is reachable was looked at in the step before');
  if (verdict.fault !== null)
    return stepWaits(work, { message: verdict.message, movesNext: moverOf(verdict.fault, subject.endpoint.team) });
  const now = ctx.clock.now();
  const { id, hostname, state, liveSince } = subject.endpoint;
  // A run that did not ask the name servers (a renewal) cannot call the endpoint live; who looks next can.
  if (!stepsOf('endpoint', work.operation.purpose).includes('records-verified'))
    return stepDone(work, verdict.message, async (tx) => {
      await tx.endpoint.updateMany({ where: { id, nextCheckAt: { gt: now } }, data: { nextCheckAt: now } });
    });
  return stepDone(work, verdict.message, async (tx) => {
    const moved = await transition(tx, 'endpoint', { id, revision: subject.revision }, 'observe-healthy', {
      checkedAt: now,
      nextCheckAt: new Date(now.getTime() + checkEverySeconds * 1000),
      ...(state === 'live' ? {} : { changedAt: now }),
      ...(liveSince === null ? { liveSince: now } : {}),
    });
    const action = isUnseen(subject) ? 'endpoint.issued' : 'endpoint.live';
    if (moved > 0 && state !== 'live') await audit(tx, ctx, action, { id, name: hostname }, { revision: subject.revision }, now);
  });
}

const keeping =
  ({ ctx }: Work, subject: Subject, view: EndpointView) =>
  (tx: Tx): Promise<void> =>
    saveObservations(tx, subject.endpoint.id, 'endpoint', view.observations, ctx.clock.now());

export async function observeEndpoint(
  ctx: WorkerCtx,
  subject: Subject,
  certificate: Pick<FittingCertificate, 'serial'> | null,
  signal: AbortSignal,
): Promise<EndpointView> {
  const tls = usesTls(subject);
  const { hostname } = subject.contract;
  if (isUnseen(subject)) return { observations: [], served: nothingToReach, ownSeen: false, ofView: null, reachable: nothingToReach };
  const { port, healthPath } = subject.contract.routing;
  const { addresses, resolvedBy, ownsNone } = await leadsTo(ctx, subject, signal);
  const answers = await ctx.prober.probeEndpoint(
    {
      hostname: probedName(hostname),
      port,
      ports: subject.zone.ports,
      addresses,
      tls,
      healthPath,
      trustAnchors: tls ? [...(await knownAnchors(ctx)), ...(await broughtAnchors(ctx, hostname))] : [],
      allowedRanges: subject.zone.allowedRanges,
    },
    signal,
  );
  const expectedSerial = tls ? (certificate?.serial ?? null) : null;
  const siblings = expectedSerial === null ? [] : await siblingCertificates(ctx, subject);
  const ours = subject.recordSets.flatMap(({ values }) => values);
  const told = answers.filter(({ address, failedLayer }) => failedLayer !== 'guard' || ours.includes(address));
  const leadsAstray = told.length < answers.length || answers.length === 0;
  const seen = [...told, ...(leadsAstray ? [ownsNone ? noAddress(hostname) : nowhere(hostname)] : [])].map((answer) => ({
    source: `${answer.address}:${port}`,
    detail: { ...answer, resolvedBy, ...expectedAt(answer, expectedSerial, siblings) },
  }));
  return {
    observations: seen.map(({ source, detail }) => ({
      source,
      ok: judgeAddress(source, detail).fault === null,
      detail: asJson(detail satisfies EndpointObservationDetail),
    })),
    served: worst(seen.map(({ source, detail }) => judgeCertificate(source, detail, detail.expectedSerial))),
    ownSeen: seen.some(({ detail }) => sameSerial(detail.tls?.serial ?? null, expectedSerial)),
    ofView: seen.find(({ detail }) => detail.ofView !== null)?.detail.ofView ?? null,
    reachable: worst(seen.map(({ source, detail }) => judgeReach(source, detail))),
  };
}

/** Its own certificate, unless a sibling's that serves as well is what was met. */
function expectedAt(
  { tls }: Pick<EndpointObservation, 'tls'>,
  own: string | null,
  siblings: readonly SiblingCertificate[],
): Pick<EndpointObservationDetail, 'expectedSerial' | 'ofView'> {
  const met = sameSerial(tls?.serial ?? null, own) ? undefined : siblings.find(({ serial }) => sameSerial(tls?.serial ?? null, serial));
  return { expectedSerial: met?.serial ?? own, ofView: met?.view ?? null };
}

/**
 * One sentence for no address and for any that is neither public nor allowed, and no word of which: else an alias of one's own would tell
 * what the resolver here knows of other networks.
 */
const nowhere = (hostname: string) =>
  notMet(hostname, 'guard', 'DNS leads to no address, or to one that is neither public nor allowed by the zone');

/** Only where that tells no more than the zone's own servers tell everybody of the zone alone. */
const noAddress = (hostname: string) => notMet(hostname, 'dns', 'its own name servers answer with none');

const notMet = (address: string, failedLayer: 'dns' | 'guard', error: string): EndpointObservation => ({
  address,
  failedLayer,
  error,
  tcpMilliseconds: null,
  tlsMilliseconds: null,
  httpMilliseconds: null,
  tls: null,
  httpStatus: null,
});

/** The first address that is not as it should be speaks for all. */
function worst(verdicts: readonly Verdict<CertificateFault | ReachFault>[]): ServedVerdict {
  const shown = verdicts.find(({ fault }) => fault !== null) ?? verdicts[0];
  if (shown === undefined) throw new TypeError('unreachable: where there is no address, that was seen');
  return { fault: shown.fault, message: asSentence(shown.sentence) };
}
