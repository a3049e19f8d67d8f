// An order, asked on from wherever its server says it is: also where that forgets it, forgets the account, or sees no proof.
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Proof, ProofLook, Proofs, ProofWait } from '@hostmaster/core/acme/proofs';
import { renewalIdentifier } from '@hostmaster/core/acme/renewal-info';
import { systemClock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import { hostmaster, zoneOwner } from '@hostmaster/core/operation/moves-next';
import { buildCsr } from '@hostmaster/core/pki/build-csr';
import { splitPem } from '@hostmaster/core/pki/chain';
import type { Progress } from '@hostmaster/core/pki/issuer';
import type { OrderTrail } from '@hostmaster/core/pki/order-trail';
import { signerFor } from '@hostmaster/core/pki/signer';
import { flattenedVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestCa } from '../../testing/test-ca.ts';
import { acme } from './acme.ts';

type Said = { readonly status?: number; readonly body?: unknown; readonly headers?: Record<string, string> };
let server: Server;
let origin: string;
let trust: string;
let fullchain: string;
/** What stands at each path; the last of several stands for all that follow. */
let says: Record<string, Said[]>;
let asked: string[];
let seen: (path: string, body: string) => void = () => {};
beforeAll(async () => {
  const ca = await createTestCa(['localhost', 'example.test']);
  const { fullchainPem, privateKeyPem } = await ca.leaf(['localhost']);
  fullchain = (await ca.leaf(['shop.example.test'])).fullchainPem;
  trust = ca.rootPem;
  server = createServer({ cert: fullchainPem, key: privateKeyPem }, (request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part)).on('end', () => seen(path, Buffer.concat(parts).toString()));
    const all = says[path] ?? [];
    const { status = 200, body = {}, headers = {} } = (all.length > 1 ? all.shift() : all[0]) ?? { status: 404 };
    response.writeHead(status, { 'replay-nonce': `nonce-${asked.length}`, ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const problem = (status: number, type: string, detail = 'So it is'): Said => ({
  status,
  body: { type: `urn:ietf:params:acme:error:${type}`, detail },
});
const order = (changes: object = {}): Said => ({
  body: { status: 'pending', identifiers: [], authorizations: [`${origin}/authz`], finalize: `${origin}/finalize`, ...changes },
});
const authorization = (status: string, error?: object): Said => ({
  body: {
    identifier: { type: 'dns', value: 'shop.example.test' },
    status,
    challenges: [{ type: 'dns-01', url: `${origin}/challenge`, status: error ? 'invalid' : 'pending', token: 'a'.repeat(43), error }],
  },
});
const placed = (path: string): Said => ({ ...order(), status: 201, headers: { location: `${origin}${path}` } });
const signed = () => order({ status: 'valid', certificate: `${origin}/cert` });

let put: Proof[];
let looks: ProofLook[];
let taken: string[];
let wait: ProofWait | null;
let serverTakes: boolean;
const proofs: Proofs = {
  put: async (_, look, given) => {
    looks.push(look);
    put.push(...given);
    return wait;
  },
  takeBack: async (id) => {
    taken.push(id);
    if (!serverTakes) throw new HostmasterError('dns-unreachable', 'The name server does not answer.');
  },
};
beforeEach(() => {
  [put, looks, taken, wait, serverTakes, asked] = [[], [], [], null, true, []];
  says = {
    '/directory': [
      {
        body: {
          newNonce: `${origin}/nonce`,
          newAccount: `${origin}/account`,
          newOrder: `${origin}/new`,
          meta: { profiles: { short: 'six days' } },
        },
      },
    ],
    '/account': [{ status: 201, headers: { location: `${origin}/account/1` } }],
    '/new': [placed('/order')],
    '/order': [order(), order({ status: 'ready' }), signed()],
    '/authz': [authorization('pending')],
    '/challenge': [{}],
    '/finalize': [order({ status: 'processing' })],
    '/cert': [{ body: fullchain }],
    '/nonce': [{}],
  };
});

const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'der', type: 'pkcs8' });
const issuerWith = (settings: object = {}) =>
  acme.open(
    {
      ...{ slug: 'some-ca', profile: null, chain: [], key: { keyId: 'k', ciphertext: privateKey }, secret: new Uint8Array() },
      settings: acme.settings.parse({ directory: `${origin}/directory`, trust, addresses: '127.0.0.0/8', ...settings }),
    },
    { clock: systemClock, keyStore: { unwrapKey: ({ ciphertext }) => ciphertext }, proofs },
  );
const csr = await buildCsr(signerFor(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey), ['shop.example.test']);
const wanted = { id: 'order-1', names: ['shop.example.test'], csr };
const ask = (resume: object, issuer = issuerWith()): Promise<Progress> =>
  issuer.issue(wanted, { ...issuer.begin(wanted), ...resume }, AbortSignal.timeout(30_000));
const onward = () => ask({ url: `${origin}/order` });

describe('an order', () => {
  it('is stored with its address before anything else is asked of it', async () => {
    expect(await ask({})).toMatchObject({
      outcome: 'pending',
      resume: { url: `${origin}/order`, failures: 0 },
      reference: `${origin}/order`,
      retryAfterSeconds: 0,
    });
    expect(put).toEqual([]);
  });

  it('is found where a relative location leads, and nowhere that is not https', async () => {
    says['/new'] = [{ ...order(), status: 201, headers: { location: '/order' } }];
    says['/account'] = [{ status: 201, headers: { location: 'account/1' } }];
    expect(await ask({})).toMatchObject({ resume: { url: `${origin}/order` } });
    says['/new'] = [{ ...order(), status: 201, headers: { location: 'http://localhost/order' } }];
    await expect(ask({})).rejects.toMatchObject({ code: 'issuer-unavailable', message: expect.stringContaining('where the order is') });
  });

  it('that the CA wants to be asked for later is left alone until then, as an authorization is', async () => {
    const later = (said: Said): Said => ({ ...said, headers: { 'retry-after': '60' } });
    says['/order'] = [later(order({ status: 'processing' }))];
    expect(await onward()).toMatchObject({ outcome: 'pending', retryAfterSeconds: 60 });
    expect(asked.filter((path) => path === '/order')).toHaveLength(1);
    says['/order'] = [order()];
    says['/authz'] = [later(authorization('pending'))];
    expect(await onward()).toMatchObject({ outcome: 'pending', retryAfterSeconds: 60 });
    expect(asked.filter((path) => path === '/challenge')).toHaveLength(1);
  });

  it('is proved, finalized and fetched, and leaves nothing behind', async () => {
    const progress = await onward();
    expect(progress).toMatchObject({ outcome: 'issued', chain: [expect.anything(), expect.anything()] });
    expect(put).toMatchObject([{ hostname: 'shop.example.test', keyAuthorization: expect.stringMatching(/^a{43}\.[\w-]{43}$/) }]);
    expect(looks).toEqual([{ method: 'dns-01', httpPort: 80, tlsPort: 443 }]);
    expect(taken).toEqual(['order-1']);
    expect(asked.filter((path) => ['/challenge', '/finalize', '/cert'].includes(path))).toEqual(['/challenge', '/finalize', '/cert']);
  });

  it('that the CA has for some seconds yet is not watched: whoever watches keeps others from their turn', async () => {
    says['/order'] = [{ ...order({ status: 'processing' }), headers: { 'retry-after': '3' } }];
    expect(await onward()).toMatchObject({ outcome: 'pending', retryAfterSeconds: 3 });
    expect(asked.filter((path) => path === '/order')).toHaveLength(1);
  });

  it('is told of as the CA says it, down to the challenge that it looked at, also where it comes to nothing', async () => {
    const told: OrderTrail[] = [];
    const issuer = issuerWith();
    const onwards = () =>
      issuer.issue(wanted, { ...issuer.begin(wanted), url: `${origin}/order` }, AbortSignal.timeout(30_000), (trail) => told.push(trail));
    says['/order'] = [order(), order({ status: 'invalid' })];
    says['/authz'] = [
      authorization('pending'),
      authorization('invalid', { type: 'urn:ietf:params:acme:error:dns', detail: 'No TXT record' }),
    ];
    expect(await onwards()).toMatchObject({ outcome: 'pending', resume: { failures: 1 } });
    const dns = (status: string, problem: string | null) => [{ type: 'dns-01', status, problem }];
    expect(told).toEqual([
      {
        status: 'pending',
        problem: null,
        authorizations: [{ name: 'shop.example.test', status: 'pending', challenges: dns('pending', null) }],
      },
      {
        status: 'invalid',
        problem: null,
        authorizations: [{ name: 'shop.example.test', status: 'invalid', challenges: dns('invalid', 'No TXT record.') }],
      },
    ]);
    says['/order'] = [order({ status: 'processing' })];
    await onwards();
    expect(told.at(-1)).toEqual({ status: 'processing', problem: null, authorizations: [] });
  });

  it('that is signed is a certificate, also while the name server takes nothing back', async () => {
    serverTakes = false;
    expect(await onward()).toMatchObject({ outcome: 'issued' });
  });

  it('whose proof is not seen on every server waits for that, and the CA is not asked to look', async () => {
    wait = { message: 'ns2 does not answer it.', movesNext: 'the name servers' };
    expect(await onward()).toMatchObject({ outcome: 'pending', ...wait, resume: { url: `${origin}/order` }, retryAfterSeconds: null });
    expect(asked).not.toContain('/challenge');
  });

  it.each<[string, Said]>([
    ['does not exist', problem(404, 'malformed')],
    ['does not exist, as Pebble says it,', { status: 404, body: '' }],
    ['is somebody else’s', problem(403, 'unauthorized')],
  ])('that %s any more is placed anew', async (_, said) => {
    says['/order'] = [said];
    expect(await onward()).toMatchObject({
      outcome: 'pending',
      resume: { url: null, failures: 1 },
      message: expect.stringContaining('knows the order no more'),
      movesNext: hostmaster,
    });
  });

  it.each(['pending', 'invalid'])('that is %s, with an authorization that has expired at the CA, is placed anew', async (status) => {
    says['/order'] = [order({ status })];
    says['/authz'] = [problem(404, 'malformed', 'Expired authorization')];
    expect(await onward()).toMatchObject({ outcome: 'pending', resume: { url: null, failures: 1 } });
  });

  it('whose challenge ended while its proof was put goes on, and one that is refused for good says why', async () => {
    says['/challenge'] = [problem(400, 'malformed', 'authorization must be pending')];
    says['/authz'] = [authorization('pending'), authorization('valid')];
    says['/order'] = [order(), order(), order({ status: 'ready' }), signed()];
    expect(await onward()).toMatchObject({ outcome: 'issued' });

    says['/authz'] = [authorization('pending')];
    says['/order'] = [order()];
    await expect(onward()).rejects.toMatchObject({
      code: 'issuer-refused',
      message: expect.stringContaining('authorization must be pending'),
    });
  });

  it('whose proof the CA did not see is placed anew, ever later, and refused in the end, with its words', async () => {
    says['/order'] = [order({ status: 'invalid' })];
    says['/authz'] = [authorization('invalid', { type: 'urn:ietf:params:acme:error:dns', detail: 'NXDOMAIN' })];
    const seconds: (number | null)[] = [];
    for (const failures of [0, 1, 2]) {
      const progress = await ask({ url: `${origin}/order`, failures });
      expect(progress).toMatchObject({
        outcome: 'pending',
        resume: { url: null, failures: failures + 1 },
        message: expect.stringContaining('NXDOMAIN'),
        movesNext: zoneOwner,
      });
      if (progress.outcome === 'pending') seconds.push(progress.retryAfterSeconds);
    }
    expect(seconds).toEqual([60, 240, 960]);
    await expect(ask({ url: `${origin}/order`, failures: 3 })).rejects.toMatchObject({
      code: 'issuer-refused',
      message: expect.stringContaining('NXDOMAIN'),
    });
    expect(taken).toEqual(['order-1', 'order-1', 'order-1', 'order-1']);
  });

  it('that the CA is slow to sign is looked at again when it said', async () => {
    says['/order'] = [order({ status: 'ready' }), order({ status: 'processing' })];
    says['/finalize'] = [{ ...order({ status: 'processing' }), headers: { 'retry-after': '7' } }];
    expect(await onward()).toMatchObject({ outcome: 'pending', movesNext: 'the issuer', retryAfterSeconds: 7 });
  });

  it('names the certificate whose place it takes, where the CA says when to renew, and goes without where that is not taken', async () => {
    const bodies: string[] = [];
    seen = (path, body) => {
      if (path === '/new') bodies.push(Buffer.from(JSON.parse(body).payload, 'base64url').toString());
    };
    const leaf = splitPem(fullchain)[0] ?? new Uint8Array();
    const renewal = { ...wanted, replaces: leaf };
    const issuer = issuerWith();
    const place = () => issuer.issue(renewal, issuer.begin(renewal), AbortSignal.timeout(30_000));
    await place();
    const renewalInfo = { ...(says['/directory']?.[0]?.body as object), renewalInfo: `${origin}/ari` };
    says['/directory'] = [{ body: renewalInfo }];
    says['/new'] = [placed('/order'), problem(409, 'alreadyReplaced'), placed('/order')];
    const knowing = issuerWith();
    for (const _ of [1, 2]) await knowing.issue(renewal, knowing.begin(renewal), AbortSignal.timeout(30_000));
    expect(bodies.map((body) => JSON.parse(body).replaces)).toEqual([
      undefined,
      renewalIdentifier(leaf),
      renewalIdentifier(leaf),
      undefined,
    ]);
  });

  it('that is still waited for when the time of a run is up ends with its reason', async () => {
    says['/order'] = [order({ status: 'processing' })];
    const issuer = issuerWith();
    const run = new AbortController();
    const up = new Error('The time of the run is up.');
    const asking = issuer.issue(wanted, { url: `${origin}/order`, failures: 0 }, run.signal);
    // Nearly all of its time it pauses between looks.
    await vi.waitUntil(() => asked.filter((path) => path === '/order').length >= 2);
    run.abort(up);
    await expect(asking).rejects.toBe(up);
  });

  it.each<[string, () => string]>([
    ['nothing', () => ''],
    ['what is no certificate', () => fullchain.replace(/M/g, 'A')],
    ['too many certificates', () => fullchain.repeat(50)],
    ['a page', () => '<html>Sign in</html>'],
  ])('for which the CA answers %s is fetched again later', async (_, body) => {
    says['/cert'] = [{ body: body() }];
    await expect(onward()).rejects.toMatchObject({
      code: 'issuer-unavailable',
      message: expect.stringContaining('What some-ca answers is no certificate'),
    });
  });

  it('of a profile that the CA does not have is refused with those that it has', async () => {
    const error = { code: 'issuer-refused', message: 'some-ca offers no profile long, only short.' };
    await expect(ask({}, issuerWith({ profile: 'long' }))).rejects.toMatchObject(error);
    expect(await ask({}, issuerWith({ profile: 'short' }))).toMatchObject({ outcome: 'pending' });
  });
});

describe('an account', () => {
  it('is opened once, and again after the CA has forgotten it', async () => {
    const issuer = issuerWith();
    await ask({}, issuer);
    await ask({}, issuer);
    says['/new'] = [problem(400, 'accountDoesNotExist'), placed('/order')];
    await expect(ask({}, issuer)).rejects.toMatchObject({ code: 'issuer-unavailable', movesNext: 'whoever runs Hostmaster' });
    await ask({}, issuer);
    expect(asked.filter((path) => path === '/account')).toHaveLength(2);
  });

  it('that the CA must know from elsewhere first is said to be missing', async () => {
    says['/directory'] = [
      {
        body: {
          newNonce: `${origin}/nonce`,
          newAccount: `${origin}/account`,
          newOrder: `${origin}/new`,
          meta: { externalAccountRequired: true },
        },
      },
    ];
    await expect(ask({})).rejects.toMatchObject({ code: 'issuer-unavailable', message: expect.stringContaining('(EAB)') });
    expect(asked).not.toContain('/account');
  });
});

describe('another key for an account', () => {
  const next = {
    keyId: 'n',
    ciphertext: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'der', type: 'pkcs8' }),
  };
  const change = (issuer = issuerWith()) => issuer.changeKey?.(next, AbortSignal.timeout(30_000));
  let found: Said;
  const unknown = problem(400, 'accountDoesNotExist');
  let offers: object;
  beforeEach(() => {
    offers = { newNonce: `${origin}/nonce`, newAccount: `${origin}/account`, newOrder: `${origin}/new`, keyChange: `${origin}/key-change` };
    says['/directory'] = [{ body: offers }];
    found = { headers: { location: `${origin}/account/1` }, body: { status: 'valid' } };
    says['/account'] = [unknown, found];
    says['/key-change'] = [{}];
  });
  const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());

  it('is asked for in the name of the account, and the new key agrees by signing, with the old one in what it signs', async () => {
    let sent = '';
    seen = (path, body) => {
      if (path === '/key-change') sent = body;
    };
    await change();
    const outer = JSON.parse(sent);
    expect(decoded(outer.protected)).toMatchObject({ alg: 'ES256', kid: `${origin}/account/1`, url: `${origin}/key-change` });
    const inner = decoded(outer.payload);
    const { jwk, nonce, url } = decoded(inner.protected);
    expect([url, nonce]).toEqual([`${origin}/key-change`, undefined]);
    const { account, oldKey } = decoded(inner.payload);
    const [old, fresh] = [privateKey, next.ciphertext].map((der) =>
      createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({ format: 'jwk' }),
    );
    expect([account, oldKey, jwk]).toEqual([`${origin}/account/1`, old, fresh]);
    const { payload } = await flattenedVerify(inner, createPublicKey({ key: jwk, format: 'jwk' }));
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual({ account, oldKey });
  });

  it('is not asked for twice: the CA knows the account by it already, or knows none', async () => {
    says['/account'] = [found];
    await change();
    says['/account'] = [unknown];
    await change();
    expect(asked).not.toContain('/key-change');
  });

  it.each<[string, () => void, object]>([
    [
      'whose directory has no such address',
      () => delete (offers as { keyChange?: string }).keyChange,
      { code: 'issuer-refused', message: 'some-ca lets no account be known by another key.' },
    ],
    ['that refuses it', () => (says['/key-change'] = [problem(409, 'conflict', 'The key is in use')]), { code: 'issuer-refused' }],
    ['that answers a page', () => (says['/key-change'] = [{ status: 502, body: '<html>' }]), { code: 'issuer-unavailable' }],
  ])('is said not to have come about by a CA %s', async (_, answer, error) => {
    answer();
    await expect(change()).rejects.toMatchObject(error);
  });

  it('has nothing asked in the name of the account while it is under way', async () => {
    const open = acme.open(
      {
        ...{
          slug: 'some-ca',
          profile: null,
          chain: [],
          key: { keyId: 'k', ciphertext: privateKey },
          secret: new Uint8Array(),
          changesKey: true,
        },
        settings: acme.settings.parse({ directory: `${origin}/directory`, trust, addresses: '127.0.0.0/8' }),
      },
      { clock: systemClock, keyStore: { unwrapKey: ({ ciphertext }) => ciphertext }, proofs },
    );
    await expect(ask({}, open)).rejects.toMatchObject({
      ...{ code: 'unavailable', retryAfter: 15, movesNext: 'hostmaster' },
      message: 'The account at some-ca gets another key, and nothing is asked in its name meanwhile.',
    });
    expect(asked).toEqual([]);
  });
});
