import { certificatesQuery } from '@hostmaster/core/contract/certificate';
import { endpointsQuery } from '@hostmaster/core/contract/endpoint-view';
import { requestsQuery } from '@hostmaster/core/contract/request';
import { zonesQuery } from '@hostmaster/core/contract/zone';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { readHome } from '@hostmaster/usecases/account/home';
import { readMe } from '@hostmaster/usecases/account/me';
import { listCertificates } from '@hostmaster/usecases/certificate/list';
import type { Ctx } from '@hostmaster/usecases/context';
import { listEndpoints } from '@hostmaster/usecases/endpoint/list';
import { asker } from '@hostmaster/usecases/request/asker';
import { listRequests } from '@hostmaster/usecases/request/list';
import { createHarness, type Harness, harnessStart } from '@hostmaster/usecases/testing/harness';
import { listZones } from '@hostmaster/usecases/zone/list';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mayReview } from '@/features/account/roles';
import { certificatesInput, loadCertificateSearch } from '@/features/certificate/certificate-search';
import { endpointsInput, loadEndpointSearch } from '@/features/endpoint/endpoint-search';
import { loadRequestSearch, requestsInput } from '@/features/request/request-search';
import { loadZoneSearch, zonesAsked } from '@/features/zone/zone-search';
import { figuresFor } from './figures-of';
import { namesOfOneCause } from './needs';

const day = 86_400_000;
let harness: Harness;
let team: { id: string; slug: string };
beforeAll(async () => {
  harness = await createHarness();
  const { build, db, clock } = harness;
  await build.environments('dev', 'prod');
  team = await build.team('orders');
  const other = await build.team('payments');
  const zone = await build.zone({ apex: 'example.test', team });
  await db.zone.update({ where: { id: (await build.zone({ apex: 'broken.test', team })).id }, data: { syncError: 'Refused.' } });
  const states = ['live', 'degraded', 'pending', 'retiring', 'retired'] as const;
  for (const [index, of] of [team, other, other].entries()) {
    const endpoints = await build.endpoints(states.map((state) => ({ hostname: `${state}-${index}.example.test`, team: of, zone, state })));
    for (const endpoint of endpoints) {
      // On its way and stopped: it needs attention as much as what is degraded.
      await db.operation.create({
        data: {
          kind: 'endpoint',
          purpose: 'revision',
          subject: `endpoint:public:${endpoint.hostname}`,
          generation: 7,
          step: 'admitted',
          reason: 'It is not allowed.',
          movesNext: 'orders',
          endpointId: endpoint.id,
          error: { code: 'policy-denied', message: 'It is not allowed.', remedy: 'Ask.' },
          createdAt: new Date(clock.now().getTime() + 1000),
        },
      });
      // Of a long life and of a short one, in time and not; superseded ones end too, and need nobody.
      for (const [lifetime, left] of [
        [90, 80],
        [90, 5],
        [6, 5],
        [6, 0.5],
      ] as const)
        await build.certificates(
          (['served', 'superseded'] as const).map((state) => ({
            endpoint,
            state,
            notBefore: new Date(harnessStart.getTime() + (left - lifetime) * day),
            notAfter: new Date(harnessStart.getTime() + left * day),
          })),
        );
      for (const [state, work] of [
        ['in-review', null],
        ['approved', null],
        ['applied', null],
        ['applied', 'waiting'],
        ['applied', 'failed'],
      ] as const) {
        const { id } = await db.request.create({
          data: {
            kind: 'create',
            state,
            hostname: `${work ?? state}.${endpoint.hostname}`,
            view: 'public',
            teamId: of.id,
            zoneId: zone.id,
            contract: {},
            decision: {},
            plan: {},
            planHash: 'plan',
            reviewGroups: ['security-reviewer'],
            ...asker(await build.member(of)),
            createdAt: clock.now(),
          },
        });
        // Applied is not over while the name was not seen to answer.
        if (work !== null)
          await db.operation.create({
            data: {
              kind: 'endpoint',
              purpose: 'revision',
              state: work,
              subject: `request:${id}`,
              generation: 1,
              step: 'reachable',
              reason: 'Nothing listens.',
              movesNext: 'orders',
              requestId: id,
              createdAt: clock.now(),
            },
          });
      }
    }
  }
}, 240_000);
afterAll(() => harness.close());

/** How much the list shows that a link of the portal leads to. */
async function listed(ctx: Ctx, href: string): Promise<number | null> {
  const { pathname, search } = new URL(href, 'http://portal.test');
  if (pathname === '/endpoints') return (await listEndpoints(ctx, endpointsQuery.parse(endpointsInput(loadEndpointSearch(search))))).total;
  if (pathname === '/certificates')
    return (await listCertificates(ctx, certificatesQuery.parse(certificatesInput(loadCertificateSearch(search))))).total;
  if (pathname === '/zones') return (await listZones(ctx, zonesQuery.parse(zonesAsked(loadZoneSearch(search))))).rows.length;
  const asked = requestsInput(loadRequestSearch(search), mayReview(ctx.actor));
  return (await listRequests(ctx, requestsQuery.parse(asked))).total;
}

it.each<[string, () => Promise<Actor>]>([
  ['a member of a team', () => harness.build.member(team)],
  ['a maintainer', () => harness.build.maintainer(team)],
  ['a member of a team that has nothing', async () => harness.build.member(await harness.build.team())],
  ['somebody without a team', async () => ({ ...(await harness.build.auditor()), roles: [] })],
  ['a security reviewer', () => harness.build.reviewer()],
  ['a platform admin', () => harness.build.platform()],
  ['an auditor', () => harness.build.auditor()],
  [
    'a platform admin who is of a team',
    async () => ({ ...(await harness.build.platform()), teams: (await harness.build.member(team)).teams }),
  ],
])('each figure on the first page of %s is what the list behind it shows', async (_, somebody) => {
  const actor = await somebody();
  const ctx = harness.ctxFor(actor);
  const { counts, needsMe } = await readHome(ctx);
  const figures = figuresFor(await readMe(ctx), counts);
  expect(figures).toHaveLength(4);
  for (const { href, value, many } of figures) expect(await listed(ctx, href), `${many}: ${href}`).toBe(value);
  // What one cause holds up is counted in its row, and listed behind it.
  for (const { id, names } of needsMe)
    if (names !== undefined && names > 1) expect(await listed(ctx, namesOfOneCause(id)), `names like ${id}`).toBe(names);
  if (actor.teams.some(({ slug }) => slug === 'orders')) expect(needsMe.some(({ names = 1 }) => names > 1)).toBe(true);
  const everything = actor.roles.length > 0;
  if (everything || actor.teams.some(({ slug }) => slug === 'orders')) expect(counts.attention).toBeGreaterThan(0);
});
