// The outside view: what a user of the hostname meets, address by address, held against the certificate that should be there.
import type { EndpointObservationDetail } from '@hostmaster/core/endpoint/observation';
import type { EndpointObservation } from '@hostmaster/core/probe/prober';
import type { NewObservation } from '@hostmaster/db/observation';
import type { CertificateRow } from '../certificate/fitting.ts';
import type { WorkerCtx } from '../context.ts';
import { type Subject, usesTls } from './subject.ts';

export type ServedVerdict = { readonly served: boolean; readonly message: string };
export type EndpointView = {
  readonly observations: readonly NewObservation[];
  /** Every address presents the expected certificate, with a chain that verifies. */
  readonly served: ServedVerdict;
  /** Every address answers the health path. */
  readonly reachable: ServedVerdict;
};

/** A concrete name under a wildcard, which is what a user would ask for. */
const probedName = (hostname: string): string => (hostname.startsWith('*.') ? `hostmaster-probe${hostname.slice(1)}` : hostname);

/** Addresses behind the target: as written, or as the target's own name resolves. */
async function addressesOf(ctx: WorkerCtx, subject: Subject, signal: AbortSignal): Promise<readonly string[]> {
  const direct = subject.recordSets.filter(({ type }) => type === 'A' || type === 'AAAA').flatMap(({ values }) => values);
  if (direct.length > 0) return direct;
  const target = subject.recordSets.find(({ type }) => type === 'CNAME')?.values[0];
  return target === undefined ? [] : ctx.prober.lookup(target, subject.servers, signal);
}

export async function observeEndpoint(
  ctx: WorkerCtx,
  subject: Subject,
  certificate: CertificateRow | null,
  signal: AbortSignal,
): Promise<EndpointView> {
  const tls = usesTls(subject);
  const port = subject.contract.routing.port ?? subject.zone.servedPort;
  const addresses = await addressesOf(ctx, subject, signal);
  const root = tls ? await ctx.db.issuer.findUnique({ where: { slug: 'root' }, select: { chainPem: true } }) : null;
  const answers = await ctx.prober.probeEndpoint(
    {
      hostname: probedName(subject.contract.hostname),
      port,
      addresses,
      tls,
      healthPath: subject.contract.routing.healthPath,
      trustAnchors: root === null ? [] : [root.chainPem],
      allowedRanges: subject.zone.allowedRanges,
    },
    signal,
  );
  const expectedSerial = tls ? (certificate?.serial ?? null) : null;
  return {
    observations: answers.map((answer): NewObservation => {
      const detail: EndpointObservationDetail = { ...answer, expectedSerial };
      const ok = servedBy(answer, expectedSerial).served && reachedBy(answer).served;
      return { source: `${answer.address}:${port}`, ok, detail: JSON.parse(JSON.stringify(detail)) };
    }),
    served: worst(
      answers.map((answer) => servedBy(answer, expectedSerial)),
      'The target has no address.',
    ),
    reachable: worst(answers.map(reachedBy), 'The target has no address.'),
  };
}

function servedBy(answer: EndpointObservation, expectedSerial: string | null): ServedVerdict {
  const { address, tls } = answer;
  if (expectedSerial === null) return { served: true, message: 'No certificate is expected.' };
  if (tls === null) return { served: false, message: `${address}: ${answer.error ?? 'no TLS'}` };
  if (tls.serial !== expectedSerial)
    return { served: false, message: `${address} still presents ${tls.serial?.slice(0, 8) ?? 'another certificate'}….` };
  if (tls.verifyError !== null)
    return { served: false, message: `${address} presents it, but the chain does not verify: ${tls.verifyError}.` };
  return { served: true, message: `${address} presents it over ${tls.protocol ?? 'TLS'}.` };
}

function reachedBy(answer: EndpointObservation): ServedVerdict {
  const { address, httpStatus } = answer;
  if (answer.failedLayer !== null) return { served: false, message: `${address}: ${answer.error ?? answer.failedLayer}` };
  if (httpStatus === null || httpStatus >= 400) return { served: false, message: `${address} answered ${httpStatus ?? 'nothing'}.` };
  return { served: true, message: `${address} answered ${httpStatus} in ${Math.round(answer.httpMilliseconds ?? 0)} ms.` };
}

const worst = (verdicts: readonly ServedVerdict[], none: string): ServedVerdict =>
  verdicts.find(({ served }) => !served) ?? verdicts[0] ?? { served: false, message: none };
