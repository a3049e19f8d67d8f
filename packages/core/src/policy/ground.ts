// What the world says about the names of one request: loaded by the use case, only the rows that concern those names
// (`suffixesOf(hostname)` gives the keys), and handed to the pure decision. Hostnames here are canonical.
import type { EndpointContract } from '../contract/endpoint.ts';
import type { RecordSet } from '../dns/record-set.ts';
import type { TtlBounds } from '../dns/ttl.ts';
import type { View } from '../dns/view.ts';
import type { Hostname } from '../hostname/hostname.ts';
import type { GrantIndex } from './grant-index.ts';
import type { ReservationIndex } from './reservation-index.ts';

export type ZoneGround = {
  readonly id: string;
  readonly apex: Hostname;
  readonly view: View;
  /** Environments whose names may stand in the zone; empty means any. */
  readonly environments: readonly string[];
  readonly ttlBounds: TtlBounds;
  /** Slug of the team that owns the zone. */
  readonly ownerTeam: string;
  /** A team's first public name in this zone needs a review by security. */
  readonly reviewFirstExposure: boolean;
  /** CIDR ranges of special-purpose addresses (private, loopback) that the zone's owner allows as targets. */
  readonly allowedRanges: readonly string[];
};

export type EndpointGround = {
  readonly id: string;
  readonly hostname: Hostname;
  readonly view: View;
  readonly team: string;
};

/** A request that is not finished yet and asks for the name; the request being decided is left out. */
export type OpenRequestGround = {
  readonly id: string;
  readonly hostname: Hostname;
  readonly view: View;
  readonly team: string;
};

/** A name that was retired lately: held back so that nobody inherits another team's visitors. */
export type QuarantineGround = {
  readonly hostname: Hostname;
  readonly view: View;
  readonly formerTeam: string;
  readonly until: Date;
};

export type ClusterGround = {
  /** Slug, as named in a contract's target. */
  readonly name: string;
  /** Where a CNAME to the cluster leads. */
  readonly hostname: Hostname;
  readonly environment: string;
  readonly takesPublicTraffic: boolean;
  /** Certificates that its load balancer holds at most and holds now; null when it is not limited. */
  readonly certificates: { readonly limit: number; readonly used: number } | null;
};

/** A live name that reads like the one asked for (same `skeletonOf`), whatever its team. */
export type LookalikeGround = { readonly hostname: Hostname; readonly team: string };

export type Ground = {
  readonly now: Date;
  /** Every managed zone, of any view, whose apex is the name, an extra name, or a suffix of one. */
  readonly zones: readonly ZoneGround[];
  readonly grants: GrantIndex;
  readonly reservations: ReservationIndex;
  /** Endpoints (not retired) at the names of the contract, in any view. */
  readonly endpoints: readonly EndpointGround[];
  readonly openRequests: readonly OpenRequestGround[];
  readonly quarantines: readonly QuarantineGround[];
  /**
   * Record sets observed at the hostname and at its ancestors down from the zone's apex, without those that this
   * endpoint (or this request, when it is decided again before apply) itself put there.
   */
  readonly foreignRecordSets: readonly RecordSet[];
  /** The cluster named by the contract's target, or null: none named, or none of that name. */
  readonly cluster: ClusterGround | null;
  readonly lookalikes: readonly LookalikeGround[];
  /** Whether the contract's team has a live public endpoint already. */
  readonly teamHasPublicEndpoint: boolean;
  /** Sources of certificates that an issuer is connected for. */
  readonly connectedSources: readonly EndpointContract['tls']['source'][];
};
