// Decisions per second of the admission policy, with few and with many grants. The contracts are a mix: names that are
// allowed, names under somebody else's suffix, reserved names, and certificates with further names.
import { type EndpointContract, endpointContract } from '@hostmaster/core/contract/endpoint';
import { type Hostname, suffixesOf } from '@hostmaster/core/hostname/hostname';
import { hostnameOf } from '@hostmaster/core/hostname/parse-hostname';
import { type Decision, decide } from '@hostmaster/core/policy/decide';
import { buildGrantIndex, type Grant } from '@hostmaster/core/policy/grant-index';
import type { Ground, ZoneGround } from '@hostmaster/core/policy/ground';
import { buildReservationIndex, type Reservation } from '@hostmaster/core/policy/reservation-index';
import { alternate, median, ratePerSecond } from './measure.ts';
import { type Bench, percent, ratio, whole } from './report.ts';

const promised = 200_000;
const roundMilliseconds = 300;
const rounds = 7;
const contractsPerWorld = 2000;
const now = new Date('2026-11-20T12:00:00Z');

const apexes = Array.from({ length: 20 }, (_, at) => hostnameOf(`zone${at}.example.test`));
const environments = ['dev', 'staging', 'prod'] as const;
const zoneOf = (apex: Hostname): ZoneGround => ({
  id: `zone-${apex}`,
  apex,
  view: 'public',
  environments: [],
  ttlBounds: { min: 30, max: 86_400 },
  ownerTeam: 'platform-edge',
  reviewFirstExposure: false,
  allowedRanges: ['127.0.0.0/8'],
});

function grantAt(at: number): Grant {
  const environment = environments[at % 3] ?? 'dev';
  return {
    id: `grant-${at}`,
    team: `team-${at}`,
    suffix: hostnameOf(`service${at}.${environment}.${apexes[at % apexes.length]}`),
    environments: [environment],
    views: ['public'],
    allowWildcard: false,
    allowSuffixItself: false,
    expiresAt: null,
  };
}

/** Labels, exact names and suffixes in turn. */
function reservationAt(at: number): Reservation {
  const kind = (['label', 'exact', 'suffix'] as const)[at % 3] ?? 'label';
  const apex = apexes[at % apexes.length];
  const value = kind === 'label' ? `reserved${at}` : kind === 'exact' ? `shop${at}.prod.${apex}` : `corp${at}.${apex}`;
  return { id: `reservation-${at}`, kind, value, group: 'security-reviewer', reason: 'it is watched.' };
}

/** Of ten contracts seven are allowed, one stands under another team's suffix, one has a reserved label, one has two further names. */
function contractAt(at: number, grants: readonly Grant[]): EndpointContract {
  const own = grants[(at * 7919) % grants.length];
  const foreign = grants[(at * 7919 + 1) % grants.length];
  if (own === undefined || foreign === undefined) throw new Error('A world needs grants.');
  const turn = at % 10;
  const suffix = turn === 7 ? foreign.suffix : own.suffix;
  return endpointContract.parse({
    hostname: `${turn === 8 ? 'reserved0' : `orders${at}`}.${suffix}`,
    team: own.team,
    target: { addresses: [at % 2 === 0 ? '127.0.0.1' : '198.18.0.1'] },
    tls: { extraNames: turn === 9 ? [`www${at}.${suffix}`, `api${at}.${suffix}`] : [] },
  });
}

/** As a use case loads it: every list its own, and nothing kept from the decision before. */
const groundOf = (apex: Hostname, grants: Ground['grants'], reservations: Ground['reservations']): Ground => ({
  now: new Date(now),
  zones: [zoneOf(apex)],
  grants,
  reservations,
  endpoints: [],
  openRequests: [],
  quarantines: [],
  foreignRecordSets: [],
  cluster: null,
  lookalikes: [],
  teamHasPublicEndpoint: true,
  connectedSources: ['internal-ca'],
});

function worldOf(grantCount: number, reservationCount: number) {
  const grants = Array.from({ length: grantCount }, (_, at) => grantAt(at));
  const bySuffix = new Map<string, Grant>(grants.map((grant) => [grant.suffix, grant]));
  const reservations = Array.from({ length: reservationCount }, (_, at) => reservationAt(at));
  const index = { grants: buildGrantIndex(grants), reservations: buildReservationIndex(reservations) };
  const kept = new Map<string, Ground>(apexes.map((apex) => [apex, groundOf(apex, index.grants, index.reservations)]));
  const asked = Array.from({ length: contractsPerWorld }, (_, at) => {
    const contract = contractAt(at, grants);
    const apex = apexes.find((one) => contract.hostname.endsWith(`.${one}`));
    const ground = kept.get(apex ?? '');
    if (apex === undefined || ground === undefined) throw new Error(`${contract.hostname} stands in no zone.`);
    const suffixes = new Set<string>([contract.hostname, ...contract.tls.extraNames].flatMap((name) => suffixesOf(hostnameOf(name))));
    const near = {
      grants: [...suffixes].flatMap((suffix) => bySuffix.get(suffix) ?? []),
      reservations: contract.hostname.startsWith('reserved0.') ? reservations.slice(0, 1) : [],
    };
    return { input: { kind: 'create' as const, contract, actorTeam: contract.team }, apex, ground, near };
  });
  return { index, asked };
}

type World = ReturnType<typeof worldOf>;

const outcomes: Record<Decision['outcome'], number> = { allow: 0, review: 0, deny: 0 };

/** One decision after the other over the contracts of a world, on the ground that `ground` gives for each. */
const deciding =
  ({ asked, index }: World, ground: (one: World['asked'][number], index: World['index']) => Ground) =>
  (turn: number) => {
    const one = asked[turn % contractsPerWorld];
    if (one !== undefined) outcomes[decide(one.input, ground(one, index)).outcome] += 1;
  };
const onKept = (world: World) => deciding(world, ({ ground }) => ground);
const onNew = (world: World) => deciding(world, ({ apex }, index) => groundOf(apex, index.grants, index.reservations));
const onLoaded = (world: World) =>
  deciding(world, ({ apex, near }) => groundOf(apex, buildGrantIndex(near.grants), buildReservationIndex(near.reservations)));

export const benchPolicy: Bench = async (signal) => {
  const few = worldOf(100, 10);
  const many = worldOf(100_000, 1000);
  const contenders = [onKept(few), onKept(many), onNew(few), onNew(many), onLoaded(many)].map(
    (work) => () => ratePerSecond(work, roundMilliseconds),
  );
  for (const warmUp of contenders) await warmUp();
  const [keptFew = 0, keptMany = 0, newFew = 0, newMany = 0, loaded = 0] = (await alternate(contenders, rounds, signal)).map(median);
  const total = outcomes.allow + outcomes.review + outcomes.deny;
  const share = (outcome: Decision['outcome']) => percent(outcomes[outcome] / total);
  return {
    title: 'Policy decisions',
    columns: ['ground', '100 grants, 10 reservations', '100,000 grants, 1,000 reservations', 'ratio'],
    rows: [
      ['kept from decision to decision', `${whole(keptFew)}/s`, `${whole(keptMany)}/s`, ratio(keptMany / keptFew)],
      ['a new one for each decision', `${whole(newFew)}/s`, `${whole(newMany)}/s`, ratio(newMany / newFew)],
      ['a new one, its indexes built of the rows near the name', '', `${whole(loaded)}/s`, ''],
    ],
    promises: [
      {
        promise: `at least ${whole(promised)} decisions a second with 100,000 grants and 1,000 reservations`,
        measured: `${whole(keptMany)}/s; with a new ground for each ${whole(newMany)}/s`,
        kept: keptMany >= promised && newMany >= promised,
      },
    ],
    notes: [
      `One thread, by CPU time, median of ${rounds} alternating rounds of ${roundMilliseconds} ms over ${whole(contractsPerWorld)} different contracts: ${share('allow')} of the decisions allow, ${share('review')} ask for a review, ${share('deny')} deny.`,
      'The contracts are parsed before. Building the indexes is not counted, except in the last row, which is what a use case does after its queries.',
    ],
  };
};
