// A destination from its connection to what is taken back from it, on a fake of the API of Kubernetes and a real Postgres.
import { destinationKinds } from '@hostmaster/adapters/destinations/destination-kinds';
import { type FakeKubernetes, startFakeKubernetes } from '@hostmaster/adapters/testing/kubernetes/fake-kubernetes';
import { secretInput } from '@hostmaster/adapters/testing/kubernetes/objects';
import { clusterInput } from '@hostmaster/core/contract/cluster';
import { destinationChangeOf, destinationInputOf, destinationTrialOf } from '@hostmaster/core/contract/destination';
import type { EndpointContractInput } from '@hostmaster/core/contract/endpoint';
import { operation as operationOf } from '@hostmaster/core/contract/operation';
import { secretNameOf } from '@hostmaster/core/kubernetes/secret-name';
import { splitPem } from '@hostmaster/core/pki/chain';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import { noteHeld } from '@hostmaster/db/delivery';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { transact } from '@hostmaster/db/transaction';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createCluster } from '../cluster/create.ts';
import { listClusters } from '../cluster/list.ts';
import { updateCluster } from '../cluster/update.ts';
import type { SealingCtx } from '../context.ts';
import { checkEndpoint } from '../endpoint/check.ts';
import type { DemoAccount } from '../installation/seed-demo.ts';
import { getOperation } from '../operation/get.ts';
import { startMovedDeliveries } from '../sweep/moved-deliveries.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { connectDestination } from './connect.ts';
import { getDestination } from './get.ts';
import { listDestinations } from './list.ts';
import { removeDestination } from './remove.ts';
import { placeWords, requireAsOpened } from './serving.ts';
import { testDestination } from './test-connection.ts';
import { tryDestination } from './try-connection.ts';
import { updateDestination } from './update.ts';

const kinds = [...destinationKinds.values()];
let world: Reconciling;
let fake: FakeKubernetes;
beforeAll(async () => {
  world = await createReconciling();
  fake = await startFakeKubernetes(['ingress', 'orders', 'gateways']);
});
afterAll(async () => {
  await fake.close();
  await world.close();
});

const as = async (account: DemoAccount): Promise<SealingCtx> => ({
  ...world.ctxFor((await world.as(account)).actor),
  sealer: world.worker.keyStore,
});
const connection = (changes: object = {}, secret = fake.token) => ({
  kind: 'kubernetes',
  settings: { address: fake.address, namespace: 'ingress', trust: fake.trust, addresses: '127.0.0.0/8', ...changes },
  secret,
});
const connect = async (slug: string, account: DemoAccount = 'platform') =>
  connectDestination(await as(account), destinationInputOf(kinds).parse({ slug, connection: connection(), untested: true }));
const clusterOf = (slug: string, destination: string | null) =>
  clusterInput.parse({ slug, hostname: `${slug}.clusters.example.test`, environment: 'dev', destination });
const ended = async ({ id }: { id: string }) => operationOf.parse(await getOperation(await as('platform'), { id }));

let names = 0;
const fresh = () => {
  names += 1;
  return `svc-${names}.dev.example.test`;
};
const look = async (hostname: string) => {
  const { id } = await world.db.endpoint.findFirstOrThrow({ where: { hostname } });
  await checkEndpoint(world.worker, { endpointId: id });
};
const ask = async (hostname: string, cluster: string, more: Partial<EndpointContractInput> = {}) => {
  const request = await world.ask(hostname, { target: { cluster }, ...more });
  await world.runDue();
  return request;
};
/** Its work is over, long ago: nothing waits, and what moves is moved by the sweep alone. */
const settle = async (hostname: string) => {
  const { id: endpointId } = await world.db.endpoint.findFirstOrThrow({ where: { hostname } });
  await behindTheBack(world.db).operation.updateMany({
    where: { endpointId },
    data: { state: 'superseded', finishedAt: new Date(world.clock.now().getTime() - 3_600_000) },
  });
};
const tlsSecret = z.object({ data: z.object({ 'tls.crt': z.string() }) });
/** Serial of what is held in a Secret; null where there is none. */
const heldIn = (namespace: string, hostname: string): string | null => {
  const answer = fake.secrets.get(namespace, secretNameOf(hostname));
  if (answer.status !== 200) return null;
  const [leaf] = splitPem(Buffer.from(tlsSecret.parse(answer.body).data['tls.crt'], 'base64').toString());
  return leaf === undefined ? null : describeCertificate(leaf).serial;
};
const serialOf = async (hostname: string) =>
  (await world.db.certificate.findFirstOrThrow({ where: { names: { has: hostname } }, orderBy: { issuedAt: 'desc' } })).serial;

it('a name is where it is put: by itself in the directory and at a receiver, in the Secret of its name in a cluster', () => {
  const at = (destinationId: string | null, namespace: string) => placeWords({ destinationId, namespace }, 'orders.example.test');
  expect([at(null, ''), at('receiver', ''), at('cluster', 'shop')]).toEqual([
    'orders.example.test',
    'orders.example.test',
    `shop/${secretNameOf('orders.example.test')}`,
  ]);
});

describe('a connection', () => {
  it('is tried before it is kept, says what each check found, and is forgotten with its token', async () => {
    const begun = await tryDestination(await as('platform'), destinationTrialOf(kinds).parse({ connection: connection() }));
    expect(JSON.stringify(await world.db.connectionTrial.findMany())).not.toContain(fake.token);
    await world.runDue();
    expect(await ended(begun)).toMatchObject({ kind: 'destination', purpose: 'test', state: 'succeeded', reason: 'All 7 checks passed.' });
    expect(await world.db.destination.count()).toBe(0);
    expect(await world.db.connectionTrial.findMany()).toMatchObject([{ settings: {}, about: {}, secretCiphertext: null }]);
    const wrong = await tryDestination(await as('platform'), destinationTrialOf(kinds).parse({ connection: connection({}, 'wrong') }));
    await world.runDue();
    expect((await ended(wrong)).reason).toContain('The destination does not take the token');
  });

  it('is kept sealed, by the platform alone, and tested afterwards', async () => {
    const made = await connect('tested');
    expect(made).toMatchObject({ slug: 'tested', clusters: [], certificates: 0, lastTest: null, version: 1 });
    expect(JSON.stringify([made, await world.db.destination.findMany()])).not.toContain(fake.token);
    const events = await world.db.auditEvent.findMany({ where: { action: 'destination.connect' } });
    expect(JSON.stringify(events.map(({ detail }) => detail))).not.toContain(fake.token);
    await expect(connect('tested')).rejects.toMatchObject({ code: 'already-exists' });
    await expect(connect('mine', 'app')).rejects.toMatchObject({ code: 'forbidden' });
    await testDestination(await as('platform'), made);
    await world.runDue();
    expect(await getDestination(await as('app'), made)).toMatchObject({ lastTest: { ok: true, changedSince: false } });
    const change = { id: made.id, version: 1, connection: connection({ namespace: 'orders' }), untested: true };
    const changed = await updateDestination(await as('platform'), destinationChangeOf(kinds).parse(change));
    expect(changed).toMatchObject({ version: 2, settings: { namespace: 'orders' }, lastTest: { changedSince: true } });
    await expect(updateDestination(await as('platform'), destinationChangeOf(kinds).parse(change))).rejects.toMatchObject({
      code: 'conflict',
    });
    await removeDestination(await as('platform'), { id: made.id, abandon: false });
    await expect(getDestination(await as('platform'), made)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('to where the host lets no private key go fails its test, and asks nothing there', async () => {
    const address = fake.address.replace('localhost', '127.0.0.1');
    const asked = fake.asked.length;
    const begun = await tryDestination(await as('platform'), destinationTrialOf(kinds).parse({ connection: connection({ address }) }));
    await world.runDue();
    expect((await ended(begun)).reason).toContain(
      `The destination is at ${address}, and HOSTMASTER_KEY_DESTINATIONS of the worker does not name that`,
    );
    expect(fake.asked).toHaveLength(asked);
  });

  it('that a cluster names must be there', async () => {
    await expect(createCluster(await as('platform'), clusterOf('lost', 'nowhere'))).rejects.toMatchObject({
      code: 'invalid-input',
      violations: [{ rule: 'destination-exists', path: 'destination', reason: 'There is no destination nowhere.' }],
    });
  });
});

describe('a name that leads to a cluster with a destination', () => {
  beforeAll(async () => {
    await connect('kube');
    await createCluster(await as('platform'), clusterOf('kube', 'kube'));
    await createCluster(await as('platform'), clusterOf('plain', null));
  });

  it('has its certificate there and not at the edge, and its page says where, what is held, and when', async () => {
    const hostname = fresh();
    const { plan } = await ask(hostname, 'kube');
    expect(plan.notes).toContain(`The certificate is delivered to kube, as the Secret ingress/${secretNameOf(hostname)}.`);
    const serial = await serialOf(hostname);
    expect([heldIn('ingress', hostname), world.servedSerial(hostname)]).toEqual([serial, null]);
    const { deliveries } = await world.view(hostname);
    expect(deliveries).toEqual([
      {
        hostname,
        destination: 'kube',
        place: `ingress/${secretNameOf(hostname)}`,
        serial,
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        reference: null,
        usedBy: [],
        seenAt: expect.any(String),
        deliveredAt: expect.any(String),
      },
    ]);
    expect((await listClusters(await as('app'), { limit: 50 })).rows.find(({ slug }) => slug === 'kube')?.destination).toBe('kube');
    expect((await listDestinations(await as('app'), { limit: 50 })).rows).toMatchObject([
      { slug: 'kube', clusters: ['kube'], certificates: 1 },
    ]);
  });

  it.each([
    [{ backend: { namespace: 'orders', service: 'orders' } }, 'orders'],
    [{ backend: { namespace: 'orders' }, gateway: { name: 'public', namespace: 'gateways' } }, 'gateways'],
    [{ backend: { namespace: 'orders' }, gateway: { name: 'public' } }, 'orders'],
    [{}, 'ingress'],
  ] as const)('routed by %j is in the namespace %s', async (routing, namespace) => {
    const hostname = fresh();
    await ask(hostname, 'kube', { routing });
    expect(heldIn(namespace, hostname)).toBe(await serialOf(hostname));
  });

  it('takes its certificate along where it moves, and nothing stays where it was', async () => {
    const hostname = fresh();
    await ask(hostname, 'plain');
    expect(world.servedSerial(hostname)).toBe(await serialOf(hostname));
    await world.send('change', hostname, { target: { cluster: 'kube' } });
    await world.runDue();
    expect([heldIn('ingress', hostname), world.servedSerial(hostname)]).toEqual([await serialOf(hostname), null]);
    await world.send('change', hostname, { target: { cluster: 'kube' }, routing: { backend: { namespace: 'orders' } } });
    await world.runDue();
    expect([heldIn('ingress', hostname), heldIn('orders', hostname)]).toEqual([null, await serialOf(hostname)]);
    await world.send('change', hostname);
    await world.runDue();
    expect([heldIn('orders', hostname), world.servedSerial(hostname)]).toEqual([null, await serialOf(hostname)]);
    expect((await world.view(hostname)).deliveries).toMatchObject([{ destination: null, place: hostname }]);
  });

  it('whose new place takes nothing keeps what it has where it was', async () => {
    const hostname = fresh();
    await ask(hostname, 'plain');
    const serial = world.servedSerial(hostname);
    fake.allow('ingress', []);
    await world.send('change', hostname, { target: { cluster: 'kube' } });
    await world.runDue();
    const { operation } = await world.view(hostname);
    expect(operation).toMatchObject({
      state: 'waiting',
      step: 'certificate-delivered',
      movesNext: 'whoever runs kube',
      error: {
        code: 'delivery-failed',
        message: expect.stringContaining('does not let its service account do that in the namespace ingress'),
      },
    });
    expect(world.servedSerial(hostname)).toBe(serial);
    fake.allow('ingress', ['get', 'create', 'patch', 'delete']);
    await world.runLater();
    expect([heldIn('ingress', hostname), world.servedSerial(hostname)]).toEqual([serial, null]);
  });

  it('has no key unwrapped for a server that the host does not name, whatever the portal says: the work waits for whoever runs Hostmaster', async () => {
    const address = fake.address.replace('localhost', '127.0.0.1');
    const input = { slug: 'elsewhere', connection: connection({ address }), untested: true };
    await connectDestination(await as('platform'), destinationInputOf(kinds).parse(input));
    await createCluster(await as('platform'), clusterOf('elsewhere', 'elsewhere'));
    const hostname = fresh();
    await ask(hostname, 'elsewhere');
    expect((await world.view(hostname)).operation).toMatchObject({
      state: 'waiting',
      step: 'certificate-delivered',
      movesNext: 'whoever runs Hostmaster',
      error: { code: 'delivery-failed', message: expect.stringContaining(`elsewhere is at ${address}, and HOSTMASTER_KEY_DESTINATIONS`) },
    });
    expect(fake.asked.filter(({ path }) => path.includes(secretNameOf(hostname)))).toEqual([]);
    expect(await world.db.delivery.count({ where: { hostname } })).toBe(0);
  });

  it('whose Secret somebody else made is not taken over: the work waits and names who', async () => {
    const hostname = fresh();
    const metadata = { name: secretNameOf(hostname) };
    fake.secrets.edit('ingress', secretInput.parse({ apiVersion: 'v1', kind: 'Secret', metadata }), 'cert-manager');
    await ask(hostname, 'kube');
    expect((await world.view(hostname)).operation?.error?.message).toContain('was made by cert-manager, and is left as it is');
    fake.secrets.delete('ingress', secretNameOf(hostname), {});
    await world.runLater();
    expect(heldIn('ingress', hostname)).toBe(await serialOf(hostname));
  });

  it('has a Secret that somebody deleted again at the next look', async () => {
    const hostname = fresh();
    await ask(hostname, 'kube');
    fake.secrets.delete('ingress', secretNameOf(hostname), {});
    await look(hostname);
    await world.runLater();
    expect(heldIn('ingress', hostname)).toBe(await serialOf(hostname));
  });

  it('that is retired leaves nothing there', async () => {
    const hostname = fresh();
    await ask(hostname, 'kube');
    await world.send('retire', hostname);
    await world.runDue();
    expect(heldIn('ingress', hostname)).toBeNull();
    expect(await world.db.delivery.count({ where: { hostname } })).toBe(0);
  });
});

describe('a destination', () => {
  it('is not removed while a cluster is attached to it, or a certificate is there; what is there is taken back once it is detached', async () => {
    const { id } = await connect('leaving');
    const platform = await as('platform');
    await createCluster(platform, clusterOf('leaving', 'leaving'));
    const hostname = fresh();
    await ask(hostname, 'leaving');
    const remove = () => removeDestination(platform, { id, abandon: false });
    await expect(remove()).rejects.toThrow('The destination leaving is attached to leaving. Detach it there first.');
    await updateCluster(platform, clusterOf('leaving', null));
    await expect(remove()).rejects.toThrow('The destination leaving holds certificates of a name');
    const elsewhere = { id, version: 1, connection: connection({ address: 'https://elsewhere.example.test' }), untested: true };
    await expect(updateDestination(platform, destinationChangeOf(kinds).parse(elsewhere))).rejects.toMatchObject({
      violations: [{ rule: 'destination-identity', path: 'connection.settings.address' }],
    });
    await settle(hostname);
    expect(await startMovedDeliveries(world.worker, 10)).toBe(1);
    expect(await startMovedDeliveries(world.worker, 10)).toBe(0);
    await world.runDue();
    expect([heldIn('ingress', hostname), world.servedSerial(hostname)]).toEqual([null, await serialOf(hostname)]);
    await settle(hostname);
    expect(await startMovedDeliveries(world.worker, 10)).toBe(0);
    await remove();
    await updateCluster(platform, clusterOf('leaving', 'kube'));
    expect(await startMovedDeliveries(world.worker, 10)).toBe(1);
    await world.runDue();
    expect([heldIn('ingress', hostname), world.servedSerial(hostname)]).toEqual([await serialOf(hostname), null]);
  });

  it('that is led elsewhere while a worker looks at where it was has nothing put there, and all of it where it is', async () => {
    const platform = await as('platform');
    const [before, after] = [await startFakeKubernetes(['ingress']), await startFakeKubernetes(['ingress'])];
    const leadingTo = ({ address, trust, token }: FakeKubernetes) => connection({ address, trust }, token);
    const { id } = await connectDestination(
      platform,
      destinationInputOf(kinds).parse({ slug: 'led', connection: leadingTo(before), untested: true }),
    );
    await createCluster(platform, clusterOf('led', 'led'));
    const change = (version: number, to: FakeKubernetes) =>
      updateDestination(platform, destinationChangeOf(kinds).parse({ id, version, connection: leadingTo(to), untested: true }));
    before.behave(async (_, answer) => {
      before.behave(null);
      await change(1, after);
      return answer;
    });
    const hostname = fresh();
    await ask(hostname, 'led');
    expect((await world.view(hostname)).operation).toMatchObject({
      state: 'waiting',
      error: { code: 'delivery-failed', message: expect.stringContaining('The destination led was changed while it was looked at') },
    });
    expect(before.asked.map(({ method }) => method)).toEqual(['GET']);
    expect(await world.db.delivery.count({ where: { hostname } })).toBe(0);
    await world.runLater();
    expect([before.secrets.names(), after.secrets.names()]).toEqual([[], [`ingress/${secretNameOf(hostname)}`]]);
    await expect(change(2, before)).rejects.toMatchObject({ violations: [{ rule: 'destination-identity' }] });
    await Promise.all([before.close(), after.close()]);
  });

  it('is not led elsewhere past a worker that has just written down what it puts there', async () => {
    const platform = await as('platform');
    const { id } = await connect('held');
    const { id: endpointId } = await world.db.endpoint.findFirstOrThrow();
    const elsewhere = { id, version: 1, connection: connection({ address: 'https://elsewhere.example.test' }), untested: true };
    const written = { endpointId, hostname: fresh(), destinationId: id, namespace: 'ingress', fingerprint: null, called: null };
    const { changed } = await transact(world.worker.db, async (tx) => {
      await noteHeld(tx, [written], false, world.clock.now());
      await requireAsOpened(tx, written, 1);
      const [holder] = await tx.$queryRaw<{ id: string }[]>`SELECT pg_current_xact_id()::text AS id`;
      const asked = updateDestination(platform, destinationChangeOf(kinds).parse(elsewhere)).catch((error: unknown) => error);
      // It waits for the worker.
      await expect
        .poll(() => world.db.$queryRaw`SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid::text = ${holder?.id}`, {
          timeout: 10_000,
        })
        .toHaveLength(1);
      return { changed: asked };
    });
    expect(await changed).toMatchObject({ violations: [{ rule: 'destination-identity', path: 'connection.settings.address' }] });
    await removeDestination(platform, { id, abandon: true });
  });

  it('that is gone for good is abandoned, and nobody waits for it any more', async () => {
    const { id } = await connect('dead');
    const platform = await as('platform');
    await createCluster(platform, clusterOf('dead', 'dead'));
    const hostname = fresh();
    await ask(hostname, 'dead');
    await updateCluster(platform, clusterOf('dead', null));
    const token = fake.token;
    fake.renewToken();
    await look(hostname);
    await world.runLater();
    expect((await world.view(hostname)).operation?.error?.message).toContain('does not take the token');
    expect(token).not.toBe(fake.token);
    await removeDestination(platform, { id, abandon: true });
    await world.runLater();
    expect((await world.view(hostname)).deliveries).toMatchObject([{ destination: null }]);
    const [event] = await world.db.auditEvent.findMany({ where: { action: 'destination.remove', subject: 'dead' } });
    expect(event?.detail).toMatchObject({ left: 1 });
  });
});
