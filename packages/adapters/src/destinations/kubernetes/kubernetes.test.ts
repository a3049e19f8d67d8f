import { systemClock } from '@hostmaster/core/clock';
import { settingsConformance } from '@hostmaster/core/descriptor-conformance';
import { secretNameOf } from '@hostmaster/core/kubernetes/secret-name';
import { destinationConformance } from '@hostmaster/core/pki/destination-conformance';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type FakeKubernetes, startFakeKubernetes } from '../../testing/kubernetes/fake-kubernetes.ts';
import { type SecretInput, secretInput, status } from '../../testing/kubernetes/objects.ts';
import { createTestCa } from '../../testing/test-ca.ts';
import { kubernetes } from './kubernetes.ts';

const ca = await createTestCa();
const portal = 'https://hostmaster.example.test';

const typed = ({ address, trust }: Pick<FakeKubernetes, 'address' | 'trust'>, changes: object = {}) => ({
  address,
  namespace: 'orders',
  trust,
  addresses: '127.0.0.0/8',
  ...changes,
});
const connectionTo = (
  fake: FakeKubernetes,
  { token = fake.token, ...changes }: { token?: string; address?: string; trust?: string; addresses?: string } = {},
) => ({
  slug: 'k8s-1',
  settings: kubernetes.settings.parse(typed(fake, changes)),
  secret: Buffer.from(token),
});
const deps = { clock: systemClock, portal, keyDestinations: ['https://localhost:*'] };
const open = (fake: FakeKubernetes, changes: Parameters<typeof connectionTo>[1] = {}, namespace = 'orders') =>
  kubernetes.open(connectionTo(fake, changes), deps)(namespace);

const tlsSecret = z.object({ type: z.string(), data: z.object({ 'tls.crt': z.string(), 'tls.key': z.string() }) });
const decoded = (text: string) => Buffer.from(text, 'base64').toString('utf8');

destinationConformance({ describe, it, expect, beforeAll, afterAll }, kubernetes, async () => {
  const fake = await startFakeKubernetes(['orders']);
  return {
    destination: open(fake),
    make: async (hostname) => ({ hostname, ...(await ca.leaf([hostname])) }),
    read: async (hostname) => {
      const answer = fake.secrets.get('orders', secretNameOf(hostname));
      if (answer.status !== 200) return null;
      const { data } = tlsSecret.parse(answer.body);
      return { fullchainPem: decoded(data['tls.crt']), privateKeyPem: decoded(data['tls.key']) };
    },
    close: () => fake.close(),
  };
});

describe('the settings of Kubernetes', () => {
  settingsConformance({ it, expect }, kubernetes, async () => typed({ address: 'https://k8s-1.example.com:6443', trust: '' }));

  it.each([
    ['http://k8s-1.example.com', 'address'],
    ['https://somebody@k8s-1.example.com', 'address'],
    ['https://k8s-1.example.com/?a=1', 'address'],
  ])('refuse %s', (address, field) => {
    expect(kubernetes.settings.safeParse(typed({ address, trust: '' })).error?.issues[0]?.path).toEqual([field]);
  });

  it.each(['Orders', '../kube-system', 'a/b', '', 'a'.repeat(64)])('refuse the namespace %j', (namespace) => {
    expect(kubernetes.settings.safeParse(typed({ address: 'https://k8s-1.example.com', trust: '' }, { namespace })).success).toBe(false);
  });

  it('take no token that would be two headers', () => {
    for (const token of ['', 'a b', 'a\r\nx: y', 'ä']) expect(kubernetes.secret?.input.safeParse(token).success).toBe(false);
  });
});

describe('a Secret', () => {
  const hostname = 'orders.example.test';
  const name = secretNameOf(hostname);
  let fake: FakeKubernetes;
  beforeEach(async () => {
    fake = await startFakeKubernetes(['orders', 'shop']);
    return () => fake.close();
  });
  const made = async () => ({ hostname, ...(await ca.leaf([hostname])) });
  const ofOthers = (changes: Partial<SecretInput> = {}): SecretInput =>
    secretInput.parse({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, data: { own: 'eA==' }, ...changes });
  const failed = (message: string | RegExp, more: object = {}) => ({
    code: 'delivery-failed',
    message: typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
    ...more,
  });

  it('is of the type that Ingresses take, says whose it is, and is in the namespace that was wanted', async () => {
    await open(fake, {}, 'shop').deliver(await made());
    expect(fake.secrets.names()).toEqual([`shop/${name}`]);
    expect(fake.secrets.get('shop', name).body).toMatchObject({
      type: 'kubernetes.io/tls',
      metadata: {
        labels: { 'app.kubernetes.io/managed-by': 'hostmaster' },
        annotations: { 'hostmaster/hostname': hostname, 'hostmaster/portal': portal },
        managedFields: [{ manager: 'hostmaster', operation: 'Apply' }],
      },
    });
  });

  it('that somebody else made is left as it is, whatever is in it, and whoever made it is named', async () => {
    fake.secrets.edit('orders', ofOthers(), 'kubectl-create');
    const before = fake.secrets.get('orders', name);
    const destination = open(fake);
    await expect(destination.deliver(await made())).rejects.toMatchObject(
      failed(`The Secret ${name} in orders of k8s-1 was made by kubectl-create, and is left as it is.`, {
        movesNext: 'whoever runs k8s-1',
      }),
    );
    expect(await destination.held(hostname)).toBeNull();
    await destination.withdraw(hostname);
    expect(fake.secrets.get('orders', name)).toEqual(before);
  });

  it('of ours that somebody else wrote a certificate into is a conflict that names them; labels of theirs stay and are no harm', async () => {
    const destination = open(fake);
    const first = await made();
    await destination.deliver(first);
    const data = {
      'tls.crt': Buffer.from(first.fullchainPem).toString('base64'),
      'tls.key': Buffer.from(first.privateKeyPem).toString('base64'),
    };
    const type = 'kubernetes.io/tls';
    fake.secrets.edit('orders', ofOthers({ type, data, metadata: { name, labels: { team: 'orders' }, annotations: {} } }), 'kubectl-label');
    await destination.deliver(await made());
    expect(fake.secrets.get('orders', name).body).toMatchObject({ metadata: { labels: { team: 'orders' } } });
    fake.secrets.edit('orders', ofOthers({ type, data: { ...data, 'tls.crt': 'eA==' } }), 'kubectl-edit');
    const held = await destination.held(hostname);
    expect(held).toBeNull();
    await expect(destination.deliver(await made())).rejects.toMatchObject(
      failed(
        'Somebody else has written into the Secret in orders: conflict with "kubectl-edit" using v1 (.data.tls.crt), conflict with "kubectl-edit" using v1 (.data.tls.key)',
      ),
    );
    expect(fake.asked.filter(({ path }) => path.includes('force=true'))).toEqual([]);
    await destination.withdraw(hostname);
    expect(fake.secrets.names()).toEqual([]);
  });

  it('is deleted as it was seen alone: one that was made anew or changed meanwhile stays', async () => {
    const destination = open(fake);
    await destination.deliver(await made());
    fake.behave(({ method }, answer) => {
      if (method === 'GET') {
        fake.secrets.delete('orders', name, {});
        fake.secrets.edit('orders', ofOthers(), 'kubectl-create');
      }
      return answer;
    });
    await expect(destination.withdraw(hostname)).rejects.toMatchObject({ code: 'delivery-failed' });
    expect(fake.secrets.names()).toEqual([`orders/${name}`]);
  });

  it('is read without its key where it need not be seen, and of what is read the certificate alone is kept', async () => {
    const destination = open(fake);
    await destination.deliver(await made());
    await destination.withdraw(hostname);
    expect(fake.asked.filter(({ method }) => method === 'GET').map(({ accept }) => accept)).toEqual(
      Array.from({ length: 2 }, () => expect.stringContaining('PartialObjectMetadata')),
    );
  });

  it.each([
    [
      'a token that expired',
      (the: FakeKubernetes) => void the.renewToken(),
      /does not take the token.*Give the destination another/,
      'a platform admin',
    ],
    [
      'no right to patch',
      (the: FakeKubernetes) => the.allow('orders', ['get', 'create']),
      /does not let its service account.*Bind the role.*cannot patch resource/,
      'whoever runs k8s-1',
    ],
    ['no right to create', (the: FakeKubernetes) => the.allow('orders', ['get', 'patch']), /cannot create resource/, 'whoever runs k8s-1'],
    ['no right to look', (the: FakeKubernetes) => the.allow('orders', []), /cannot get resource/, 'whoever runs k8s-1'],
  ])('with %s is not delivered, and the remedy is said', async (_, spoil, words, movesNext) => {
    const destination = open(fake);
    spoil(fake);
    await expect(destination.deliver(await made())).rejects.toMatchObject(failed(words, { movesNext }));
    expect(fake.secrets.names()).toEqual([]);
  });

  it('in a namespace that is not there says so', async () => {
    await expect(open(fake, {}, 'nowhere').deliver(await made())).rejects.toMatchObject(
      failed('There is no namespace nowhere in k8s-1. Make it'),
    );
  });

  it('waits as long as it is told to where there is too much to do', async () => {
    fake.behave(() => ({
      ...status(429, 'TooManyRequests', 'too many requests, please try again later'),
      headers: { 'retry-after': '7' },
    }));
    await expect(open(fake).deliver(await made())).rejects.toMatchObject(failed('too much to do', { retryAfter: 7 }));
    fake.behave(() => status(503, 'ServiceUnavailable', 'apiserver is shutting down', { retryAfterSeconds: 3 }));
    await expect(open(fake).held(hostname)).rejects.toMatchObject(failed('answers 503', { retryAfter: 3 }));
  });

  it.each([
    [86_401, 86_400],
    [1e11, 86_400],
    [Number.MAX_SAFE_INTEGER, 86_400],
    [-7, undefined],
    [0.5, undefined],
    ['7', undefined],
  ])('told to wait for %j seconds waits for a day at most, and for nothing that makes no sense', async (retryAfterSeconds, retryAfter) => {
    for (const code of [429, 500]) {
      fake.behave(() => status(code, 'Hostile', 'wait', { retryAfterSeconds }));
      await expect(open(fake).held(hostname)).rejects.toMatchObject({ code: 'delivery-failed', retryAfter });
    }
  });

  it.each([
    ['no JSON', { status: 200, body: '<html>' }, 'no JSON'],
    ['another object', { status: 200, body: { kind: 'List' } }, 'no Secret'],
    ['a refusal without a Status', { status: 500, body: 'oops' }, 'answers 500 without saying why'],
    ['a redirect', { status: 302, body: '', headers: { location: 'https://elsewhere.example.test' } }, 'leads to another address'],
    ['five megabytes', { status: 200, body: 'x'.repeat(5 * 1024 * 1024) }, 'more than 4194304 bytes'],
  ])('of what answers %s is said to be no API of Kubernetes', async (_, answer, words) => {
    fake.behave(() => answer);
    await expect(open(fake).held(hostname)).rejects.toMatchObject(failed(words));
  });

  it('never has the token, or the key, in what is said', async () => {
    const delivery = await made();
    fake.behave(() => status(400, 'BadRequest', `Bearer ${fake.token} \u202e is odd`));
    const error: unknown = await open(fake)
      .deliver(delivery)
      .catch((thrown: unknown) => thrown);
    expect(String(error)).toContain('Bearer … is odd');
    expect(String(error)).not.toContain('fake-token');
  });

  it.each([[[]], [['https://k8s-1.example.test:6443']]])(
    'goes nowhere that the host does not let private keys go to, nor does the token: of %j',
    async (keyDestinations) => {
      const destination = kubernetes.open(connectionTo(fake), { ...deps, keyDestinations })('orders');
      const delivery = await made();
      for (const act of [() => destination.held(hostname), () => destination.deliver(delivery), () => destination.withdraw(hostname)])
        await expect(act()).rejects.toMatchObject(
          failed(`k8s-1 is at ${fake.address}, and HOSTMASTER_KEY_DESTINATIONS of the worker does not name that`, {
            movesNext: 'whoever runs Hostmaster',
          }),
        );
      expect(fake.asked).toEqual([]);
    },
  );

  it.each([
    ['an address that may not be reached', { addresses: '' }],
    ['a server that nobody vouches for', { trust: '' }],
    ['nothing that listens', { address: 'https://localhost:1' }],
  ])('goes nowhere at %s', async (_, changes) => {
    await expect(open(fake, changes).held(hostname)).rejects.toMatchObject({
      code: expect.stringMatching(/^(delivery-failed|address-forbidden)$/),
    });
    expect(fake.asked).toEqual([]);
  });
});

describe('the test of a connection', () => {
  let fake: FakeKubernetes;
  beforeEach(async () => {
    fake = await startFakeKubernetes(['orders']);
    return () => fake.close();
  });

  async function found(changes: Parameters<typeof connectionTo>[1] = {}, more: Partial<typeof deps> = {}) {
    const connection = connectionTo(fake, changes);
    const tested = kubernetes.openTest(connection, { ...deps, ...more });
    const results: Record<string, string> = {};
    for (const { name, needs, run, remedy } of kubernetes.checks) {
      if (needs !== undefined && !(results[needs] ?? '').startsWith('ok')) continue;
      results[name] = await run(tested, AbortSignal.timeout(10_000)).then(
        (message) => `ok: ${message}`,
        (error) => `${error.message} → ${remedy(error.code, { settings: connection.settings })}`,
      );
    }
    return results;
  }

  it('says where it is, as whom it is let in, its version and what it may do', async () => {
    expect(await found()).toEqual({
      permitted: `ok: HOSTMASTER_KEY_DESTINATIONS of the worker names ${fake.address}.`,
      address: expect.stringContaining('ok: localhost is at 127.0.0.1'),
      port: expect.stringContaining('ok: 127.0.0.1 takes connections'),
      tls: expect.stringContaining('ok: Its certificate is of'),
      token: 'ok: It is let in as system:serviceaccount:hostmaster:hostmaster.',
      version: 'ok: It is Kubernetes v1.31.0-fake.',
      rights: 'ok: It may get, create, patch, delete secrets in the namespace orders.',
    });
    expect(fake.secrets.names()).toEqual([]);
  });

  it('of a server that the host lets no private key go to says so, and asks nothing of it', async () => {
    expect(await found({}, { keyDestinations: ['https://k8s-1.example.test'] })).toEqual({
      permitted: expect.stringMatching(/no private key goes there.*→ Compare “Address”.*add it to HOSTMASTER_KEY_DESTINATIONS/),
    });
    expect(fake.asked).toEqual([]);
  });

  it('says which right is missing, and what gives it', async () => {
    fake.allow('orders', ['get', 'create']);
    const { rights } = await found();
    expect(rights).toContain('It may not patch, delete secrets in the namespace orders. → Bind the role of the guide');
  });

  it('of a token that is not taken asks for another, and no further', async () => {
    expect(await found({ token: 'wrong' })).toEqual({
      permitted: expect.any(String),
      address: expect.any(String),
      port: expect.any(String),
      tls: expect.any(String),
      token: expect.stringContaining('→ Make another token'),
    });
  });

  it('knows versions that do not say as whom, and those that are too old', async () => {
    fake.behave(({ path }, answer) => {
      if (path.includes('selfsubjectreviews')) return status(404, 'NotFound', 'the server could not find the requested resource');
      return path === '/version' ? { status: 200, body: { major: '1', minor: '21', gitVersion: 'v1.21.0' } } : answer;
    });
    expect(await found()).toMatchObject({
      token: 'ok: It is let in; this version does not say as whom.',
      version: 'It is Kubernetes v1.21.0. → Server-side apply needs Kubernetes 1.22 or later.',
    });
  });
});
