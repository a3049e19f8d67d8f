// The written policy: which rules a request of each kind is held against, in the order in which they are shown.
// A rule that nobody lists here does not exist; `documentedRules` is what the documentation is generated from.
import type { RequestKind } from '../request/kind.ts';
import { partOf } from './facts.ts';
import type { GroundPart } from './ground.ts';
import type { Rule } from './rule.ts';
import * as clusters from './rules/clusters.ts';
import * as exposure from './rules/exposure.ts';
import * as grants from './rules/grants.ts';
import * as holders from './rules/holders.ts';
import * as leafContent from './rules/leaf-content.ts';
import * as names from './rules/names.ts';
import * as targets from './rules/targets.ts';
import * as tls from './rules/tls.ts';
import * as wildcards from './rules/wildcards.ts';
import * as zones from './rules/zones.ts';

/** The names are real, stand in a managed zone, and the team may have them. */
const nameIsTheirs: readonly Rule[] = [
  names.wellFormed,
  names.namesDistinct,
  zones.managedZone,
  zones.zoneView,
  names.notPublicSuffix,
  grants.teamKnown,
  grants.suffixGranted,
  grants.apexGranted,
  grants.suffixItselfGranted,
  wildcards.wildcardGranted,
  grants.environmentKnown,
  grants.environmentNamed,
  zones.zoneEnvironment,
  grants.environmentGranted,
  grants.viewGranted,
];

/** Nobody else has them. */
const nameIsFree: readonly Rule[] = [
  zones.zoneRead,
  holders.nameFree,
  holders.keptElsewhere,
  holders.quarantine,
  holders.certificateStands,
];

/** What is asked for can work. */
const contractWorks: readonly Rule[] = [
  targets.cnameExclusive,
  zones.notDelegated,
  targets.targetName,
  targets.targetLoop,
  targets.targetAddress,
  targets.targetPort,
  clusters.clusterKnown,
  clusters.clusterEnvironment,
  clusters.clusterExposure,
  clusters.clusterCertificates,
  zones.ttlBounds,
  tls.sourceServes,
  tls.issuerConnected,
  tls.issuerPermits,
  tls.noCertificate,
  tls.certificateAlone,
  tls.csrSource,
  tls.sourceKey,
  tls.daysChosen,
  leafContent.contentChosen,
  leafContent.clientAlone,
  tls.importOwner,
  tls.keyNotCompromised,
  tls.challengeWorks,
  tls.challengeFits,
  wildcards.wildcardChallenge,
];

/** Somebody must look at it first. */
const needsEyes: readonly Rule[] = [
  holders.changedByHand,
  exposure.reserved,
  zones.apexReview,
  wildcards.wildcardReview,
  wildcards.wildcardShadowed,
  leafContent.addressNamed,
  leafContent.workloadNamed,
  tls.longLife,
  names.lookalike,
  exposure.splitHorizon,
  exposure.firstPublicExposure,
];

const holdsIt: readonly Rule[] = [holders.endpointExists, holders.endpointOwned];

export const chains: Readonly<Record<RequestKind, readonly Rule[]>> = {
  create: [holders.actingTeam, ...nameIsTheirs, ...nameIsFree, ...contractWorks, ...needsEyes],
  change: [holders.actingTeam, ...nameIsTheirs, ...holdsIt, holders.zoneMoved, ...nameIsFree, ...contractWorks, ...needsEyes],
  transfer: [...nameIsTheirs, ...holdsIt, holders.zoneMoved, ...nameIsFree, ...contractWorks, ...needsEyes, holders.transferAccepted],
  // Letting go is never held up by a grant that ended meanwhile; who looks at a reserved name that comes looks at it when it goes.
  retire: [holders.actingTeam, names.wellFormed, ...holdsIt, exposure.reserved, zones.apexReview],
};

/** Every rule once, in the order of the chains. */
export const documentedRules: readonly Rule[] = [...new Set(Object.values(chains).flat())];

/** Only of a change somebody may have approved before what a rule asks for. */
const partsOf = (rule: Rule, kind: RequestKind): readonly GroundPart[] => [
  ...rule.needs.map(partOf),
  ...(rule.exceptable ? (['exceptions'] as const) : []),
  ...(kind === 'change' && rule.concerns !== 'everything' ? (['inForce', 'approvals'] as const) : []),
];

/** The parts of the ground that a decision stands on; the others may be left empty. */
export const needsOf = (kind: RequestKind): readonly GroundPart[] => [...new Set(chains[kind].flatMap((rule) => partsOf(rule, kind)))];
