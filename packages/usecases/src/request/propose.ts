// One function answers while typing, on submit, on approval and again just before apply: it loads the ground, decides,
// and says what exactly would happen. It writes nothing.

import { createHash } from 'node:crypto';
import type { Decision as DecisionAnswer, Plan, RequestInput } from '@hostmaster/core/contract/request';
import type { AdmittedContract } from '@hostmaster/core/contract/stored-contract';
import { ofKind } from '@hostmaster/core/descriptor';
import { desiredRecordSets, targetTypes } from '@hostmaster/core/dns/desired';
import { makePlan, planHash } from '@hostmaster/core/dns/plan';
import { cautionsOf } from '@hostmaster/core/dns/provider';
import type { RecordSet, RecordSetChange } from '@hostmaster/core/dns/record-set';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { parseHostname } from '@hostmaster/core/hostname/parse-hostname';
import { checkRequestedNames, parseCsr } from '@hostmaster/core/pki/csr';
import { type CertificateProfile, defaultContractKey, keyName, profileNamed, serverProfile } from '@hostmaster/core/pki/profile';
import { admittedOf } from '@hostmaster/core/policy/admitted';
import { type Asked, askedOf } from '@hostmaster/core/policy/asked';
import { type Decision, decide, type RuleResult } from '@hostmaster/core/policy/decide';
import type { WildcardOver } from '@hostmaster/core/policy/facts';
import { supersedes } from '@hostmaster/core/policy/rules/holders';
import type { Reader } from '@hostmaster/db/client';
import type { LoadedGround } from '@hostmaster/db/policy-ground';
import { fittingIssuer } from '../certificate/choose-issuer.ts';
import { certificateNames, fittingCertificate } from '../certificate/fitting.ts';
import type { Ctx } from '../context.ts';
import { timestampOf } from '../timestamp.ts';
import { actingTeam } from './acting-team.ts';
import { type DecidedAgain, groundOf } from './load-ground.ts';
import { readContract } from './stored.ts';

/** A target of which nothing is known yet. Only a check has it: the schema of a request asks for one address at least. */
export const nowhere: { addresses: string[] } = { addresses: [] };
const leadsNowhere = ({ target }: AdmittedContract): boolean => 'addresses' in target && target.addresses.length === 0;

export type Proposal = {
  readonly decision: Decision;
  readonly site: Site;
  /** The contract with everything filled in that follows from the organisation; null while it cannot stand. */
  readonly completed: { readonly contract: AdmittedContract; readonly recordSets: readonly RecordSet[]; readonly plan: Plan } | null;
};

/** Where the hostname stands. */
export type Site = {
  readonly zone: LoadedGround['zones'][number] | null;
  /** The endpoint at the hostname and view, a retired one too. */
  readonly endpoint: LoadedGround['endpoints'][number] | null;
  /** The team's own request for it that waits, whose place this one takes. */
  readonly superseded: { readonly id: string; readonly number: number } | null;
  /** What stands at the hostname where a target would, and which of its values the endpoint never put there. */
  readonly observed: readonly (RecordSet & { readonly foreign: readonly string[] })[];
};

type PlannedCertificate = NonNullable<Plan['certificate']>;

/** What a proposal needs to know of the process. */
type Asking = Pick<Ctx, 'db' | 'clock' | 'dnsProviders'>;

/** @param again says that a request which is stored already is decided anew */
export async function propose(ctx: Asking, input: RequestInput, again: DecidedAgain | null = null): Promise<Proposal> {
  const { db } = ctx;
  const now = ctx.clock.now();
  const contract = await letGoAsHeld(db, input);
  const asked = askedOf({ kind: input.kind, contract, actorTeam: await actingTeam(db, input), now });
  const ground = await groundOf(db, asked, again);
  const decided = decide(asked, ground);
  const site = siteOf(asked, ground, decided);
  const decision = asSent(withViolations(decided, [...csrViolations(asked, again === null), ...(await keyOfGiver(db, asked, site))]));
  return { decision, site, completed: decision.outcome === 'deny' ? null : await complete(ctx, asked, ground, site, decision) };
}

/** What a retirement lets go is what the endpoint holds, and not what whoever asks says that it is. */
async function letGoAsHeld(db: Reader, { kind, contract }: RequestInput): Promise<RequestInput['contract']> {
  const parsed = kind === 'retire' ? parseHostname(contract.hostname) : null;
  if (!parsed?.ok) return contract;
  const held = await heldContract(db, { hostname: parsed.hostname, view: contract.view });
  return held === null ? contract : { ...held, team: contract.team, justification: contract.justification };
}

/** The contract that should be true of an endpoint that is not retired; null where there is none. */
async function heldContract(db: Reader, endpoint: Pick<RequestInput['contract'], 'hostname' | 'view'>): Promise<AdmittedContract | null> {
  const { hostname, view } = endpoint;
  const [row] = await db.$queryRaw<{ readonly contract: unknown }[]>`
    SELECT r.contract FROM endpoint e JOIN endpoint_revision r ON r.endpoint_id = e.id AND r.number = e.revision
     WHERE e.hostname = ${hostname} AND e.view = ${view}::view AND e.state <> 'retired'`;
  return row === undefined ? null : readContract(row.contract);
}

/** The key of a name goes with its team: whoever gives a name away must not keep what speaks for it. */
async function keyOfGiver(db: Reader, { kind, contract, name }: Asked, { endpoint }: Site): Promise<readonly Violation[]> {
  if (kind !== 'transfer' || contract.tls.csr === undefined || endpoint === null || name === null) return [];
  const held = await heldContract(db, { hostname: name.hostname, view: contract.view });
  if (held?.tls.csr !== contract.tls.csr) return [];
  return [
    {
      rule: 'key-of-giver',
      path: 'tls.csr',
      reason: 'The request (CSR) is the one of the team that gives the name away, which keeps its key.',
      remedy: `Send a request made with a key of team ${contract.team}, or none: Hostmaster makes a key then.`,
    },
  ];
}

function siteOf({ kind, name, contract }: Asked, ground: LoadedGround, { facts }: Decision): Site {
  const endpoint = ground.endpoints.find(({ hostname, view }) => hostname === name?.hostname && view === contract.view) ?? null;
  // A name leaves the zone that it stands in, whatever was connected since.
  const stands = kind === 'retire' ? endpoint?.zone : null;
  const zone = ground.zones.find(({ id }) => id === (stands ?? facts.zone?.id)) ?? null;
  const here = ground.recordSets.filter((set) => set.zone === zone?.id && set.name === name?.hostname);
  const observed = targetTypes.flatMap((type) =>
    here.flatMap((set) => (set.type === type ? [{ name: set.name, type, ttl: set.ttl, values: set.values, foreign: set.foreign }] : [])),
  );
  const superseded = ground.openRequests.find((open) => name !== null && supersedes({ kind, contract }, name.hostname, open)) ?? null;
  return { zone, endpoint, superseded, observed };
}

/**
 * A requester's CSR is held against the key policy, the names, and the key that is named beside it, before anything is stored.
 * @param sent as the requester wrote it: a contract that was stored by an older release may name a key that nobody asked for
 */
function csrViolations({ contract, names }: Asked, sent: boolean): readonly Violation[] {
  const { csr, key } = contract.tls;
  if (csr === undefined) return [];
  try {
    const request = parseCsr(csr);
    const wrong = checkRequestedNames(
      request,
      names.map(({ hostname }) => hostname),
    );
    return [...wrong.map((violation) => ({ ...violation, path: 'tls.csr' })), ...(sent ? otherKey(key, keyName(request.publicKey)) : [])];
  } catch (error) {
    if (!(error instanceof HostmasterError)) throw error;
    const remedy = 'Send a PKCS#10 request in PEM, signed with its own key (ECDSA P-256 or P-384, or RSA of 2048 to 4096 bits).';
    if (error.violations.length === 0) return [{ rule: 'csr-readable', path: 'tls.csr', reason: error.message, remedy }];
    return error.violations.map((violation) => ({ ...violation, path: 'tls.csr' }));
  }
}

function otherKey(named: string | undefined, held: string): readonly Violation[] {
  if (named === undefined || named === held) return [];
  const reason = `It names the key ${named}, and the CSR holds ${held}.`;
  return [
    {
      rule: 'csr-other-key',
      path: 'tls.key',
      reason,
      remedy: 'Leave tls.key out where a CSR brings the key, or send a CSR with that key.',
    },
  ];
}

function withViolations(decision: Decision, violations: readonly Violation[]): Decision {
  if (violations.length === 0) return decision;
  const results = violations.map(
    ({ rule, path = 'tls.csr', reason, remedy }): RuleResult => ({ rule, outcome: 'deny', reason, remedy, path, exception: null }),
  );
  return { ...decision, outcome: 'deny', results: [...decision.results, ...results], violations: [...decision.violations, ...violations] };
}

/** Policy names fields of the contract; whoever asks has sent them below `contract`. */
const asSent = (decision: Decision): Decision => ({
  ...decision,
  violations: decision.violations.map((each) => (each.path === undefined ? each : { ...each, path: `contract.${each.path}` })),
});

async function complete(
  ctx: Asking,
  asked: Asked,
  { cluster }: LoadedGround,
  { zone, endpoint, superseded, observed }: Site,
  { facts }: Decision,
): Promise<Proposal['completed']> {
  const contract = zone === null ? null : admittedOf(asked, { environment: facts.environment, servedPort: zone.servedPort });
  if (zone === null || contract === null) return null;
  const { kind } = asked;
  const retiring = kind === 'retire';
  const provider = ofKind(ctx.dnsProviders, zone.provider);
  const ground = { ttlBounds: zone.ttlBounds, clusterName: cluster?.hostname ?? null };
  const recordSets = retiring ? [] : provider.normalise(desiredRecordSets(contract, ground));
  const unknown = !retiring && leadsNowhere(contract);
  const changes = unknown ? [] : makePlan(retiring ? leftBehind(observed) : recordSets, observed.map(asRecordSet));
  const keeps = !retiring && endpoint !== null && (await keepsCertificate(ctx.db, endpoint, contract));
  const issuer = await fittingIssuer(ctx, contract.tls.source, certificateNames(contract));
  // An internal CA of a zone that was not read yet is still to be made.
  const signing = { issuer: issuer?.name ?? contract.tls.source, profile: profileNamed(issuer?.profile ?? serverProfile.name) };
  const certificate = plannedCertificate(contract, retiring ? 'revoke' : keeps ? 'keep' : 'issue', signing);
  return {
    contract,
    recordSets,
    plan: {
      hash: planHash({ changes, certificate }),
      zone: zone.apex,
      servers: zone.servers.map((server) => server.name),
      changes: changes.map(copyChange),
      certificate,
      notes: [
        ...(superseded === null ? [] : [`Takes the place of request #${superseded.number}.`]),
        ...notesOf(kind, zone.apex, unknown ? null : changes, certificate, facts.wildcard),
        ...(retiring ? leftBehind(observed).map(staysNote) : []),
        ...cautionsOf(provider, changes),
      ],
    },
  };
}

const asRecordSet = ({ name, type, ttl, values }: RecordSet): RecordSet => ({ name, type, ttl, values });

/** When a name goes, only what its endpoint put there goes with it. */
const leftBehind = (observed: Site['observed']): RecordSet[] =>
  observed.flatMap((set) => (set.foreign.length === 0 ? [] : [{ ...asRecordSet(set), values: set.foreign }]));

const staysNote = ({ name, type, values }: RecordSet): string => `${name} ${type} ${values.join(' ')} stays: somebody else put it there.`;

/** A change that leaves names and key as they are keeps the certificate. */
const keepsCertificate = async (db: Reader, endpoint: NonNullable<Site['endpoint']>, contract: AdmittedContract): Promise<boolean> =>
  endpoint.state !== 'retired' && (await fittingCertificate(db, endpoint.id, contract)) !== null;

function plannedCertificate(
  contract: AdmittedContract,
  action: PlannedCertificate['action'],
  { issuer, profile }: { readonly issuer: string; readonly profile: CertificateProfile },
): PlannedCertificate | null {
  const { termination, source, key = defaultContractKey, csr } = contract.tls;
  if (termination === 'none') return null;
  const publicKey = csr === undefined ? null : parseCsr(csr).publicKey;
  return {
    action,
    names: certificateNames(contract),
    source,
    issuer,
    profile: profile.name,
    days: profile.lifetimeDays,
    key: publicKey === null ? key : keyName(publicKey),
    keyHolder: publicKey === null ? 'hostmaster' : 'requester',
    publicKey: publicKey === null ? null : createHash('sha256').update(publicKey.spki).digest('hex'),
  };
}

const copySet = (set: RecordSet | null) => (set === null ? null : { ...set, values: [...set.values] });
const copyChange = (change: RecordSetChange) => ({ ...change, before: copySet(change.before), after: copySet(change.after) });

function notesOf(
  kind: RequestInput['kind'],
  apex: string,
  /** null while nobody said where the name leads. */
  changes: readonly RecordSetChange[] | null,
  certificate: PlannedCertificate | null,
  wildcard: WildcardOver | null,
): string[] {
  const notes: string[] = [];
  if (changes !== null)
    notes.push(changes.length === 0 ? `The records in ${apex} are already as they should be.` : `No other record in ${apex} changes.`);
  if (wildcard !== null && kind === 'retire') notes.push(`From then on ${wildcard.name} answers for it.`);
  if (wildcard?.answers && kind !== 'retire')
    notes.push(`${wildcard.name} answers for it now, and from then on neither for ${wildcard.silencedFrom} nor for any name below.`);
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
    results: decision.results.flatMap((result) => {
      if (result.outcome === 'not-judged') return [];
      const { rule, outcome, reason, exception } = result;
      return [
        {
          rule,
          outcome,
          reason,
          remedy: 'remedy' in result ? result.remedy : null,
          group: 'group' in result ? result.group : null,
          exception:
            exception === null
              ? null
              : { id: exception.id, reason: exception.reason, until: timestampOf(exception.until), by: exception.by },
        },
      ];
    }),
    violations: decision.violations.map((violation) => ({ ...violation })),
    reviews: decision.reviews.map((review) => ({ ...review })),
  };
}
