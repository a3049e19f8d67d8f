// Server time of the pages and lists that grow: each use case as the portal runs it, with its role in the database, on an installation with
// 100,000 endpoints, 1,000,000 certificates and a zone of 1,000,000 record sets; its answer as JSON.

import { fixedClock, systemClock } from '@hostmaster/core/clock';
import { auditQuery } from '@hostmaster/core/contract/audit';
import { certificatesQuery } from '@hostmaster/core/contract/certificate';
import { endpointsQuery } from '@hostmaster/core/contract/endpoint-view';
import { requestsQuery } from '@hostmaster/core/contract/request';
import { zoneRecordSetsQuery } from '@hostmaster/core/contract/zone';
import { readHome } from '@hostmaster/usecases/account/home';
import { search } from '@hostmaster/usecases/account/search';
import { systemActor } from '@hostmaster/usecases/actor';
import { listAudit } from '@hostmaster/usecases/audit/list';
import { readExpiryBoard } from '@hostmaster/usecases/certificate/board';
import { getCertificate } from '@hostmaster/usecases/certificate/get';
import { listCertificates } from '@hostmaster/usecases/certificate/list';
import type { Ctx } from '@hostmaster/usecases/context';
import { getEndpoint } from '@hostmaster/usecases/endpoint/get';
import { listEndpoints } from '@hostmaster/usecases/endpoint/list';
import { listRequests } from '@hostmaster/usecases/request/list';
import { startDueRenewals } from '@hostmaster/usecases/sweep/due-renewals';
import { refreshOcsp } from '@hostmaster/usecases/sweep/refresh-ocsp';
import { listTeams } from '@hostmaster/usecases/team/list';
import { createHarness, type Harness } from '@hostmaster/usecases/testing/harness';
import { getZone } from '@hostmaster/usecases/zone/get';
import { listZones } from '@hostmaster/usecases/zone/list';
import { listRecordSets } from '@hostmaster/usecases/zone/record-sets';
import { median, quantile } from './measure.ts';
import { type Bench, whole } from './report.ts';
import { type AtSize, type Size, seedAtSize } from './seed-at-size.ts';

const size: Size = { teams: 200, endpoints: 100_000, certificates: 1_000_000, recordSets: 1_000_000 };
const rounds = 25;
const promised = { milliseconds: 150, queries: 5, bytes: 100_000, sweepMilliseconds: 200 };

type Page = { readonly name: string; readonly read: (ctx: Ctx) => Promise<unknown> };

function pagesOf({ zoneId, apex, team, endpointId, serial }: AtSize): readonly Page[] {
  const endpoints = (name: string, query: object): Page => ({
    name: `endpoints, ${name}`,
    read: (ctx) => listEndpoints(ctx, endpointsQuery.parse(query)),
  });
  const certificates = (name: string, query: object): Page => ({
    name: `certificates, ${name}`,
    read: (ctx) => listCertificates(ctx, certificatesQuery.parse(query)),
  });
  const requests = (name: string, query: object): Page => ({
    name: `requests, ${name}`,
    read: (ctx) => listRequests(ctx, requestsQuery.parse(query)),
  });
  const audit = (name: string, query: object): Page => ({ name: `audit, ${name}`, read: (ctx) => listAudit(ctx, auditQuery.parse(query)) });
  const records = (name: string, query: object): Page => ({
    name: `record sets of a zone, ${name}`,
    read: (ctx) => listRecordSets(ctx, zoneRecordSetsQuery.parse({ id: zoneId, ...query })),
  });
  return [
    { name: 'home', read: readHome },
    endpoints('by name', {}),
    endpoints('by change', { sort: 'changed' }),
    endpoints('by expiry', { sort: 'expiry' }),
    endpoints('of a team', { team }),
    endpoints('of an environment', { environment: 'prod' }),
    endpoints('degraded', { state: 'degraded' }),
    endpoints('part of a name', { search: 'o4242' }),
    endpoints('a part that no name has', { search: 'zzzz-none' }),
    { name: 'an endpoint', read: (ctx) => getEndpoint(ctx, { id: endpointId }) },
    certificates('in use', {}),
    certificates('all', { current: false }),
    certificates('the last to end', { order: 'desc' }),
    certificates('of a team', { team }),
    certificates('urgent', { urgency: 'high' }),
    certificates('part of a name', { search: 'o4242.' }),
    certificates('a part that no name has', { search: 'zzzz-none' }),
    certificates('all, a part that no name has', { search: 'zzzz-none', current: false }),
    { name: 'the board of expiries', read: readExpiryBoard },
    { name: 'a certificate', read: (ctx) => getCertificate(ctx, { serial }) },
    requests('newest', {}),
    requests('the review queue', { queue: true }),
    requests('open', { open: true }),
    requests('of a team', { team }),
    requests('a part that no name has', { search: 'zzzz-none' }),
    audit('newest', {}),
    audit('by action', { action: 'endpoint.live' }),
    audit('a subject that there is not', { subject: 'zzzz-none' }),
    audit('by person', { actor: 'Person 77' }),
    { name: 'zones', read: (ctx) => listZones(ctx, { limit: 50 }) },
    { name: 'a zone', read: (ctx) => getZone(ctx, { id: zoneId }) },
    records('first', {}),
    records('part of a name', { search: 'r424242.' }),
    records('a part that no name has', { search: 'zzzz-none' }),
    { name: 'teams', read: (ctx) => listTeams(ctx, { limit: 50 }) },
    { name: 'search, a name', read: (ctx) => search(ctx, { text: 'o4242' }) },
    { name: 'search, nothing', read: (ctx) => search(ctx, { text: `zzzz-none.${apex}` }) },
    { name: 'search, an address', read: (ctx) => search(ctx, { text: '192.0.2.10' }) },
    { name: 'search, a serial', read: (ctx) => search(ctx, { text: serial.slice(0, 12) }) },
  ];
}

/** Milliseconds of each round of a sweep that finds nothing due. */
async function spentBy(sweep: () => Promise<number>, signal: AbortSignal): Promise<number[]> {
  const spent: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    signal.throwIfAborted();
    const began = performance.now();
    const found = await sweep();
    spent.push(performance.now() - began);
    if (found > 0) throw new Error('Something was due.');
  }
  return spent;
}

type Sweep = { readonly of: string; readonly run: () => Promise<number> };

/** Each over as many rows as there are certificates. */
const sweepsOf = ({ worker }: Harness): readonly Sweep[] => {
  const issuer = () => Promise.reject(new Error('Something was due.'));
  const silent = { info: () => {}, warn: () => {}, error: () => {} };
  return [
    {
      of: 'OCSP responses',
      run: () => refreshOcsp({ ...worker, clock: systemClock, actor: systemActor, issuer, log: silent }, 1000),
    },
    // Long before any of them is to be renewed.
    { of: 'renewals', run: () => startDueRenewals({ ...worker, clock: fixedClock(new Date(0)) }, 1000) },
  ];
};

export const benchPages: Bench = async (signal) => {
  const harness = await createHarness();
  try {
    const at = await seedAtSize(harness, size);
    const ctx = harness.ctxFor(await harness.build.person([], ['platform-admin', 'security-reviewer', 'auditor']));
    const measured: { name: string; p50: number; p95: number; queries: number; bytes: number }[] = [];
    for (const { name, read } of pagesOf(at)) {
      const spent: number[] = [];
      let bytes = 0;
      const queries = await harness.countQueries(() => read(ctx));
      for (let round = 0; round < rounds; round += 1) {
        signal.throwIfAborted();
        const began = performance.now();
        bytes = Buffer.byteLength(JSON.stringify(await read(ctx)));
        spent.push(performance.now() - began);
      }
      measured.push({ name, p50: median(spent), p95: quantile(spent, 0.95), queries, bytes });
    }
    const swept: { readonly of: string; readonly spent: readonly number[] }[] = [];
    for (const { of, run } of sweepsOf(harness)) swept.push({ of, spent: await spentBy(run, signal) });
    const slow = measured.filter(({ p95 }) => p95 > promised.milliseconds);
    const many = measured.filter(({ queries }) => queries > promised.queries);
    const large = measured.filter(({ bytes }) => bytes > promised.bytes);
    const names = (pages: readonly { readonly name: string }[]) =>
      pages.length === 0 ? 'all of them' : `all but ${pages.map(({ name }) => name).join('; ')}`;
    return {
      title: 'Pages and lists at size',
      columns: ['', 'p50', 'p95', 'queries', 'kB'],
      rows: [
        ...measured.map(({ name, p50, p95, queries, bytes }) => [
          name,
          `${p50.toFixed(1)} ms`,
          `${p95.toFixed(1)} ms`,
          String(queries),
          (bytes / 1000).toFixed(1),
        ]),
        ...swept.map(({ of, spent }) => [
          `the sweep over ${of}, of which none is due`,
          ...[0.5, 0.95].map((share) => `${quantile(spent, share).toFixed(1)} ms`),
          '',
          '',
        ]),
      ],
      promises: [
        { promise: `p95 at most ${promised.milliseconds} ms of server time`, measured: names(slow), kept: slow.length === 0 },
        { promise: `at most ${promised.queries} queries`, measured: names(many), kept: many.length === 0 },
        { promise: `at most ${promised.bytes / 1000} kB`, measured: names(large), kept: large.length === 0 },
        ...swept.map(({ of, spent }) => ({
          promise: `at most ${promised.sweepMilliseconds} ms for the sweep over ${of}, of which none is due`,
          measured: `p95 ${quantile(spent, 0.95).toFixed(1)} ms`,
          kept: quantile(spent, 0.95) <= promised.sweepMilliseconds,
        })),
      ],
      notes: [
        `${whole(size.endpoints)} endpoints of ${size.teams} teams, ${whole(size.certificates)} certificates, ${whole(3 * size.endpoints)} audit events, a zone of ${whole(size.recordSets)} record sets. ${rounds} readings of each page, one at a time, by the clock, as text; asked by somebody who sees everything. Queries are those of the use case; the transaction around them that says who acts is not counted apart.`,
      ],
    };
  } finally {
    await harness.close();
  }
};
