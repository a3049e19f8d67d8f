import { describe, expect, it } from 'vitest';
import { vaultRole } from './role.ts';
import { changeForNames, matchesGlob, nameFault } from './role-names.ts';

const domains = ['shop.test', '*.lab.test'];
const roleWith = (fields: object) => vaultRole.parse({ allowed_domains: domains, ...fields });

describe('a role signs for', () => {
  it.each<[string, object, string, boolean]>([
    ['a domain that it has, with allow_bare_domains', { allow_bare_domains: true }, 'shop.test', true],
    ['no domain that it has, without', { allow_subdomains: true }, 'shop.test', false],
    ['a name below one, with allow_subdomains', { allow_subdomains: true }, 'a.b.shop.test', true],
    ['no name that ends alike', { allow_subdomains: true }, 'evilshop.test', false],
    ['a wildcard of one, with allow_subdomains', { allow_subdomains: true }, '*.shop.test', true],
    ['a wildcard below one', { allow_subdomains: true }, '*.a.shop.test', true],
    ['no wildcard of one with allow_bare_domains alone', { allow_bare_domains: true }, '*.shop.test', false],
    ['what a pattern matches, with allow_glob_domains', { allow_glob_domains: true }, 'a.b.lab.test', true],
    ['no pattern without it', { allow_bare_domains: true, allow_subdomains: true }, 'a.lab.test', false],
    ['a name of the machine itself, unless that is not wanted', {}, 'localhost', true],
    ['one below it with allow_subdomains', { allow_subdomains: true }, 'a.localdomain', true],
    ['none below it without', {}, 'a.localhost', false],
    ['none of the machine where that is not wanted', { allow_localhost: false }, 'localhost', false],
    ['any name, with allow_any_name', { allow_any_name: true, allowed_domains: [] }, 'whatever.example', true],
    [
      'no wildcard whatever else, without allow_wildcard_certificates',
      { allow_any_name: true, allow_wildcard_certificates: false },
      '*.shop.test',
      false,
    ],
    ['nobody says what where a domain is a template', { allowed_domains_template: true }, 'whatever.example', true],
    ['nor where the name of the token counts', { allow_token_displayname: true }, 'whatever.example', true],
  ])('%s', (_, fields, name, signs) => expect(nameFault(roleWith(fields), name) === null).toBe(signs));
});

describe('the change of a role that is shown', () => {
  it.each<[string, object, readonly string[], object]>([
    ['is none where it signs', { allow_bare_domains: true }, ['shop.test'], {}],
    ['is a flag where a domain would do with it', {}, ['a.shop.test'], { allow_subdomains: 'true' }],
    ['is a flag for the domain itself', {}, ['shop.test'], { allow_bare_domains: 'true' }],
    ['is a flag for a pattern', {}, ['a.lab.test'], { allow_glob_domains: 'true' }],
    [
      'is the name itself beside those that it has, for one elsewhere',
      {},
      ['x.other.test'],
      { allowed_domains: 'shop.test,*.lab.test,x.other.test', allow_bare_domains: 'true' },
    ],
    [
      'is what stands behind a wildcard',
      { allow_wildcard_certificates: false },
      ['*.other.test'],
      { allowed_domains: 'shop.test,*.lab.test,other.test', allow_subdomains: 'true', allow_wildcard_certificates: 'true' },
    ],
    [
      'is made for all names at once',
      {},
      ['shop.test', 'a.shop.test', 'a.other.test', 'other.test'],
      { allowed_domains: 'shop.test,*.lab.test,a.other.test,other.test', allow_bare_domains: 'true', allow_subdomains: 'true' },
    ],
  ])('%s', (_, fields, names, change) => expect(changeForNames(roleWith(fields), names)).toEqual(change));
});

describe('a pattern', () => {
  it.each([
    ['*', 'a.b', true],
    ['a.b', 'a.b', true],
    ['a.b', 'a.bc', false],
    ['*.b', 'x.y.b', true],
    ['*.b', 'b', false],
    ['a*', 'abc', true],
    ['a*', 'ba', false],
    ['*a*', 'xay', true],
    ['a*c*e', 'abcde', true],
    ['a*c*e', 'acbd', false],
    ['ab*ba', 'aba', false],
    ['**', '', true],
  ])('%s matches %s: %s', (pattern, name, matches) => expect(matchesGlob(pattern, name)).toBe(matches));
});
