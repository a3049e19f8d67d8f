// Another app can be a door: this one takes names from a controller, in a form of its own, and is made of this package and
// one use case. What it owes whoever asks, it has from here.
import { randomUUID } from 'node:crypto';
import { destinationKinds } from '@hostmaster/adapters/destinations/destination-kinds';
import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { issuerKinds } from '@hostmaster/adapters/issuers/issuer-kinds';
import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { problem } from '@hostmaster/core/contract/page';
import { request as answeredRequest } from '@hostmaster/core/contract/request';
import { createRequest } from '@hostmaster/usecases/request/create';
import { createHarness, type Harness } from '@hostmaster/usecases/testing/harness';
import { createToken } from '@hostmaster/usecases/token/create';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { actorOfBearer, signedIn } from './bearer.ts';
import { answer, type Door } from './door.ts';
import { answerKeyed, idempotencyKeyOf } from './idempotency.ts';
import { createTurns } from './in-turn.ts';
import { parseObject, readBytes } from './json-body.ts';
import { parseInput } from './parse-input.ts';
import { countTries } from './rate-limit.ts';

const wish = z.strictObject({ name: z.string().min(1).max(253), team: z.string(), addresses: z.array(z.ipv4()).min(1) });

const serve = (request: Request, door: Door): Promise<Response> =>
  answer(request, door, async (exchange) => {
    const actor = signedIn(await actorOfBearer(request.headers, door));
    await countTries(actor, 1, door, exchange);
    const body = await readBytes(request);
    const { name, team, addresses } = parseInput(wish, parseObject(body, request.headers.get('content-type')));
    const contract = endpointContract.parse({ hostname: name, team, target: { addresses } });
    const ctx = {
      ...door,
      actor,
      dnsProviders: dnsProviderKinds,
      issuerKinds,
      destinationKinds,
      installation: { publicUrl: door.publicUrl },
    };
    const keyed = { actor, key: idempotencyKeyOf(request.headers), asked: { address: 'wish', body }, keepAnswer: true };
    const given = await answerKeyed(keyed, door, exchange, async () => ({
      status: 201,
      body: await createRequest(ctx, { kind: 'create', contract }),
    }));
    const type = given.status < 400 ? 'application/json' : 'application/problem+json';
    return new Response(JSON.stringify(given.body), { status: given.status, headers: { 'Content-Type': type } });
  });

let harness: Harness;
let door: Door;
let authorization: string;
const logged: { level: string; fields: object }[] = [];
const log = (level: string) => (fields: object) => void logged.push({ level, fields });

beforeAll(async () => {
  harness = await createHarness();
  const { db, clock, build } = harness;
  const team = await build.team('orders');
  await build.environments('dev');
  await build.zone({ apex: 'example.test', team });
  await build.grant({ team, suffix: 'dev.example.test' });
  const ctx = harness.ctxFor(await build.member(team));
  const { token } = await createToken(ctx, { name: 'controller', scopes: ['requests:write'], teams: ['orders'], days: 1 });
  authorization = `Bearer ${token}`;
  door = {
    db,
    clock,
    publicUrl: 'https://names.example.test',
    requestsPerMinute: { person: 1000, service: 1000 },
    inTurn: createTurns(),
    log: { debug: log('debug'), warn: log('warn'), error: log('error') },
  };
});
afterAll(() => harness.close());

let names = 0;
const wished = () => ({ name: `name-${++names}.dev.example.test`, team: 'orders', addresses: ['192.0.2.10'] });
const ask = (body: unknown, headers: Readonly<Record<string, string>> = {}, at = door) =>
  serve(
    new Request('http://door.test/wishes', {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { authorization, 'content-type': 'application/json', ...headers },
    }),
    at,
  );

async function refused(response: Response, status: number, code: string) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = problem.parse(await response.json());
  expect({ status: response.status, code: body.code }).toEqual({ status, code });
  expect(response.headers.get('trace-id')).toBe(body.traceId);
  return body;
}

describe('a door of another app', () => {
  it('makes a request for whoever the token stands for', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const response = await ask(wished(), { traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
    expect([response.status, response.headers.get('trace-id'), response.headers.get('cache-control')]).toEqual([201, traceId, 'no-store']);
    expect(answeredRequest.parse(await response.json())).toMatchObject({
      state: 'approved',
      requester: expect.stringContaining('controller'),
    });
  });

  it.each(['Bearer hm_unknown', 'Basic YTpi', ''])('knows nobody by "%s"', async (authorization) => {
    const response = await ask(wished(), { authorization });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    await refused(response, 401, 'not-signed-in');
  });

  it('says everything that is wrong with an input, with a remedy each', async () => {
    const { violations } = await refused(await ask({ name: '', addresses: ['x'], colour: 1 }), 400, 'invalid-input');
    expect(violations.map(({ path }) => path).sort()).toEqual(['addresses.0', 'colour', 'name', 'team']);
    expect(violations.every(({ remedy }) => remedy !== '')).toBe(true);
  });

  it('reads no more than it may, and only JSON without NUL characters', async () => {
    await refused(await ask({ ...wished(), name: 'x'.repeat(100_000) }), 413, 'body-too-large');
    await refused(await ask('{'), 400, 'invalid-input');
    await refused(await ask(wished(), { 'content-type': 'text/plain' }), 415, 'unsupported-media-type');
    const { violations } = await refused(await ask({ ...wished(), team: 'a\0b' }), 400, 'invalid-input');
    expect(violations).toEqual([expect.objectContaining({ rule: 'nul-byte', path: 'team' })]);
  });

  it('says what the policy said, with a link to what it means', async () => {
    const { violations, type } = await refused(await ask({ ...wished(), name: 'name.example.org' }), 422, 'policy-denied');
    expect(type).toBe('https://names.example.test/api/docs#policy-denied');
    expect(violations.length).toBeGreaterThan(0);
  });

  it('answers the same key and content once, a refusal as well, and other content not at all', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const [wanted, denied] = [wished(), { ...wished(), name: 'name.example.org' }];
    const [first, second] = [await ask(wanted, key), await ask(wanted, key)];
    expect([first.headers.get('idempotency-replayed'), second.headers.get('idempotency-replayed')]).toEqual([null, 'true']);
    expect(await second.json()).toEqual(await first.json());
    await refused(await ask(denied, key), 422, 'idempotency-mismatch');
    const another = { 'idempotency-key': randomUUID() };
    expect(await (await ask(denied, another)).json()).toEqual(await (await ask(denied, another)).json());
    await refused(await ask(wished(), { 'idempotency-key': ' '.repeat(2) }), 400, 'invalid-input');
  });

  it('counts what a token asks for, and says when to come back', async () => {
    harness.clock.advance(60_000);
    const small = { ...door, requestsPerMinute: { ...door.requestsPerMinute, service: 2 } };
    const answers = [await ask(wished(), {}, small), await ask(wished(), {}, small), await ask(wished(), {}, small)];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 429]);
    expect(answers[1]?.headers.get('ratelimit-remaining')).toBe('0');
    expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('shows nothing of a failure of ours but a trace id, under which the log has the cause, once', async () => {
    const broken = { ...door, clock: { now: () => new Date(Number.NaN) } };
    logged.length = 0;
    const { detail, traceId } = await refused(await ask(wished(), {}, broken), 500, 'internal');
    expect(detail).not.toMatch(/Invalid|prisma|RangeError/i);
    expect(logged).toEqual([{ level: 'error', fields: expect.objectContaining({ traceId, where: 'POST /wishes', code: 'internal' }) }]);
  });
});
