import { environmentInput } from '@hostmaster/core/contract/environment';
import { grantInput } from '@hostmaster/core/contract/governance';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { transact } from '@hostmaster/db/transaction';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGrant } from '../grant/create.ts';
import { revokeGrant } from '../grant/revoke.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { createEnvironment } from './create.ts';
import { listEnvironments } from './list.ts';
import { removeEnvironment } from './remove.ts';
import { updateEnvironment } from './update.ts';

let harness: Harness;
let platform: Actor;
beforeAll(async () => {
  harness = await createHarness();
  platform = await harness.build.platform();
});
afterAll(() => harness.close());

const ctx = () => harness.ctxFor(platform);
const make = (slug: string, rank = 0) => createEnvironment(ctx(), environmentInput.parse({ slug, name: slug, rank }));
const written = async (action: string) => harness.db.auditEvent.findMany({ where: { action }, orderBy: { seq: 'asc' } });

it('environments are listed in their order, whoever looks', async () => {
  await make('prod', 30);
  await make('dev', 10);
  await make('staging', 20);
  const member = harness.ctxFor(await harness.build.member(await harness.build.team()));
  expect((await listEnvironments(member, { limit: 50 })).rows.map(({ slug }) => slug)).toEqual(['dev', 'staging', 'prod']);
  await expect(createEnvironment(member, environmentInput.parse({ slug: 'mine', name: 'Mine' }))).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(make('dev')).rejects.toMatchObject({ code: 'already-exists' });
});

it('an environment gets another name and place, and what was there before is written down', async () => {
  for (const _ of ['once', 'again'])
    expect(await updateEnvironment(ctx(), { slug: 'dev', name: 'Development', rank: 40 })).toMatchObject({ name: 'Development' });
  expect((await listEnvironments(ctx(), { limit: 50 })).rows.at(-1)).toEqual({ slug: 'dev', name: 'Development', rank: 40, uses: [] });
  expect((await written('environment.update')).map(({ detail }) => detail)).toEqual([
    { before: { name: 'dev', rank: 10 }, after: { name: 'Development', rank: 40 } },
  ]);
  await expect(updateEnvironment(ctx(), { slug: 'moon', name: 'Moon', rank: 0 })).rejects.toMatchObject({ code: 'not-found' });
});

it('is removed only when nothing names it, and what does is named', async () => {
  const { build, db } = harness;
  const behind = behindTheBack(db);
  await make('qa');
  const team = await build.team('orders');
  const zone = await build.zone({ apex: 'qa.test', team, environments: ['qa'] });
  const grant = await build.grant({ team, suffix: 'qa.test', environments: ['qa'] });
  await db.cluster.create({ data: { slug: 'k8s-qa', hostname: 'k8s.qa.test', environment: 'qa' } });
  const names = Array.from({ length: 5 }, (_, at) => `n${at}.qa.test`);
  const endpoints = await build.endpoints(names.map((hostname) => ({ hostname, team, zone, environment: 'qa' })));
  const { number } = await db.request.findFirstOrThrow({ where: { endpointId: endpoints[0]?.id ?? '' } });
  await behind.request.update({ where: { number }, data: { state: 'in-review' } });
  const refused = removeEnvironment(ctx(), { slug: 'qa' });
  await expect(refused).rejects.toMatchObject({ code: 'in-use' });
  await expect(refused).rejects.toThrow(
    `Environment qa is used by 1 cluster (k8s-qa), 5 endpoints (n0.qa.test, n1.qa.test, n2.qa.test and 2 more), 1 grant (qa.test of orders), 1 request (#${number} for n0.qa.test), 1 zone (qa.test).`,
  );
  const counted = [
    ['cluster', 1],
    ['endpoint', 5],
    ['grant', 1],
    ['request', 1],
    ['zone', 1],
  ].map(([what, total]) => ({ what, total }));
  expect((await listEnvironments(ctx(), { limit: 50 })).rows.find(({ slug }) => slug === 'qa')?.uses).toEqual(counted);

  await db.cluster.delete({ where: { slug: 'k8s-qa' } });
  await db.zone.update({ where: { id: zone.id }, data: { environments: [] } });
  await revokeGrant(ctx(), { id: grant.id });
  await behind.endpoint.updateMany({ where: { id: { in: endpoints.map(({ id }) => id) } }, data: { state: 'retired' } });
  await expect(removeEnvironment(ctx(), { slug: 'qa' })).rejects.toThrow(
    `Environment qa is used by 1 request (#${number} for n0.qa.test).`,
  );
  await behind.request.update({ where: { number }, data: { state: 'rejected' } });
  const member = harness.ctxFor(await build.member(team));
  await expect(removeEnvironment(member, { slug: 'qa' })).rejects.toMatchObject({ code: 'forbidden' });
  await removeEnvironment(ctx(), { slug: 'qa' });
  expect((await listEnvironments(ctx(), { limit: 50 })).rows.map(({ slug }) => slug)).not.toContain('qa');
  expect(await written('environment.remove')).toMatchObject([{ subject: 'qa', detail: { name: 'qa', rank: 0 } }]);
  await expect(removeEnvironment(ctx(), { slug: 'qa' })).rejects.toMatchObject({ code: 'not-found' });
});

it('a grant that names an environment and its removal at the same moment do not pass each other', async () => {
  const { build, db } = harness;
  await make('brief');
  const team = await build.team();
  const input = grantInput.parse({ team: team.slug, suffix: 'brief.test', environments: ['brief'] });
  const { granted } = await transact(db, async (tx) => {
    await tx.environment.delete({ where: { slug: 'brief' } });
    const asked = createGrant(ctx(), input).catch((error: unknown) => error);
    // It waits for the removal.
    const [holder] = await tx.$queryRaw<{ id: string }[]>`SELECT pg_current_xact_id()::text AS id`;
    await expect
      .poll(() => db.$queryRaw`SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid::text = ${holder?.id}`, { timeout: 10_000 })
      .toHaveLength(1);
    return { granted: asked };
  });
  expect(await granted).toMatchObject({ code: 'invalid-input', violations: [{ rule: 'environment-exists', path: 'environments' }] });
});
