// A contract that asks for a certificate of Vault: a fake of it, BIND and the edge. What the fake signs is live; it is renewed, and
// revoked when the name ends.
import { X509Certificate } from 'node:crypto';
import { connect as connectTls } from 'node:tls';
import { type FakeVault, startFakeVault, usualRole, widerRole } from '@hostmaster/adapters/testing/vault/fake-vault';
import { settingsOf, usualPolicy } from '@hostmaster/adapters/testing/vault/ground';
import { issuerInputOf } from '@hostmaster/core/contract/issuer';
import { issuerOperator, operator } from '@hostmaster/core/operation/moves-next';
import { toPem } from '@hostmaster/core/pki/chain';
import { purposes } from '@hostmaster/core/pki/leaf-content';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { connectIssuer } from '@hostmaster/usecases/issuer/connect';
import { testIssuer } from '@hostmaster/usecases/issuer/test-connection';
import { getRequest } from '@hostmaster/usecases/request/get';
import { startDueRenewals } from '@hostmaster/usecases/sweep/due-renewals';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createWorld, type World, zoneApex } from './testing/world.ts';

let world: World;
let fake: FakeVault;
const role = () => fake.pki.writeRole('web', usualRole([zoneApex]));
beforeAll(async () => {
  world = await createWorld();
  fake = await startFakeVault({ suffixes: [zoneApex] });
  const platform = { ...(await world.as('platform')), sealer: world.keyStore };
  const connection = { kind: 'vault', settings: settingsOf(fake), secret: fake.auth.secretId };
  const input = { slug: 'corp-vault', name: 'Corp Vault', suffixes: [zoneApex], rootPem: toPem(fake.root), connection, untested: true };
  await connectIssuer(platform, issuerInputOf([...platform.issuerKinds.values()]).parse(input));
}, 120_000);
afterAll(async () => {
  await fake.close();
  await world.close();
});
beforeEach(() => {
  fake.behave(null);
  fake.seal(false);
  fake.auth.grant(usualPolicy());
  role();
});

const asked = { tls: { source: 'vault' } } as const;
const stateOf = async (hostname: string) => (await world.db.endpoint.findFirstOrThrow({ where: { hostname } })).state;
const certificates = (hostname: string) =>
  world.db.certificate.findMany({ where: { endpoint: { hostname } }, include: { issuer: true }, orderBy: { issuedAt: 'asc' } });
/** What waits for its next try is tried now. */
const again = async (hostname: string) => {
  await behindTheBack(world.db).operation.updateMany({
    where: { endpoint: { hostname }, state: 'waiting' },
    data: { nextAttemptAt: null },
  });
  await world.runDue();
};
/** The serial that the edge shows to who trusts the root alone. */
const servedSerial = (servername: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connectTls({ host: '127.0.0.1', port: world.edge.port, servername, ca: toPem(fake.root) }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.once('error', reject);
  });

test('a name whose contract asks for Vault is live with a certificate of its, is renewed, and has them revoked when it ends', async () => {
  const hostname = `shop.dev.${zoneApex}`;
  const request = await world.ask(hostname, asked);
  expect(request.state).toBe('approved');
  await world.runDue();
  expect(await getRequest(await world.as('app'), { id: request.id })).toMatchObject({
    state: 'applied',
    operation: { reason: 'Everything is as approved.' },
  });
  const [first] = await certificates(hostname);
  expect(first).toMatchObject({ state: 'served', issuer: { slug: 'corp-vault' } });
  expect(await servedSerial(hostname)).toBe(first?.serial);

  await world.db.certificate.updateMany({ where: { endpoint: { hostname } }, data: { renewAfter: new Date(0) } });
  expect(await startDueRenewals(world.worker, 10)).toBe(1);
  await world.runDue();
  const both = await certificates(hostname);
  expect(both.map(({ state }) => state)).toEqual(['superseded', 'served']);
  expect(await servedSerial(hostname)).toBe(both[1]?.serial);
  expect([fake.pki.signed.length, fake.pki.revoked()]).toEqual([2, 0]);

  await world.send('retire', hostname);
  await world.runDue();
  expect([await stateOf(hostname), fake.pki.revoked()]).toEqual(['retired', 2]);
});

test('a certificate for a client, with an address and a SPIFFE ID, is Vault’s once its role lets it, and its keeper is told how until then', async () => {
  const hostname = `batch.dev.${zoneApex}`;
  const spiffeId = `spiffe://${hostname}/nightly`;
  const tls = { source: 'vault' as const, usages: ['client' as const], addresses: ['10.1.2.3'], spiffeId };
  // A platform admin looks at the address.
  const approved = async () => {
    const request = await world.ask(hostname, { target: { certificateOnly: true }, tls });
    await world.decide('platform', request);
    await world.runDue();
    return request;
  };
  const first = await approved();
  const { operation } = await getRequest(await world.as('app'), { id: first.id });
  expect(operation?.reason).toContain('signs for no address, such as 10.1.2.3 (allow_ip_sans)');
  expect(operation?.reason).toContain(`'allow_ip_sans=true' 'allowed_uri_sans=${spiffeId}'`);
  expect(await certificates(hostname)).toEqual([]);

  fake.pki.writeRole('web', { ...widerRole([zoneApex]), server_flag: false });
  await approved();
  const [issued] = await certificates(hostname);
  expect(issued).toMatchObject({ issuer: { slug: 'corp-vault' }, names: [hostname] });
  const { keyUsage, subjectAltName } = new X509Certificate(issued?.chainPem ?? '');
  expect([keyUsage, subjectAltName]).toEqual([[purposes.client], `DNS:${hostname}, IP Address:10.1.2.3, URI:${spiffeId}`]);
});

test('a role that would refuse says so of the request, with the command that allows it', async () => {
  const hostname = `refused.dev.${zoneApex}`;
  fake.pki.patchRole('web', { key_type: 'rsa', key_bits: 2048 });
  const request = await world.ask(hostname, asked);
  await world.runDue();
  const { operation } = await getRequest(await world.as('app'), { id: request.id });
  expect(operation?.reason).toContain(
    'The role web at pki of corp-vault signs keys of the type rsa alone, and the order has ecdsa-p256 (key_type).',
  );
  expect(operation?.reason).toContain("vault patch pki/roles/web 'key_type=any'");
});

test('a plan says where the role gives less than is asked for, as a worker last saw, and no more once the issuer is another', async () => {
  fake.pki.patchRole('web', { max_ttl: 72 * 3600 });
  await world.ask(`short.dev.${zoneApex}`, asked);
  await world.runDue();
  const planned = async (hostname: string) => (await world.ask(hostname, { tls: { source: 'vault', days: 30 } })).plan.notes;
  const said = 'Corp Vault gives at most 3 days, as a worker last saw: the certificate ends after these, before the 30 days are over.';
  expect(await planned(`longer.dev.${zoneApex}`)).toContain(said);
  // A test sees it anew; where the role says nothing, its mount does, if that may be read.
  const { id } = await world.db.issuer.findUniqueOrThrow({ where: { slug: 'corp-vault' } });
  fake.pki.patchRole('web', { max_ttl: 0 });
  fake.pki.tune(48 * 3600);
  const tested = async () => {
    await testIssuer(await world.as('platform'), { id });
    await world.runDue();
    return (await world.db.issuer.findUniqueOrThrow({ where: { id } })).longestHours;
  };
  expect(await tested()).toBeNull();
  fake.auth.grant({ ...usualPolicy(), 'sys/mounts/pki/tune': ['read'] });
  fake.auth.advance(7200);
  expect(await tested()).toBe(48);
});

test('a Vault that is sealed is waited for, with whom, and signs once it is unsealed', async () => {
  const hostname = `sealed.dev.${zoneApex}`;
  fake.seal(true);
  const { id } = await world.ask(hostname, asked);
  await world.runDue();
  expect((await getRequest(await world.as('app'), { id })).operation).toMatchObject({
    state: 'waiting',
    step: 'certificate-issued',
    movesNext: issuerOperator('corp-vault'),
    reason: 'corp-vault is sealed, and signs again once it is unsealed.',
  });
  fake.seal(false);
  await again(hostname);
  expect(await stateOf(hostname)).toBe('live');
});

test('an answer that is lost is no second certificate', async () => {
  const hostname = `lost.dev.${zoneApex}`;
  const before = fake.pki.signed.length;
  fake.behave(({ path }, answer) => (path.startsWith('pki/sign') ? 'reset' : answer));
  await world.ask(hostname, asked);
  await world.runDue();
  expect(fake.pki.signed.length).toBe(before + 1);
  fake.behave(null);
  await again(hostname);
  expect(await stateOf(hostname)).toBe('live');
  expect(fake.pki.signed.length).toBe(before + 1);
});

test('a secret id that is known no more is for whoever runs Hostmaster', async () => {
  const hostname = `signed-out.dev.${zoneApex}`;
  fake.behave(({ path }, answer) => (path.startsWith('auth/') ? { status: 400, body: { errors: ['invalid role or secret ID'] } } : answer));
  // The worker has a token still.
  fake.auth.advance(7200);
  const { id } = await world.ask(hostname, asked);
  await world.runDue();
  expect((await getRequest(await world.as('app'), { id })).operation).toMatchObject({
    state: 'waiting',
    movesNext: operator,
    reason: 'corp-vault does not let Hostmaster sign in (approle): invalid role or secret ID.',
  });
});
