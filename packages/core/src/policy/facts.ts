// What the ground says of a request and of each of its names, told once before the rules are asked. A rule sees the facts
// that it declares (rule.ts); all but `environment` are parts of the ground, narrowed to what concerns the name.
import { views } from '../dns/view.ts';
import { covers, type Hostname, isWithin, mostSpecific, suffixesOf, wildcardBeside, wildcardsOver } from '../hostname/hostname.ts';
import { skeletonOf } from '../hostname/parse-hostname.ts';
import type { Asked, AskedName } from './asked.ts';
import type { EndpointGround, Grant, Ground, GroundPart, RecordSetGround, Reservation, ZoneGround } from './ground.ts';

/** Of the request as a whole: told also while the hostname is malformed. */
export type RequestFacts = Pick<
  Ground,
  'teams' | 'environments' | 'cluster' | 'targetPath' | 'connectedSources' | 'signingSources' | 'tlsProofs' | 'compromisedKey'
> & {
  /** The environment that is meant: the contract's, or the only one that the team's grants at the hostname offer for the view; null when neither says. */
  readonly environment: string | null;
};

/** Of one name. */
export type NameFacts = RequestFacts &
  Pick<
    Ground,
    'endpoints' | 'openRequests' | 'standingCertificates' | 'lookalikes' | 'exposedZones' | 'namesBelow' | 'hostsBelow' | 'reservations'
  > & {
    readonly zones: {
      /** The zone of the request's view that holds the name: the longest apex that is a suffix of it. */
      readonly own: ZoneGround | null;
      /** Every zone that holds the name, of any view. */
      readonly all: readonly ZoneGround[];
    };
    readonly grants: NameGrants;
    /** At the name and at its ancestors in its zone, without those that hold only what the endpoint itself put there. */
    readonly recordSets: readonly RecordSetGround[];
    /** The same of every other view: a certificate for the name speaks for what stands there, too. */
    readonly elsewhere: readonly Elsewhere[];
    /** Who holds the wildcard whose certificate covers the name, in any view. */
    readonly certifiedBy: readonly EndpointGround[];
    /** The wildcard that answers for the name while nothing stands there; null where none would. */
    readonly wildcard: WildcardOver | null;
  };

export type Elsewhere = {
  /** That holds the name in its view. */
  readonly zone: ZoneGround;
  /** Never empty. */
  readonly recordSets: readonly RecordSetGround[];
};

export type WildcardOver = {
  readonly name: Hostname;
  /** Nothing stands at the name: it answers for it now. */
  readonly answers: boolean;
  /** Slug of the team whose endpoint it is; null where it is kept without Hostmaster. */
  readonly team: string | null;
  /** From there down the wildcard answers no more once the name is there: at it and at all names below (RFC 4592 §2.2.3). */
  readonly silencedFrom: Hostname;
};

export type NameGrants = {
  /** Every grant at the most specific granted suffix, whoever holds it: the suffix of all of them is one. */
  readonly all: readonly Grant[];
  /** Those of other teams, at the name or anywhere above it. */
  readonly others: readonly Grant[];
  /** Those that the contract's team holds, for any environment and view. */
  readonly own: readonly Grant[];
  /** Those of `own` that are for the environment that is meant, where it is known. */
  readonly ofEnvironment: readonly Grant[];
  /** Those of `ofEnvironment` that are for the view: a single grant must cover both, two halves do not add up to one. */
  readonly fitting: readonly Grant[];
  /** Where no grant covers the name: those of the contract's team that did, and have ended. */
  readonly ended: readonly Grant[];
};

export type Fact = keyof NameFacts;

/** The part of the ground that a fact is told from. */
export const partOf = (fact: Fact): GroundPart => (isTold(fact) ? toldFrom[fact] : fact);

const toldFrom = {
  environment: 'grants',
  wildcard: 'recordSets',
  elsewhere: 'recordSets',
  certifiedBy: 'endpoints',
} as const satisfies Record<Exclude<Fact, GroundPart>, GroundPart>;
const isTold = (fact: Fact): fact is keyof typeof toldFrom => Object.hasOwn(toldFrom, fact);

/** What is known of a request, and of each of its names. */
export type Facts = {
  readonly ofRequest: RequestFacts;
  /** null while the hostname is malformed. */
  readonly ofHostname: NamedFacts | null;
  readonly ofNames: readonly NamedFacts[];
};
export type NamedFacts = { readonly name: AskedName; readonly facts: NameFacts };

export function factsOf(asked: Asked, ground: Ground): Facts {
  const covered = asked.names.map((name) => ({ name, covering: coveringGrants(asked, name, ground.grants) }));
  const own = covered.find(({ name }) => name === asked.name)?.covering.own;
  const environment = asked.contract.environment ?? (own === undefined ? null : offeredEnvironment(asked, own));
  const { teams, environments, cluster, targetPath, connectedSources, signingSources, tlsProofs, compromisedKey } = ground;
  const ofRequest = { environment, teams, environments, cluster, targetPath, connectedSources, signingSources, tlsProofs, compromisedKey };
  const ofNames = covered.map(({ name, covering }) => ({ name, facts: nameFacts(asked, name, ground, ofRequest, covering) }));
  return { ofRequest, ofHostname: ofNames.find(({ name }) => name === asked.name) ?? null, ofNames };
}

function nameFacts(asked: Asked, { hostname }: AskedName, ground: Ground, ofRequest: RequestFacts, covering: Covering): NameFacts {
  const { environment } = ofRequest;
  const { reservations, endpoints, openRequests, recordSets, standingCertificates, lookalikes, namesBelow, hostsBelow, exposedZones } =
    ground;
  const skeleton = reservations.length + lookalikes.length > 0 ? skeletonOf(hostname) : '';
  const zones = zonesOf(asked, hostname, ground.zones);
  return {
    ...ofRequest,
    zones,
    grants: grantsOf(asked, covering, environment),
    reservations: only(
      reservations,
      ({ kind, value, skeleton: held }) => reserves(kind, value, hostname) || reserves(kind, held, skeleton),
    ),
    endpoints: only(endpoints, (one) => one.name === hostname),
    openRequests: only(openRequests, (one) => one.names.includes(hostname)),
    recordSets: zones.own === null ? [] : leadingTo(hostname, zones.own, recordSets),
    elsewhere: elsewhere(hostname, zones, recordSets),
    standingCertificates: only(standingCertificates, (one) => covers(one.name, hostname)),
    lookalikes: only(lookalikes, (one) => one.skeleton === skeleton && one.hostname !== hostname),
    namesBelow: only(namesBelow, ({ wildcard }) => wildcard === hostname),
    hostsBelow: only(hostsBelow, ({ wildcard }) => wildcard === hostname),
    certifiedBy: only(endpoints, (one) => one.name === wildcardBeside(hostname) && !one.letGo),
    exposedZones,
    wildcard: wildcardOver(hostname, zones.own, ground),
  };
}

/** What somebody else put at the name and at its ancestors in the zone. */
const leadingTo = (hostname: Hostname, { id, apex }: ZoneGround, recordSets: readonly RecordSetGround[]): readonly RecordSetGround[] =>
  only(recordSets, (set) => set.foreign.length > 0 && set.zone === id && isWithin(hostname, set.name) && isWithin(set.name, apex));

function elsewhere(hostname: Hostname, { own, all }: NameFacts['zones'], recordSets: readonly RecordSetGround[]): readonly Elsewhere[] {
  if (recordSets.length === 0 || all.every(({ view }) => view === own?.view)) return [];
  return views.flatMap((view) => {
    const zone =
      view === own?.view
        ? null
        : mostSpecific(
            hostname,
            only(all, (one) => one.view === view && !one.givenUp),
          );
    const there = zone === null ? [] : leadingTo(hostname, zone, recordSets);
    return zone === null || there.length === 0 ? [] : [{ zone, recordSets: there }];
  });
}

/**
 * The closest wildcard with record sets in the zone, where nothing is known to stand between. What stands below
 * a name between and makes it exist without records is not in the ground: such a wildcard counts as answering.
 */
function wildcardOver(hostname: Hostname, own: ZoneGround | null, { recordSets, endpoints }: Ground): WildcardOver | null {
  const here = own === null ? [] : recordSets.filter(({ zone }) => zone === own.id);
  if (here.length === 0) return null;
  for (const wildcard of wildcardsOver(hostname)) {
    const encloser = wildcard.slice(2);
    if (here.some(({ name }) => name === wildcard)) {
      const holder = endpoints.find((one) => one.name === wildcard && one.hostname === wildcard && one.view === own?.view && !one.letGo);
      const silencedFrom = suffixesOf(hostname).findLast((suffix) => suffix.length > encloser.length) ?? hostname;
      return { name: wildcard, answers: !here.some(({ name }) => name === hostname), team: holder?.team ?? null, silencedFrom };
    }
    if (encloser === own?.apex || here.some(({ name }) => name === encloser)) return null;
  }
  return null;
}

/** What passes: the same list where all do, so that the common case costs nothing. */
const only = <T>(list: readonly T[], passes: (one: T) => boolean): readonly T[] => (list.every(passes) ? list : list.filter(passes));

function zonesOf({ contract }: Asked, hostname: Hostname, zones: readonly ZoneGround[]): NameFacts['zones'] {
  const all = only(zones, ({ apex }) => isWithin(hostname, apex));
  return {
    own: mostSpecific(
      hostname,
      only(all, ({ view }) => view === contract.view),
    ),
    all,
  };
}

type Covering = Pick<NameGrants, 'all' | 'others' | 'own' | 'ended'>;

const hasEnded = ({ expiresAt }: Grant, now: Date): boolean => expiresAt !== null && expiresAt.getTime() <= now.getTime();

function coveringGrants({ contract, now }: Asked, { hostname }: AskedName, grants: readonly Grant[]): Covering {
  let all: Grant[] = [];
  const others: Grant[] = [];
  let longest = 0;
  for (const grant of grants) {
    const { length } = grant.suffix;
    if ((length < longest && grant.team === contract.team) || !isWithin(hostname, grant.suffix) || hasEnded(grant, now)) continue;
    if (grant.team !== contract.team) others.push(grant);
    if (length < longest) continue;
    if (length > longest) all = [];
    longest = length;
    all.push(grant);
  }
  const own = only(all, ({ team }) => team === contract.team);
  const ended = all.length > 0 ? [] : grants.filter(({ team, suffix }) => team === contract.team && isWithin(hostname, suffix));
  return { all, others, own, ended };
}

function grantsOf({ contract }: Asked, { all, others, own, ended }: Covering, environment: string | null): NameGrants {
  const ofEnvironment = environment === null ? own : only(own, ({ environments }) => environments.includes(environment));
  const fitting = only(ofEnvironment, ({ views }) => views.includes(contract.view));
  return { all, others, own, ofEnvironment, fitting, ended };
}

/** The only environment that the team's grants offer for the view, or else for any view; null where they offer none or several. */
function offeredEnvironment({ contract }: Asked, own: readonly Grant[]): string | null {
  const inView = only(own, ({ views }) => views.includes(contract.view));
  let offered: string | null = null;
  for (const { environments } of inView.length > 0 ? inView : own) {
    for (const environment of environments) {
      if (offered !== null && offered !== environment) return null;
      offered = environment;
    }
  }
  return offered;
}

/** Whether what is reserved holds the name; both as they are written, or both as they read. */
export function reserves(kind: Reservation['kind'], reserved: string, name: string): boolean {
  if (kind === 'exact') return name === reserved;
  if (kind === 'label') return `.${name}.`.includes(`.${reserved}.`);
  return name === reserved || name.endsWith(`.${reserved}`);
}
