// Destinations of clouds from a request to the certificate that is held there, renewed under what it is called there, and taken back: through the
// vendors' own clients, over HTTPS, and fakes of their services.
import { destinationKinds } from '@hostmaster/adapters/destinations/destination-kinds';
import { type FakeAcm, startFakeAcm } from '@hostmaster/adapters/testing/acm/fake-acm';
import { settingsOf } from '@hostmaster/adapters/testing/acm/ground';
import { type FakeKeyVault, startFakeKeyVault } from '@hostmaster/adapters/testing/key-vault/fake-key-vault';
import { vaultSettingsOf } from '@hostmaster/adapters/testing/key-vault/ground';
import { clusterInput } from '@hostmaster/core/contract/cluster';
import { destinationInputOf, destinationTrialOf } from '@hostmaster/core/contract/destination';
import { operation as operationOf } from '@hostmaster/core/contract/operation';
import { vaultNameOf } from '@hostmaster/core/key-vault/name';
import { splitPem } from '@hostmaster/core/pki/chain';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCluster } from '../cluster/create.ts';
import { updateCluster } from '../cluster/update.ts';
import type { SealingCtx } from '../context.ts';
import { checkEndpoint } from '../endpoint/check.ts';
import { getOperation } from '../operation/get.ts';
import { startDueRenewals } from '../sweep/due-renewals.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { connectDestination } from './connect.ts';
import { listDestinations } from './list.ts';
import { tryDestination } from './try-connection.ts';

const kinds = [...destinationKinds.values()];
let world: Reconciling;
let acm: FakeAcm;
let azure: FakeKeyVault;
beforeAll(async () => {
  world = await createReconciling();
  acm = await startFakeAcm({ suffixes: ['example.test'], resolve: async () => null, clock: world.clock });
  azure = await startFakeKeyVault();
});
afterAll(async () => {
  await acm.close();
  await azure.close();
  await world.close();
});

const platform = async (): Promise<SealingCtx> => ({ ...world.ctxFor((await world.as('platform')).actor), sealer: world.worker.keyStore });
type Connected = { readonly kind: string; readonly settings: object; readonly secret: string };
const onAcm = (): Connected => ({ kind: 'acm', settings: settingsOf(acm), secret: acm.secretAccessKey });
const clusterOf = (slug: string, more: object = {}) =>
  clusterInput.parse({ slug, hostname: `${slug}.clusters.example.test`, environment: 'dev', destination: slug, ...more });
const connect = async (slug: string, connection: Connected) => {
  await connectDestination(await platform(), destinationInputOf(kinds).parse({ slug, connection, untested: true }));
  await createCluster(await platform(), clusterOf(slug));
};
const row = async (slug: string) =>
  (await listDestinations(await platform(), { limit: 50 })).rows.find((destination) => destination.slug === slug);
let names = 0;
const asked = async (cluster: string, more: Parameters<Reconciling['ask']>[1] = {}) => {
  names += 1;
  const hostname = `cloud-${names}.dev.example.test`;
  await world.ask(hostname, { target: { cluster }, ...more });
  await world.runDue();
  return hostname;
};
const serialOf = async (hostname: string) =>
  (await world.db.certificate.findFirstOrThrow({ where: { names: { has: hostname } }, orderBy: { issuedAt: 'desc' } })).serial;
const renew = async (hostname: string) => {
  const past = new Date(world.clock.now().getTime() - 1000);
  await behindTheBack(world.db).certificate.updateMany({ where: { endpoint: { hostname } }, data: { renewAfter: past } });
  await behindTheBack(world.db).operation.updateMany({
    where: { endpoint: { hostname } },
    data: { state: 'superseded', finishedAt: past },
  });
  expect(await startDueRenewals(world.worker, 10)).toBe(1);
  await world.runDue();
};
const look = async (hostname: string) => {
  const { id } = await world.db.endpoint.findFirstOrThrow({ where: { hostname } });
  await checkEndpoint(world.worker, { endpointId: id });
  await world.runLater();
};

describe('AWS Certificate Manager', () => {
  const balancer = (name: string) => `arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/${name}/50dc6c495c0c9188`;
  const heldOf = (hostname: string) => [...acm.certificates.all.values()].filter(({ names: of }) => of.includes(hostname));
  const held = (hostname: string) => {
    const [one] = heldOf(hostname);
    if (one?.leaf === undefined || one.leaf === null) throw new Error('nothing is held');
    return { one, serial: describeCertificate(one.leaf).serial };
  };
  beforeAll(() => connect('aws', onAcm()));

  it('is tried without anything being imported', async () => {
    const begun = await tryDestination(await platform(), destinationTrialOf(kinds).parse({ connection: onAcm() }));
    await world.runDue();
    expect(operationOf.parse(await getOperation(await platform(), begun))).toMatchObject({ state: 'succeeded' });
    expect(acm.certificates.all.size).toBe(0);
  });

  it('holds what a name got, under an ARN that its page shows and that stays with the renewal', async () => {
    const hostname = await asked('aws', { tls: { termination: 'load-balancer' } });
    const { one, serial } = held(hostname);
    expect(serial).toBe(await serialOf(hostname));
    expect((await world.view(hostname)).deliveries).toMatchObject([
      { hostname, destination: 'aws', place: hostname, serial, reference: one.arn, usedBy: [] },
    ]);
    one.inUseBy = [balancer('shop')];
    await renew(hostname);
    const renewed = held(hostname);
    expect(renewed.serial).toBe(await serialOf(hostname));
    expect(renewed.serial).not.toBe(serial);
    expect([heldOf(hostname).length, renewed.one.arn]).toEqual([1, one.arn]);
    expect((await world.view(hostname)).deliveries).toMatchObject([
      { serial: renewed.serial, reference: one.arn, usedBy: [balancer('shop')] },
    ]);
  });

  it('says how many of ours each load balancer uses, of how many it holds', async () => {
    const [one, other] = [await asked('aws'), await asked('aws')];
    held(one).one.inUseBy = [balancer('shop'), 'arn:aws:cloudfront::123456789012:distribution/E1'];
    held(other).one.inUseBy = [balancer('small')];
    await look(one);
    await look(other);
    expect((await row('aws'))?.loadBalancers).toEqual([
      { name: 'app/shop', certificates: 2, atMost: 25 },
      { name: 'app/small', certificates: 1, atMost: 25 },
    ]);
    await updateCluster(await platform(), clusterOf('aws', { certificateLimit: 50 }));
    expect((await row('aws'))?.loadBalancers).toMatchObject([{ atMost: 50 }, { atMost: 50 }]);
  });

  it('that uses what a retired name had keeps it until a load balancer lets go of it, and says which', async () => {
    const hostname = await asked('aws');
    held(hostname).one.inUseBy = [balancer('shop')];
    await world.send('retire', hostname);
    await world.runDue();
    expect((await world.view(hostname)).operation).toMatchObject({
      state: 'waiting',
      movesNext: 'whoever runs aws',
      error: { code: 'delivery-failed', message: expect.stringContaining(`is in use by ${balancer('shop')}`) },
    });
    held(hostname).one.inUseBy = [];
    await world.runLater();
    expect(heldOf(hostname)).toEqual([]);
    expect(await world.db.delivery.count({ where: { hostname } })).toBe(0);
  });

  it('with a key that its CA has none of the kind of waits for the team, and nothing goes there', async () => {
    const hostname = await asked('aws', { tls: { key: 'rsa-2048' } });
    expect((await world.view(hostname)).operation).toMatchObject({
      state: 'waiting',
      step: 'certificate-delivered',
      movesNext: 'the team',
      error: { message: expect.stringContaining('ACM imports a certificate only with a key of the kind that its CA has') },
    });
    expect(heldOf(hostname)).toEqual([]);
  });
});

describe('Azure Key Vault', () => {
  const serialIn = (hostname: string) => {
    const [leaf] = splitPem(azure.vault.read(vaultNameOf(hostname))?.fullchainPem ?? '');
    return leaf === undefined ? null : describeCertificate(leaf).serial;
  };
  beforeAll(() => connect('azure', { kind: 'key-vault', settings: vaultSettingsOf(azure), secret: azure.clientSecret }));

  it('holds what a name got, the renewal as its next version, and lets go of it with the name', async () => {
    const hostname = await asked('azure');
    const first = await serialOf(hostname);
    expect(serialIn(hostname)).toBe(first);
    const reference = `${azure.address}/secrets/${vaultNameOf(hostname)}`;
    expect((await world.view(hostname)).deliveries).toMatchObject([{ destination: 'azure', serial: first, reference, usedBy: [] }]);
    await renew(hostname);
    const held = azure.vault.all.get(vaultNameOf(hostname));
    expect([serialIn(hostname), held?.versions.length]).toEqual([await serialOf(hostname), 2]);
    expect(await serialOf(hostname)).not.toBe(first);
    expect((await world.view(hostname)).deliveries).toMatchObject([{ reference }]);
    await world.send('retire', hostname);
    await world.runDue();
    expect([held?.isDeleted, await world.db.delivery.count({ where: { hostname } })]).toEqual([true, 0]);
    const events = await world.db.auditEvent.findMany({ select: { detail: true } });
    expect(JSON.stringify(events)).not.toContain(azure.clientSecret);
  });

  it('whose right to import was taken away has the work wait, and says so', async () => {
    azure.allow(['get', 'delete', 'recover']);
    const hostname = await asked('azure');
    expect((await world.view(hostname)).operation).toMatchObject({
      state: 'waiting',
      step: 'certificate-delivered',
      movesNext: 'whoever runs azure',
      error: {
        code: 'delivery-failed',
        message: expect.stringContaining('azure does not let Hostmaster import a certificate (Forbidden, ForbiddenByRbac)'),
      },
    });
    azure.allow(['get', 'import', 'delete', 'recover']);
    await world.runLater();
    expect(serialIn(hostname)).toBe(await serialOf(hostname));
  });
});
