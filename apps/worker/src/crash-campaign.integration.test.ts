// A campaign with real workers: it is paused, goes on after its worker was killed, and is stopped; each certificate is replaced once,
// and what another team asks for meanwhile goes live. 10,000 certificates in the soak.
import { createRfc2136Provider } from '@hostmaster/adapters/dns/rfc2136';
import { systemClock } from '@hostmaster/core/clock';
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

const count = rounds(30, 10_000);
/** Asked for, each with its own request; the rest are copies of the first, which a wildcard in the zone leads to the same edge. */
const askedFor = Math.min(count, 60);
const pace = rounds(120, 3000);
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
  await expect.poll(() => isLive(hostname), { ...patience, interval: 50 }).toBe(1);
  process.stdout.write(`Beside the campaign, ${hostname} was live after ${Date.now() - asked} ms.\n`);
}

/** Live names with a certificate each, as the first one: nobody looks at them but who renews them. */
async function copyFirst(): Promise<void> {
  const { address, port } = world.server;
  const provider = createRfc2136Provider({ zone: zoneApex, server: { address, port }, tsig: world.tsig, clock: systemClock });
  const wildcard = { name: `*.${suffix}`, type: 'A' as const, ttl: 60, values: ['127.0.0.1'] };
  await provider.apply([{ name: wildcard.name, type: 'A', before: null, after: wildcard }], AbortSignal.timeout(10_000));
  const first = `n0.${suffix}`;
  await world.db.$executeRaw`
    CREATE UNLOGGED TABLE copied AS
    SELECT gen_random_uuid() AS id, gen_random_uuid() AS order_id, 'n' || n || ${`.${suffix}`} AS hostname, n
      FROM generate_series(${askedFor}::int, ${count - 1}::int) AS n`;
  await world.db.$executeRaw`
    INSERT INTO endpoint (id, hostname, skeleton, view, zone_id, team_id, environment, state, revision, live_since)
    SELECT k.id, k.hostname, k.hostname, e.view, e.zone_id, e.team_id, e.environment, e.state, e.revision, e.live_since
      FROM copied k, endpoint e WHERE e.hostname = ${first}`;
  await world.db.$executeRaw`
    INSERT INTO endpoint_revision (endpoint_id, number, contract, record_sets, plan, request_id, sent_at, applied_at)
    SELECT k.id, r.number, jsonb_set(r.contract, '{hostname}', to_jsonb(k.hostname)),
           jsonb_set(r.record_sets, '{0,name}', to_jsonb(k.hostname)), r.plan, r.request_id, r.sent_at, r.applied_at
      FROM copied k, endpoint_revision r JOIN endpoint e ON e.id = r.endpoint_id WHERE e.hostname = ${first}`;
  await world.db.$executeRaw`
    INSERT INTO held_name (hostname, endpoint_id, team_id, skeleton)
    SELECT k.hostname, k.id, e.team_id, k.hostname FROM copied k, endpoint e WHERE e.hostname = ${first}`;
  await world.db.$executeRaw`
    INSERT INTO certificate_order (id, endpoint_id, team_id, issuer_id, state, names, key_algorithm, csr, key_id, key_ciphertext, key_label, resume, closed_at)
    SELECT k.order_id, k.id, o.team_id, o.issuer_id, o.state, ARRAY[k.hostname], o.key_algorithm, o.csr, o.key_id, o.key_ciphertext, o.key_label, o.resume, o.closed_at
      FROM copied k, certificate_order o JOIN endpoint e ON e.id = o.endpoint_id WHERE e.hostname = ${first}`;
  await world.db.$executeRaw`
    INSERT INTO certificate (id, order_id, endpoint_id, issuer_id, state, names, serial, key_algorithm, not_before, not_after, renew_after, chain_pem, fingerprint, issued_at, served_at)
    SELECT gen_random_uuid(), k.order_id, k.id, c.issuer_id, c.state, ARRAY[k.hostname], 'C0' || lpad(to_hex(k.n), 30, '0'), c.key_algorithm,
           c.not_before, c.not_after, c.renew_after, c.chain_pem, c.fingerprint, c.issued_at, c.served_at
      FROM copied k, certificate c JOIN endpoint e ON e.id = c.endpoint_id WHERE e.hostname = ${first}`;
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
  const names = Array.from({ length: askedFor }, (_, at) => `n${at}.${suffix}`);
  for (const name of names) await world.ask(name);
  await expect.poll(() => world.db.endpoint.count({ where: { hostname: { in: names }, state: 'live' } }), patience).toBe(askedFor);
  if (count > askedFor) await copyFirst();
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
