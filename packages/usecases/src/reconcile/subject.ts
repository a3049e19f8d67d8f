import { parsePorts, type ZonePorts } from '@hostmaster/core/address/port';
import type { AdmittedContract } from '@hostmaster/core/contract/stored-contract';
import type { SafetyThresholds } from '@hostmaster/core/dns/plan-safety';
import type { DnsProvider } from '@hostmaster/core/dns/provider';
import type { RecordSet, RecordSetChange } from '@hostmaster/core/dns/record-set';
import type { EndpointState } from '@hostmaster/core/endpoint/state';
import { HostmasterError } from '@hostmaster/core/errors';
import type { Hostname } from '@hostmaster/core/hostname/hostname';
import { storedHostname } from '@hostmaster/core/hostname/parse-hostname';
import type { AskedServer } from '@hostmaster/core/probe/prober';
import type { Db } from '@hostmaster/db/client';
import { certificateNames, type FittingCertificate, fittingCertificate } from '../certificate/fitting.ts';
import type { WorkerCtx } from '../context.ts';
import { readContract, readPlan, readRecordSets } from '../stored-columns.ts';
import { askedServers, connectZone } from '../zone/connect.ts';
import { thresholdsOf } from '../zone/safety.ts';
import type { EndpointView } from './probe.ts';
import type { StepResult, Work } from './step.ts';

/** Everything that reconciling one endpoint looks at: what is desired, and where. */
export type Subject = {
  readonly endpoint: {
    readonly id: string;
    readonly hostname: Hostname;
    readonly state: EndpointState;
    readonly team: string;
    readonly teamId: string;
    readonly liveSince: Date | null;
  };
  readonly zone: {
    readonly id: string;
    readonly apex: Hostname;
    readonly allowedRanges: readonly string[];
    readonly ports: ZonePorts;
    readonly safety: SafetyThresholds;
    /** Single records that it held when it was last read whole. */
    readonly records: number;
    /** It is gone from its servers for good. */
    readonly givenUp: boolean;
  };
  readonly servers: readonly AskedServer[];
  readonly revision: number;
  /** When that was approved. */
  readonly approvedAt: Date;
  readonly contract: AdmittedContract;
  /** Whether the revision wants nothing of the name any more. */
  readonly retires: boolean;
  readonly recordSets: readonly RecordSet[];
  /** What any revision wanted at the name, where this one is its retirement: no server may answer it any more. */
  readonly formerly: readonly RecordSet[];
  /** The reviewed plan that leads to this revision. */
  readonly changes: readonly RecordSetChange[];
  /** Names on the certificate, the hostname first. */
  readonly names: readonly Hostname[];
  readonly provider: () => Promise<DnsProvider>;
};

/**
 * One run over one endpoint; `view` is what was last seen from outside, `certificate` what is to be served: undefined until somebody
 * looked. `pending` is what is waited for, once the issuer was asked and has not signed.
 */
export type Run = {
  readonly work: Work;
  readonly subject: Subject;
  view: EndpointView | null;
  certificate: FittingCertificate | null | undefined;
  pending: StepResult | undefined;
};

/** Errors: not-found, also of its zone; internal where the endpoint has no revision. */
export async function loadSubject(ctx: WorkerCtx, db: Db, endpointId: string): Promise<Subject> {
  const row = await db.endpoint.findUnique({
    where: { id: endpointId },
    include: { zone: true, team: { select: { slug: true } }, revisions: { orderBy: { number: 'desc' }, take: 1 } },
  });
  if (row === null) throw new HostmasterError('not-found', `There is no endpoint ${endpointId}.`);
  const { zone } = row;
  if (zone === null) throw new HostmasterError('not-found', `${row.hostname} is retired, and the zone that it stood in was removed.`);
  // Not always the newest: one that was given back before anything was written stays behind it.
  const inForce = { endpointId_number: { endpointId, number: row.revision } };
  const [newest] = row.revisions;
  const revision = newest?.number === row.revision ? newest : await db.endpointRevision.findUnique({ where: inForce });
  if (revision === null) throw new HostmasterError('internal', `${row.hostname} has no revision ${row.revision}.`);
  const contract = readContract(revision.contract);
  const recordSets = readRecordSets(revision.recordSets);
  return {
    endpoint: {
      id: row.id,
      hostname: contract.hostname,
      state: row.state,
      team: row.team.slug,
      teamId: row.teamId,
      liveSince: row.liveSince,
    },
    zone: {
      id: zone.id,
      apex: storedHostname(zone.apex),
      allowedRanges: zone.allowedRanges,
      ports: { servedPort: zone.servedPort, allowedPorts: zone.allowedPorts.flatMap((text) => parsePorts(text) ?? []) },
      safety: thresholdsOf(zone),
      records: zone.recordCount,
      givenUp: zone.givenUpAt !== null,
    },
    servers: await askedServers(ctx, zone),
    revision: row.revision,
    approvedAt: revision.approvedAt,
    contract,
    retires: revision.retires,
    recordSets,
    formerly: revision.retires ? await wantedBefore(db, endpointId, row.revision) : [],
    changes: readPlan(revision.plan).changes,
    names: certificateNames(contract),
    provider: () => connectZone(ctx, zone),
  };
}

/** By the revisions since one that wanted no record was applied: what stands at the name after that is somebody else's. */
async function wantedBefore(db: Db, endpointId: string, retirement: number): Promise<RecordSet[]> {
  const revisions = await db.endpointRevision.findMany({
    where: { endpointId, number: { not: retirement } },
    orderBy: { number: 'desc' },
    select: { recordSets: true, appliedAt: true },
  });
  const wanted = revisions.map(({ recordSets, appliedAt }) => ({ sets: readRecordSets(recordSets), appliedAt }));
  const clear = wanted.findIndex(({ sets, appliedAt }) => sets.length === 0 && appliedAt !== null);
  return wanted.slice(0, clear < 0 ? undefined : clear).flatMap(({ sets }) => sets);
}

/** Whether TLS ends somewhere that we issue certificates for. */
export const usesTls = (subject: Subject): boolean => subject.contract.tls.termination !== 'none' && !subject.retires;

/** The endpoint's certificate that fits its contract: the newest one issued; null where none is. Nobody but this run changes it. */
export async function currentCertificate(run: Run): Promise<FittingCertificate | null> {
  const { work, subject } = run;
  if (run.certificate === undefined)
    run.certificate = usesTls(subject) ? await fittingCertificate(work.ctx.db, subject.endpoint.id, subject.contract) : null;
  return run.certificate;
}
