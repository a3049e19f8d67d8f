// A small organisation for the tests of the policy: one public zone, a team with a suffix for each environment, another
// team's suffix inside one of them, a reserved label.
import { expect } from 'vitest';
import { parseRange } from '../../address/address.ts';
import { type EndpointContractInput, endpointContract, tlsSource } from '../../contract/endpoint.ts';
import { hostnameOf, skeletonOf } from '../../hostname/parse-hostname.ts';
import type { RequestKind } from '../../request/kind.ts';
import { askedOf } from '../asked.ts';
import { type Decision, decide } from '../decide.ts';
import {
  type ClusterGround,
  type EndpointGround,
  emptyGround,
  type Grant,
  type Ground,
  type LookalikeGround,
  type OpenRequestGround,
  type RecordSetGround,
  type Reservation,
  type StandingCertificateGround,
  type ZoneGround,
} from '../ground.ts';

export const now = new Date('2026-11-20T12:00:00Z');
export const later = (milliseconds: number): Date => new Date(now.getTime() + milliseconds);

export const rangesOf = (...texts: string[]) => texts.flatMap((text) => parseRange(text) ?? []);

export const zone = (apex: string, more: Partial<ZoneGround> = {}): ZoneGround => ({
  id: `zone-${apex}`,
  apex: hostnameOf(apex),
  view: 'public',
  environments: [],
  ttlBounds: { min: 30, max: 86_400 },
  ownerTeam: 'platform-edge',
  read: true,
  givenUp: false,
  reviewFirstExposure: false,
  allowedRanges: rangesOf('127.0.0.0/8'),
  servedPort: 443,
  allowedPorts: [{ from: 80, to: 80 }],
  ...more,
});

export const grant = (team: string, suffix: string, environments: string[], more: Partial<Grant> = {}): Grant => ({
  id: `${team}-${suffix}`,
  team,
  suffix: hostnameOf(suffix),
  environments,
  views: ['public'],
  allowWildcard: false,
  allowSuffixItself: false,
  expiresAt: null,
  ...more,
});

export const reservation = (kind: Reservation['kind'], value: string, more: Partial<Reservation> = {}): Reservation => ({
  id: `${kind}-${value}`,
  kind,
  value,
  skeleton: skeletonOf(hostnameOf(`${value}.x`)).slice(0, -'.x'.length),
  group: 'security-reviewer',
  reason: 'ours.',
  ...more,
});

export const endpoint = (hostname: string, team: string, more: Partial<EndpointGround> = {}): EndpointGround => ({
  id: `${team}-${hostname}`,
  hostname: hostnameOf(hostname),
  name: hostnameOf(hostname),
  view: 'public',
  zone: 'zone-example.test',
  team,
  certificateOnly: false,
  letGo: false,
  givenBack: false,
  heldBackUntil: null,
  ...more,
});

export const openRequest = (hostname: string, team: string, more: Partial<OpenRequestGround> = {}): OpenRequestGround => ({
  id: `${team}-${hostname}`,
  number: 1,
  kind: 'create',
  hostname: hostnameOf(hostname),
  names: [hostnameOf(hostname)],
  view: 'public',
  team,
  ...more,
});

export const recordSet = (name: string, type: string, more: Partial<RecordSetGround> = {}): RecordSetGround => ({
  name: hostnameOf(name),
  type,
  values: ['x'],
  zone: 'zone-example.test',
  foreign: more.values ?? ['x'],
  ...more,
});

export const standing = (certified: string, team: string, more: Partial<StandingCertificateGround> = {}): StandingCertificateGround => ({
  name: hostnameOf(certified),
  team,
  hostname: hostnameOf('shop.dev.example.test'),
  endpoint: `${team}-shop`,
  until: later(1),
  refused: false,
  ...more,
});

export const lookalike = (hostname: string, team: string): LookalikeGround => ({
  hostname: hostnameOf(hostname),
  skeleton: skeletonOf(hostnameOf(hostname)),
  team,
});

export const cluster: ClusterGround = {
  name: 'k8s-1',
  hostname: hostnameOf('k8s-1.clusters.example.test'),
  environment: 'dev',
  takesPublicTraffic: true,
  certificateLimit: null,
  destination: null,
  certificates: 0,
  holdsOwn: false,
};

export const grants: readonly Grant[] = [
  grant('order-platform', 'dev.example.test', ['dev']),
  grant('order-platform', 'staging.example.test', ['staging']),
  grant('order-platform', 'prod.example.test', ['prod']),
  grant('identity', 'admin.prod.example.test', ['prod']),
];

export type World = Partial<Ground>;
export const groundOf = (world: World = {}): Ground => ({
  ...emptyGround,
  teams: ['order-platform', 'billing', 'identity', 'platform-edge'],
  environments: ['dev', 'qa', 'staging', 'prod'],
  zones: [zone('example.test')],
  grants,
  reservations: [reservation('label', 'login', { reason: 'people type their password there.' })],
  connectedSources: tlsSource.options,
  signingSources: tlsSource.options,
  ...world,
});

export type Ask = Partial<EndpointContractInput>;
export type Who = { readonly kind?: RequestKind; readonly actorTeam?: string };

/** Asks for orders.dev.example.test as the order platform, unless `contract` and `who` say otherwise. */
export const askFor = (contract: Ask = {}, { kind = 'create', actorTeam = 'order-platform' }: Who = {}) =>
  askedOf({
    kind,
    actorTeam,
    now,
    contract: endpointContract.parse({
      hostname: 'orders.dev.example.test',
      team: 'order-platform',
      target: { addresses: ['127.0.0.1'] },
      ...contract,
    }),
  });

/** Decides, and holds everything found to what it owes whoever asked: why, and what to do about it. */
export function ask(contract: Ask, world: World = {}, who: Who = {}): Decision {
  const decision = decide(askFor(contract, who), groundOf(world));
  const sentence = expect.stringMatching(/^\S.*\S\.$/);
  for (const result of decision.results) if ('remedy' in result) expect(result).toMatchObject({ reason: sentence, remedy: sentence });
  return decision;
}
/** The rules that deny. */
export const denials = (...args: Parameters<typeof ask>) => ask(...args).violations.map(({ rule }) => rule);
/** `rule by group` of every call for a review. */
export const reviews = (...args: Parameters<typeof ask>) => ask(...args).reviews.map(({ rule, group }) => `${rule} by ${group}`);
