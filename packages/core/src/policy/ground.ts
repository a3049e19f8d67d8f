// What the world says about the names of one request, in parts: a use case loads the parts that the chain needs, of each
// only the rows that concern those names, and hands them to the pure decision. Everything here is parsed already.
import type { AddressRange } from '../address/address.ts';
import type { PortRange } from '../address/port.ts';
import type { EndpointContract } from '../contract/endpoint.ts';
import type { AdmittedContract } from '../contract/stored-contract.ts';
import type { TtlBounds } from '../dns/ttl.ts';
import type { View } from '../dns/view.ts';
import type { Hostname } from '../hostname/hostname.ts';
import type { RequestKind } from '../request/kind.ts';
import type { ReviewGroup } from './review-group.ts';

export type ZoneGround = {
  readonly id: string;
  readonly apex: Hostname;
  readonly view: View;
  /** Environments whose names may stand in the zone; empty means any. */
  readonly environments: readonly string[];
  readonly ttlBounds: TtlBounds;
  /** Slug of the team that owns the zone. */
  readonly ownerTeam: string;
  /** Whether it was read whole, ever: before that nobody knows what stands in it. */
  readonly read: boolean;
  /** It is gone from its servers for good. */
  readonly givenUp: boolean;
  /** A team's first public name in this zone needs a review by security. */
  readonly reviewFirstExposure: boolean;
  /** Ranges of addresses that are not public (private, loopback) and that the zone's owner allows as targets. */
  readonly allowedRanges: readonly AddressRange[];
  /** Port of its names where a contract says nothing, and those that its owner allows besides. */
  readonly servedPort: number;
  readonly allowedPorts: readonly PortRange[];
};

export type Grant = {
  readonly id: string;
  /** Slug. */
  readonly team: string;
  readonly suffix: Hostname;
  /** Environments and views for which names may be claimed. */
  readonly environments: readonly string[];
  readonly views: readonly View[];
  /** `*.suffix` (and wildcards further down) may be claimed. */
  readonly allowWildcard: boolean;
  /** The suffix itself may be claimed, the zone's apex too where the suffix is one. */
  readonly allowSuffixItself: boolean;
  /** From this moment on the grant is as if it were not there; null means that it does not end. */
  readonly expiresAt: Date | null;
};

/** `exact`: this name. `label`: any name with this label, wherever it stands. `suffix`: the name and all below it. */
export const reservationKinds = ['exact', 'label', 'suffix'] as const;
export type ReservationKind = (typeof reservationKinds)[number];

export type Reservation = {
  readonly id: string;
  readonly kind: ReservationKind;
  /** A canonical hostname, or for `label` one A-label in lower case. */
  readonly value: string;
  /** `skeletonOf(value)`: what reads like a reserved name is reserved too. */
  readonly skeleton: string;
  readonly group: ReviewGroup;
  /** Shown to whoever asks for the name. */
  readonly reason: string;
};

/** An endpoint that holds a name, as its hostname or as an extra name of its certificate, or did. */
export type EndpointGround = {
  readonly id: string;
  readonly hostname: Hostname;
  /** The name that it is about. */
  readonly name: Hostname;
  readonly view: View;
  /** Id of the zone that its records stand in; null where that was removed. */
  readonly zone: string | null;
  /** Whether it has a certificate alone, so that what stands at the name is somebody else's. */
  readonly certificateOnly: boolean;
  /** That of the name where it was let go: the endpoint may be another team's since. */
  readonly team: string;
  readonly letGo: boolean;
  /** What asked for it came to nothing, and it is being given back: nobody wants it to be there any more. */
  readonly givenBack: boolean;
  /** Until then a name that was let go is held back from other teams, so that nobody inherits its visitors. */
  readonly heldBackUntil: Date | null;
};

/** A request that is not finished yet and asks for the name. Where one is decided again, those that were made before it. */
export type OpenRequestGround = {
  readonly id: string;
  readonly number: number;
  readonly kind: RequestKind;
  readonly hostname: Hostname;
  /** The hostname, and the extra names that it asks for. */
  readonly names: readonly Hostname[];
  readonly view: View;
  readonly team: string;
};

/** A record set that a zone's primary held when it was last read. */
export type RecordSetGround = {
  readonly name: Hostname;
  /** Also those that Hostmaster neither reads nor writes. */
  readonly type: string;
  readonly values: readonly string[];
  /** Id of the zone. */
  readonly zone: string;
  /** Those of the values that the endpoint at the name and view never put there; none where the set is its own. */
  readonly foreign: readonly string[];
};

type Below = {
  /** One of the names of the request. */
  readonly wildcard: Hostname;
  readonly count: number;
  /** The first few of them. */
  readonly names: readonly string[];
};
/** Names below a wildcard that one team holds. */
export type NamesBelowGround = Below & { /** Slug. */ readonly team: string };
/** Hosts one label below a wildcard, in any view, whose records somebody keeps without Hostmaster. */
export type HostsBelowGround = Below;

/**
 * A certificate that a team could still present for a name which it holds no more: neither expired nor revoked.
 */
export type StandingCertificateGround = {
  /** That is on it; a wildcard where that covers the name. */
  readonly name: Hostname;
  /** Slug of the team that it was issued for. */
  readonly team: string;
  /** Of the endpoint that it was issued for. */
  readonly hostname: Hostname;
  readonly endpoint: string;
  readonly until: Date;
  /** Its issuer has refused for good to revoke it. */
  readonly refused: boolean;
};

/** A live name, and what it reads like (`skeletonOf`). */
export type LookalikeGround = { readonly hostname: Hostname; readonly skeleton: string; readonly team: string };

export type ClusterGround = {
  /** Slug, as named in a contract's target. */
  readonly name: string;
  /** Where a CNAME to the cluster leads. */
  readonly hostname: Hostname;
  readonly environment: string;
  readonly takesPublicTraffic: boolean;
  /** Certificates that its load balancer holds at most; null when it is not limited. */
  readonly certificateLimit: number | null;
  /** Short name of where certificates are handed to there; null: into the directory of the worker. */
  readonly destination: string | null;
  /** Other endpoints that lead to it with a certificate. */
  readonly certificates: number;
  /** Whether the endpoint itself leads to it with a certificate already. */
  readonly holdsOwn: boolean;
};

/** Where a target given by name leads, as far as zones of the view and approved endpoints in it say. */
export type TargetPathGround = {
  /** The target, then what each leads to by a CNAME; the last leads nowhere further, or is among those before it. */
  readonly names: readonly string[];
  /** Whether anything stands at the last of them, or below it: told where that is beside a wildcard that is asked for, else true. */
  readonly stands: boolean;
};

/** A key that is certified no more. */
export type CompromisedKeyGround = {
  /** Of the certificate that was for it. */
  readonly serial: string;
  readonly since: Date;
};

/** Somebody answers for it that a rule does not stand in the way of a name until a day. */
export type PolicyException = {
  readonly id: string;
  /** Name of the rule. */
  readonly rule: string;
  readonly hostname: Hostname;
  readonly reason: string;
  readonly until: Date;
  /** Who recorded it. */
  readonly by: string;
};

/** What was read back last of the endpoint at the hostname and view: what is true of it now, whatever is wanted meanwhile. */
export type InForceGround = { readonly revision: number; readonly contract: AdmittedContract };

/** That somebody approved a request for the endpoint, since its name was last retired, and what they were asked for. */
export type ApprovalGround = {
  /** That of the request. */
  readonly number: number;
  /** Which rule asked whom, and why. */
  readonly rule: string;
  readonly group: string;
  readonly reason: string;
  /** Name of the reviewer. */
  readonly by: string;
  readonly contract: AdmittedContract;
};

export type Ground = {
  /** Slugs: the contract's team where it is there, and every environment. */
  readonly teams: readonly string[];
  readonly environments: readonly string[];
  /** Every managed zone, of any view, that holds a name of the request. */
  readonly zones: readonly ZoneGround[];
  /** At any suffix of any name; those that have ended are among them. */
  readonly grants: readonly Grant[];
  /** That concern a name, or what reads like it. */
  readonly reservations: readonly Reservation[];
  /** That hold any of the names or a wildcard over one, or did, in any view, without one that the request itself made. */
  readonly endpoints: readonly EndpointGround[];
  readonly openRequests: readonly OpenRequestGround[];
  /** At the names, at their ancestors and at the wildcards over them, in the zones of every view. */
  readonly recordSets: readonly RecordSetGround[];
  /** Of other teams than the contract's, that cover a name of the request. */
  readonly standingCertificates: readonly StandingCertificateGround[];
  readonly lookalikes: readonly LookalikeGround[];
  /** Below the wildcards among the names, of other teams than the contract's. */
  readonly namesBelow: readonly NamesBelowGround[];
  readonly hostsBelow: readonly HostsBelowGround[];
  /** Ids of the zones in which the contract's team has a public endpoint besides one that the request itself made. */
  readonly exposedZones: readonly string[];
  /** The cluster that the contract's target names, or null: none named, or none of that name. */
  readonly cluster: ClusterGround | null;
  /** null for addresses, and where no cluster is of the name that the target gives. */
  readonly targetPath: TargetPathGround | null;
  /** Sources of certificates that an issuer is connected for. */
  readonly connectedSources: readonly EndpointContract['tls']['source'][];
  /** Those among them of which one issuer may sign for all names together. */
  readonly signingSources: readonly EndpointContract['tls']['source'][];
  /** Whether every worker that lives has an edge that shows proofs of control in TLS handshakes (RFC 8737). */
  readonly tlsProofs: boolean;
  /** Of a certificate for the key of the CSR, that somebody asked to revoke since others know the key; null where nobody did. */
  readonly compromisedKey: CompromisedKeyGround | null;
  readonly exceptions: readonly PolicyException[];
  /** null where nothing is: the endpoint is new, retired, or its records are gone. */
  readonly inForce: InForceGround | null;
  /** Of applied requests of the team that has the endpoint, the newest first. */
  readonly approvals: readonly ApprovalGround[];
};
export type GroundPart = keyof Ground;

/** A world that says nothing: what stands for the parts that nobody needs. */
export const emptyGround: Ground = {
  teams: [],
  environments: [],
  zones: [],
  grants: [],
  reservations: [],
  endpoints: [],
  openRequests: [],
  recordSets: [],
  standingCertificates: [],
  lookalikes: [],
  namesBelow: [],
  hostsBelow: [],
  exposedZones: [],
  cluster: null,
  targetPath: null,
  connectedSources: [],
  signingSources: [],
  tlsProofs: false,
  compromisedKey: null,
  exceptions: [],
  inForce: null,
  approvals: [],
};
