import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { createRequest } from '@hostmaster/usecases/request/create';
import { getRequest } from '@hostmaster/usecases/request/get';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from './testing/world.ts';

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
