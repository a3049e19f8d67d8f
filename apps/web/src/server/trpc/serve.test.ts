// The same procedures over tRPC, asked by a real tRPC client.
import { createTRPCClient, httpBatchLink, httpLink, TRPCClientError } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../testing/world.ts';
import type { AppRouter } from './router.ts';
import { maxBatch, serveTrpc } from './serve.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const url = 'http://hostmaster.test/api/trpc';
const client = (headers: Headers, links: { batch?: boolean; post?: boolean } = {}) => {
  const options = {
    url,
    headers: Object.fromEntries(headers),
    ...(links.post ? { methodOverride: 'POST' as const } : {}),
    fetch: (input: RequestInfo | URL, init?: RequestInit) => serveTrpc(new Request(input, init), world.container),
  };
  return createTRPCClient<AppRouter>({ links: [links.batch ? httpBatchLink({ ...options, maxItems: 100 }) : httpLink(options)] });
};
const failure = async (call: Promise<unknown>) => {
  const error = await call.then(() => null).catch((thrown: unknown) => thrown);
  if (!(error instanceof TRPCClientError)) throw new Error('nothing was refused');
  return error as TRPCClientError<AppRouter>;
};

describe('a tRPC client', () => {
  it('asks with a token or a cookie, by GET or by POST, alone or in a batch', async () => {
    const contract = world.contract();
    const bearer = new Headers({ authorization: `Bearer ${await world.token('requests:read', 'zones:read')}` });
    await expect(client(bearer).requests.check.query({ contract })).resolves.toMatchObject({ decision: { outcome: 'review' } });
    await expect(client(bearer, { post: true }).requests.check.query({ contract })).resolves.toMatchObject({
      decision: { outcome: 'review' },
    });
    const person = client(await world.cookie('member'), { batch: true, post: true });
    const [zones, made] = await Promise.all([person.zones.list.query({}), person.requests.create.mutate({ contract })]);
    expect([zones.rows.length, made.state]).toEqual([1, 'in-review']);
  });

  it('is written down with the session and the address that it asked from, a token with its address', async () => {
    const elsewhere = (headers: Headers, address: string) => {
      headers.set('x-forwarded-for', address);
      return client(headers, { post: true });
    };
    const cookie = await world.cookie('member');
    await elsewhere(cookie, '192.0.2.41').requests.create.mutate({ contract: world.contract() });
    const bearer = new Headers({ authorization: `Bearer ${await world.token('requests:write')}` });
    await elsewhere(bearer, '192.0.2.42').requests.create.mutate({ contract: world.contract() });
    await failure(elsewhere(cookie, '192.0.2.43').audit.verify.query({}));
    const auditor = client(await world.cookie('auditor'));
    const { rows } = await auditor.audit.list.query({ limit: 10 });
    const of = (address: string) => rows.find(({ from }) => from?.address === address);
    const session = expect.stringMatching(/^[0-9a-f-]{36}$/);
    expect(of('192.0.2.41')).toMatchObject({ action: 'request.create', actor: { kind: 'person' }, from: { sessionId: session } });
    expect(of('192.0.2.42')).toMatchObject({ action: 'request.create', actor: { kind: 'service' }, from: { sessionId: null } });
    expect(of('192.0.2.43')).toMatchObject({ action: 'access.refuse', from: { sessionId: of('192.0.2.41')?.from?.sessionId } });
  });

  it('is told the code, every violation, the remedy and a trace id', async () => {
    const error = await failure(
      client(await world.cookie('member')).requests.create.mutate({
        contract: { ...world.contract(), hostname: 'a..example.org', ttl: 'stable' },
      }),
    );
    expect(error.data).toMatchObject({
      code: 'policy-denied',
      httpStatus: 422,
      retryable: false,
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(error.data?.violations.length).toBeGreaterThan(0);
    expect(error.data?.violations.every(({ rule, remedy }) => rule !== '' && remedy !== '')).toBe(true);
  });

  it.each([
    ['nobody', async () => client(new Headers()).zones.list.query({}), 'not-signed-in'],
    [
      'a token without the scope',
      async () => client(new Headers({ authorization: `Bearer ${await world.token('zones:read')}` })).teams.list.query({}),
      'forbidden',
    ],
    [
      'another site with our cookie',
      async () => client(await foreign(), { post: true }).requests.check.query({ contract: world.contract() }),
      'forbidden',
    ],
    ['an unknown token', async () => client(new Headers({ authorization: 'Bearer hm_x' })).zones.list.query({}), 'not-signed-in'],
  ])('%s is refused', async (_, call, code) => {
    const error = await failure(call());
    expect(error.data?.code).toBe(code);
  });

  it('may ask for a list as infinite queries of tRPC do, and for nothing that no list knows', async () => {
    const { teams } = client(await world.cookie('member'));
    const { rows } = await teams.list.query({ limit: 1, direction: 'forward' } as { limit: number });
    expect(rows).toHaveLength(1);
    for (const more of [{ direction: 'sideways' }, { colour: 'red' }]) {
      const error = await failure(teams.list.query({ limit: 1, ...more }));
      expect(error.data?.code).toBe('invalid-input');
    }
  });

  it('may not batch without end', async () => {
    const person = client(await world.cookie('member'), { batch: true });
    const calls = await Promise.allSettled(Array.from({ length: maxBatch + 1 }, () => person.zones.list.query({})));
    expect(calls.every(({ status }) => status === 'rejected')).toBe(true);
  });
});

describe('the limit of an asker', () => {
  // In any minute: the window may turn while this runs, so that each batch alone is what is judged.
  const batched = async (limit: number, calls: number) => {
    const small = { ...world.container, door: { ...world.container.door, requestsPerMinute: { person: limit, service: limit } } };
    const headers = new Headers({ authorization: `Bearer ${await world.token('zones:read')}` });
    const paths = Array.from({ length: calls }, () => 'zones.providers').join(',');
    return serveTrpc(new Request(`${url}/${paths}?batch=1&input=%7B%7D`, { headers }), small);
  };

  it('counts each call of a batch', async () => {
    const fits = await batched(3, 3);
    expect([fits.status, fits.headers.get('ratelimit-remaining')]).toEqual([200, '0']);
    const tooMany = await batched(2, 3);
    expect([tooMany.status, await tooMany.text()]).toEqual([429, expect.stringContaining('"rate-limited"')]);
  });
});

describe('many calls of one asker at once', () => {
  it('wait for each other, and nobody else for them', async () => {
    const one = client(new Headers({ authorization: `Bearer ${await world.token('zones:read')}` }));
    const another = client(await world.cookie('stranger'));
    const stuck = () => world.owner.$queryRaw<{ stuck: bigint }[]>`
      SELECT count(*) AS stuck FROM pg_locks WHERE relation = 'zone'::regclass AND NOT granted`;
    let calls: Promise<unknown>[] = [];
    await world.owner.$transaction(async (tx) => {
      await tx.$executeRaw`LOCK TABLE zone IN ACCESS EXCLUSIVE MODE`;
      calls = Array.from({ length: 40 }, () => one.zones.list.query({}));
      await expect.poll(async () => Number((await stuck())[0]?.stuck)).toBeGreaterThanOrEqual(4);
      await expect(another.teams.list.query({})).resolves.toMatchObject({ rows: expect.any(Array) });
    });
    await Promise.all(calls);
  });
});

async function foreign(): Promise<Headers> {
  const headers = await world.cookie('member');
  headers.set('sec-fetch-site', 'cross-site');
  return headers;
}

describe('the tRPC address', () => {
  const raw = async (path: string, init: RequestInit) => {
    const response = await serveTrpc(new Request(`${url}/${path}`, init), world.container);
    return { status: response.status, body: await response.text(), traceId: response.headers.get('trace-id') };
  };

  it.each([
    ['a body of 1 MB', 'requests.create', 'x'.repeat(1_000_000), 413, 'body-too-large'],
    ['malformed JSON', 'requests.create', '{', 400, 'invalid-input'],
    ['a NUL character', 'requests.create', JSON.stringify({ contract: { hostname: 'a\0b' } }), 400, 'nul-byte'],
    ['an unknown procedure', 'nothing.at.all', '{}', 404, 'not-found'],
    ['an unknown field', 'requests.create', JSON.stringify({ surprise: 1 }), 400, 'unknown-field'],
  ])('answers %s with its code', async (_, path, body, status, code) => {
    const headers = await world.cookie('member');
    headers.set('content-type', 'application/json');
    const answer = await raw(path, { method: 'POST', body, headers });
    expect([answer.status, answer.traceId?.length]).toEqual([status, 32]);
    expect(answer.body).toContain(code);
    expect(answer.body).not.toMatch(/node_modules|at async|stack/);
  });

  it('shows nothing of a failure of ours but a trace id', async () => {
    const { parts } = world.container;
    const broken = { ...world.container, parts: { ...parts, clock: { now: () => new Date(Number.NaN) } } };
    const headers = new Headers({ authorization: `Bearer ${await world.token('zones:read')}` });
    const response = await serveTrpc(new Request(`${url}/zones.list`, { headers }), broken);
    const body = await response.text();
    expect(response.status).toBe(500);
    expect(body).toContain('"internal"');
    expect(body).not.toMatch(/Invalid|prisma|RangeError/i);
  });
});
