// One name in two views is two endpoints, whose TLS one place may end: both are live, and stay so.
import { randomBytes } from 'node:crypto';
import { type EndpointContractInput, endpointContract } from '@hostmaster/core/contract/endpoint';
import { zoneInputOf } from '@hostmaster/core/contract/zone';
import type { RequestKind } from '@hostmaster/core/request/kind';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkEndpoint } from '../endpoint/check.ts';
import { getEndpoint } from '../endpoint/get.ts';
import { recheckEndpoint } from '../endpoint/recheck.ts';
import { createGrant } from '../grant/create.ts';
import { createRequest } from '../request/create.ts';
import { startDueRenewals } from '../sweep/due-renewals.ts';
import { zoneApex } from '../testing/demo.ts';
import { address } from '../testing/outside.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { createZone } from '../zone/create.ts';

let world: Reconciling;
beforeAll(async () => {
  world = await createReconciling();
  const platform = await world.as('platform');
  const tsig = { name: 'hostmaster', algorithm: 'hmac-sha256' as const };
  const server = { address: '127.0.0.53', port: 53 };
  const wanted = {
    apex: zoneApex,
    untested: true,
    view: 'internal' as const,
    ownerTeam: 'platform-edge',
    connection: {
      kind: 'rfc2136' as const,
      settings: { primary: server, tsig },
      secret: randomBytes(32).toString('base64'),
    },
    servers: [{ name: 'ns1', ...server }],
    servedPort: 443,
    allowedRanges: ['127.0.0.0/8'],
  };
  await createZone({ ...platform, sealer: world.worker.keyStore }, zoneInputOf([...platform.dnsProviders.values()]).parse(wanted));
  await world.runDue();
  const grant = { team: 'order-platform', suffix: `dev.${zoneApex}`, environments: ['dev'], views: ['internal' as const] };
  await createGrant(platform, { ...grant, wildcard: false, apex: false, reason: 'Two faces' });
}, 60_000);
afterAll(() => world.close());

const views = ['public', 'internal'] as const;
type View = (typeof views)[number];
const ask = async (kind: RequestKind, hostname: string, view: View, more: Partial<EndpointContractInput> = {}) => {
  const given = { hostname, view, team: 'order-platform', environment: 'dev', target: { addresses: ['127.0.0.1'] }, ...more };
  const contract = endpointContract.parse({ ...given, justification: 'One service, an address for each view.' });
  const request = await createRequest(await world.as('app'), { kind, contract });
  if (request.state === 'in-review') await world.decide('platform', request);
  await world.runDue();
};
const endpointAt = (hostname: string, view: View) => world.db.endpoint.findFirstOrThrow({ where: { hostname, view } });
const statesOf = (hostname: string) => Promise.all(views.map(async (view) => (await endpointAt(hostname, view)).state));
const lookAt = async (hostname: string) => {
  for (const view of [...views, ...views]) await checkEndpoint(world.worker, { endpointId: (await endpointAt(hostname, view)).id });
};
const inUseOf = (hostname: string, view: View) =>
  world.db.certificate.findFirstOrThrow({
    where: { endpoint: { hostname, view }, state: { in: ['issued', 'served'] } },
    orderBy: { issuedAt: 'desc' },
  });

test('both are live with what the first of them put in place, and say whose it is', async () => {
  const hostname = `two.dev.${zoneApex}`;
  for (const view of views) await ask('create', hostname, view);
  expect(await statesOf(hostname)).toEqual(['live', 'live']);
  const first = await inUseOf(hostname, 'public');
  expect(world.servedSerial(hostname)).toBe(first.serial);
  expect(await inUseOf(hostname, 'internal'), 'its own was never on the wire').toMatchObject({ state: 'issued', servedAt: null });
  await lookAt(hostname);
  expect(await statesOf(hostname)).toEqual(['live', 'live']);
  const { id } = await endpointAt(hostname, 'internal');
  const page = await getEndpoint(await world.as('app'), { id });
  expect(page.conditions.find(({ type }) => type === 'CertificateServed')).toMatchObject({
    status: 'true',
    message: 'That of the same name in the public view is seen on the wire at 127.0.0.1:443: one place serves both.',
  });
  expect(page.findings).toEqual([]);
});

test('a renewal of either leaves both live, and what is in place is somebody’s that is in use', async () => {
  const hostname = `renewed.dev.${zoneApex}`;
  for (const view of views) await ask('create', hostname, view);
  for (const view of views) {
    const { id } = await inUseOf(hostname, view);
    await world.db.certificate.updateMany({ where: { id }, data: { renewAfter: new Date(world.clock.now().getTime() - 1000) } });
    await startDueRenewals(world.worker, 10);
    await world.runDue();
    await lookAt(hostname);
    expect(await statesOf(hostname), view).toEqual(['live', 'live']);
    expect((await inUseOf(hostname, view)).id, view).not.toBe(id);
  }
  expect(world.servedSerial(hostname)).toBe((await inUseOf(hostname, 'public')).serial);
});

test('when the one whose certificate is in place ends, the other puts its own there', async () => {
  const hostname = `left.dev.${zoneApex}`;
  for (const view of views) await ask('create', hostname, view);
  await ask('retire', hostname, 'public');
  // One zone of these tests answers for both views: what the retirement took away there is the internal name's, too.
  await world.writeByHand(hostname, [address('127.0.0.1')]);
  await world.runLater();
  expect((await endpointAt(hostname, 'public')).state).toBe('retired');
  expect(world.servedSerial(hostname)).toBe((await inUseOf(hostname, 'internal')).serial);
});

test('a certificate of it that is in use no more is none to leave in place', async () => {
  const hostname = `ended.dev.${zoneApex}`;
  for (const view of views) await ask('create', hostname, view);
  const { id, serial } = await inUseOf(hostname, 'public');
  await behindTheBack(world.db).certificate.update({ where: { id }, data: { state: 'revoked' } });
  await checkEndpoint(world.worker, { endpointId: (await endpointAt(hostname, 'internal')).id });
  expect((await endpointAt(hostname, 'internal')).state).toBe('degraded');
  await recheckEndpoint(await world.as('app'), { id: (await endpointAt(hostname, 'internal')).id });
  await world.runDue();
  expect(world.servedSerial(hostname)).not.toBe(serial);
  expect(world.servedSerial(hostname)).toBe((await inUseOf(hostname, 'internal')).serial);
  expect((await endpointAt(hostname, 'internal')).state).toBe('live');
});
