import { describe, expect, it } from 'vitest';
import { type Ask, ask, denials, grant, reviews } from '../testing/world.ts';

const at = (...addresses: string[]): Ask => ({ target: { addresses } });
const alone: Ask = { target: { certificateOnly: true } };
const reasonOf = (contract: Ask) => ask(contract).violations.map(({ reason }) => reason);

describe('what a certificate holds beside its names', () => {
  it.each<[string, Ask]>([
    ['usages', { usages: ['server', 'client'] }],
    ['addresses', { addresses: ['10.1.2.3'] }],
    ['spiffeId', { spiffeId: 'spiffe://orders.dev.example.test/api' }],
    ['mustStaple', { mustStaple: true }],
  ] as never)('%s is the internal CA’s to choose, or Vault’s as far as it can, and of no public CA', (field, said) => {
    const asked = { ...at('10.1.2.3'), tls: { source: 'acme', ...said } } as Ask;
    expect(denials(asked)).toContain('tls-content');
    expect(ask(asked).violations.find(({ rule }) => rule === 'tls-content')?.path).toBe(`tls.${field}`);
    const from = (source: string) => denials({ ...at('10.1.2.3'), tls: { source, ...said } } as Ask).includes('tls-content');
    expect([from('internal-ca'), from('vault')]).toEqual([false, field === 'mustStaple']);
  });

  it('that a source cannot have is named, with the sources that have all of what is asked for', () => {
    const both = { spiffeId: 'spiffe://orders.dev.example.test/api', mustStaple: true } as const;
    const said = (source: 'vault' | 'acme') =>
      ask({ ...at('10.1.2.3'), tls: { source, ...both } }).violations.find(({ rule }) => rule === 'tls-content');
    expect(said('vault')).toMatchObject({
      path: 'tls.mustStaple',
      reason: 'The source vault cannot have mustStaple in a certificate.',
      remedy: 'Leave mustStaple out, or choose internal-ca.',
    });
    expect(said('acme')).toMatchObject({
      path: 'tls.spiffeId',
      reason: 'The source acme says itself what its certificates hold beside names and a key.',
      remedy: 'Leave spiffeId and mustStaple out, or choose internal-ca.',
    });
  });

  it('is nothing without TLS', () => {
    expect(denials({ tls: { termination: 'none', mustStaple: true } })).toEqual(['tls-none-without-certificate']);
    expect(denials({ tls: { termination: 'none', usages: ['server'] } })).toEqual([]);
  });
});

describe('a certificate for clients', () => {
  it.each<[string, Ask, string[]]>([
    ['alone is served by nobody', { tls: { usages: ['client'] } }, ['tls-client-alone']],
    ['alone is asked for where nothing is served', { ...alone, tls: { usages: ['client'] } }, []],
    ['and servers is served', { tls: { usages: ['client', 'server'] } }, []],
  ])('%s', (_, contract, expected) => expect(denials(contract)).toEqual(expected));
});

describe('an address on a certificate', () => {
  const privately = (leadsTo: string[], addresses: string[]) => ({ ...at(...leadsTo), tls: { addresses } });
  it('that is no private one is refused, with the ranges that are', () => {
    const [reason] = reasonOf({ ...alone, tls: { addresses: ['192.0.2.1'] } });
    expect(reason).toBe('192.0.2.1 is no private address, and certificates speak for no other here.');
    expect(denials({ ...alone, tls: { addresses: ['2001:db8::1', '169.254.169.254', '::ffff:10.0.0.1', '0.0.0.0'] } })).toHaveLength(4);
  });

  it('is looked at by a platform admin, also where its name leads there: whoever asks says that, too', () => {
    const of = (contract: Ask) => reviews(contract).filter((one) => one.startsWith('tls-address'));
    expect(of(privately(['10.0.0.1'], ['10.0.0.1']))).toEqual(['tls-address by platform-admin']);
    expect(of(privately(['10.0.0.1'], []))).toEqual([]);
    expect(of({ ...alone, tls: { addresses: ['10.0.0.1', '10.0.0.2'] } })).toHaveLength(2);
    expect(of({ tls: { termination: 'none', addresses: ['10.0.0.1'] } })).toEqual([]);
  });
});

describe('a SPIFFE ID', () => {
  const hostname = 'api.orders.dev.example.test';
  const within = (trustDomain: string, more: Ask = {}): Ask => ({
    hostname,
    ...more,
    tls: { ...more.tls, spiffeId: `spiffe://${trustDomain}/api` },
  });
  const extra = { tls: { extraNames: ['www.dev.example.test'] } };
  it.each<[string, Ask, string[], string[]]>([
    ['of its own name', within(hostname), [], []],
    ['of an extra name', within('www.dev.example.test', extra), [], []],
    ['of a domain above it', within('orders.dev.example.test'), [], ['tls-spiffe-id by security-reviewer']],
    ['of its zone', within('example.test'), [], ['tls-spiffe-id by security-reviewer']],
    ['above its zone', within('test'), ['tls-spiffe-id'], []],
    ['of a name beside it', within('billing.dev.example.test'), ['tls-spiffe-id'], []],
    ['of a name below it', within(`x.${hostname}`), ['tls-spiffe-id'], []],
    ['that reads like its end', within('dev.example.test.example.org'), ['tls-spiffe-id'], []],
    ['of what is no hostname', within('prod'), ['tls-spiffe-id'], []],
    ['without TLS', within('prod', { tls: { termination: 'none' } }), ['tls-none-without-certificate'], []],
  ])('%s', (_, contract, denied, reviewed) => {
    expect(denials(contract)).toEqual(denied);
    expect(reviews(contract).filter((one) => one.startsWith('tls-'))).toEqual(reviewed);
  });

  it('of a domain that other teams have a grant for says which, by those nearest to it', () => {
    const of = (trustDomain: string, ...others: readonly (readonly [team: string, suffix: string, more?: object])[]) =>
      ask(within(trustDomain), {
        grants: [
          grant('order-platform', 'orders.dev.example.test', ['dev']),
          ...others.map(([team, suffix, more]) => grant(team, suffix, ['dev'], more)),
        ],
      }).reviews.find(({ rule }) => rule === 'tls-spiffe-id')?.reason;
    const said = 'is believed wherever the trust domain dev.example.test is';
    expect(of('dev.example.test')).toMatch(new RegExp(`${said}\\.$`));
    expect(of('dev.example.test', ['billing', 'dev.example.test'], ['identity', 'example.test'])).toContain(
      `${said}, which billing has a grant for.`,
    );
    expect(of('dev.example.test', ['identity', 'example.test'], ['billing', 'example.test'])).toContain(
      `${said}, which billing and identity have a grant for.`,
    );
    expect(of('dev.example.test', ['billing', 'other.example.test'], ['identity', 'dev.example.test', { expiresAt: new Date(0) }])).toMatch(
      new RegExp(`${said}\\.$`),
    );
  });

  it('that is refused says which ones may be', () => {
    const [violation] = ask(within('prod')).violations;
    expect(violation?.remedy).toBe(`Give an identity below spiffe://${hostname}/, or below spiffe://example.test/.`);
  });
});
