import { systemClock } from '@hostmaster/core/clock';
import { settingsConformance } from '@hostmaster/core/descriptor-conformance';
import { platformAdmin } from '@hostmaster/core/operation/moves-next';
import { destinationConformance } from '@hostmaster/core/pki/destination-conformance';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestCa } from '../../testing/test-ca.ts';
import { type FakeReceiver, startFakeReceiver } from '../../testing/webhook/fake-receiver.ts';
import { signatureOf } from './receiver.ts';
import { webhook } from './webhook.ts';

const ca = await createTestCa();
const deps = { clock: systemClock, portal: 'https://hostmaster.example.test', keyDestinations: ['https://localhost:*'] };
type Changes = { readonly secret?: string; readonly address?: string; readonly trust?: string; readonly addresses?: string };
const connectionTo = (fake: FakeReceiver, { secret = fake.secret, ...changes }: Changes = {}) => ({
  slug: 'f5',
  settings: webhook.settings.parse({ address: fake.address, trust: fake.trust, addresses: '127.0.0.0/8', ...changes }),
  secret: webhook.secret?.input.parse(secret) ?? new Uint8Array(),
});
const open = (fake: FakeReceiver, changes: Changes = {}, more: Partial<typeof deps> = {}) =>
  webhook.open(connectionTo(fake, changes), { ...deps, ...more })('');
const another = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

destinationConformance({ describe, it, expect, beforeAll, afterAll }, webhook, async () => {
  const fake = await startFakeReceiver();
  return {
    destination: open(fake),
    make: async (hostname) => ({ hostname, ...(await ca.leaf([hostname])) }),
    read: async (hostname) => fake.held.get(hostname) ?? null,
    close: () => fake.close(),
  };
});

describe('the settings of a webhook', () => {
  settingsConformance({ it, expect }, webhook, async () => ({
    address: 'https://f5.example.com/hostmaster?site=1',
    trust: '',
    addresses: '',
  }));

  it.each(['http://f5.example.com', 'https://somebody@f5.example.com', 'https://f5.example.com/#here', 'file:///etc/passwd'])(
    'refuse %s',
    (address) => expect(webhook.settings.safeParse({ address }).error?.issues[0]?.path).toEqual(['address']),
  );

  it('take a secret of 24 to 64 octets, as Standard Webhooks writes it', () => {
    const parse = (text: string) => webhook.secret?.input.safeParse(text).success;
    const of = (octets: number) => `whsec_${Buffer.alloc(octets, 1).toString('base64')}`;
    expect([of(24), of(32), of(64)].map(parse)).toEqual([true, true, true]);
    expect([of(23), of(65), of(32).slice(6), 'whsec_', 'whsec_not base64', ''].map(parse)).toEqual(Array(6).fill(false));
  });
});

it('a message is signed as the library of Standard Webhooks signs it', () => {
  const secret = Buffer.alloc(32, 3);
  const at = new Date('2026-12-01T12:00:00Z');
  const body = '{"type":"ping","data":{}}';
  expect(signatureOf(secret, 'msg_1', at.getTime() / 1000, body)).toBe(
    new Webhook(`whsec_${secret.toString('base64')}`).sign('msg_1', at, body),
  );
});

describe('a receiver', () => {
  const hostname = 'orders.example.test';
  let fake: FakeReceiver;
  beforeEach(async () => {
    fake = await startFakeReceiver();
    return () => fake.close();
  });
  const made = async () => ({ hostname, ...(await ca.leaf([hostname])) });

  it('is sent what it is to do with, each message once and with an id of its own', async () => {
    const destination = open(fake);
    const { fullchainPem, privateKeyPem } = await made();
    const delivery = { hostname, fullchainPem, privateKeyPem };
    await destination.deliver(delivery);
    await destination.held(hostname);
    await destination.withdraw(hostname);
    expect(fake.received.map(({ type, data }) => [type, data])).toEqual([
      ['certificate.deliver', delivery],
      ['certificate.held', { hostname }],
      ['certificate.withdraw', { hostname }],
    ]);
    expect(new Set(fake.received.map(({ id }) => id)).size).toBe(3);
  });

  it('with another secret takes nothing, and whoever connected it is told', async () => {
    await expect(open(fake, { secret: another }).deliver(await made())).rejects.toMatchObject({
      code: 'delivery-failed',
      movesNext: platformAdmin,
      message: expect.stringMatching(
        /^f5 does not take the signature \(401\)\. Give the destination and the receiver the same secret\. It said: /,
      ),
    });
    expect(fake.received).toEqual([]);
  });

  it('that the host of the worker does not name is sent nothing, and no key goes there', async () => {
    const elsewhere = open(fake, {}, { keyDestinations: ['https://f5.example.test'] });
    for (const act of [elsewhere.deliver(await made()), elsewhere.withdraw(hostname), elsewhere.held(hostname)])
      await expect(act).rejects.toMatchObject({ code: 'delivery-failed', message: expect.stringContaining('no private key goes there') });
    expect(fake.received).toEqual([]);
  });

  it.each([
    ['says no', { status: 422, body: { error: 'no such pool\u202E' } }, /answers 422\. Look at the receiver\. It said: “no such pool ?”\./],
    ['leads elsewhere', { status: 307, headers: { location: 'https://elsewhere.example' } }, /answers 307, and leads to another address/],
    ['breaks', { status: 500, body: '<html>' }, /answers 500\. Look at the receiver\.$/],
  ])('that %s is told with what it said', async (_, answer, message) => {
    fake.behave(() => answer);
    await expect(open(fake).deliver(await made())).rejects.toMatchObject({
      code: 'delivery-failed',
      message: expect.stringMatching(message),
    });
  });

  it('that has too much to do is asked again when it said', async () => {
    fake.behave(() => ({ status: 429, headers: { 'retry-after': '90' } }));
    await expect(open(fake).deliver(await made())).rejects.toMatchObject({ code: 'delivery-failed', retryAfter: 90 });
  });

  it.each([[{}], [{ fingerprint: 'abc' }], [{ fingerprint: 7 }], ['text'], [{ fingerprint: 'g'.repeat(64) }]])(
    'that answers %j does not say what it holds',
    async (body) => {
      fake.behave(() => ({ status: 200, body }));
      await expect(open(fake).held(hostname)).rejects.toMatchObject({ message: expect.stringContaining('does not say what it holds') });
    },
  );

  it('may write a fingerprint as OpenSSL does', async () => {
    fake.behave(() => ({ status: 200, body: { fingerprint: Array(32).fill('AB').join(':') } }));
    expect(await open(fake).held(hostname)).toBe('ab'.repeat(32));
  });

  it.each([
    ['an address that may not be reached', { addresses: '' }],
    ['a server that nobody vouches for', { trust: '' }],
    ['nothing that listens', { address: 'https://localhost:1/' }],
  ])('goes nowhere at %s', async (_, changes) => {
    await expect(open(fake, changes).held(hostname)).rejects.toMatchObject({
      code: expect.stringMatching(/^(delivery-failed|address-forbidden)$/),
    });
    expect(fake.received).toEqual([]);
  });
});

describe('the test of a connection', () => {
  async function found(fake: FakeReceiver, changes: Changes = {}, more: Partial<typeof deps> = {}) {
    const connection = connectionTo(fake, changes);
    const tested = webhook.openTest(connection, { ...deps, ...more });
    const results: Record<string, string> = {};
    for (const { name, needs, run, remedy } of webhook.checks) {
      if (needs !== undefined && !(results[needs] ?? '').startsWith('ok')) continue;
      results[name] = await run(tested, AbortSignal.timeout(10_000)).then(
        (message) => `ok: ${message}`,
        (error) => `${error.message} → ${remedy(error.code, { settings: connection.settings })}`,
      );
    }
    return results;
  }

  it('hands nothing over, and says that the receiver takes what is signed and nothing else', async () => {
    const fake = await startFakeReceiver();
    expect(await found(fake)).toEqual({
      permitted: expect.stringContaining('ok: HOSTMASTER_KEY_DESTINATIONS of the worker names https://localhost:'),
      address: expect.stringContaining('ok: localhost is at 127.0.0.1'),
      port: expect.stringContaining('ok: 127.0.0.1 takes connections'),
      tls: expect.stringContaining('ok: Its certificate is of'),
      signature: 'ok: It took a signed message.',
      forgery: 'ok: It answered 401 to a message with a signature of another secret.',
      held: 'ok: It says that it holds nothing for test.invalid.',
    });
    expect(fake.received.map(({ type }) => type)).toEqual(['ping', 'certificate.held']);
    await fake.close();
  });

  it('of a receiver that verifies nothing says so: anybody could have it put what they like', async () => {
    const fake = await startFakeReceiver({ verifies: false });
    expect(await found(fake)).toMatchObject({
      forgery: expect.stringMatching(/answered 204 to a message with a signature of another secret.*→ Have the receiver verify/),
    });
    await fake.close();
  });

  it('with another secret goes no further than that', async () => {
    const fake = await startFakeReceiver();
    expect(Object.keys(await found(fake, { secret: another }))).toEqual(['permitted', 'address', 'port', 'tls', 'signature']);
    await fake.close();
  });
});
