// A campaign with real workers: it is paused, goes on after its worker was killed, and is stopped; each certificate is replaced once,
// and what another team asks for meanwhile goes live. 10,000 certificates in the soak.
import { campaignDraft } from '@hostmaster/core/contract/campaign';
import { rounds } from '@hostmaster/core/testing/soak';
import { verifyAudit } from '@hostmaster/usecases/audit/verify';
import { getCampaign } from '@hostmaster/usecases/campaign/list';
import { planCampaign } from '@hostmaster/usecases/campaign/plan';
import { startCampaign } from '@hostmaster/usecases/campaign/start';
import { pauseCampaign, resumeCampaign, setCampaignPace, stopCampaign } from '@hostmaster/usecases/campaign/steer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildWorker, startWorkerProcess, type WorkerProcess } from './testing/worker-process.ts';
import { createWorld, environmentOf, type World, zoneApex } from './testing/world.ts';

const count = rounds(60, 10_000);
/** A team has no more requests open than a thousand. */
const atOnce = 500;
const pace = rounds(240, 3000);
const timeout = rounds(600_000, 6 * 3_600_000);
const patience = { timeout: rounds(240_000, 4 * 3_600_000), interval: rounds(200, 1000) };

let world: World;
let worker: WorkerProcess;
const start = async (): Promise<void> => {
  worker = startWorkerProcess(
    environmentOf(world.databaseUrl, Buffer.from(world.env.kek).toString('base64'), world.env.HOSTMASTER_EDGE_DIRECTORY ?? ''),
  );
  await worker.ready;
};
beforeAll(async () => {
  buildWorker();
  world = await createWorld();
  await start();
}, 120_000);
afterAll(async () => {
  await worker.kill('SIGTERM');
  await world.close();
});

const suffix = `many.dev.${zoneApex}`;
const isLive = (hostname: string) => world.db.endpoint.count({ where: { hostname, state: 'live' } });
/** Of another team; what it takes is printed, since with many it says how fair it is. */
async function liveBeside(name: string): Promise<void> {
  const hostname = `${name}.${zoneApex}`;
  const asked = Date.now();
  await world.ask(hostname, { team: 'platform-edge', environment: 'dev' }, 'platform');
  await expect.poll(() => isLive(hostname), { timeout: 120_000, interval: 50 }).toBe(1);
  process.stdout.write(`Beside the campaign, ${hostname} was live after ${Date.now() - asked} ms.\n`);
}

async function begin(wanted: number) {
  const ctx = await world.as('security');
  const draft = campaignDraft.parse({ action: 'replace', scope: { suffix }, pace: wanted });
  const { asOf, hash: planHash, total } = await planCampaign(ctx, draft);
  expect(total).toBe(count);
  const { id } = await startCampaign(ctx, { ...draft, comment: 'The CA is distrusted.', asOf, planHash });
  return {
    ctx,
    id,
    seen: () => getCampaign(ctx, { id }),
    takenUp: () => world.db.campaignCertificate.count({ where: { campaignId: id } }),
  };
}

test(`${count} certificates are replaced once each, at their pace, whatever befalls the worker`, { timeout }, async () => {
  for (let from = 0; from < count; from += atOnce) {
    const names = Array.from({ length: Math.min(atOnce, count - from) }, (_, at) => `n${from + at}.${suffix}`);
    for (const name of names) await world.ask(name);
    const live = () => world.db.endpoint.count({ where: { hostname: { in: names }, state: 'live' } });
    await expect.poll(live, patience).toBe(names.length);
  }
  const began = Date.now();
  const { ctx, id, seen, takenUp } = await begin(pace);
  await expect.poll(takenUp, patience).toBeGreaterThan(0);
  await worker.kill('SIGKILL');
  await pauseCampaign(ctx, { id });
  const held = await takenUp();
  await start();
  await liveBeside('while-paused');
  expect([await takenUp(), (await seen()).state]).toEqual([held, 'paused']);
  await resumeCampaign(ctx, { id });
  await liveBeside('while-running');
  await expect.poll(async () => (await seen()).state, patience).toBe('finished');
  process.stdout.write(
    `${count} certificates were replaced in ${Math.round((Date.now() - began) / 1000)} s, with a worker killed and a pause.\n`,
  );
  expect((await seen()).progress).toMatchObject({ takenUp: count, left: 0, skipped: 0, stages: [{ stage: 'replaced', count }] });
  const lineages = await world.db.endpoint.findMany({
    where: { hostname: { endsWith: suffix } },
    select: { hostname: true, certificates: { select: { state: true }, orderBy: { issuedAt: 'asc' } } },
  });
  for (const { hostname, certificates } of lineages)
    expect(
      certificates.map(({ state }) => state),
      hostname,
    ).toEqual(['superseded', 'served']);
  expect(await world.db.auditEvent.count({ where: { action: 'certificate.ask-replacement' } })).toBe(count);
  expect(await verifyAudit(await world.as('auditor'))).toMatchObject({ ok: true });
});

test('what is stopped takes up nothing more, and what was taken up comes to its end', { timeout }, async () => {
  const { ctx, id, seen, takenUp } = await begin(15);
  await expect.poll(takenUp, patience).toBeGreaterThan(0);
  await setCampaignPace(ctx, { id, pace: 1 });
  await stopCampaign(ctx, { id });
  const taken = await takenUp();
  expect(taken).toBeLessThan(count);
  await expect.poll(async () => (await seen()).progress.stages, patience).toEqual([{ stage: 'replaced', count: taken }]);
  await liveBeside('once-stopped');
  expect(await seen()).toMatchObject({ state: 'stopped', progress: { takenUp: taken, left: count - taken } });
});
