import { describe, expect, it } from 'vitest';
import { type CaaRecord, caaFault, caaRemedy, readCaa } from './caa.ts';

const asker = { identities: ['ca.example.net', 'ca.example.org'], accountUri: 'https://ca.example.net/acct/7', method: 'dns-01' };
const issue = (value: string): CaaRecord => ({ critical: false, tag: 'issue', value });
const wild = (value: string): CaaRecord => ({ critical: false, tag: 'issuewild', value });
const of = (...records: CaaRecord[]) => caaFault(records, false, asker);

describe('a CA may sign', () => {
  it.each<[string, CaaRecord[], boolean]>([
    ['where nobody says anything', [], false],
    ['where nobody says who may', [{ critical: true, tag: 'iodef', value: 'mailto:a@example.test' }], false],
    ['where it is named', [issue('other.example'), issue('CA.Example.Net')], false],
    ['where it is named by its other name', [issue(' ca.example.org ')], false],
    ['where our account is named', [issue('ca.example.net; accounturi=https://ca.example.net/acct/7')], false],
    ['where our method is named', [issue('ca.example.net;validationmethods=http-01 , DNS-01')], false],
    ['where a parameter is none of those that are known', [issue('ca.example.net; policy=ev; ')], false],
    ['a wildcard where it is named for all names', [issue('ca.example.net')], true],
    ['a wildcard where it is named for those alone', [issue(';'), wild('ca.example.net')], true],
    ['a name where another is named for wildcards', [issue('ca.example.net'), wild('other.example')], false],
    ['a name where only wildcards are spoken of', [wild('other.example')], false],
    ['where a tag that nobody knows is not critical', [{ critical: false, tag: 'new', value: 'x' }, issue('ca.example.net')], false],
    ['whatever the case of the tag', [{ critical: true, tag: 'ISSUE', value: 'ca.example.net' }], false],
  ])('%s', (_, records, wildcard) => expect(caaFault(records, wildcard, asker)).toBeNull());

  it('where it takes proofs in handshakes, and that is how control is shown', () => {
    const records = [issue('ca.example.net; validationmethods=tls-alpn-01')];
    expect(caaFault(records, false, { ...asker, method: 'tls-alpn-01' })).toBeNull();
    expect(caaFault(records, false, asker)).toBe('it takes proofs by tls-alpn-01 alone, and not by dns-01');
    const elsewhere = [issue('ca.example.net; validationmethods=dns-01,http-01')];
    expect(caaFault(elsewhere, false, { ...asker, method: 'tls-alpn-01' })).toBe(
      'it takes proofs by dns-01, http-01 alone, and not by tls-alpn-01',
    );
  });

  it('for all that is known, where it does not say by what name it goes', () =>
    expect(caaFault([issue('other.example')], false, { ...asker, identities: [] })).toBeNull());
});

describe('a CA must not sign', () => {
  it.each<[string, CaaRecord[], boolean, string]>([
    ['where nobody may', [issue(';')], false, 'it lets no CA in'],
    [
      'where others are named',
      [issue('a.example'), issue('b.example'), issue('a.example')],
      false,
      'it lets a.example in; it lets b.example in',
    ],
    [
      'where another account is named',
      [issue('ca.example.net; accounturi=https://ca.example.net/acct/70')],
      false,
      'it lets another account in than ours, which is https://ca.example.net/acct/7',
    ],
    [
      'where two accounts are named at once',
      [issue('ca.example.net; accounturi=https://ca.example.net/acct/7; accounturi=x')],
      false,
      'it lets another account in than ours, which is https://ca.example.net/acct/7',
    ],
    [
      'where another method is named',
      [issue('ca.example.net; validationmethods=http-01,tls-alpn-01')],
      false,
      'it takes proofs by http-01, tls-alpn-01 alone, and not by dns-01',
    ],
    ['a wildcard where another is named for those', [issue('ca.example.net'), wild('other.example')], true, 'it lets other.example in'],
    [
      'where something critical is not understood',
      [issue('ca.example.net'), { critical: true, tag: 'Future', value: '' }],
      false,
      'a critical record has the tag future, which no CA may pass over',
    ],
  ])('%s', (_, records, wildcard, fault) => expect(caaFault(records, wildcard, asker)).toBe(fault));

  it('where one entry lets it in and another does not, it may', () => expect(of(issue(';'), issue('ca.example.net'))).toBeNull());
});

it('what may be written names the CA as it names itself first', () => {
  expect(caaRemedy('example.test', false, asker)).toBe('example.test CAA 0 issue "ca.example.net"');
  expect(caaRemedy('example.test', true, asker)).toBe('example.test CAA 0 issuewild "ca.example.net"');
});

it.each([
  ['0 issue "ca.example.net"', { critical: false, tag: 'issue', value: 'ca.example.net' }],
  ['128 future ""', { critical: true, tag: 'future', value: '' }],
  ['127 issue ";"', { critical: false, tag: 'issue', value: ';' }],
  ['0 issue "a\\"b\\\\c\\059d"', { critical: false, tag: 'issue', value: 'a"b\\c;d' }],
  ['\\# 4 00000000', null],
  ['0 issue ca.example.net', null],
  ['x0 issue "a"', null],
  ['0 issue "a" ', null],
])('reads %s', (text, record) => expect(readCaa(text)).toEqual(record));
