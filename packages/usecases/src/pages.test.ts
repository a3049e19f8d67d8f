// Lists that grow with the organisation come in pages: what is true of every one of them.
import type { Actor } from '@hostmaster/core/policy/authorize';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listClusters } from './cluster/list.ts';
import type { Ctx } from './context.ts';
import { listEnvironments } from './environment/list.ts';
import { listExceptions } from './exception/list.ts';
import { listIssuers } from './issuer/list.ts';
import { listReservations } from './reservation/list.ts';
import { listTeams } from './team/list.ts';
import { createHarness, type Harness } from './testing/harness.ts';
import { listTokens } from './token/list.ts';
import { listZones } from './zone/list.ts';

let harness: Harness;
let owner: Actor;
const seven = Array.from({ length: 7 }, (_, at) => at);

beforeAll(async () => {
  harness = await createHarness();
  const { build, db } = harness;
  owner = await build.platform();
  const team = await build.team('platform');
  const [from, until] = [new Date('2026-11-20T12:00:00Z'), new Date('2027-01-01T00:00:00Z')];
  for (const at of seven) {
    await build.team(`team-of-${at}`);
    await build.zone({ apex: `zone-${at % 4}.test`, view: at < 4 ? 'public' : 'internal', team });
    await build.tokenOf(owner, 'requests:read');
  }
  const reason = 'Held.';
  await db.environment.createMany({
    data: seven.map((at) => ({ slug: `stage-${at}`, name: 'Stage', rank: at % 3 })),
    skipDuplicates: true,
  });
  await db.cluster.createMany({
    data: seven.map((at) => ({ slug: `k8s-${at}`, hostname: `k${at}.example.test`, environment: 'stage-0' })),
  });
  await db.reservation.createMany({
    data: seven.map((at) => ({
      kind: at < 4 ? 'label' : 'exact',
      value: `name-${at % 4}`,
      skeleton: '',
      group: 'security-reviewer',
      reason,
    })),
  });
  await db.policyException.createMany({
    data: seven.map((at) => ({ rule: 'quarantine', hostname: `n${at}.test`, reason, until, by: 'Sam' })),
  });
  await db.issuer.createMany({
    data: seven.map((at) => ({ slug: `ca-${at}`, kind: 'internal-ca', name: 'CA', chainPem: '', permittedSuffixes: [], createdAt: from })),
  });
});
afterAll(() => harness.close());

type Page = { readonly rows: readonly unknown[]; readonly nextCursor: string | null; readonly total: number | null };
type List = (ctx: Ctx, query: { cursor?: string; limit: number; search?: string }) => Promise<Page>;
const lists: Readonly<Record<string, List>> = {
  teams: listTeams,
  zones: listZones,
  clusters: listClusters,
  environments: listEnvironments,
  reservations: listReservations,
  exceptions: listExceptions,
  issuers: listIssuers,
  tokens: listTokens,
};

async function allPages(list: List, limit: number, search?: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  let cursor: string | null = null;
  do {
    const page: Page = await list(harness.ctxFor(owner), { limit, ...(cursor === null ? {} : { cursor }), ...(search ? { search } : {}) });
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    rows.push(...page.rows);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return rows;
}

describe.each(Object.entries(lists))('%s', (_, list) => {
  it('come page by page, each row once and in the same order as all at once', async () => {
    const { rows: whole, nextCursor, total } = await list(harness.ctxFor(owner), { limit: 200 });
    expect([whole.length, nextCursor]).toEqual([total, null]);
    expect(whole.length).toBeGreaterThanOrEqual(seven.length);
    expect(await allPages(list, 2)).toEqual(whole);
  });

  it('refuse a cursor that is not theirs', async () => {
    const foreign = Buffer.from(JSON.stringify(['somewhere-else', 'x'])).toString('base64url');
    await expect(list(harness.ctxFor(owner), { limit: 2, cursor: foreign })).rejects.toMatchObject({ code: 'invalid-input' });
  });
});

it.each([
  ['teams', listTeams, 'TEAM-OF', 7],
  ['zones', listZones, 'zone-1', 2],
  ['clusters', listClusters, 'k3.example', 1],
  ['reservations', listReservations, 'name-2', 2],
] as const)('%s are searched', async (_, list, search, found) => {
  expect(await allPages(list, 1, search)).toHaveLength(found);
  expect(await allPages(list, 2, '%')).toEqual([]);
});
