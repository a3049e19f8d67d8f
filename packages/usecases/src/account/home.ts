// What needs the asker, most urgent first, and the figures beside it; for each role other things, and for a token only what
// its scopes let it read elsewhere.

import type { home } from '@hostmaster/core/contract/account';
import { day } from '@hostmaster/core/duration';
import { laneWords } from '@hostmaster/core/operation/lane';
import { type StandingLane, workforceOf } from '@hostmaster/core/operation/workforce';
import { freshnessOf } from '@hostmaster/core/pki/freshness';
import { leftInWords } from '@hostmaster/core/pki/renewal';
import { authorize, may } from '@hostmaster/core/policy/authorize';
import { minuteOf } from '@hostmaster/core/said-time';
import { asSentence } from '@hostmaster/core/sentence';
import { awayIssuers } from '@hostmaster/db/away-issuers';
import { endingCertificates, homeFigures, type Whose } from '@hostmaster/db/home';
import { seenLanes } from '@hostmaster/db/lane';
import { publishedStatus } from '@hostmaster/db/published-status';
import { seenWorkers } from '@hostmaster/db/worker-heartbeat';
import type { z } from 'zod';
import { campaignName } from '../campaign/present.ts';
import type { Ctx } from '../context.ts';
import { unknownNeed } from '../discovery/unknown.ts';
import { troubledByCause } from '../endpoint/troubled.ts';
import { answeringOf, ownRequests } from '../request/asker.ts';
import { waitingFor } from '../request/waiting-for.ts';
import { timestampOf, timestampOrNull } from '../timestamp.ts';
import { cameToNothing, rememberedDays } from './dismiss.ts';

type Home = z.output<typeof home>;
type Need = Home['needsMe'][number];

/** Of each kind; beyond that the lists are the place to look. */
const mostOfAKind = 10;
/** Most of what came to nothing was asked for again, and is no need any more. */
const mostLookedThrough = 200;

/** Seventeen queries at most. */
export async function readHome(ctx: Ctx): Promise<Home> {
  authorize(ctx.actor, 'me.read');
  const teamIds = ctx.actor.teams.map(({ id }) => id);
  const platform = ctx.actor.roles.includes('platform-admin');
  // Whoever has a role in the organisation looks at all of it; of a renewal, that it is overdue is the platform's as well as the team's.
  const counted: Whose = ctx.actor.roles.length > 0 ? 'everybody' : teamIds;
  const renewed: Whose = platform ? 'everybody' : teamIds;
  const reads = {
    endpoints: may(ctx.actor, 'endpoint.read'),
    requests: may(ctx.actor, 'request.read'),
    certificates: may(ctx.actor, 'certificate.read'),
    zones: may(ctx.actor, 'zone.read'),
    operations: may(ctx.actor, 'operation.read'),
    grants: may(ctx.actor, 'grant.read'),
  };
  // Most urgent first: who works and what is read, then what is broken, then what ends.
  const [figures, before, broken, after] = await Promise.all([
    homeFigures(ctx.db, counted, ctx.clock.now()),
    Promise.all([
      reads.operations ? missingWorkers(ctx) : [],
      reads.zones ? unreadZones(ctx) : [],
      may(ctx.actor, 'issuer.read') ? staleRevocations(ctx) : [],
      may(ctx.actor, 'issuer.read') ? issuersAway(ctx) : [],
    ]),
    reads.endpoints ? troubled(ctx) : { needs: [], more: false },
    Promise.all([
      reads.certificates ? ending(ctx, renewed) : [],
      reads.certificates ? campaignsProposed(ctx) : [],
      may(ctx.actor, 'discovery.read') ? unknownNeed(ctx) : [],
      reads.requests ? reviewsNeeded(ctx) : [],
      reads.requests ? ownRequestsEnded(ctx) : [],
    ]),
  ]);
  const all = [...before.flat(), ...broken.needs, ...after.flat()];
  const told = all.filter(({ kind }) => kind === 'review').length;
  const reviews = told < mostOfAKind ? told : await ctx.db.request.count({ where: waitingFor(ctx.actor) });
  return {
    needsMe: all,
    moreNeeds: broken.more || [...before, ...after].some(({ length }) => length >= mostOfAKind),
    counts: {
      endpoints: reads.endpoints ? figures.endpoints : null,
      attention: reads.endpoints ? figures.attention : null,
      underWay: reads.endpoints ? figures.underWay : null,
      unseen: reads.endpoints ? figures.unseen : null,
      reviews: reads.requests ? reviews : null,
      openRequests: reads.requests ? figures.openRequests : null,
      endingCertificates: reads.certificates ? figures.endingCertificates : null,
      failingZones: reads.zones ? figures.failingZones : null,
    },
    checkedAt: reads.endpoints ? timestampOrNull(figures.checkedAt) : null,
    there: { zones: reads.zones ? figures.anyZone : null, grants: reads.grants ? figures.anyGrant : null },
  };
}

/** Everybody's need: whatever anybody asked for waits. Where to look is for those who run Hostmaster. */
async function missingWorkers(ctx: Ctx): Promise<Need[]> {
  const [workers, lanes] = await Promise.all([seenWorkers(ctx.db), seenLanes(ctx.db)]);
  const workforce = workforceOf(workers, lanes);
  if (workforce.state === 'working') return [];
  const mends = ctx.actor.roles.includes('platform-admin');
  if (workforce.state === 'standing') return workforce.lanes.map((each) => standing(each, mends));
  const [last] = workers;
  const waits = 'Requests, checks and renewals wait. Nothing is lost: they go on by themselves as soon as a worker works.';
  const seen = last === undefined ? '' : ` The last one was process ${last.pid} on ${last.host}.`;
  const remedy = mends ? `Start a worker, or look why it does not work.${seen}` : 'Whoever runs Hostmaster has to start one.';
  // Since when is said beside it, as of every need.
  const title = last === undefined ? 'No worker has been seen yet' : 'No worker works any more';
  const since = timestampOrNull(last?.lastSeenAt ?? null);
  return [{ kind: 'worker', id: last?.id ?? 'none', title, text: `${waits} ${remedy}`, since }];
}

/** Workers live, and take nothing up. */
function standing({ lane, since }: StandingLane, mends: boolean): Need {
  const remedy = mends
    ? 'Look whether the queue answers and at the logs of the workers, and restart them.'
    : 'Whoever runs Hostmaster has to look why.';
  const text = `Workers run, but none takes up what waits. Nothing is lost: it goes on by itself as soon as one does. ${remedy}`;
  return { kind: 'lane', id: lane, title: `No worker takes up ${laneWords[lane]}`, text, since: timestampOf(since) };
}

/** One row for all names that one cause holds up; the first of them are named. */
const mostNamed = 3;

async function troubled(ctx: Ctx): Promise<{ readonly needs: Need[]; readonly more: boolean }> {
  const { causes, more } = await troubledByCause(ctx);
  const needs = causes.slice(0, mostOfAKind).map(({ endpoints, summary, movesNext }): Need => {
    const [first] = endpoints;
    // A team is told what is its own; whom the platform admins have to ask stands beside it.
    const whom = ctx.actor.roles.includes('platform-admin') ? ` Moves next: ${movesNext}.` : '';
    const names = endpoints.slice(0, mostNamed).map(({ hostname }) => hostname);
    const others = endpoints.length - names.length;
    return {
      kind: 'endpoint',
      id: first.id,
      title: `${names.join(', ')}${others > 0 ? ` and ${others} more` : ''}`,
      text: `${asSentence(summary)}${whom}`,
      since: timestampOf(first.changedAt),
      names: endpoints.length,
    };
  });
  return { needs, more: more || causes.length >= mostOfAKind };
}

async function ending(ctx: Ctx, whose: Whose): Promise<Need[]> {
  if (whose.length === 0) return [];
  const now = ctx.clock.now();
  const rows = await endingCertificates(ctx.db, whose, now, mostOfAKind);
  return rows.map((row): Need => {
    const over = row.notAfter < now;
    const ends = over ? 'has expired' : `ends in ${leftInWords(row, now)}`;
    const undone = row.brought ? ': import the next one' : over ? '' : ' and was not renewed';
    const text = `The certificate ${ends}${undone}.`;
    return { kind: 'certificate', id: row.serial, title: row.hostname, text, since: timestampOf(row.renewAfter) };
  });
}

const oldestFirst = [{ createdAt: 'asc' as const }, { id: 'asc' as const }];

/** Requests that the asker may decide on, the oldest first. */
async function reviewsNeeded({ db, actor }: Ctx): Promise<Need[]> {
  const select = { id: true, number: true, hostname: true, askerName: true, createdAt: true } as const;
  const rows = await db.request.findMany({ where: waitingFor(actor), select, orderBy: oldestFirst, take: mostOfAKind });
  return rows.map(({ id, number, hostname, askerName, createdAt }) => ({
    kind: 'review',
    id,
    title: hostname,
    text: `${askerName} asks for it (request ${number}).`,
    since: timestampOf(createdAt),
  }));
}

/** Their own requests that did not come through, and that nobody has asked for again since, the oldest first. */
async function ownRequestsEnded(ctx: Ctx): Promise<Need[]> {
  const { actor, db, clock } = ctx;
  const rows = await db.request.findMany({
    where: {
      AND: ownRequests(actor),
      state: { in: Object.keys(cameToNothing) },
      decidedAt: { gte: new Date(clock.now().getTime() - rememberedDays * day) },
      ...(actor.kind === 'person' ? { dismissals: { none: { personId: actor.id } } } : {}),
    },
    select: {
      id: true,
      number: true,
      hostname: true,
      view: true,
      teamId: true,
      state: true,
      outcome: true,
      askerName: true,
      answeringPersonId: true,
      createdAt: true,
      decidedAt: true,
    },
    orderBy: oldestFirst,
    take: mostLookedThrough,
  });
  const newest = await newestOf(ctx, rows);
  return rows
    .filter(newest)
    .slice(0, mostOfAKind)
    .map((row) => {
      const whose = row.answeringPersonId === null ? `The request ${row.number} of ${row.askerName}` : `Your request ${row.number}`;
      const why = row.outcome === null ? '.' : `: ${row.outcome}`;
      return {
        kind: 'request',
        id: row.id,
        title: row.hostname,
        text: `${whose} ${cameToNothing[row.state] ?? 'is over'}${why}`,
        since: timestampOf(row.decidedAt ?? row.createdAt),
      };
    });
}

type Asked = Pick<Awaited<ReturnType<Ctx['db']['request']['findMany']>>[number], 'number' | 'hostname' | 'view' | 'teamId'>;

/** Whether nothing was asked for the name since by the same team: what was asked again waits for nobody. */
async function newestOf(ctx: Ctx, ended: readonly Asked[]): Promise<(row: Asked) => boolean> {
  if (ended.length === 0) return () => true;
  const later = await ctx.db.request.findMany({
    where: { hostname: { in: ended.map(({ hostname }) => hostname) }, number: { gt: Math.min(...ended.map(({ number }) => number)) } },
    select: { number: true, hostname: true, view: true, teamId: true },
  });
  return (row) =>
    !later.some(
      ({ number, hostname, view, teamId }) =>
        number > row.number && hostname === row.hostname && view === row.view && teamId === row.teamId,
    );
}

/** What is published of revocations and not renewed in time. */
async function staleRevocations(ctx: Ctx): Promise<Need[]> {
  if (!ctx.actor.roles.includes('platform-admin')) return [];
  const now = ctx.clock.now();
  return (await publishedStatus(ctx.db)).flatMap(({ issuerId: id, slug, lists, responses }) => {
    const stale = [
      { what: 'CRLs', ...lists },
      { what: 'OCSP responses', ...responses },
    ].filter((each) => freshnessOf(each, now) !== 'fresh');
    if (stale.length === 0) return [];
    const told = stale.map(({ what, until }) => `Its ${what} have not been signed anew in time, and ${holding(until, now)}.`);
    const since = stale.flatMap(({ dueAt }) => (dueAt === null ? [] : [dueAt.getTime()]));
    return [
      {
        kind: 'issuer' as const,
        id,
        title: `Revocations of ${slug}`,
        text: `${told.join(' ')} Look why in the log of the workers.`,
        since: since.length === 0 ? null : timestampOf(new Date(Math.min(...since))),
      },
    ];
  });
}

/** An issuer that cannot be asked is said once, whatever waits for it. */
async function issuersAway(ctx: Ctx): Promise<Need[]> {
  if (!ctx.actor.roles.includes('platform-admin')) return [];
  const text = 'Names that want it wait. Test its connection on the page of the issuers; they go on by themselves once it answers.';
  return (await awayIssuers(ctx.db))
    .slice(0, mostOfAKind)
    .map(({ id, name, since }) => ({ kind: 'issuer', id, title: `${name} cannot be asked`, text, since: timestampOf(since) }));
}

function holding(until: Date | null, now: Date): string {
  if (until === null) return 'there are none yet';
  if (until > now) return `those that there are hold until ${minuteOf(until)}`;
  return `since ${minuteOf(until)} whoever checks its certificates refuses them, or does not see what is revoked`;
}

/** Campaigns that a second person has to start, for those who may. */
async function campaignsProposed(ctx: Ctx): Promise<Need[]> {
  if (!may(ctx.actor, 'campaign.run')) return [];
  const rows = await ctx.db.campaign.findMany({ where: { state: 'proposed' }, orderBy: { createdAt: 'asc' }, take: mostOfAKind });
  return rows
    .filter((row) => may(ctx.actor, 'campaign.start', { answering: answeringOf(row) }))
    .map((row) => ({
      kind: 'campaign',
      id: row.id,
      title: `To ${campaignName(row)}`,
      text: `${row.askerName} asks for a second person to start it: ${asSentence(row.comment)}`,
      since: timestampOf(row.createdAt),
    }));
}

async function unreadZones(ctx: Ctx): Promise<Need[]> {
  if (!ctx.actor.roles.includes('platform-admin')) return [];
  const rows = await ctx.db.zone.findMany({
    where: { givenUpAt: null, OR: [{ syncError: { not: null } }, { signingError: { not: null } }] },
    select: { id: true, apex: true, syncError: true, signingError: true },
    orderBy: { apex: 'asc' },
    take: mostOfAKind,
  });
  return rows.map(({ id, apex, syncError, signingError }) => ({
    kind: 'zone',
    id,
    title: apex,
    text: syncError ?? signingError ?? '',
    // Since when is not kept: the last reading that succeeded was before, and how long nobody knows.
    since: null,
  }));
}
