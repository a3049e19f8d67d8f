// One function answers while typing, on submit, on approval and again just before apply: it loads the ground, decides,
// and says what exactly would happen. It writes nothing.

import { createHash } from 'node:crypto';
import type { EndpointContract } from '@hostmaster/core/contract/endpoint';
import type { Decision as DecisionAnswer, Plan as PlanAnswer, RequestInput } from '@hostmaster/core/contract/request';
import { canonicalAddress, desiredRecordSets } from '@hostmaster/core/dns/desired';
import { type CertificatePlan, makePlan, planHash } from '@hostmaster/core/dns/plan';
import type { RecordSet, RecordSetChange } from '@hostmaster/core/dns/record-set';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { parseHostname } from '@hostmaster/core/hostname/parse-hostname';
import { checkRequestedNames, parseCsr } from '@hostmaster/core/pki/csr';
import { serverProfile } from '@hostmaster/core/pki/profile';
import { type Decision, decide } from '@hostmaster/core/policy/decide';
import type { Reader } from '@hostmaster/db/client';
import { certificateNames, fittingCertificate } from '../certificate/fitting.ts';
import { actingTeam } from './acting-team.ts';
import { type GroundOptions, type LoadedGround, loadGround, namesOf } from './load-ground.ts';
import { readRecordSets, readServers } from './stored.ts';

/** Types that a contract's target can become; whatever else stands at the name is not ours to change. */
const targetTypes: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);

/** A target of which nothing is known yet. Only a check has it: the schema of a request asks for one address at least. */
export const nowhere: { addresses: string[] } = { addresses: [] };
const leadsNowhere = ({ target }: EndpointContract): boolean => 'addresses' in target && target.addresses.length === 0;

export type Proposal = {
  readonly loaded: LoadedGround;
  readonly decision: Decision;
  /** The contract with everything filled in that follows from the organisation; null while it cannot stand. */
  readonly completed: { readonly contract: EndpointContract; readonly recordSets: readonly RecordSet[]; readonly plan: PlanAnswer } | null;
};

export async function propose(db: Reader, now: Date, input: RequestInput, options: GroundOptions = {}): Promise<Proposal> {
  const loaded = await loadGround(db, now, input.contract, options);
  const decided = decide({ kind: input.kind, contract: input.contract, actorTeam: await actingTeam(db, input) }, loaded.ground);
  const decision = withViolations(decided, csrViolations(input.contract));
  return { loaded, decision, completed: decision.outcome === 'deny' ? null : await complete(db, input, loaded, decision) };
}

/** A requester's CSR is held against the key policy and the names before anything is stored. */
function csrViolations(contract: EndpointContract): readonly Violation[] {
  if (contract.tls.csr === undefined) return [];
  try {
    const wrong = checkRequestedNames(parseCsr(contract.tls.csr), namesOf(contract));
    return wrong.map((violation) => ({ ...violation, path: 'tls.csr' }));
  } catch (error) {
    if (!(error instanceof HostmasterError)) throw error;
    const remedy = 'Send a PKCS#10 request in PEM, signed with its own key (ECDSA P-256 or P-384, or RSA of 2048 to 4096 bits).';
    if (error.violations.length === 0) return [{ rule: 'csr-readable', path: 'tls.csr', reason: error.message, remedy }];
    return error.violations.map((violation) => ({ ...violation, path: 'tls.csr' }));
  }
}

function withViolations(decision: Decision, violations: readonly Violation[]): Decision {
  if (violations.length === 0) return decision;
  const results = violations.map(({ rule, reason, remedy, path }) => ({
    rule,
    outcome: 'deny' as const,
    reason,
    remedy,
    ...(path ? { path } : {}),
  }));
  return { ...decision, outcome: 'deny', results: [...decision.results, ...results], violations: [...decision.violations, ...violations] };
}

async function complete(db: Reader, input: RequestInput, loaded: LoadedGround, decision: Decision): Promise<Proposal['completed']> {
  const { hostname, zone, ground } = loaded;
  if (hostname === null || zone === null) return null;
  const contract = completeContract(input.contract, hostname, zone.servedPort, decision.facts.environment);
  const targetName =
    'cluster' in contract.target
      ? (ground.cluster?.hostname ?? null)
      : 'cname' in contract.target
        ? canonicalName(contract.target.cname)
        : null;
  const retiring = input.kind === 'retire';
  const recordSets = retiring
    ? []
    : desiredRecordSets(contract, { hostname, ttlBounds: { min: zone.ttlMin, max: zone.ttlMax }, targetName });
  const current = retiring ? await ownCurrent(db, loaded) : loaded.observed.filter(({ type }) => targetTypes.has(type));
  const unknown = !retiring && leadsNowhere(contract);
  const changes = unknown ? [] : makePlan(recordSets, current);
  const certificate = certificatePlan(contract, retiring ? 'revoke' : (await keepsCertificate(db, loaded, contract)) ? 'keep' : 'issue');
  const servers = readServers(zone.servers);
  return {
    contract,
    recordSets,
    plan: {
      hash: planHash({ changes, certificate }),
      zone: zone.apex,
      servers: servers.map(({ name }) => name),
      changes: changes.map(copyChange),
      certificate: certificate === null || certificate.action !== 'issue' ? null : plannedCertificate(certificate, contract),
      notes: notesOf(input.kind, zone.apex, unknown ? null : changes, certificate),
    },
  };
}

const canonicalName = (text: string) => {
  const parsed = parseHostname(text);
  return parsed.ok ? parsed.hostname : null;
};

function completeContract(contract: EndpointContract, hostname: string, servedPort: number, environment: string | null): EndpointContract {
  const target =
    'addresses' in contract.target
      ? { addresses: [...new Set(contract.target.addresses.map(canonicalAddress))] }
      : 'cname' in contract.target
        ? { cname: canonicalName(contract.target.cname) ?? contract.target.cname }
        : contract.target;
  return {
    ...contract,
    hostname,
    ...(environment === null ? {} : { environment }),
    target,
    tls: { ...contract.tls, extraNames: contract.tls.extraNames.map((name) => canonicalName(name) ?? name) },
    routing: { ...contract.routing, port: contract.routing.port ?? servedPort },
  };
}

/** When a name goes, only what its endpoint put there goes with it. */
async function ownCurrent(db: Reader, loaded: LoadedGround): Promise<RecordSet[]> {
  if (loaded.endpoint === null) return [];
  const revision = await db.endpointRevision.findUnique({
    where: { endpointId_number: { endpointId: loaded.endpoint.id, number: loaded.endpoint.revision } },
    select: { recordSets: true },
  });
  const mine = revision === null ? [] : readRecordSets(revision.recordSets);
  return loaded.observed.filter((set) => mine.some(({ name, type }) => name === set.name && type === set.type));
}

/** A change that leaves names and key as they are keeps the certificate. */
async function keepsCertificate(db: Reader, { endpoint }: LoadedGround, contract: EndpointContract): Promise<boolean> {
  if (endpoint === null || endpoint.state === 'retired') return false;
  const there = await fittingCertificate(db, endpoint.id, contract);
  return there !== null && there.state !== 'ordered';
}

function certificatePlan(contract: EndpointContract, action: CertificatePlan['action']): CertificatePlan | null {
  if (contract.tls.termination === 'none') return null;
  return {
    action,
    issuer: contract.tls.source,
    profile: serverProfile.name,
    keyAlgorithm: contract.tls.key,
    names: certificateNames(contract),
    ...(contract.tls.csr === undefined
      ? {}
      : { publicKey: createHash('sha256').update(parseCsr(contract.tls.csr).publicKey.spki).digest('hex') }),
  };
}

const plannedCertificate = (certificate: CertificatePlan, contract: EndpointContract) => ({
  names: [...certificate.names],
  issuer: 'Internal CA',
  profile: certificate.profile,
  days: serverProfile.lifetimeDays,
  key: certificate.keyAlgorithm,
  keyHolder: contract.tls.csr === undefined ? ('hostmaster' as const) : ('requester' as const),
});

const copySet = (set: RecordSet | null) => (set === null ? null : { ...set, values: [...set.values] });
const copyChange = (change: RecordSetChange) => ({ ...change, before: copySet(change.before), after: copySet(change.after) });

function notesOf(
  kind: RequestInput['kind'],
  apex: string,
  /** null while nobody said where the name leads. */
  changes: readonly RecordSetChange[] | null,
  certificate: CertificatePlan | null,
): string[] {
  const notes: string[] = [];
  if (changes !== null)
    notes.push(changes.length === 0 ? `The records in ${apex} are already as they should be.` : `Nothing else in ${apex} changes.`);
  if (kind === 'retire' && certificate !== null) notes.push('The certificate is revoked and no longer served.');
  if (certificate?.action === 'keep') notes.push('The certificate stays as it is.');
  if (kind === 'retire') notes.push('The name is held back for a while before another team may have it.');
  else if (changes !== null && changes.length > 0) notes.push("Undo restores exactly today's records.");
  return notes;
}

/** A decision as it is answered and stored: rules that were not judged (the name is malformed) are left out. */
export function presentDecision(decision: Decision): DecisionAnswer {
  return {
    outcome: decision.outcome,
    policyVersion: decision.policyVersion,
    results: decision.results.flatMap(({ rule, outcome, reason, remedy, group }) =>
      outcome === 'not-judged' ? [] : [{ rule, outcome, reason, remedy: remedy ?? null, group: group ?? null }],
    ),
    violations: decision.violations.map((violation) => ({ ...violation })),
    reviews: decision.reviews.map((review) => ({ ...review })),
  };
}
