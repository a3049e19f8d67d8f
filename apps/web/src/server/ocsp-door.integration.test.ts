// The door where certificates say that whoever checks them shall ask, before clients that nobody here wrote: OpenSSL, GnuTLS, curl.
import { readFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http';
import { join } from 'node:path';
import { shardOf } from '@hostmaster/core/pki/crl-shard';
import { contextConstructed, derNull, octetString, oid, sequence } from '@hostmaster/core/pki/der';
import { children, readDer } from '@hostmaster/core/pki/der-reader';
import { maxOcspRequestLength } from '@hostmaster/core/pki/ocsp-request';
import { prepareIncoming } from '@hostmaster/http/incoming';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pkiDoor } from './pki-door.ts';
import { addressOf, createRevocationWorld, type RevocationWorld } from './testing/revocation-world.ts';

let world: RevocationWorld;
let portal: Server;
/** Where the portal itself answers, as Next does: something that tidies up paths stands behind it. */
let portalAddress: string;

beforeAll(async () => {
  world = await createRevocationWorld();
  prepareIncoming({ publicUrl: 'http://hostmaster.test' }, pkiDoor(world.container));
  portal = createServer((_, response) => response.writeHead(308, { Location: '/' }).end());
  await new Promise<void>((resolve) => portal.listen(0, '127.0.0.1', resolve));
  portalAddress = addressOf(portal);
});
afterAll(async () => {
  portal.close();
  await world.close();
});

const outcome: RevocationWorld['outcome'] = (command, ...args) => world.outcome(command, ...args);
const read = (name: string): Promise<Buffer> => readFile(join(world.folder, name));
const url = (): string => `${world.address}/pki/ocsp/internal-ca-1`;
const files = ['-issuer', 'ca.pem', '-CAfile', 'root.pem'];
/** The request that OpenSSL makes for a certificate, DER. */
async function requestFor(name: 'good' | 'bad', ...more: readonly string[]): Promise<Buffer> {
  await outcome('openssl', 'ocsp', '-issuer', 'ca.pem', ...more, '-cert', `${name}.pem`, '-reqout', 'request');
  return read('request');
}
/** Asks without any tidying up of the path. */
const raw = (
  path: string,
  options: { method?: string; body?: Uint8Array; headers?: Record<string, string>; at?: string } = {},
): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: Buffer }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(options.at ?? world.address);
    const asked = httpRequest({ hostname, port, path, method: options.method ?? 'GET', headers: options.headers ?? {} }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }));
    }).on('error', reject);
    asked.end(options.body);
  });
const post = (body: Uint8Array, headers = {}) =>
  raw('/pki/ocsp/internal-ca-1', { method: 'POST', body, headers: { 'Content-Type': 'application/ocsp-request', ...headers } });

describe('OpenSSL', () => {
  it.each([
    ['sha1', 'good', 'good.pem: good'],
    ['sha256', 'good', 'good.pem: good'],
    ['sha1', 'bad', 'bad.pem: revoked'],
    ['sha256', 'bad', 'bad.pem: revoked'],
  ])('by POST, with CertIDs by %s, is told what is so of the %s one, and verifies it', async (hash, name, said) => {
    const text = await outcome('openssl', 'ocsp', ...files, `-${hash}`, '-cert', `${name}.pem`, '-url', url());
    expect(text).toContain('Response verify OK');
    expect(text).toContain(said);
    expect(text.includes('Reason: keyCompromise')).toBe(name === 'bad');
  });

  it('finds the door at the address that the certificate names', async () => {
    const named = (await outcome('openssl', 'x509', '-in', 'good.pem', '-noout', '-ocsp_uri')).trim();
    expect(named).toBe(url());
  });

  it('is told of what curl fetched by GET, however the request is written into the path', async () => {
    const base64 = (await requestFor('bad')).toString('base64');
    for (const path of [encodeURIComponent(base64), base64, `/${base64}`]) {
      expect(await outcome('curl', '-sS', '--path-as-is', '-o', 'response', '-w', '%{http_code} %{content_type}', `${url()}/${path}`)).toBe(
        '200 application/ocsp-response',
      );
      const text = await outcome('openssl', 'ocsp', ...files, '-cert', 'bad.pem', '-respin', 'response');
      expect(text).toContain('Response verify OK');
      expect(text).toContain('bad.pem: revoked');
    }
  });

  it('verifies the chain with the list that the certificate names and that of the root, and refuses what is revoked', async () => {
    for (const [name, expected] of [
      ['good', /^good\.pem: OK$/m],
      ['bad', /certificate revoked/],
    ] as const) {
      const text = await outcome('openssl', 'x509', '-in', `${name}.pem`, '-noout', '-text');
      const [, list = ''] = /URI:(\S+\.crl)/.exec(text) ?? [];
      expect(list).toBe(`${world.address}/pki/internal-ca-1.${shardOf(world.serials[name])}.crl`);
      for (const [file, at] of [
        ['shard', list],
        ['root', `${world.address}/pki/root.crl`],
      ]) {
        await outcome('curl', '-sS', '-o', `${file}.crl`, at ?? '');
        await outcome('openssl', 'crl', '-inform', 'DER', '-in', `${file}.crl`, '-out', `${file}.crl.pem`);
      }
      await world.write('crls.pem', Buffer.concat([await read('shard.crl.pem'), await read('root.crl.pem')]));
      const all = ['verify', '-x509_strict', '-crl_check_all', '-CAfile', 'root.pem', '-untrusted', 'ca.pem', '-CRLfile', 'crls.pem'];
      expect(await outcome('openssl', ...all, `${name}.pem`)).toMatch(expected);
    }
  });
});

describe('GnuTLS', () => {
  it.each([
    ['good', /Certificate Status: good/],
    ['bad', /Certificate Status: revoked/],
  ])('asks and is told what is so of the %s one', async (name, said) => {
    const text = await outcome(
      'ocsptool',
      `--ask=${url()}`,
      '--load-issuer',
      'ca.pem',
      '--load-cert',
      `${name}.pem`,
      '--no-nonce',
      '--load-trust',
      'ca.pem',
    );
    expect(text).toMatch(said);
    expect(text).toContain('Verifying OCSP Response: Success.');
  });
});

describe('the door', () => {
  it('says how long an answer may be kept, and is asked again with its tag', async () => {
    const request = await requestFor('good');
    const { headers, body } = await post(request);
    expect(headers).toMatchObject({
      'content-type': 'application/ocsp-response',
      'cache-control': 'max-age=3600, public, no-transform, must-revalidate',
      etag: expect.stringMatching(/^"[0-9a-f]{40}"$/),
      'x-content-type-options': 'nosniff',
    });
    const [from, until] = [Date.parse(headers['last-modified'] ?? ''), Date.parse(headers.expires ?? '')];
    expect(until - from).toBe(4 * 86_400_000);
    const path = `/pki/ocsp/internal-ca-1/${encodeURIComponent(request.toString('base64'))}`;
    expect((await raw(path)).body.equals(body)).toBe(true);
    expect(await raw(path, { headers: { 'If-None-Match': headers.etag ?? '' } })).toMatchObject({ status: 304, body: Buffer.alloc(0) });
    expect(await raw(path, { method: 'HEAD' })).toMatchObject({ status: 200, body: Buffer.alloc(0) });
  });

  it('answers the same on the server of the portal, before that tidies up a doubled slash or refuses a POST', async () => {
    const [tbs] = children(readDer(await requestFor('good', '-no_nonce')));
    // An extension that nobody knows, whose octets are slashes in base64.
    const extension = sequence(oid('1.2.3.4'), octetString(Buffer.alloc(24, 0xff)));
    const request = Buffer.from(
      sequence(sequence(...children(tbs ?? readDer(derNull)).map(({ raw: part }) => part), contextConstructed(2, sequence(extension)))),
    );
    const expected = (await post(request)).body;
    expect(expected.toString('hex')).toMatch(/^30820[0-9a-f]{3}0a0100/);
    const base64 = request.toString('base64');
    expect(base64).toContain('//');
    for (const path of [base64, `/${base64}`, encodeURIComponent(base64)])
      expect((await raw(`/pki/ocsp/internal-ca-1/${path}`, { at: portalAddress })).body.equals(expected)).toBe(true);
    const posted = await raw('/pki/ocsp/internal-ca-1', { method: 'POST', body: request, at: portalAddress });
    expect(posted.body.equals(expected)).toBe(true);
    expect((await raw('/pki/root.crl', { at: portalAddress })).status).toBe(200);
    expect((await raw('/pki/unknown', { at: portalAddress })).status).toBe(404);
    expect((await raw('/zones//x', { at: portalAddress })).status).toBe(308);
  });

  it('leaves a nonce unanswered, and answers all the same', async () => {
    const { body } = await post(await requestFor('good', '-nonce'));
    expect(body.equals((await post(await requestFor('good', '-no_nonce'))).body)).toBe(true);
  });

  it.each([
    ['of a serial that nobody knows', ['-serial', '0x77B4EAA99F4B01F75323A69A8C327C00'], 'unauthorized'],
    ['below another CA', ['-issuer', 'root.pem', '-serial', '0x77B4EAA99F4B01F75323A69A8C327C00'], 'unauthorized'],
    ['of two at once', ['-cert', 'good.pem', '-cert', 'bad.pem'], 'unauthorized'],
  ])('knows nothing %s, and nobody may keep that', async (_, asked, said) => {
    await outcome('openssl', 'ocsp', '-issuer', 'ca.pem', ...asked, '-reqout', 'request');
    const { status, headers, body } = await post(await read('request'));
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, 'application/ocsp-response', 'no-store']);
    await world.write('response', body);
    expect(await outcome('openssl', 'ocsp', '-respin', 'response')).toContain(`Responder Error: ${said}`);
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['HTML', Buffer.from('<html>')],
    ['as much as a request may have', Buffer.alloc(maxOcspRequestLength, 0x30)],
  ])('says that it is no request: %s', async (_, body) => {
    expect((await post(body)).body.toString('hex')).toBe('30030a0101');
  });

  it.each(['/pki/ocsp/internal-ca-1', '/pki/ocsp/internal-ca-1/', '/pki/ocsp/internal-ca-1/%zz', '/pki/ocsp/internal-ca-1/a/b/../..'])(
    'says the same of a path without one: %s',
    async (path) => {
      expect((await raw(path)).body.toString('hex')).toBe('30030a0101');
    },
  );

  it('reads no more than a request may have, whatever is said of its length', async () => {
    const large = Buffer.alloc(maxOcspRequestLength + 1);
    expect((await post(large)).status).toBe(413);
    expect((await post(Buffer.alloc(1024 * 1024), { 'Transfer-Encoding': 'chunked' })).status).toBe(413);
  });

  it('has no responder of an issuer that there is not, and takes nothing else', async () => {
    const request = await requestFor('good');
    expect((await raw('/pki/ocsp/unknown', { method: 'POST', body: request })).status).toBe(404);
    expect(await raw('/pki/ocsp/internal-ca-1', { method: 'PUT', body: request })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, POST' },
    });
  });
});
