// What a stranger may throw at the REST API, and what it says back: always a problem document, never a stack trace, and
// nothing stored that was refused.
import { randomUUID } from 'node:crypto';
import { problem } from '@hostmaster/core/contract/page';
import { requestBatch } from '@hostmaster/core/contract/request';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../testing/world.ts';
import { serveChainPem } from './chain-pem.ts';
import { findRoute } from './routes.ts';
import { serveRest } from './serve.ts';

let world: World;
let bearer: string;

beforeAll(async () => {
  world = await createWorld({ API_REQUESTS_PER_MINUTE: '1000' });
  bearer = `Bearer ${await world.token('requests:read', 'requests:write', 'tokens:write', 'zones:read')}`;
});
afterAll(() => world.close());

type Call = { method?: string; path: string; body?: BodyInit | null; headers?: HeadersInit; duplex?: 'half' };

/** Whatever is asked here: a refusal that the OpenAPI document does not name fails the test. */
async function send({ path, headers, ...init }: Call): Promise<Response> {
  const request = new Request(`http://hostmaster.test/api/v1${path}`, { ...init, headers: new Headers(headers) });
  const response = await serveRest(request, world.container);
  const found = findRoute(request.method, path.replace(/\?.*/, ''));
  if ('route' in found && response.status >= 400) expect(found.route.refusals).toContain(problem.parse(await response.clone().json()).code);
  return response;
}

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  send({
    method: 'POST',
    path,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { authorization: bearer, 'content-type': 'application/json', ...headers },
  });
const get = (path: string, headers: Record<string, string> = { authorization: bearer }) => send({ path, headers });

async function refused(response: Response, status: number, code: string) {
  const body = problem.parse(await response.json());
  expect({ status: response.status, code: body.code }).toEqual({ status, code });
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(body.status).toBe(status);
  expect(response.headers.get('trace-id')).toBe(body.traceId);
  return body;
}
const stored = () => world.container.parts.db.request.count();

describe('a request over REST', () => {
  it('is made: 201, where to read it, and the same over a second read', async () => {
    const response = await post('/requests', { contract: world.contract() });
    const body = (await response.json()) as { id: string; state: string };
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe(`/api/v1/requests/${body.id}`);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const again = await get(`/requests/${body.id}`);
    expect([again.status, await again.json()]).toEqual([200, expect.objectContaining({ id: body.id, state: 'in-review' })]);
  });

  it('is checked without being stored', async () => {
    const before = await stored();
    const response = await post('/requests:check', { contract: world.contract() });
    expect([response.status, await response.json()]).toEqual([
      200,
      expect.objectContaining({ decision: expect.objectContaining({ outcome: 'review' }) }),
    ]);
    expect(await stored()).toBe(before);
  });

  it('is checked before anybody said where the name leads; only the check takes that', async () => {
    const { target, ...contract } = world.contract();
    const checked = await post('/requests:check', { contract });
    expect([checked.status, await checked.json()]).toEqual([
      200,
      expect.objectContaining({
        decision: expect.objectContaining({ outcome: 'review', violations: [] }),
        plan: expect.objectContaining({ changes: [], certificate: expect.anything() }),
      }),
    ]);
    await refused(await post('/requests', { contract }), 400, 'invalid-input');
  });

  it('takes numbers and booleans of a query as they are meant', async () => {
    const response = await get('/requests?limit=1&queue=false');
    const body = (await response.json()) as { rows: unknown[] };
    expect([response.status, body.rows.length]).toEqual([200, 1]);
  });
});

describe('several names in one call', () => {
  const batch = (...contracts: object[]) => ({ requests: contracts.map((contract) => ({ contract })) });

  it('are each made or refused by themselves, in order', async () => {
    const [one, two] = [world.contract(), world.contract()];
    const before = await stored();
    const response = await post(
      '/requests:batch',
      batch(one, { ...one, hostname: 'x.example.org' }, one, { ...two, team: 'payments' }, two),
    );
    const { results } = requestBatch.parse(await response.json());
    expect([response.status, await stored()]).toEqual([200, before + 2]);
    expect(results.map((result) => ('request' in result ? result.request.hostname : result.problem.code))).toEqual([
      one.hostname,
      'policy-denied',
      'already-exists',
      'forbidden',
      two.hostname,
    ]);
    for (const result of results)
      if ('problem' in result) expect(result.problem).toMatchObject({ traceId: response.headers.get('trace-id'), retryable: false });
    // As if each had been sent alone, a refusal is written down with the name that it was about.
    const events = await world.owner.auditEvent.findMany({ where: { action: 'access.refuse', subjectId: 'requests.createMany' } });
    expect(events.map(({ subject }) => subject).sort()).toEqual([two.hostname, 'x.example.org'].sort());
  });

  it('are made once with an Idempotency-Key, which belongs to this call', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const [input, before] = [batch(world.contract(), world.contract()), await stored()];
    const [first, second] = [await post('/requests:batch', input, key), await post('/requests:batch', input, key)];
    expect([second.headers.get('idempotency-replayed'), await stored()]).toEqual(['true', before + 2]);
    expect(await second.json()).toEqual(await first.json());
    await refused(await post('/requests:batch', batch(world.contract()), key), 422, 'idempotency-mismatch');
  });

  it('are at least one and at most 100', async () => {
    const many = await refused(await post('/requests:batch', batch(...Array(101).fill(world.contract()))), 400, 'invalid-input');
    expect(many.violations).toEqual([expect.objectContaining({ rule: 'too-many', path: 'requests' })]);
    await refused(await post('/requests:batch', batch()), 400, 'invalid-input');
  });

  it('that cannot be read are refused as a whole, with the place of each', async () => {
    const before = await stored();
    const input = batch(world.contract(), { ...world.contract(), ttl: -1 });
    const { violations } = await refused(await post('/requests:batch', input), 400, 'invalid-input');
    expect([violations.map(({ path }) => path), await stored()]).toEqual([['requests.1.contract.ttl'], before]);
  });
});

describe('hostile input', () => {
  const contract = { hostname: 'a.dev.example.test', team: 'orders', target: { addresses: ['127.0.0.1'] } };

  it('names every violation at once, each with its path', async () => {
    const body = await refused(
      await post('/requests', {
        kind: 'steal',
        extra: 1,
        contract: { ...contract, team: 'No Slug', ttl: -1, tls: { key: 'rsa-512' }, surprise: true },
      }),
      400,
      'invalid-input',
    );
    expect(body.violations.map(({ path }) => path).sort()).toEqual([
      'contract.surprise',
      'contract.team',
      'contract.tls.key',
      'contract.ttl',
      'extra',
      'kind',
    ]);
  });

  it.each([
    ['addresses that are none', { addresses: ['10.0.0.300'] }, 'contract.target.addresses.0'],
    ['two targets', { addresses: ['127.0.0.1'], cname: 'x.test' }, 'contract.target'],
    ['no target', {}, 'contract.target'],
  ])('says where in a target with %s', async (_, target, path) => {
    const body = await refused(await post('/requests', { contract: { ...contract, target } }), 400, 'invalid-input');
    expect(body.violations.map((violation) => violation.path)).toEqual([path]);
  });

  it('names a field as it was sent, whether the schema refuses it or policy', async () => {
    const { hostname: _, ...nameless } = contract;
    const bySchema = await refused(await post('/requests', { contract: nameless }), 400, 'invalid-input');
    const byPolicy = await refused(await post('/requests', { contract: { ...contract, hostname: 'a..b' } }), 422, 'policy-denied');
    const checked = await (await post('/requests:check', { contract: { ...contract, hostname: 'a..b' } })).json();
    for (const { violations } of [bySchema, byPolicy, checked.decision])
      expect([...new Set(violations.map(({ path }: { path?: string }) => path))]).toEqual(['contract.hostname']);
  });

  it.each([
    ['malformed JSON', '{"contract":'],
    ['an array', '[]'],
    ['a bare string', '"text"'],
    ['null', 'null'],
    ['bytes that are not UTF-8', Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['nesting as deep as the body allows', `{"contract":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
  ])('%s is a problem', async (_, body) => {
    const response = await send({
      method: 'POST',
      path: '/requests',
      body,
      headers: { authorization: bearer, 'content-type': 'application/json' },
    });
    await refused(response, 400, 'invalid-input');
  });

  it.each([null, 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/json; charset=utf-16'])(
    'content of type %s is not read as JSON',
    async (type) => {
      const body = Buffer.from(JSON.stringify({ contract }));
      const response = await send({
        method: 'POST',
        path: '/requests',
        body,
        headers: { authorization: bearer, ...(type === null ? {} : { 'content-type': type }) },
      });
      await refused(response, 415, 'unsupported-media-type');
    },
  );

  it.each([
    ['nul-byte', 'in a body', () => post('/requests', { contract: { ...contract, justification: 'a\0b' } }), 'contract.justification'],
    ['nul-byte', 'in a key', () => post('/requests', { contract: { ...contract, 'a\0b': 1 } }), 'contract'],
    ['nul-byte', 'in a query', () => get('/requests?search=a%00b'), 'search'],
    ['lone-surrogate', 'in a body', () => post('/requests', { contract: { ...contract, team: 'a\ud800' } }), 'contract.team'],
    ['lone-surrogate', 'in a key', () => post('/requests', { contract: { ...contract, '\udc00b': 1 } }), 'contract'],
  ])('what nobody can store is refused (%s, %s)', async (rule, _, call, path) => {
    const body = await refused(await call(), 400, 'invalid-input');
    expect(body.violations).toEqual([expect.objectContaining({ rule, path })]);
  });

  it('a body of 1 MB is refused at its Content-Length', async () => {
    await refused(
      await post('/requests', { contract: { ...contract, justification: 'x'.repeat(1_000_000) } }, { 'content-length': '1000000' }),
      413,
      'body-too-large',
    );
  });

  it.each(['10', ''])(
    'an endless body with Content-Length "%s" is refused when the limit is passed, and read no further',
    async (length) => {
      let sent = 0;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          sent += 1;
          controller.enqueue(new Uint8Array(16 * 1024).fill(0x20));
        },
      });
      const headers = { authorization: bearer, 'content-type': 'application/json', ...(length ? { 'content-length': length } : {}) };
      await refused(await send({ method: 'POST', path: '/requests', body, headers, duplex: 'half' }), 413, 'body-too-large');
      expect(sent).toBeLessThan(10);
    },
  );

  it.each([
    ['300 labels', Array.from({ length: 300 }, () => 'a').join('.')],
    ['the same name twice', 'a.dev.example.test', ['a.dev.example.test', 'A.DEV.example.test.']],
    ['an empty label', 'a..dev.example.test'],
    ['mixed scripts', 'аpple.dev.example.test'],
    ['a foreign suffix', 'a.example.org'],
  ])('a name with %s is denied by policy, with a rule and a remedy', async (_, hostname, extraNames: string[] = []) => {
    const before = await stored();
    const response = await post('/requests', { contract: { ...contract, hostname, tls: { extraNames } } });
    const body = await refused(response, 422, 'policy-denied');
    expect(body.violations.length).toBeGreaterThan(0);
    for (const violation of body.violations) expect([violation.rule, violation.remedy]).not.toContain('');
    expect(await stored()).toBe(before);
  });

  it('a field named __proto__ is an unknown field', async () => {
    const body = await refused(
      await post('/requests', `{"__proto__":{"kind":"retire"},"contract":${JSON.stringify(contract)}}`),
      400,
      'invalid-input',
    );
    expect(body.violations).toEqual([expect.objectContaining({ rule: 'unknown-field', path: '__proto__' })]);
  });

  it.each([
    ['unknown', '/requests?sort=up', 'unknown-field', 'sort'],
    ['repeated', '/requests?limit=1&limit=2', 'repeated-field', 'limit'],
    ['out of range', '/requests?limit=1e9', 'too-big', 'limit'],
  ])('a parameter that is %s is named', async (_, path, rule, field) => {
    const body = await refused(await get(path), 400, 'invalid-input');
    expect(body.violations).toEqual([expect.objectContaining({ rule, path: field })]);
  });

  it('a field that stands in the path cannot be said again in the body', async () => {
    const body = await refused(await post(`/requests/${randomUUID()}/cancel`, { id: randomUUID() }), 400, 'invalid-input');
    expect(body.violations).toEqual([expect.objectContaining({ rule: 'unknown-field', path: 'id' })]);
  });

  it.each([
    ['an unknown path', 'GET', '/nothing', 404, 'not-found', null],
    ['the root', 'GET', '', 404, 'not-found', null],
    ['a path with a broken escape', 'GET', '/requests/%ff', 404, 'not-found', null],
    ['an id that is none', 'GET', '/requests/1', 400, 'invalid-input', null],
    ['a wrong method', 'DELETE', '/requests', 405, 'method-not-allowed', 'POST, GET'],
    ['another wrong method', 'PUT', '/me', 405, 'method-not-allowed', 'GET'],
    ['a question for the methods', 'OPTIONS', '/me', 405, 'method-not-allowed', 'GET'],
  ])('%s is a problem', async (_, method, path, status, code, allow) => {
    const response = await send({ method, path, headers: { authorization: bearer } });
    expect(response.headers.get('allow')).toBe(allow);
    await refused(response, status, code);
  });
});

describe('who asks', () => {
  it('is nobody without a token, and is told how to be somebody', async () => {
    const response = await get('/zones', {});
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    await refused(response, 401, 'not-signed-in');
  });

  it.each(['Bearer hm_nothing', 'Bearer', 'Basic YTpi', ''])(
    'is nobody with "Authorization: %s", even beside a good cookie',
    async (authorization) => {
      const headers = new Headers(await world.cookie('member'));
      headers.set('authorization', authorization);
      await refused(await send({ path: '/zones', headers }), 401, 'not-signed-in');
    },
  );

  it('is told which scope a token lacks', async () => {
    const { detail } = await refused(await get('/audit'), 403, 'forbidden');
    expect(detail).toContain('audit:read');
  });

  it('may change things with a cookie only from our own page', async () => {
    const body = JSON.stringify({ contract: world.contract() });
    const from = async (site: Readonly<Record<string, string | undefined>>) => {
      const headers = new Headers(await world.cookie('member'));
      headers.delete('sec-fetch-site');
      headers.set('content-type', 'application/json');
      for (const [name, value] of Object.entries(site)) if (value !== undefined) headers.set(name, value);
      return send({ method: 'POST', path: '/requests:check', body, headers });
    };
    for (const site of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      {},
    ])
      await refused(await from(site), 403, 'forbidden');
    for (const site of [{ 'sec-fetch-site': 'same-origin' }, { origin: 'http://hostmaster.test' }])
      expect((await from(site)).status).toBe(200);
  });

  it('is nobody any more when the session is revoked in between', async () => {
    const headers = await world.cookie('member');
    expect((await send({ path: '/zones', headers })).status).toBe(200);
    await world.owner.session.updateMany({ data: { revokedAt: new Date() } });
    await refused(await send({ path: '/zones', headers }), 401, 'not-signed-in');
  });

  it('is limited with a token, and sees how much is left', async () => {
    const small = { ...world.container, door: { ...world.container.door, requestsPerMinute: { person: 2, service: 2 } } };
    const authorization = `Bearer ${await world.token('zones:read')}`;
    const ask = () => serveRest(new Request('http://hostmaster.test/api/v1/zones', { headers: { authorization } }), small);
    const answers = [await ask(), await ask(), await ask()];
    // The minute may turn while this runs, so only what holds in any minute is said.
    const limited = [...answers, await ask(), await ask()].filter(({ status }) => status === 429);
    expect(answers.slice(0, 2).map(({ headers }) => headers.get('ratelimit-limit'))).toEqual(['2', '2']);
    expect(limited.length).toBeGreaterThan(0);
    expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    if (limited[0] !== undefined) await refused(limited[0], 429, 'rate-limited');
  });

  it('is told which method the chain file takes', async () => {
    const request = new Request('http://hostmaster.test/api/v1/certificates/00/chain.pem', { method: 'PUT' });
    const response = await serveChainPem(request, '00', world.container);
    expect(response.headers.get('allow')).toBe('GET');
    await refused(response, 405, 'method-not-allowed');
  });

  it('is limited with a session as well, however many there are of it', async () => {
    const small = { ...world.container, door: { ...world.container.door, requestsPerMinute: { person: 2, service: 1000 } } };
    const ask = async () =>
      serveRest(new Request('http://hostmaster.test/api/v1/zones', { headers: await world.cookie('auditor') }), small);
    // As above: five in a row exceed the limit of two in any minute.
    const statuses = [(await ask()).status, (await ask()).status, (await ask()).status, (await ask()).status, (await ask()).status];
    expect([statuses[0], statuses.includes(429)]).toEqual([200, true]);
  });

  it('is limited at the door of the chain file too', async () => {
    const small = { ...world.container, door: { ...world.container.door, requestsPerMinute: { person: 1, service: 1 } } };
    const headers = { authorization: `Bearer ${await world.token('certificates:read')}` };
    const ask = () => serveChainPem(new Request('http://hostmaster.test/api/v1/certificates/00/chain.pem', { headers }), '00', small);
    const statuses = [await ask(), await ask(), await ask()].map(({ status }) => status);
    expect(statuses[0]).toBe(404);
    expect(statuses).toContain(429);
  });
});

describe('an Idempotency-Key', () => {
  it('makes one request of two equal ones, and says so', async () => {
    const key = randomUUID();
    const input = { contract: world.contract() };
    const first = await post('/requests', input, { 'idempotency-key': key });
    const second = await post('/requests', input, { 'idempotency-key': key });
    expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 201, 'true']);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(await second.json()).toEqual(await first.json());
  });

  it('is refused for another body', async () => {
    const key = randomUUID();
    await post('/requests:check', { contract: world.contract() }, { 'idempotency-key': key });
    await refused(await post('/requests:check', { contract: world.contract() }, { 'idempotency-key': key }), 422, 'idempotency-mismatch');
  });

  it('repeats a refusal too', async () => {
    const key = randomUUID();
    const input = { contract: { ...world.contract(), hostname: 'x.example.org' } };
    const first = await refused(await post('/requests', input, { 'idempotency-key': key }), 422, 'policy-denied');
    const second = await refused(
      await post('/requests', input, {
        'idempotency-key': key,
        traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
      }).then(
        async (response) =>
          new Response(await response.text(), {
            status: response.status,
            headers: { 'content-type': 'application/problem+json', 'trace-id': first.traceId },
          }),
      ),
      422,
      'policy-denied',
    );
    expect(second).toEqual(first);
  });

  it('lets only one of several at once make it', async () => {
    const key = randomUUID();
    const input = { contract: world.contract() };
    const before = await stored();
    const answers = await Promise.all(Array.from({ length: 6 }, () => post('/requests', input, { 'idempotency-key': key })));
    expect(await stored()).toBe(before + 1);
    for (const answer of answers) expect([201, 409]).toContain(answer.status);
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
  });

  it('has the right to its answer decided again', async () => {
    const db = world.owner;
    const made = await post('/tokens', { name: 'leaver', scopes: ['requests:write'], teams: ['orders'] });
    const { id, token } = (await made.json()) as { id: string; token: string };
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() };
    const input = { contract: world.contract() };
    expect((await post('/requests', input, headers)).status).toBe(201);
    const replayed = await post('/requests', input, headers);
    expect([replayed.status, replayed.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    await db.tokenTeam.deleteMany({ where: { tokenId: id } });
    await refused(await post('/requests', input, headers), 403, 'forbidden');
    await db.serviceToken.update({ where: { id }, data: { revokedAt: new Date() } });
    await refused(await post('/requests', input, headers), 401, 'not-signed-in');
  });

  it('does not show a token a second time', async () => {
    const key = randomUUID();
    const input = { name: 'once', scopes: ['requests:read'], teams: [] };
    const first = await post('/tokens', input, { 'idempotency-key': key });
    const { token } = (await first.json()) as { token: string };
    expect([first.status, token.slice(0, 3)]).toEqual([201, 'hm_']);
    const again = await post('/tokens', input, { 'idempotency-key': key });
    expect(await again.clone().text()).not.toContain(token);
    await refused(again, 409, 'already-exists');
  });

  it.each(['', ' ', 'x'.repeat(256)])('that is "%.10s" is refused where it is sent', async (key) => {
    const response = await post('/requests:check', { contract: world.contract() }, { 'idempotency-key': key });
    await refused(response, 400, 'invalid-input');
  });
});

describe('what is put in place of what was there', () => {
  it('is the whole of it, named by the path alone, and while it is used it stays', async () => {
    const authorization = `Bearer ${await world.token('policy:read', 'policy:write')}`;
    const call = (method: string, path: string, body: object = {}) =>
      send({ method, path, body: JSON.stringify(body), headers: { authorization, 'content-type': 'application/json' } });
    const cluster = { hostname: 'k8s-9.example.test', environment: 'dev', certificateLimit: 5 };
    expect((await call('POST', '/clusters', { slug: 'k8s-9', ...cluster })).status).toBe(201);
    const answer = await call('PUT', '/clusters/k8s-9', { hostname: 'K8S-9.example.test.', environment: 'dev', public: false });
    expect(await answer.json()).toMatchObject({ slug: 'k8s-9', hostname: 'k8s-9.example.test', public: false, certificateLimit: null });
    const twice = await refused(await call('PUT', '/clusters/k8s-9', { slug: 'other', ...cluster }), 400, 'invalid-input');
    expect(twice.violations).toEqual([expect.objectContaining({ rule: 'unknown-field', path: 'slug' })]);
    await refused(await call('PUT', '/clusters/k8s-9?public=true', cluster), 400, 'invalid-input');
    await refused(await call('PUT', '/clusters/nowhere', cluster), 404, 'not-found');

    const used = await refused(await send({ method: 'DELETE', path: '/environments/dev', headers: { authorization } }), 409, 'in-use');
    expect(used.detail).toContain('1 cluster (k8s-9)');
    expect((await send({ method: 'DELETE', path: '/clusters/k8s-9', headers: { authorization } })).status).toBe(204);
  });
});

describe('two hundred calls of one token at once', () => {
  const holds = {
    'who asks is not found out': async () => {
      await world.owner.serviceToken.updateMany({ data: { lastUsedAt: null } });
      return (tx: Pick<World['owner'], '$queryRaw'>) => tx.$queryRaw`SELECT 1 FROM service_token FOR UPDATE`;
    },
    'they are not counted': async () => (tx: Pick<World['owner'], '$queryRaw'>) =>
      tx.$queryRaw`
      SELECT 1 FROM rate_limit WHERE key = (SELECT 'api:' || id FROM service_token ORDER BY created_at DESC LIMIT 1) FOR UPDATE`,
  };

  it.each(Object.entries(holds))('hold no more than a few connections while %s, and nobody else up', async (_, prepare) => {
    const one = await world.token('requests:read', 'requests:write');
    const check = () =>
      post('/requests:check', { contract: world.contract() }, { authorization: `Bearer ${one}` }).then(({ status }) => status);
    expect(await check()).toBe(200);
    const hold = await prepare();
    const other = await world.cookie('platform');
    const calls = await world.owner.$transaction(
      async (tx) => {
        await hold(tx);
        // One waits for this transaction, and the others behind it.
        const waiting = async () =>
          (
            await tx.$queryRaw<unknown[]>`
              SELECT 1 FROM pg_locks WHERE NOT granted AND (transactionid::text = pg_current_xact_id()::text
                OR database = (SELECT oid FROM pg_database WHERE datname = current_database()))`
          ).length;
        const begun = Array.from({ length: 200 }, check);
        await expect.poll(waiting, { timeout: 60_000 }).toBe(4);
        expect((await get('/zones', Object.fromEntries(other))).status).toBe(200);
        expect(await waiting()).toBe(4);
        return begun;
      },
      { timeout: 120_000 },
    );
    expect(new Set(await Promise.all(calls))).not.toContain(500);
  });
});
