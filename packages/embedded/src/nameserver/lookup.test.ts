import { rcodeName, rcodes, typeCode } from '@hostmaster/core/dns/wire/codes';
import { presentRdata } from '@hostmaster/core/dns/wire/rdata';
import type { ResourceRecord } from '@hostmaster/core/dns/wire/record';
import { describe, expect, it } from 'vitest';
import { lookup } from './lookup.ts';
import { zoneFromText } from './testing/zone-text.ts';

const zone = zoneFromText(
  'example.test',
  `
  example.test          SOA    ns1.example.test admin.example.test 7 3600 600 86400 60
  example.test          NS     ns1.example.test
  example.test          NS     ns.example.net
  example.test          MX     10 mail.example.test
  ns1.example.test      A      192.0.2.1
  ns1.example.test      AAAA   2001:db8::1
  mail.example.test     A      192.0.2.25
  www.example.test      CNAME  web.example.test
  web.example.test      A      192.0.2.80
  web.example.test      A      192.0.2.81
  web.example.test      TXT    "web"
  web.example.test      CAA    0 issue "ca.example.net"
  out.example.test      CNAME  www.example.net
  gone.example.test     CNAME  missing.example.test
  hollow.example.test   CNAME  ent.example.test
  loop1.example.test    CNAME  loop2.example.test
  loop2.example.test    CNAME  loop1.example.test
  self.example.test     CNAME  self.example.test
  intosub.example.test  CNAME  host.sub.example.test
  a.b.ent.example.test  A      192.0.2.5
  _sip._tcp.example.test SRV   1 2 5060 mail.example.test
  sub.example.test      NS     ns.sub.example.test
  sub.example.test      NS     ns1.example.test
  sub.example.test      DS     60485 13 2 abcd
  ns.sub.example.test   A      192.0.2.53
  ns.deep.sub.example.test A   192.0.2.54
  deep.sub.example.test NS     ns.deep.sub.example.test
  plain.example.test    NS     ns.example.net
  *.wild.example.test   A      192.0.2.7
  *.wild.example.test   TXT    "any"
  own.wild.example.test TXT    "own"
  x.y.wild.example.test TXT    "deep"
  *.alias.example.test  CNAME  web.example.test
  sub.*.star.example.test TXT  "below a star"
  dot\\.ted.example.test TXT   "escaped"
  spare.example.test    TYPE65280 \\# 2 beef
  `,
);

const text = (records: readonly ResourceRecord[]): string[] =>
  records.map((record) => `${record.name} ${presentRdata(record.type, record.data)}`);

const negative = ['example.test ns1.example.test admin.example.test 7 3600 600 86400 60'];
const nsOfSub = ['sub.example.test ns.sub.example.test', 'sub.example.test ns1.example.test'];
const glueOfSub = ['ns.sub.example.test 192.0.2.53', 'ns1.example.test 192.0.2.1', 'ns1.example.test 2001:db8::1'];
const web = ['web.example.test 192.0.2.80', 'web.example.test 192.0.2.81'];

type Expected = { rcode?: 'NXDOMAIN'; aa?: false; an?: readonly string[]; ns?: readonly string[]; ar?: readonly string[] };

const nodata: Expected = { ns: negative };
const nxdomain: Expected = { rcode: 'NXDOMAIN', ns: negative };
const referral: Expected = { aa: false, ns: nsOfSub, ar: glueOfSub };

const table: readonly (readonly [name: string, type: string, why: string, expected: Expected])[] = [
  ['web.example.test', 'A', 'all records of the set', { an: web }],
  ['web.example.test', 'AAAA', 'a name without the type has no data', nodata],
  ['web.example.test', 'CAA', 'any type', { an: ['web.example.test 0 issue "ca.example.net"'] }],
  ['web.example.test', 'ANY', 'one set stands for all', { an: web }],
  ['spare.example.test', 'TYPE65280', 'types nobody knows', { an: ['spare.example.test \\# 2 beef'] }],
  ['example.test', 'SOA', 'the SOA', { an: negative }],
  [
    'example.test',
    'NS',
    'the apex is no delegation; addresses that are here go along',
    {
      an: ['example.test ns1.example.test', 'example.test ns.example.net'],
      ar: ['ns1.example.test 192.0.2.1', 'ns1.example.test 2001:db8::1'],
    },
  ],
  [
    'example.test',
    'MX',
    'the address of a mail server goes along',
    { an: ['example.test 10 mail.example.test'], ar: ['mail.example.test 192.0.2.25'] },
  ],
  [
    '_sip._tcp.example.test',
    'SRV',
    'and of a service',
    { an: ['_sip._tcp.example.test 1 2 5060 mail.example.test'], ar: ['mail.example.test 192.0.2.25'] },
  ],
  ['example.test', 'A', 'an apex without the type', nodata],
  ['example.test', 'DS', 'a zone has no DS of itself', nodata],
  ['nope.example.test', 'A', 'a name that is not there', nxdomain],
  ['a.web.example.test', 'A', 'nor below one that is', nxdomain],
  ['ent.example.test', 'A', 'an empty non-terminal exists', nodata],
  ['b.ent.example.test', 'A', 'at every level', nodata],
  ['c.ent.example.test', 'A', 'but not beside', nxdomain],
  ['_tcp.example.test', 'SRV', 'also under a label with an underscore', nodata],
  ['ted.example.test', 'TXT', 'an escaped dot makes no ancestor', nxdomain],
  ['dot\\.ted.example.test', 'TXT', 'it is part of its label', { an: ['dot\\.ted.example.test "escaped"'] }],
  ['www.example.test', 'A', 'an alias is followed within the zone', { an: ['www.example.test web.example.test', ...web] }],
  ['www.example.test', 'CNAME', 'but not when it was asked for', { an: ['www.example.test web.example.test'] }],
  ['www.example.test', 'ANY', 'or anything', { an: ['www.example.test web.example.test'] }],
  ['www.example.test', 'MX', 'an alias whose target lacks the type', { an: ['www.example.test web.example.test'], ns: negative }],
  ['out.example.test', 'A', 'not beyond the zone', { an: ['out.example.test www.example.net'] }],
  [
    'gone.example.test',
    'A',
    'the code is that of the end of the chain',
    { rcode: 'NXDOMAIN', an: ['gone.example.test missing.example.test'], ns: negative },
  ],
  ['hollow.example.test', 'A', 'a chain to an empty non-terminal', { an: ['hollow.example.test ent.example.test'], ns: negative }],
  ['loop1.example.test', 'A', 'a loop ends', { an: ['loop1.example.test loop2.example.test', 'loop2.example.test loop1.example.test'] }],
  ['self.example.test', 'A', 'so does the shortest', { an: ['self.example.test self.example.test'] }],
  [
    'intosub.example.test',
    'A',
    'a chain into a delegation',
    { an: ['intosub.example.test host.sub.example.test'], ns: nsOfSub, ar: glueOfSub },
  ],
  ['sub.example.test', 'A', 'a delegation is referred to', referral],
  ['sub.example.test', 'NS', 'even when its NS are asked for', referral],
  ['sub.example.test', 'ANY', 'or anything', referral],
  ['host.sub.example.test', 'A', 'everything below too', referral],
  ['ns.sub.example.test', 'A', 'glue is no answer', referral],
  ['deep.sub.example.test', 'A', 'the topmost delegation counts', referral],
  ['deep.sub.example.test', 'DS', 'also for a DS below it', referral],
  ['sub.example.test', 'DS', 'the DS is on this side of the cut', { an: ['sub.example.test 60485 13 2 abcd'] }],
  ['plain.example.test', 'DS', 'so is its absence', nodata],
  ['plain.example.test', 'A', 'name servers elsewhere have no glue here', { aa: false, ns: ['plain.example.test ns.example.net'] }],
  ['a.wild.example.test', 'A', 'a wildcard answers under the name', { an: ['a.wild.example.test 192.0.2.7'] }],
  ['a.b.c.wild.example.test', 'A', 'over any number of labels', { an: ['a.b.c.wild.example.test 192.0.2.7'] }],
  ['a.wild.example.test', 'MX', 'a wildcard without the type', nodata],
  ['*.wild.example.test', 'TXT', 'asked by its own name', { an: ['*.wild.example.test "any"'] }],
  ['wild.example.test', 'A', 'a wildcard does not cover its parent', nodata],
  ['own.wild.example.test', 'A', 'a name that exists is not covered', nodata],
  ['z.own.wild.example.test', 'A', 'nor are names below it', nxdomain],
  ['y.wild.example.test', 'A', 'nor an empty non-terminal', nodata],
  ['z.y.wild.example.test', 'A', 'nor what the non-terminal encloses', nxdomain],
  ['a.alias.example.test', 'A', 'a wildcard alias is followed', { an: ['a.alias.example.test web.example.test', ...web] }],
  ['a.alias.example.test', 'CNAME', 'or answered', { an: ['a.alias.example.test web.example.test'] }],
  ['a.star.example.test', 'TXT', 'a star that owns nothing covers with nothing', nodata],
  ['sub.*.star.example.test', 'TXT', 'a star in the middle is a label', { an: ['sub.*.star.example.test "below a star"'] }],
  ['a.*.star.example.test', 'TXT', 'and encloses', nxdomain],
];

describe('the answer of RFC 1034 §4.3.2', () => {
  it.each(table)('%s %s: %s', (name, type, _, { rcode, aa, an = [], ns = [], ar = [] }) => {
    const answer = lookup(zone, name, typeCode(type));
    expect(rcodeName(answer.rcode)).toBe(rcode ?? 'NOERROR');
    expect(answer.authoritative).toBe(aa ?? true);
    expect(text(answer.answers)).toEqual(an);
    expect(text(answer.authorities)).toEqual(ns);
    expect(text(answer.additionals)).toEqual(ar);
  });

  it('caches negative answers by the lower of the SOA’s TTL and its minimum', () => {
    for (const [ttl, minimum, expected] of [
      [300, 60, 60],
      [30, 60, 30],
    ] as const) {
      const small = zoneFromText('example.test', `example.test SOA ns1 admin 1 2 3 4 ${minimum}`, ttl);
      expect(lookup(small, 'x.example.test', typeCode('A')).authorities.map((record) => record.ttl)).toEqual([expected]);
    }
  });

  it('a wildcard at the apex covers the whole zone, the root zone included', () => {
    for (const apex of ['example.test', '.']) {
      const star = apex === '.' ? '*' : `*.${apex}`;
      const small = zoneFromText(apex, `${apex} SOA ns1 admin 1 2 3 4 5\n${star} A 192.0.2.1`);
      const name = apex === '.' ? 'a.b' : `a.b.${apex}`;
      expect(lookup(small, name, typeCode('A'))).toMatchObject({ rcode: rcodes.NOERROR, answers: [{ name }] });
    }
  });

  it('a chain longer than any sensible one is cut, not followed without end', () => {
    const links = Array.from({ length: 50 }, (_, at) => `n${at}.example.test CNAME n${at + 1}.example.test`);
    const chain = zoneFromText('example.test', ['example.test SOA ns1 admin 1 2 3 4 5', ...links].join('\n'));
    expect(lookup(chain, 'n0.example.test', typeCode('A')).answers.length).toBeLessThan(20);
  });
});
