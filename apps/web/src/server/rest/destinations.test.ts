// Destinations over REST: connected, attached to a cluster, changed and removed with a token made for that, and with no other.
import { destinationKindList, destinationRow } from '@hostmaster/core/contract/destination';
import { operation } from '@hostmaster/core/contract/operation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../testing/world.ts';
import { serveRest } from './serve.ts';

let world: World;
let authorization: string;
beforeAll(async () => {
  world = await createWorld();
  authorization = `Bearer ${await world.token('certificates:read', 'issuers:write', 'policy:read', 'policy:write')}`;
});
afterAll(() => world.close());

const call = (method: string, path: string, body?: unknown, by = authorization): Promise<Response> =>
  serveRest(
    new Request(`http://hostmaster.test/api/v1${path}`, {
      method,
      headers: { authorization: by, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
    world.container,
  );
const secret = 'a-token-that-nobody-sees-again';
const connection = (more: object = {}) => ({
  kind: 'kubernetes',
  settings: { address: 'https://k8s.example.test:6443', namespace: 'ingress', ...more },
  secret,
});

describe('a destination', () => {
  it('lives its life over REST, and its token is never answered', async () => {
    const { rows } = destinationKindList.parse(await (await call('GET', '/destination-kinds')).json());
    expect(rows.map(({ kind }) => kind)).toEqual(['kubernetes', 'acm', 'key-vault', 'webhook']);
    const created = await call('POST', '/destinations', { slug: 'k8s', connection: connection(), untested: true });
    expect(created.status).toBe(201);
    const text = await created.text();
    expect(text).not.toContain(secret);
    const destination = destinationRow.parse(JSON.parse(text));
    const path = `/destinations/${destination.id}`;
    expect(created.headers.get('location')).toBe(`/api/v1${path}`);
    const environment = { slug: 'rest', name: 'Rest', rank: 1 };
    await call('POST', '/environments', environment);
    const cluster = { slug: 'k8s', hostname: 'k8s.clusters.example.test', environment: 'rest', destination: 'k8s' };
    expect(await (await call('POST', '/clusters', cluster)).json()).toMatchObject({ destination: 'k8s' });
    expect(await (await call('GET', path)).json()).toMatchObject({ slug: 'k8s', clusters: ['k8s'], certificates: 0 });
    const refused = await call('DELETE', path);
    expect([refused.status, (await refused.json()).detail]).toEqual([
      409,
      'The destination k8s is attached to k8s. Detach it there first.',
    ]);
    await call('PUT', '/clusters/k8s', { ...cluster, slug: undefined, destination: null });
    const changed = await call('PUT', path, { version: 1, connection: connection({ namespace: 'orders' }), untested: true });
    expect(await changed.json()).toMatchObject({ settings: { namespace: 'orders' }, version: 2 });
    expect((await call('DELETE', `${path}?abandon=true`)).status).toBe(204);
    expect((await call('GET', path)).status).toBe(404);
  });

  it('is tried before it is kept, and tested afterwards: each answers the operation to poll', async () => {
    const tried = await call('POST', '/destinations:test', { connection: connection() });
    expect(operation.parse(await tried.json())).toMatchObject({ kind: 'destination', purpose: 'test', state: 'pending' });
    const made = destinationRow.parse(
      await (await call('POST', '/destinations', { slug: 'tested', connection: connection(), untested: true })).json(),
    );
    const tested = operation.parse(await (await call('POST', `/destinations/${made.id}/test`)).json());
    expect(await (await call('GET', `/destinations/${made.id}`)).json()).toMatchObject({ lastTest: { operationId: tested.id, ok: null } });
  });

  it.each([
    ['http://k8s.example.test', 'ingress', 'connection.settings.address'],
    ['https://k8s.example.test/?a', 'ingress', 'connection.settings.address'],
    ['https://k8s.example.test', '../kube-system', 'connection.settings.namespace'],
  ])('at %s in %s is refused at its field', async (address, namespace, path) => {
    const refused = await call('POST', '/destinations', { slug: 'odd', connection: connection({ address, namespace }) });
    expect(refused.status).toBe(400);
    expect((await refused.json()).violations).toMatchObject([{ path }]);
  });

  it('needs the scope of its own', async () => {
    const other = `Bearer ${await world.token('certificates:read')}`;
    expect((await call('POST', '/destinations', { slug: 'mine', connection: connection() }, other)).status).toBe(403);
    expect((await call('POST', '/destinations:test', { connection: connection() }, other)).status).toBe(403);
    expect((await call('GET', '/destinations', undefined, other)).status).toBe(200);
  });
});
