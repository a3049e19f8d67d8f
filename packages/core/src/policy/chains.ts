// The written policy: which rules a request of each kind is held against, in the order in which they are shown.
// A rule that nobody lists here does not exist; `documentedRules` is what the documentation is generated from.
import type { RequestKind } from '../request/kind.ts';
import type { Rule } from './rule.ts';
import * as claims from './rules/claims.ts';
import * as dns from './rules/dns.ts';
import * as grants from './rules/grants.ts';
import * as names from './rules/names.ts';
import * as tls from './rules/tls.ts';

/** The names are real, stand in a managed zone, and the team may have them. */
const nameIsTheirs: readonly Rule[] = [
  names.wellFormed,
  names.namesDistinct,
  names.managedZone,
  names.zoneView,
  names.notPublicSuffix,
  grants.suffixGranted,
  grants.apexGranted,
  grants.suffixItselfGranted,
  grants.wildcardGranted,
  names.environmentNamed,
  names.zoneEnvironment,
  grants.environmentGranted,
  grants.viewGranted,
];

/** What is asked for can work. */
const contractWorks: readonly Rule[] = [
  dns.cnameExclusive,
  dns.notDelegated,
  dns.targetName,
  dns.targetAddress,
  dns.clusterKnown,
  dns.clusterEnvironment,
  dns.clusterExposure,
  dns.clusterCertificates,
  dns.ttlBounds,
  tls.sourceServes,
  tls.issuerConnected,
  tls.noCertificate,
  tls.csrSource,
  tls.challengeWorks,
];

/** Somebody must look at it first. */
const needsEyes: readonly Rule[] = [claims.reserved, names.apexReview, names.wildcardReview, names.lookalike, claims.splitHorizon];

const holdsIt: readonly Rule[] = [claims.endpointExists, claims.endpointOwned];

export const chains: Readonly<Record<RequestKind, readonly Rule[]>> = {
  create: [
    claims.actingTeam,
    ...nameIsTheirs,
    claims.nameFree,
    claims.quarantine,
    ...contractWorks,
    ...needsEyes,
    claims.firstPublicExposure,
  ],
  change: [claims.actingTeam, ...nameIsTheirs, ...holdsIt, claims.nameFree, claims.quarantine, ...contractWorks, ...needsEyes],
  transfer: [...nameIsTheirs, ...holdsIt, claims.nameFree, ...contractWorks, ...needsEyes, claims.transferAccepted],
  // Letting go is never held up by a grant that ended meanwhile.
  retire: [claims.actingTeam, names.wellFormed, ...holdsIt],
};

/** Every rule once, in the order of the chains. */
export const documentedRules: readonly Rule[] = [...new Set(Object.values(chains).flat())];
