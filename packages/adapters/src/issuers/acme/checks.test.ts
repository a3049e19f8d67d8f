// What "Test connection" says of an ACME server, also of one that lies, is something else, or is not there: each check in our words, what
// cannot be asked not asked, and a remedy where there is a fault. That a real one passes is shown against Pebble (apps/worker).
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { systemClock } from '@hostmaster/core/clock';
import type { TestedIssuer } from '@hostmaster/core/pki/issuer';
import { accountKeyContext } from '@hostmaster/core/pki/key-store';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { generateKey } from '../../keys/generate-key.ts';
import { createKeyStore, generateWorkerKeys, type WorkerKeyStore } from '../../keys/key-store.ts';
import { checksOf } from '../../testing/checks.ts';
import { createTestCa } from '../../testing/test-ca.ts';
import { acme } from './acme.ts';

type Answer = { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> };
let server: Server;
let port: number;
let trust: string;
let keyStore: WorkerKeyStore;
let answer: (method: string, path: string) => Answer | 'silence';
let asked: string[] = [];

const handle = (request: IncomingMessage, response: ServerResponse): void => {
  asked.push(`${request.method} ${request.url}`);
  request.resume();
  const said = answer(request.method ?? '', request.url ?? '');
  if (said === 'silence') return;
  response.writeHead(said.status, { 'content-type': 'application/json', ...said.headers });
  response.end(said.body === undefined ? '' : typeof said.body === 'string' ? said.body : JSON.stringify(said.body));
};
beforeAll(async () => {
  const ca = await createTestCa(['localhost', 'other.test']);
  const { fullchainPem, privateKeyPem } = await ca.leaf(['localhost']);
  trust = ca.rootPem;
  server = createServer({ cert: fullchainPem, key: privateKeyPem }, handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
  const kek = randomBytes(32);
  keyStore = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek) });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const at = (path: string) => `https://localhost:${port}${path}`;
const directory = (changes: object = {}) => ({
  newNonce: at('/nonce'),
  newAccount: at('/account'),
  newOrder: at('/order'),
  revokeCert: at('/revoke'),
  ...changes,
});
const problem = (status: number, type: string, detail = 'No.'): Answer => ({
  status,
  body: { type: `urn:ietf:params:acme:error:${type}`, detail },
  headers: { 'replay-nonce': 'again' },
});
/** A server whose directory says this, and whose account is that. */
const serves =
  (changes: object = {}, account: Answer = problem(400, 'accountDoesNotExist')) =>
  (_: string, path: string): Answer =>
    path === '/directory'
      ? { status: 200, body: directory(changes) }
      : path === '/nonce'
        ? { status: 200, headers: { 'replay-nonce': 'abc' } }
        : account;
beforeEach(() => {
  asked = [];
  answer = serves();
});

type More = { readonly settings?: object; readonly secret?: string; readonly key?: TestedIssuer<object>['key'] };
const look = ({ settings = {}, secret = '', key = null }: More = {}) =>
  checksOf(
    acme,
    {
      slug: 'some-ca',
      settings: acme.settings.parse({ directory: at('/directory'), trust, addresses: '127.0.0.0/8', ...settings }),
      profile: null,
      chain: [],
      key,
      secret: Buffer.from(secret),
      suffixes: ['corp.test'],
    },
    { clock: systemClock, keyStore },
  );
const account = async () => keyStore.wrapKey((await generateKey('ecdsa-p256')).pkcs8, accountKeyContext('some-ca'));
/** Those that failed. */
const failed = (found: Awaited<ReturnType<typeof look>>) => Object.entries(found).flatMap(([name, { ok }]) => (ok === false ? [name] : []));

describe('a test of an ACME server', () => {
  it('passes, tells what the directory says, and has no account made', async () => {
    answer = serves({
      renewalInfo: at('/renewal'),
      meta: { termsOfService: 'https://ca.test/terms', caaIdentities: ['ca.test'], profiles: { classic: 'x', tlsserver: 'y' } },
    });
    const found = await look({ settings: { profile: 'tlsserver' } });
    expect(failed(found)).toEqual([]);
    expect(Object.keys(found)).toEqual(acme.checks.map(({ name }) => name));
    expect(found.address?.message).toContain('localhost is at 127.0.0.1');
    expect(found.tls?.message).toMatch(/^Its certificate is of .+, valid until .+\.$/);
    expect(found.terms?.message).toContain('https://ca.test/terms');
    expect(found.caa?.message).toContain('0 issue "ca.test"');
    expect(found.renewal?.message).toMatch(/^It says when/);
    expect(found.account?.message).toContain('it is made with the first order');
    expect(asked.filter((each) => each.startsWith('POST'))).toEqual([]);
  });

  it.each([
    ['a profile that it does not name', {}, { profile: 'mine' }, 'profile', 'The profile mine is none of them: it names no profiles.'],
    [
      'an external account that is asked for and was not given',
      { meta: { externalAccountRequired: true } },
      {},
      'external-account',
      'It takes accounts alone that it knows already',
    ],
    ['a directory without revokeCert', { revokeCert: undefined }, {}, 'revocation', 'names no revokeCert'],
    ['a directory without newOrder', { newOrder: undefined }, {}, 'directory', 'Missing there, or no address with https: newOrder.'],
    ['one that leads to http', { newNonce: 'http://localhost/nonce' }, {}, 'directory', 'no address with https: newNonce.'],
  ])('says of %s what is wrong, and what to do', async (_, changes, settings, check, message) => {
    answer = serves(changes);
    const found = await look({ settings });
    expect(failed(found)).toEqual([check]);
    expect(found[check]?.message).toContain(message);
    expect(found[check]?.remedy).toMatch(/^(Give|Ask)/);
  });

  it('sends the key of an external account nowhere: whether it is taken shows with the first order', async () => {
    answer = serves({ meta: { externalAccountRequired: true } });
    const found = await look({ secret: 'the hmac key', settings: { externalKeyId: 'kid-1' } });
    expect(found['external-account']).toMatchObject({ ok: true, message: expect.stringContaining('with the first order') });
    expect(asked.some((each) => each.includes('account'))).toBe(false);
  });

  it.each([
    ['HTML', { status: 200, body: '<html>Sign in</html>' }],
    ['a redirection', { status: 302, headers: { location: 'https://elsewhere.test/' } }],
    ['an error', { status: 500, body: 'no' }],
    ['more than is read', { status: 200, body: 'x'.repeat(2 * 1024 * 1024) }],
  ])('says of %s that it is no directory, and asks for nothing that follows from one', async (_, said) => {
    answer = () => said;
    const found = await look();
    expect(failed(found)).toEqual(['directory']);
    expect(found.directory?.remedy).toContain('“Directory”');
    expect([found.nonce?.ok, found.account?.ok, found.caa?.ok]).toEqual([null, null, null]);
  });

  it('says of a server without nonces that it gives none', async () => {
    answer = (_, path) => (path === '/directory' ? { status: 200, body: directory() } : { status: 200 });
    const found = await look();
    expect(failed(found)).toEqual(['nonce']);
    expect(found.nonce?.remedy).toContain('Replay-Nonce');
  });

  it('shows the words of a hostile directory on one line and cut, without what a page would act on', async () => {
    const hostile = `x\u202e\n\u001b[31m${'y'.repeat(1000)}`;
    answer = serves({ meta: { termsOfService: hostile, caaIdentities: ['a\n\u0007b'], profiles: { 'p\u2028q': '' } } });
    const found = await look();
    for (const { message } of Object.values(found)) {
      expect(message).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
      expect(message.length).toBeLessThan(700);
    }
  });
});

describe('the account', () => {
  it.each([
    [
      'that the CA knows is looked up, and not made',
      { status: 200, body: { status: 'valid' }, headers: { location: 'https://ca.test/1' } },
      true,
      'https://ca.test/1, and valid',
    ],
    ['that it does not know is made with the first order', problem(400, 'accountDoesNotExist'), true, 'made with the first order'],
    [
      'that was ended is said to be',
      { status: 200, body: { status: 'deactivated' }, headers: { location: 'https://ca.test/1' } },
      false,
      'is deactivated',
    ],
    ['that it turns away is told in its words', problem(403, 'unauthorized', 'Contract ended.'), false, 'Contract ended.'],
  ] as const)('%s', async (_, said, ok, message) => {
    answer = serves({}, { ...said, headers: { 'replay-nonce': 'next', ...said.headers } });
    const found = await look({ key: await account() });
    expect(found.account).toMatchObject({ ok, message: expect.stringContaining(message) });
    expect(asked.filter((each) => each.startsWith('POST'))).toEqual(['POST /account']);
  });
});

describe('a server that is not reached', () => {
  it.each([
    ['at an address that is not allowed', { addresses: '' }, 'address', 'may not be reached', '“Addresses”'],
    ['whose certificate is not trusted', { trust: '' }, 'tls', 'is not trusted', '“Trusted for its address”'],
  ])('%s is said to be so, with the setting that mends it, and nothing is sent to it', async (_, settings, check, message, remedy) => {
    const found = await look({ settings });
    expect(failed(found)).toEqual([check]);
    expect(found[check]).toMatchObject({ message: expect.stringContaining(message), remedy: expect.stringContaining(remedy) });
    expect(asked).toEqual([]);
  });

  it('under a name that its certificate is not for is said to be another one', async () => {
    const found = await look({ settings: { directory: `https://127.0.0.1:${port}/directory` } });
    expect(failed(found)).toEqual(['tls']);
    expect(found.tls?.message).toContain('the certificate is for other names');
  });

  it('on a port where nothing listens says the port', async () => {
    const found = await look({ settings: { directory: 'https://localhost:1/directory' } });
    expect(failed(found)).toEqual(['port']);
    expect(found.port).toMatchObject({
      message: expect.stringContaining('takes no connection on port 1'),
      remedy: expect.stringContaining('firewalls'),
    });
  });

  it('at an address that no connection ever goes to is not said to be allowed by a setting', async () => {
    const found = await look({ settings: { directory: 'https://169.254.169.254/directory' } });
    expect(failed(found)).toEqual(['address']);
    expect(found.address?.remedy).toContain('No connection ever goes there');
    expect(found.address?.remedy).not.toContain('“Addresses”');
  });

  it('by something that speaks no TLS is told apart from one that is not trusted', async () => {
    const plain = createTcpServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.2\r\n')).listen(0, '127.0.0.1');
    await once(plain, 'listening');
    const { port: there } = plain.address() as AddressInfo;
    const found = await look({ settings: { directory: `https://localhost:${there}/directory` } });
    plain.close();
    expect(failed(found)).toEqual(['tls']);
    expect(found.tls?.remedy).toContain('has to speak TLS');
  });

  it('is given up when the time is over, and what is left of it ends nothing', async () => {
    const reached = { url: 'https://nowhere.invalid/', trust: '', addresses: '' };
    const over = AbortSignal.abort(new Error('over'));
    for (const { run } of acme.checks.slice(0, 3)) await expect(run({ reached }, over)).rejects.toThrow('over');
    const soon = AbortSignal.timeout(1);
    const silent = { url: `https://localhost:${port}/`, trust, addresses: '127.0.0.0/8' };
    for (const { run } of acme.checks.slice(0, 3)) await run({ reached: silent }, soon).catch(() => undefined);
  });

  it('by a name that nobody knows says the name', async () => {
    const found = await look({ settings: { directory: 'https://nowhere.invalid/directory' } });
    expect(failed(found)).toEqual(['address']);
    expect(found.address).toMatchObject({
      message: 'nowhere.invalid has no address that the worker could find.',
      remedy: expect.stringContaining('“Directory”'),
    });
  });
});
