import { describe, expect, it } from 'vitest';
import { readEnv } from './env.ts';

const good = { DATABASE_URL: 'postgresql://u@127.0.0.1:5432/d', PUBLIC_URL: 'https://names.example.test/', AUTH_SECRET: 'x'.repeat(32) };

describe('the environment', () => {
  it('is read with its defaults, and the public URL as an origin', () => {
    expect(readEnv({ ...good, OIDC_ISSUER: '' })).toMatchObject({
      publicUrl: 'https://names.example.test',
      oidc: null,
      requestsPerMinute: { person: 3000, service: 600 },
    });
  });

  it.each([
    ['127.0.0.1:3080', { address: '127.0.0.1', port: 3080 }],
    ['::1:3080', { address: '::1', port: 3080 }],
    ['', null],
  ])('says where certificates are answered in plain http: "%s"', (PKI_LISTEN, pkiListen) => {
    expect(readEnv({ ...good, PKI_LISTEN }).pkiListen).toEqual(pkiListen);
  });

  it('says everything that is wrong at once', () => {
    const bad = {
      DATABASE_URL: 'mysql://x',
      PUBLIC_URL: 'https://x.test/path',
      AUTH_SECRET: 'short',
      OIDC_ISSUER: 'https://id.test',
      TRUSTED_PROXY_HOPS: '-1',
      PKI_LISTEN: '3080',
    };
    const read = () => readEnv(bad);
    for (const key of ['DATABASE_URL', 'PUBLIC_URL', 'AUTH_SECRET', 'TRUSTED_PROXY_HOPS', 'PKI_LISTEN']) expect(read).toThrow(key);
    expect(() => readEnv({ ...good, OIDC_ISSUER: 'https://id.test' })).toThrow(/OIDC_CLIENT_ID[\s\S]*OIDC_CLIENT_SECRET/);
  });
});
