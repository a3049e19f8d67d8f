// One function answers while typing, on submit, on approval and again just before apply: it loads the ground, decides,
// and says what exactly would happen. It writes nothing.

import type { Decision as DecisionAnswer } from '@hostmaster/core/contract/decision';
import { isCertificateOnly } from '@hostmaster/core/contract/endpoint';
import type { Plan } from '@hostmaster/core/contract/plan';
import type { RequestInput } from '@hostmaster/core/contract/request';
import type { AdmittedContract } from '@hostmaster/core/contract/stored-contract';
import { ofKind } from '@hostmaster/core/descriptor';
import { desiredRecordSets, targetTypes } from '@hostmaster/core/dns/desired';
import { makePlan, planHash } from '@hostmaster/core/dns/plan';
import { cautionsOf } from '@hostmaster/core/dns/provider';
import type { RecordSet, RecordSetChange } from '@hostmaster/core/dns/record-set';
import { type Hostname, isWildcard, parentOf } from '@hostmaster/core/hostname/hostname';
import { admittedOf } from '@hostmaster/core/policy/admitted';
import { type Asked, askedOf } from '@hostmaster/core/policy/asked';
import { type Decision, decide } from '@hostmaster/core/policy/decide';
import type { WildcardOver } from '@hostmaster/core/policy/facts';
import { supersedes } from '@hostmaster/core/policy/rules/holders';
import { contractChanges } from '@hostmaster/core/request/contract-changes';
import type { LoadedGround } from '@hostmaster/db/policy-ground';
import type { Ctx } from '../context.ts';
import { timestampOf } from '../timestamp.ts';
import { actingTeam } from './acting-team.ts';
import { letGoAsHeld } from './held-contract.ts';
import { type DecidedAgain, groundOf } from './load-ground.ts';
import { planCertificate } from './planned-certificate.ts';
import { csrViolations, keyOfGiver, nothingChanges, withViolations } from './sent-contract.ts';

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

/** What a proposal needs to know of the process. */
type Asking = Pick<Ctx, 'db' | 'clock' | 'dnsProviders' | 'destinationKinds'>;

/** @param again says that a request which is stored already is decided anew */
export async function propose(ctx: Asking, input: RequestInput, again: DecidedAgain | null = null): Promise<Proposal> {
  const { db } = ctx;
  const now = ctx.clock.now();
  const contract = await letGoAsHeld(db, input);
  const asked = askedOf({ kind: input.kind, contract, actorTeam: await actingTeam(db, input), now });
  const ground = await groundOf(db, asked, again);
  const judged = decide(asked, ground);
  const site = siteOf(asked, ground, judged);
  const decided = withViolations(judged, [...csrViolations(asked, again === null), ...(await keyOfGiver(db, asked))]);
  const completed = decided.outcome === 'deny' ? null : await complete(ctx, asked, ground, site, decided);
  // What was something when it was asked for is decided as that, whatever the world became.
  const idle = again === null ? nothingChanges(asked, ground, { site, completed }) : [];
  return { decision: asSent(withViolations(decided, idle)), site, completed: idle.length > 0 ? null : completed };
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

/** Policy names fields of the contract; whoever asks has sent them below `contract`. */
const asSent = (decision: Decision): Decision => ({
  ...decision,
  violations: decision.violations.map((each) => (each.path === undefined ? each : { ...each, path: `contract.${each.path}` })),
});

async function complete(
  ctx: Asking,
  asked: Asked,
  { cluster, inForce }: LoadedGround,
  site: Site,
  { facts }: Decision,
): Promise<Proposal['completed']> {
  const { zone, superseded, observed } = site;
  const contract = zone === null ? null : admittedOf(asked, { environment: facts.environment, servedPort: zone.servedPort });
  if (zone === null || contract === null) return null;
  const { kind } = asked;
  const retiring = kind === 'retire';
  const provider = ofKind(ctx.dnsProviders, zone.provider);
  const ground = { ttlBounds: zone.ttlBounds, clusterName: cluster?.hostname ?? null };
  const alone = isCertificateOnly(contract);
  const recordSets = retiring ? [] : provider.normalise(desiredRecordSets(contract, ground));
  const unknown = !retiring && leadsNowhere(contract);
  const changes = unknown ? [] : makePlan(retiring || alone ? leftBehind(observed) : recordSets, observed.map(asRecordSet));
  const agreed = retiring ? null : plannedContract(inForce, contract, unknown);
  const { certificate, notes } = await planCertificate(ctx, { kind, contract }, site);
  return {
    contract,
    recordSets,
    plan: {
      hash: planHash({ changes, contract: agreed, certificate }),
      zone: zone.apex,
      servers: zone.servers.map((server) => server.name),
      changes: changes.map(copyChange),
      contract: agreed,
      certificate,
      notes: [
        ...(superseded === null ? [] : [`Takes the place of request #${superseded.number}.`]),
        ...recordNotes(zone.apex, unknown ? null : changes, alone),
        ...(alone ? [] : answerNotes(kind, contract.hostname, facts.wildcard)),
        ...notes,
        ...wayBack(kind, unknown ? null : changes, observed),
        ...(retiring ? leftBehind(observed).map(staysNote) : takenOver(observed, alone || unknown ? [] : recordSets)),
        ...cautionsOf(provider, changes),
      ],
    },
  };
}

/** @param unknown nobody said yet where the name leads, so nothing is known of that */
const plannedContract = (inForce: LoadedGround['inForce'], contract: AdmittedContract, unknown: boolean): Plan['contract'] => ({
  against: inForce?.revision ?? null,
  changes: contractChanges(inForce?.contract ?? null, contract).filter(({ field }) => !(unknown && field.startsWith('target.'))),
});

const asRecordSet = ({ name, type, ttl, values }: RecordSet): RecordSet => ({ name, type, ttl, values });

/** When a name goes, only what its endpoint put there goes with it. */
const leftBehind = (observed: Site['observed']): RecordSet[] =>
  observed.flatMap((set) => (set.foreign.length === 0 ? [] : [{ ...asRecordSet(set), values: set.foreign }]));

const staysNote = ({ name, type, values }: RecordSet): string => `${name} ${type} ${values.join(' ')} stays: somebody else put it there.`;

/** What somebody else put there and the name is to have, too: nothing is written for it, and from then on it is the endpoint's. */
const takenOver = (observed: Site['observed'], wanted: readonly RecordSet[]): string[] =>
  observed.flatMap(({ name, type, foreign }) => {
    const kept = foreign.filter((value) => wanted.some((set) => set.type === type && set.values.includes(value)));
    return kept.length === 0
      ? []
      : [`${name} ${type} ${kept.join(' ')} is kept by somebody else until now: it becomes Hostmaster’s, and goes when the name does.`];
  });

const copySet = (set: RecordSet | null) => (set === null ? null : { ...set, values: [...set.values] });
const copyChange = (change: RecordSetChange) => ({ ...change, before: copySet(change.before), after: copySet(change.after) });

/** @param changes null while nobody said where the name leads */
function recordNotes(apex: string, changes: readonly RecordSetChange[] | null, alone: boolean): string[] {
  if (changes === null) return [];
  if (alone && changes.length === 0) return [`At the name nothing is written in ${apex}: what stands there stays as it is.`];
  return [changes.length === 0 ? `The records in ${apex} are already as they should be.` : `No other record in ${apex} changes.`];
}

/** For which other names a wildcard begins or ceases to answer (RFC 4592 §2.2): at a name, below it, and at those that are there for it alone. */
function answerNotes(kind: RequestInput['kind'], hostname: Hostname, wildcard: WildcardOver | null): string[] {
  const parent = isWildcard(hostname) ? parentOf(hostname) : null;
  if (kind === 'retire') {
    const shown =
      wildcard === null || wildcard.silencedFrom === hostname
        ? ''
        : `, and for ${wildcard.silencedFrom} and the names below it where nothing else stands`;
    if (wildcard !== null) return [`From then on ${wildcard.name} answers for it${shown}.`];
    return parent === null ? [] : [`From then on nothing answers for the names below ${parent} that have no records.`];
  }
  return [
    ...(wildcard?.answers
      ? [`${wildcard.name} answers for it now, and from then on neither for ${wildcard.silencedFrom} nor for any name below.`]
      : []),
    ...(parent !== null && kind === 'create' ? [`From then on it answers for every name below ${parent} that has no records.`] : []),
  ];
}

/** What can be done about it afterwards. */
function wayBack(kind: RequestInput['kind'], changes: readonly RecordSetChange[] | null, observed: Site['observed']): string[] {
  if (kind === 'retire')
    return ['The name is held back for a while before another team may have it; until then your team can ask for it again.'];
  if (changes === null || changes.length === 0) return [];
  // Undo leads to an earlier revision, and a name that is new has none.
  const lost = observed.flatMap(({ type, foreign }) => foreign.map((value) => `${type} ${value}`));
  if (kind === 'change')
    return [
      lost.length === 0
        ? "Undo restores exactly today's records."
        : `Undo does not bring back what somebody else put there: ${lost.join(', ')}.`,
    ];
  return kind === 'create' ? ['Retiring the name takes them away again.'] : [];
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
