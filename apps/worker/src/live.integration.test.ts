import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { checkEndpoint } from '@hostmaster/usecases/endpoint/check';
import { createRequest } from '@hostmaster/usecases/request/create';
import { getRequest } from '@hostmaster/usecases/request/get';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { address, heldAt, writeByHand } from './testing/outside.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

const run = promisify(execFile);
let world: World;
beforeAll(async () => {
  world = await createWorld();
}, 60_000);
afterAll(() => world.close());

const dig = async (name: string, type = 'A'): Promise<string> =>
  (await run('dig', ['+short', '+norecurse', `@${world.server.address}`, '-p', String(world.server.port), name, type])).stdout.trim();

test('a self-serve name answers in DNS, and its certificate is served and verifies, without a human', async () => {
  const asked = await world.ask('orders.dev.example.test');
  expect(asked.state).toBe('approved');
  await world.runDue();
  const request = await getRequest(await world.as('app'), { id: asked.id });
  expect(request.operation?.reason).toBe('Everything is as approved.');
  expect(request.operation?.trail.map(({ step, state }) => `${step} ${state}`)).toEqual([
    'admitted done',
    'records-applied done',
    'records-verified done',
    'certificate-issued done',
    'certificate-delivered done',
    'certificate-served done',
    'reachable done',
  ]);
  expect(request.state).toBe('applied');
  expect(await dig('orders.dev.example.test')).toBe('127.0.0.1');
  const root = await world.db.issuer.findUniqueOrThrow({ where: { slug: 'root' } });
  const rootPath = join(world.folder, 'root.pem');
  await writeFile(rootPath, root.chainPem);
  const { stdout } = await run('curl', [
    '-sS',
    '--cacert',
    rootPath,
    '--noproxy',
    '*',
    '--connect-to',
    `orders.dev.example.test:443:127.0.0.1:${world.edge.port}`,
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
    'https://orders.dev.example.test/',
  ]);
  expect(stdout).toBe('200');
});

test('a change that leaves names and key alone keeps the certificate, and says so in its plan', async () => {
  const ctx = await world.as('app');
  const contract = endpointContract.parse({
    hostname: 'orders.dev.example.test',
    team: 'order-platform',
    target: { addresses: ['127.0.0.1'] },
    ttl: 'cutover',
  });
  const asked = await createRequest(ctx, { kind: 'change', contract });
  expect(asked.plan.certificate).toMatchObject({ action: 'keep', names: ['orders.dev.example.test'] });
  expect(asked.plan.notes).toContain('The certificate stays as it is.');
  await world.runDue();
  expect((await getRequest(ctx, { id: asked.id })).operation?.state).toBe('succeeded');
  expect(await world.db.certificate.count()).toBe(1);
});

test('a live name changes from an address to another name and back', async () => {
  await world.ask('other.dev.example.test');
  await world.runDue();
  const ctx = await world.as('app');
  for (const [target, answer] of [
    [{ cname: 'other.dev.example.test' }, 'other.dev.example.test.\n127.0.0.1'],
    [{ addresses: ['127.0.0.1'] }, '127.0.0.1'],
  ] as const) {
    const contract = endpointContract.parse({ hostname: 'orders.dev.example.test', team: 'order-platform', target });
    const asked = await createRequest(ctx, { kind: 'change', contract });
    await world.runDue();
    expect((await getRequest(ctx, { id: asked.id })).state).toBe('applied');
    expect(await dig('orders.dev.example.test')).toBe(answer);
  }
});

const live = async (hostname: string): Promise<void> => {
  await world.ask(hostname);
  await world.runDue();
  expect(await stateOf(hostname)).toBe('live');
};
const stateOf = async (hostname: string) => (await world.db.endpoint.findFirstOrThrow({ where: { hostname } })).state;

test('a name that a wildcard covers is retired, though the wildcard answers for it with the same address', async () => {
  const hostname = `a.wild.dev.${zoneApex}`;
  await writeByHand(world, `*.wild.dev.${zoneApex}`, [address('127.0.0.1')]);
  await live(hostname);
  await world.send('retire', hostname);
  await world.runDue();
  expect(await heldAt(world, hostname)).toEqual([]);
  expect(await stateOf(hostname)).toBe('retired');
});

test('a name that was delegated away meanwhile is retired, and its record does not stay hidden below the delegation', async () => {
  const cut = `cut.dev.${zoneApex}`;
  const hostname = `a.${cut}`;
  await live(hostname);
  await writeByHand(world, cut, [{ type: 'NS', ttl: 60, values: ['ns.example.net'] }]);
  await world.send('retire', hostname);
  await world.runDue();
  expect(await heldAt(world, hostname)).toEqual([]);
  expect(await stateOf(hostname)).toBe('retired');
});

/** Looks at it once, as the worker does all the time. */
const look = async (hostname: string) => {
  const { id } = await world.db.endpoint.findFirstOrThrow({ where: { hostname } });
  await checkEndpoint(world.worker, { endpointId: id });
  const row = await world.db.endpoint.findFirstOrThrow({ where: { id }, include: { observations: true } });
  return { ...row, summary: (await world.view(hostname)).summary };
};

test('an address that the zone no longer allows is not connected to, and the guard is named', async () => {
  const hostname = `guarded.dev.${zoneApex}`;
  await live(hostname);
  await world.db.zone.updateMany({ data: { allowedRanges: [] } });
  const guarded = await look(hostname);
  await world.db.zone.updateMany({ data: { allowedRanges: ['127.0.0.0/8'] } });
  expect(guarded).toMatchObject({ state: 'degraded', summary: expect.stringContaining('may not be reached') });
  expect(guarded.observations.find(({ kind }) => kind === 'endpoint')).toMatchObject({
    source: `127.0.0.1:${world.edge.port}`,
    ok: false,
    detail: { failedLayer: 'guard', tcpMilliseconds: null },
  });
  expect(await look(hostname)).toMatchObject({ state: 'live' });
});
