// What a server may answer that calls itself ACME and is not, or is in trouble: each ends in bounded time, in our words, and is asked
// again where that makes sense.
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import { operator } from '@hostmaster/core/operation/moves-next';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { httpsExchange } from '../../net/https.ts';
import { createTestCa } from '../../testing/test-ca.ts';
import { acmeServer } from './server.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let server: Server;
let origin: string;
let trust: string;
let answers: Answer[] = [];
let asked: string[] = [];
beforeAll(async () => {
  const ca = await createTestCa(['localhost']);
  const { fullchainPem, privateKeyPem } = await ca.leaf(['localhost']);
  trust = ca.rootPem;
  server = createServer({ cert: fullchainPem, key: privateKeyPem }, (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume();
    // The last one stands for all that follow.
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
});

const says =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
const directory = (changes: object = {}): Answer =>
  says(200, { newNonce: `${origin}/nonce`, newAccount: `${origin}/account`, newOrder: `${origin}/order`, ...changes });
const nonce = (value: string): Answer => says(200, '', { 'replay-nonce': value });
const problem = (status: number, type: string, detail: string, headers: Record<string, string> = {}): Answer =>
  says(
    status,
    { type: `urn:ietf:params:acme:error:${type}`, detail },
    { 'content-type': 'application/problem+json', 'replay-nonce': 'again', ...headers },
  );

const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const client = (rules: { allowedRanges?: string[]; trust?: string } = {}) =>
  acmeServer(
    { name: 'Some CA', directoryUrl: `${origin}/directory` },
    httpsExchange({ allowedRanges: ['127.0.0.0/8'], trust, ...rules }),
    systemClock,
  );
const ask = (...given: Answer[]) => {
  answers = given;
  return client().post(`${origin}/order`, { key, identity: { kid: `${origin}/account/1` } }, {}, AbortSignal.timeout(30_000));
};
async function failing(work: Promise<unknown>): Promise<HostmasterError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof HostmasterError) return error;
  throw error;
}

describe('a server that is none of ACME is said to be none, and asked again later', () => {
  it.each<[string, () => Answer, RegExp]>([
    ['HTML', () => says(200, '<html>Sign in</html>'), /what it answers is no directory of ACME/],
    ['JSON of another kind', () => says(200, { error: 'no' }), /what it answers is no directory of ACME/],
    ['addresses without TLS', () => directory({ newOrder: 'http://localhost/order' }), /what it answers is no directory of ACME/],
    ['a redirection', () => says(302, '', { location: 'https://10.0.0.1/directory' }), /it answers 302, and leads to another address/],
    ['a fault without a word', () => says(503, 'upstream'), /it answers 503 without saying why/],
    ['more than anybody would read', () => says(200, 'x'.repeat(2 * 1024 * 1024)), /more than 1048576 bytes were answered/],
    ['nothing', () => (_, response) => response.destroy(), /the connection was closed/],
  ])('%s', async (_, answer, words) => {
    answers = [answer()];
    const error = await failing(client().directory(AbortSignal.timeout(30_000)));
    expect(error).toMatchObject({ code: 'issuer-unavailable', message: expect.stringMatching(words), movesNext: 'whoever runs Some CA' });
    expect(error.message).toMatch(/^Some CA does not answer as an ACME server: /);
  });

  it('an address that may not be reached is not connected to', async () => {
    answers = [directory()];
    const error = await failing(client({ allowedRanges: [] }).directory(AbortSignal.timeout(30_000)));
    expect([error.code, error.message]).toEqual(['issuer-unavailable', expect.stringContaining('may not be reached')]);
    expect(asked).toEqual([]);
  });

  it('a certificate of a CA that is not trusted is not taken', async () => {
    const other = await createTestCa(['localhost']);
    const error = await failing(client({ trust: other.rootPem }).directory(AbortSignal.timeout(30_000)));
    expect(error.code).toBe('issuer-unavailable');
    expect(asked).toEqual([]);
  });

  it('one that stalls is left as soon as the work is told to end', async () => {
    const run = new AbortController();
    // By then it is here, and takes no answer of another test.
    answers = [() => run.abort(new Error('the run is over'))];
    await expect(client().directory(run.signal)).rejects.toThrow('the run is over');
  });
});

describe('a nonce', () => {
  it('that is refused is followed by the next one, which came with the refusal', async () => {
    const done = says(201, {}, { location: `${origin}/order/1` });
    const { status, location } = await ask(directory(), nonce('one'), problem(400, 'badNonce', 'stale'), done);
    expect([status, location]).toEqual([201, `${origin}/order/1`]);
    expect(asked).toEqual(['GET /directory', 'HEAD /nonce', 'POST /order', 'POST /order']);
  });

  it('that is refused for ever is not tried for ever', async () => {
    const error = await failing(ask(directory(), nonce('one'), problem(400, 'badNonce', 'stale')));
    expect(error).toMatchObject({ code: 'issuer-unavailable', message: expect.stringContaining('it refused 10 nonces that it had given') });
    expect(asked).toHaveLength(12);
  });

  it('that is not there is missed', async () => {
    expect((await failing(ask(directory(), says(200, '')))).message).toContain('it gives no nonce');
  });

  it('that could not stand in a header is none', async () => {
    expect((await failing(ask(directory(), nonce('a b')))).message).toContain('it gives no nonce');
  });
});

describe('what the CA refuses', () => {
  it.each<[string, Answer[], object]>([
    [
      'for good',
      [problem(403, 'rejectedIdentifier', 'We do not sign for it')],
      { code: 'issuer-refused', message: 'Some CA refused: We do not sign for it.' },
    ],
    [
      'because it was asked too often is asked again when it said',
      [problem(429, 'rateLimited', 'too many certificates', { 'retry-after': '3600' })],
      { code: 'issuer-unavailable', retryAfter: 3600, message: 'Some CA takes no more orders for now: too many certificates.' },
    ],
    [
      'by what stands before the CA is asked again when that said',
      [says(503, '<html>Busy</html>', { 'replay-nonce': 'again', 'retry-after': '120' })],
      {
        code: 'issuer-unavailable',
        retryAfter: 120,
        message: 'Some CA does not answer as an ACME server: it answers 503 without saying why.',
      },
    ],
    [
      'because of the account is for whoever connected it',
      [problem(400, 'accountDoesNotExist', 'no such account')],
      { code: 'issuer-unavailable', movesNext: operator, message: 'Some CA does not accept our account: no such account.' },
    ],
    ['because of a fault of its own is asked again', [problem(500, 'serverInternal', 'oops')], { code: 'issuer-unavailable' }],
    ['with a status of a fault is not for good, whatever it says', [problem(503, 'unauthorized', 'later')], { code: 'issuer-unavailable' }],
    [
      'in words that would break a page are one short line',
      [problem(403, 'rejectedIdentifier', `a\u0000\u202eb\n${'x'.repeat(9_000)}`)],
      { message: `Some CA refused: a b ${'x'.repeat(296)}….` },
    ],
  ])('%s', async (_, given, expected) => {
    expect(await failing(ask(directory(), nonce('one'), ...given))).toMatchObject(expected);
  });

  it('and is as good as a yes is taken for one', async () => {
    answers = [directory(), nonce('one'), problem(400, 'alreadyRevoked', 'It is revoked')];
    const answer = await client().post(
      `${origin}/revoke`,
      { key, identity: {} },
      {},
      AbortSignal.timeout(30_000),
      (_, error) => error === 'alreadyRevoked',
    );
    expect(answer.status).toBe(400);
  });
});
