// Decisions per second of the admission policy, as a use case makes them: the ground of each request is loaded from a
// Postgres that holds few grants or many, and decided on. The contracts are a mix: names that are allowed, names under
// somebody else's suffix, reserved names, and certificates with further names.
import { type EndpointContract, endpointContract } from '@hostmaster/core/contract/endpoint';
import { hostnameOf, skeletonOf } from '@hostmaster/core/hostname/parse-hostname';
import { askedOf, type PolicyInput } from '@hostmaster/core/policy/asked';
import { type Decision, decide } from '@hostmaster/core/policy/decide';
import type { Ground } from '@hostmaster/core/policy/ground';
import { type Db, openDb } from '@hostmaster/db/client';
import { createTestDatabase } from '@hostmaster/embedded/testing/database';
import { groundOf } from '@hostmaster/usecases/request/load-ground';
import { alternate, median, ratePerSecond } from './measure.ts';
import { type Bench, percent, ratio, whole } from './report.ts';

const promised = 200_000;
/** Loading may not cost more than this with a thousand times the grants. */
const promisedRatio = 1.25;
const roundMilliseconds = 300;
const rounds = 7;
/** V8 optimises for seconds, on threads whose time counts; a process that decides has run for longer. */
const warmUps = 12;
const contractsPerWorld = 500;
const loadsPerRound = 50;
const now = new Date('2026-11-20T12:00:00Z');

const apexes = Array.from({ length: 20 }, (_, at) => `zone${at}.example.test`);
const environments = ['dev', 'staging', 'prod'] as const;
const environmentAt = (at: number): string => environments[at % environments.length] ?? 'dev';
const teamAt = (at: number): string => `team-${at}`;
const suffixAt = (at: number): string => `service${at}.${environmentAt(at)}.${apexes[at % apexes.length]}`;

/** Labels, exact names and suffixes in turn. */
function reservationAt(at: number) {
  const kind = (['label', 'exact', 'suffix'] as const)[at % 3] ?? 'label';
  const apex = apexes[at % apexes.length];
  const value = kind === 'label' ? `reserved${at}` : kind === 'exact' ? `shop${at}.prod.${apex}` : `corp${at}.${apex}`;
  const skeleton = skeletonOf(hostnameOf(kind === 'label' ? `${value}.x` : value)).replace(/\.x$/, '');
  return { kind, value, skeleton, group: 'security-reviewer', reason: 'it is watched.' };
}

/** Of ten contracts seven are allowed, one stands under another team's suffix, one has a reserved label, one has two further names. */
function contractAt(at: number, grants: number): EndpointContract {
  const own = (at * 7919) % grants;
  const turn = at % 10;
  const suffix = suffixAt(turn === 7 ? (own + 1) % grants : own);
  return endpointContract.parse({
    hostname: `${turn === 8 ? 'reserved0' : `orders${at}`}.${suffix}`,
    team: teamAt(own),
    target: { addresses: [at % 2 === 0 ? '127.0.0.1' : '1.1.1.1'] },
    tls: { extraNames: turn === 9 ? [`www${at}.${suffix}`, `api${at}.${suffix}`] : [] },
  });
}

const batchesOf = (count: number): number[][] => {
  const size = 5000;
  const starts = Array.from({ length: Math.ceil(count / size) }, (_, batch) => batch * size);
  return starts.map((start) => Array.from({ length: Math.min(size, count - start) }, (_, at) => start + at));
};

/** Every grant is another team's. */
async function fill(db: Db, grants: number, reservations: number): Promise<void> {
  for (const batch of batchesOf(grants)) {
    const teams = await db.team.createManyAndReturn({
      data: batch.map((at) => ({ slug: teamAt(at), name: teamAt(at) })),
      select: { id: true },
    });
    await db.grant.createMany({
      data: batch.flatMap((at, index) => {
        const team = teams[index];
        return team === undefined ? [] : [{ teamId: team.id, suffix: suffixAt(at), environments: [environmentAt(at)], views: ['public'] }];
      }),
    });
  }
  await db.reservation.createMany({ data: Array.from({ length: reservations }, (_, at) => reservationAt(at)) });
  const { id: ownerTeamId } = await db.team.create({ data: { slug: 'platform-edge', name: 'Platform edge' } });
  const server = { address: '127.0.0.1', port: 53 };
  await db.zone.createMany({
    data: apexes.map((apex) => ({
      apex,
      view: 'public',
      provider: 'rfc2136',
      connection: { primary: server },
      servers: [{ name: 'ns1.example.test', ...server }],
      allowedRanges: ['127.0.0.0/8'],
      allowedPorts: ['1-65535'],
      ownerTeamId,
    })),
  });
  await db.$executeRaw`ANALYZE`;
}

type World = {
  readonly db: Db;
  readonly asked: readonly { readonly input: PolicyInput; readonly ground: Ground }[];
  close(): Promise<void>;
};

async function worldOf(grants: number, reservations: number, signal: AbortSignal): Promise<World> {
  const database = await createTestDatabase();
  const db = openDb(database.url, { connections: 1 });
  await fill(db, grants, reservations);
  const asked: { input: PolicyInput; ground: Ground }[] = [];
  for (let at = 0; at < contractsPerWorld; at += 1) {
    signal.throwIfAborted();
    const contract = contractAt(at, grants);
    const input = { kind: 'create' as const, contract, actorTeam: contract.team, now };
    asked.push({ input, ground: await groundOf(db, askedOf(input), null) });
  }
  return {
    db,
    asked,
    close: async () => {
      await db.$disconnect();
      await database.drop();
    },
  };
}

const outcomes: Record<Decision['outcome'], number> = { allow: 0, review: 0, deny: 0 };

/** Reads and decides one request after the other, each on the ground that was loaded for it. */
const deciding =
  ({ asked }: World) =>
  (turn: number): void => {
    const one = asked[turn % asked.length];
    if (one !== undefined) outcomes[decide(askedOf(one.input), one.ground).outcome] += 1;
  };

/** Milliseconds of one loading of a ground, by the clock, median of a round. */
const loading =
  ({ db, asked }: World) =>
  async (round: number): Promise<number> => {
    const spent: number[] = [];
    for (let turn = 0; turn < loadsPerRound; turn += 1) {
      const one = asked[(round * loadsPerRound + turn) % asked.length];
      const began = performance.now();
      if (one !== undefined) await groundOf(db, askedOf(one.input), null);
      spent.push(performance.now() - began);
    }
    return median(spent);
  };

export const benchPolicy: Bench = async (signal) => {
  const few = await worldOf(100, 10, signal);
  const many = await worldOf(100_000, 1000, signal);
  try {
    const deciders = [few, many].map((world) => () => ratePerSecond(deciding(world), roundMilliseconds));
    for (let round = 0; round < warmUps; round += 1) for (const warmUp of deciders) await warmUp();
    const [decidedFew = 0, decidedMany = 0] = (await alternate(deciders, rounds, signal)).map(median);
    const [loadedFew = 0, loadedMany = 0] = (await alternate([few, many].map(loading), rounds, signal)).map(median);
    const total = outcomes.allow + outcomes.review + outcomes.deny;
    const share = (outcome: Decision['outcome']) => percent(outcomes[outcome] / total);
    const grew = loadedMany / loadedFew;
    return {
      title: 'Policy decisions',
      columns: ['', '100 grants, 10 reservations', '100,000 grants, 1,000 reservations', 'ratio'],
      rows: [
        ['decisions on the ground that was loaded', `${whole(decidedFew)}/s`, `${whole(decidedMany)}/s`, ratio(decidedMany / decidedFew)],
        ['loading the ground of one request', `${loadedFew.toFixed(2)} ms`, `${loadedMany.toFixed(2)} ms`, ratio(grew)],
      ],
      promises: [
        {
          promise: `at least ${whole(promised)} decisions a second with 100,000 grants and 1,000 reservations`,
          measured: `${whole(decidedMany)}/s`,
          kept: decidedMany >= promised,
        },
        {
          promise: 'the cost grows with labels, not with grants',
          measured: `loading takes ${ratio(grew)} times as long with a thousand times the grants`,
          kept: grew <= promisedRatio,
        },
      ],
      notes: [
        `Decisions: one thread, by CPU time, median of ${rounds} alternating rounds of ${roundMilliseconds} ms over ${whole(contractsPerWorld)} different contracts; reading the names is counted, parsing the contract is not. ${share('allow')} of the decisions allow, ${share('review')} ask for a review, ${share('deny')} deny.`,
        `Loading: one statement to PostgreSQL over loopback, by the clock, median of ${rounds} alternating rounds of ${loadsPerRound}.`,
      ],
    };
  } finally {
    await few.close();
    await many.close();
  }
};
