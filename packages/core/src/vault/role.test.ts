import { expect, it } from 'vitest';
import { vaultRole } from './role.ts';

it('what an older Vault leaves out, or answers as null, has the default that Vault documents', () => {
  const role = vaultRole.parse({});
  expect(role).toEqual(vaultRole.parse(Object.fromEntries(Object.keys(role).map((field) => [field, null]))));
  expect(role).toMatchObject({
    key_type: 'rsa',
    require_cn: true,
    server_flag: true,
    allow_localhost: true,
    allow_wildcard_certificates: true,
    allow_subdomains: false,
    no_store: false,
    allowed_domains: [],
    max_ttl: 0,
    not_after: '',
  });
});

it('domains are a list or a text with commas between, without what is empty', () => {
  const domains = (allowed_domains: unknown) => vaultRole.parse({ allowed_domains }).allowed_domains;
  expect([domains(['a.test', '']), domains('a.test, b.test,'), domains('')]).toEqual([['a.test'], ['a.test', 'b.test'], []]);
});

it.each([
  [7200, 7200],
  ['72h', 259_200],
  ['1h30m', 5400],
  ['30d', 2_592_000],
  ['90', 90],
  ['45s', 45],
  ['0', 0],
  ['', 0],
])('a time of %j is %i seconds', (max_ttl, seconds) => expect(vaultRole.parse({ max_ttl }).max_ttl).toBe(seconds));

it('what is no role is none', () => {
  for (const odd of [{ allow_any_name: 'yes' }, { allowed_domains: 7 }, { key_bits: 'many' }])
    expect(vaultRole.safeParse(odd).success).toBe(false);
});
