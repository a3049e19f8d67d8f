// Zones over REST: what stands in one is shown whatever it is, and what cannot be kept is refused at its field.
import { zoneDetail, zoneRecordSetPage } from '@hostmaster/core/contract/zone';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../testing/world.ts';
import { serveRest } from './serve.ts';

let world: World;
let authorization: string;
beforeAll(async () => {
  world = await createWorld();
  authorization = `Bearer ${await world.token('zones:read', 'zones:write', 'requests:read')}`;
});
afterAll(() => world.close());

const call = (method: string, path: string, body?: unknown, asker = new Headers({ authorization })): Promise<Response> =>
  serveRest(
    new Request(`http://hostmaster.test/api/v1${path}`, {
      method,
      headers: { ...Object.fromEntries(asker), 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
    world.container,
  );

const page = async (query: string) => {
  const response = await call('GET', `/zones/${world.zoneId}/record-sets${query}`);
  expect(response.status).toBe(200);
  return zoneRecordSetPage.parse(await response.json());
};

describe('a zone that holds records of types that Hostmaster does not manage', () => {
  const sets = [
    { name: 'dev.example.test', type: 'LOC', ttl: 60, values: ['52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m'] },
    { name: 'odd.dev.example.test', type: 'TYPE65280', ttl: 0, values: ['\\# 0', '\\# 4 deadbeef'] },
    { name: 'old.dev.example.test', type: 'DNAME', ttl: 2_147_483_647, values: ['new.dev.example.test'] },
    { name: 'shop.dev.example.test', type: 'A', ttl: 60, values: ['192.0.2.1'] },
    { name: 'shop.dev.example.test', type: 'HTTPS', ttl: 60, values: ['1 . alpn="h2,h3"'] },
    { name: '\\000_x y.dev.example.test', type: 'HINFO', ttl: 60, values: ['"\\000" "\\255"'] },
  ];

  it('shows each as it is stored', async () => {
    await world.read(world.zoneId, sets);
    const { recordSetCount } = zoneDetail.parse(await (await call('GET', `/zones/${world.zoneId}`)).json());
    expect(recordSetCount).toBe(sets.length);
    const { rows, total } = await page('');
    expect([rows.length, total]).toEqual([sets.length, sets.length]);
    expect(rows).toEqual(expect.arrayContaining(sets.map((set) => ({ ...set, endpointId: null, team: null }))));
  });

  it('leads from page to page to each of them once', async () => {
    await world.read(world.zoneId, sets);
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { rows, nextCursor } = await page(`?limit=2${cursor}`);
      expect(rows.length).toBeLessThanOrEqual(2);
      seen.push(...rows.map(({ name, type }) => `${name} ${type}`));
      if (nextCursor === null) break;
      cursor = `&cursor=${nextCursor}`;
    }
    expect(seen).toHaveLength(sets.length);
    expect(new Set(seen)).toEqual(new Set(sets.map(({ name, type }) => `${name} ${type}`)));
  });

  it.each([
    ['shop', ['A', 'HTTPS']],
    ['https', ['HTTPS']],
    ['DEADBEEF', ['TYPE65280']],
    ['%', []],
    ['192.0.2.1', ['A']],
  ])('finds %s in a name, a value or as a type', async (search, types) => {
    await world.read(world.zoneId, sets);
    const { rows, total } = await page(`?search=${encodeURIComponent(search)}`);
    expect([rows.map(({ type }) => type), total]).toEqual([types, types.length]);
  });

  it.each([
    ['a zone that is not there', '/zones/01890a5d-ac96-774b-bcce-b302099a8057/record-sets', 404],
    ['a cursor of another list', `/record-sets?cursor=${Buffer.from('["grants","a","b"]').toString('base64url')}`, 400],
  ])('refuses %s', async (_, path, status) => {
    expect((await call('GET', path.startsWith('/zones') ? path : `/zones/${world.zoneId}${path}`)).status).toBe(status);
  });

  it.each([
    ['shop.dev.example.test', /A, HTTPS/],
    ['odd.dev.example.test', /TYPE65280/],
    ['below.old.dev.example.test', /DNAME/],
  ])('a request for %s is told what is in the way', async (hostname, reason) => {
    await world.read(world.zoneId, sets);
    const response = await call('POST', '/requests:check', { contract: { ...world.contract(), hostname } });
    expect(response.status).toBe(200);
    expect(JSON.stringify(await response.json())).toMatch(reason);
  });
});

describe('a change of a zone', () => {
  it.each([2_147_483_648, 9_007_199_254_740_991, -1, 0, 1.5])('of version %d is refused at its field', async (version) => {
    const response = await call('PUT', `/zones/${world.zoneId}`, { version, ownerTeam: 'orders' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ violations: [{ path: 'version', remedy: expect.stringMatching(/^Give a/) }] });
  });

  it('of a version that never was is a conflict', async () => {
    const response = await call('PUT', `/zones/${world.zoneId}`, { version: 2_147_483_647, ownerTeam: 'orders' });
    expect([response.status, (await response.json()).detail]).toEqual([
      409,
      expect.stringMatching(/never had version .*; the newest is 1/),
    ]);
  });
});

it.each([
  ['DELETE', ''],
  ['POST', '/read'],
  ['POST', '/test'],
  ['PUT', ''],
])('%s /zones/{id}%s with a body that nobody asked for is refused for the rights before it is for the body', async (method, path) => {
  const stray = { id: 'x', force: true };
  const asked = async (asker?: Headers) => (await call(method, `/zones/${world.zoneId}${path}`, stray, asker)).status;
  expect([await asked(await world.cookie('maintainer')), await asked()]).toEqual([403, 400]);
});
