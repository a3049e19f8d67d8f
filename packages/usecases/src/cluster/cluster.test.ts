import { type ClusterInput, clusterInput } from '@hostmaster/core/contract/cluster';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { z } from 'zod';
import { createHarness, type Harness } from '../testing/harness.ts';
import { createCluster } from './create.ts';
import { listClusters } from './list.ts';
import { removeCluster } from './remove.ts';
import { updateCluster } from './update.ts';

let harness: Harness;
let platform: Actor;
beforeAll(async () => {
  harness = await createHarness();
  platform = await harness.build.platform();
  await harness.build.environments('dev', 'prod');
});
afterAll(() => harness.close());

const ctx = () => harness.ctxFor(platform);
const input = (more: Partial<z.input<typeof clusterInput>> = {}): ClusterInput =>
  clusterInput.parse({ slug: 'k8s-1', hostname: 'K8s-1.Clusters.Example.Test.', environment: 'dev', ...more });

it('a cluster is added under its canonical hostname, by the platform alone, and listed for everybody', async () => {
  const made = {
    slug: 'k8s-1',
    hostname: 'k8s-1.clusters.example.test',
    environment: 'dev',
    public: true,
    certificateLimit: null,
    destination: null,
  };
  const unused = { certificates: 0, uses: [] };
  expect(await createCluster(ctx(), input())).toEqual({ ...made, ...unused });
  const member = harness.ctxFor(await harness.build.member(await harness.build.team()));
  expect((await listClusters(member, { limit: 50 })).rows).toEqual([{ ...made, ...unused }]);
  await expect(createCluster(member, input({ slug: 'mine' }))).rejects.toMatchObject({ code: 'forbidden' });
  await expect(createCluster(ctx(), input())).rejects.toMatchObject({ code: 'already-exists' });
});

it('everything that is wrong with it is said at once', async () => {
  const wrong = input({ slug: 'odd', hostname: '*.example.test', environment: 'moon' });
  await expect(createCluster(ctx(), wrong)).rejects.toMatchObject({
    code: 'invalid-input',
    violations: [
      { rule: 'hostname-wildcard', path: 'hostname' },
      { rule: 'environment-exists', path: 'environment' },
    ],
  });
});

it('no cluster is reached under a name that leads nowhere', async () => {
  await expect(createCluster(ctx(), input({ slug: 'odd', hostname: 'k8s.localhost' }))).rejects.toMatchObject({
    violations: [{ rule: 'target-name', path: 'hostname', reason: 'k8s.localhost is wherever it is asked for (RFC 6761 §6.3).' }],
  });
});

it('while something leads to it, it may be changed but for its hostname, and is not removed', async () => {
  const { build } = harness;
  const team = await build.team('orders');
  const zone = await build.zone({ apex: 'example.test', team });
  const first = await build.endpoint({ hostname: 'a.example.test', team, zone, cluster: 'k8s-1' });
  await build.endpoint({ hostname: 'b.example.test', team, zone, cluster: 'k8s-1' });
  expect(await updateCluster(ctx(), input({ public: false, certificateLimit: 1 }))).toMatchObject({
    public: false,
    certificateLimit: 1,
    certificates: 2,
    uses: [{ what: 'endpoint', total: 2 }],
  });
  const told = () => harness.db.auditEvent.count({ where: { action: 'cluster.update' } });
  const before = await told();
  await updateCluster(ctx(), input({ public: false, certificateLimit: 1 }));
  expect(await told(), 'what is said already is not told of').toBe(before);
  expect((await listClusters(ctx(), { limit: 50 })).rows[0]?.uses).toEqual([{ what: 'endpoint', total: 2 }]);
  const moved = updateCluster(ctx(), input({ hostname: 'other.example.test' }));
  await expect(moved).rejects.toMatchObject({ code: 'in-use' });
  await expect(moved).rejects.toThrow('The hostname of cluster k8s-1 is used by 2 endpoints (a.example.test, b.example.test).');
  await build.revise(first.id, { target: { addresses: ['192.0.2.10'] } });
  await expect(removeCluster(ctx(), { slug: 'k8s-1' })).rejects.toThrow('Cluster k8s-1 is used by 1 endpoint (b.example.test).');
});

it('a request that would lead to it keeps it too', async () => {
  const { build, db } = harness;
  await createCluster(ctx(), input({ slug: 'k8s-2' }));
  const team = await build.team();
  const zone = await build.zone({ team });
  const { id } = await build.endpoint({ hostname: 'c.example.test', team, zone, cluster: 'k8s-2' });
  const { id: requestId, number } = await db.request.findFirstOrThrow({ where: { endpointId: id } });
  await behindTheBack(db).endpoint.update({ where: { id }, data: { state: 'retired' } });
  await behindTheBack(db).request.update({ where: { id: requestId }, data: { state: 'in-review' } });
  await expect(removeCluster(ctx(), { slug: 'k8s-2' })).rejects.toThrow(
    `Cluster k8s-2 is used by 1 request (#${number} for c.example.test).`,
  );
});

it('is removed when nothing leads to it any more', async () => {
  await createCluster(ctx(), input({ slug: 'k8s-3' }));
  await updateCluster(ctx(), input({ slug: 'k8s-3', hostname: 'elsewhere.example.test' }));
  await removeCluster(ctx(), { slug: 'k8s-3' });
  expect((await listClusters(ctx(), { limit: 50 })).rows.map(({ slug }) => slug)).not.toContain('k8s-3');
  await expect(removeCluster(ctx(), { slug: 'k8s-3' })).rejects.toMatchObject({ code: 'not-found' });
  const events = await harness.db.auditEvent.findMany({ where: { subjectId: 'k8s-3' }, orderBy: { seq: 'asc' } });
  expect(events.map(({ action }) => action)).toEqual(['cluster.create', 'cluster.update', 'cluster.remove']);
});
