// Issuers over REST: connected, changed, stopped, resumed and removed with a token made for that, and with no other.
import { issuerKindList, issuerRow } from '@hostmaster/core/contract/issuer';
import { operation } from '@hostmaster/core/contract/operation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../testing/world.ts';
import { serveRest } from './serve.ts';

let world: World;
let authorization: string;
beforeAll(async () => {
  world = await createWorld();
  authorization = `Bearer ${await world.token('certificates:read', 'issuers:write')}`;
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
const directory = 'https://acme.example.test/directory';
const draft = (slug: string, more: object = {}) => ({
  slug,
  name: 'A CA',
  connection: { kind: 'acme', settings: { directory } },
  suffixes: ['example.test'],
  untested: true,
  ...more,
});

describe('an issuer', () => {
  it('lives its life over REST', async () => {
    const { rows } = issuerKindList.parse(await (await call('GET', '/issuer-kinds')).json());
    expect(rows.map(({ kind }) => kind)).toEqual(['acme', 'vault', 'acm', 'key-vault']);
    const created = await call('POST', '/issuers', draft('a-ca'));
    expect(created.status).toBe(201);
    const issuer = issuerRow.parse(await created.json());
    const path = `/issuers/${issuer.id}`;
    expect(created.headers.get('location')).toBe(`/api/v1${path}`);
    expect(issuerRow.parse(await (await call('GET', path)).json())).toEqual(issuer);
    const changed = await call('PUT', path, { version: 1, name: 'Another', suffixes: ['dev.example.test'] });
    expect(await changed.json()).toMatchObject({ name: 'Another', permittedSuffixes: ['dev.example.test'], version: 2 });
    expect(await (await call('POST', `${path}/stop`)).json()).toMatchObject({ stoppedAt: expect.any(String) });
    expect(await (await call('POST', `${path}/resume`)).json()).toMatchObject({ stoppedAt: null });
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('GET', path)).status).toBe(404);
  });

  it('is refused at its field, as it was sent', async () => {
    const settings = { directory, externalKeyId: 'kid-1' };
    const refused = await call('POST', '/issuers', draft('b-ca', { connection: { kind: 'acme', settings } }));
    expect(refused.status).toBe(400);
    expect((await refused.json()).violations).toEqual([
      {
        rule: 'both-or-neither',
        type: expect.stringMatching(/#rule-both-or-neither$/),
        path: 'connection.secret',
        reason: '“External account” is given, and “HMAC key” is not.',
        remedy: 'Give both, or neither.',
      },
    ]);
    const outside = await call('POST', '/issuers', draft('b-ca', { suffixes: ['example.test', 'nowhere.test'] }));
    expect((await outside.json()).violations).toMatchObject([{ rule: 'suffix-within-zone', path: 'suffixes.1' }]);
  });

  it('is tried before it is kept, and tested afterwards: each answers the operation to poll, and no secret', async () => {
    const secret = 'bm90LWEtc2VjcmV0LWtleS1idXQtYW4tZXhhbXBsZQ';
    const connection = { kind: 'acme', settings: { directory, externalKeyId: 'kid-1' }, secret };
    const { slug, name, untested, ...said } = draft('d-ca', { connection });
    const tried = await call('POST', '/issuers:test', said);
    expect(tried.status).toBe(202);
    const text = await tried.text();
    const begun = operation.parse(JSON.parse(text));
    expect(begun).toMatchObject({ kind: 'issuer', purpose: 'test', state: 'pending' });
    expect(tried.headers.get('location')).toBe(`/api/v1/operations/${begun.id}`);
    expect(text).not.toContain(secret);
    const issuer = issuerRow.parse(await (await call('POST', '/issuers', { slug, name, untested, ...said })).json());
    expect(issuer.lastTest).toBeNull();
    const tested = operation.parse(await (await call('POST', `/issuers/${issuer.id}/test`)).json());
    const read = issuerRow.parse(await (await call('GET', `/issuers/${issuer.id}`)).json());
    expect(read.lastTest).toMatchObject({ operationId: tested.id, ok: null });
    const wrong = await call('POST', '/issuers:test', { ...said, suffixes: ['nowhere.test'] });
    expect((await wrong.json()).violations).toMatchObject([{ rule: 'suffix-within-zone', path: 'suffixes.0' }]);
  });

  it('needs the scope of its own', async () => {
    const other = `Bearer ${await world.token('certificates:read', 'zones:write', 'policy:write')}`;
    const refused = await call('POST', '/issuers', draft('c-ca'), other);
    expect(refused.status).toBe(403);
    expect((await refused.json()).detail).toContain('issuers:write');
    const { connection, suffixes } = draft('c-ca');
    expect((await call('POST', '/issuers:test', { connection, suffixes }, other)).status).toBe(403);
    expect((await call('GET', '/issuers', undefined, other)).status).toBe(200);
  });
});
