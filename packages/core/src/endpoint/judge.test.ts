import { describe, expect, it } from 'vitest';
import {
  certificateFaults,
  dnsFaults,
  isLasting,
  judgeAddress,
  judgeAnswer,
  judgeCertificate,
  judgeReach,
  judgeServer,
  misleads,
  reachFaults,
  sameSerial,
} from './judge.ts';
import type { DnsAnswer, EndpointObservationDetail } from './observation.ts';
import { answer, dns, failedAt, presented, reached } from './testing/facts.ts';

const [a, b] = ['192.0.2.10', '192.0.2.11'];
const absent = { expected: [], expectedTtl: null, values: [], ttl: null };

describe('an answer of a name server', () => {
  const rows: readonly (readonly [string, Partial<DnsAnswer>, string | null, string])[] = [
    ['as expected', {}, null, `ns1 answers A ${a}`],
    ['in another order', { expected: [a, b], values: [b, a] }, null, `ns1 answers A ${b} ${a}`],
    ['expected in another order', { expected: [b, a], values: [a, b] }, null, `ns1 answers A ${a} ${b}`],
    ['of nothing where nothing should be', absent, null, 'ns1 answers A nothing'],
    ['that denies a name where nothing should be', { ...absent, rcode: 'NXDOMAIN' }, null, 'ns1 answers A nothing'],
    ['with any TTL where none was expected', { expectedTtl: null, ttl: 5 }, null, `ns1 answers A ${a}`],

    ['of nothing where a value was taken away', { ...absent, withdrawn: [a] }, null, 'ns1 answers A nothing'],
    ["of somebody else's value where one was taken away", { ...absent, withdrawn: [a], values: [b] }, null, `ns1 answers A ${b}`],
    ['of a referral where a value was taken away', { ...absent, withdrawn: [a], authoritative: false }, null, 'ns1 answers A nothing'],
    ['of a value that was taken away', { ...absent, withdrawn: [a], values: [b, a] }, 'ServerDisagrees', `ns1 still answers A ${a}`],
    [
      'from a version of the zone that the primary has not reached',
      { values: [], rcode: 'NXDOMAIN', serial: 1001, primarySerial: 11 },
      'ServerAhead',
      `ns1 answers NXDOMAIN for A, expected ${a}; ns1 is ahead of the primary, serial 1001 against 11, and takes nothing from it`,
    ],
    [
      'from such a version, of a value that was taken away',
      { ...absent, withdrawn: [a], values: [a], serial: 1001, primarySerial: 11 },
      'ServerAhead',
      `ns1 still answers A ${a}; ns1 is ahead of the primary, serial 1001 against 11, and takes nothing from it`,
    ],
    [
      'from such a version, with another TTL alone',
      { ttl: 5, serial: 2, primarySerial: 4_294_967_290 },
      'ServerAhead',
      'ns1 answers the right A with another TTL (5, expected 60); ns1 is ahead of the primary, serial 2 against 4294967290, and takes nothing from it',
    ],
    ['from such a version, however right', { serial: 1001, primarySerial: 11 }, null, `ns1 answers A ${a}`],
    ['from an older version', { values: [b], serial: 10, primarySerial: 11 }, 'ServerDisagrees', `ns1 answers A ${b}, expected ${a}`],
    [
      'from the version that the primary has: it was changed there',
      { values: [b], serial: 11, primarySerial: 11 },
      'PrimaryDiffers',
      `ns1 answers A ${b}, expected ${a}, and so does the primary`,
    ],
    [
      'from the version that the primary has, of a value that was taken away',
      { ...absent, withdrawn: [a], values: [a], serial: 11, primarySerial: 11 },
      'ServerDisagrees',
      `ns1 still answers A ${a}`,
    ],
    [
      'from no version that it tells',
      { values: [b], serial: null, primarySerial: null },
      'ServerDisagrees',
      `ns1 answers A ${b}, expected ${a}`,
    ],
    [
      'from a version before zero',
      { values: [b], serial: 4_294_967_290, primarySerial: 2 },
      'ServerDisagrees',
      `ns1 answers A ${b}, expected ${a}`,
    ],
    [
      'that is a refusal where a value was taken away',
      { ...absent, withdrawn: [a], rcode: 'REFUSED' },
      'ServerRefused',
      'ns1 answers REFUSED',
    ],
    [
      'that did not come where a value was taken away',
      { ...absent, withdrawn: [a], error: 'timeout', rcode: null },
      'ServerUnreachable',
      'ns1 does not answer: timeout',
    ],

    ['that did not come', { error: 'timeout', rcode: null }, 'ServerUnreachable', 'ns1 does not answer: timeout'],
    ['without an rcode', { rcode: null }, 'ServerUnreachable', 'ns1 does not answer: no answer'],
    ['with an error beside right values', { error: 'truncated' }, 'ServerUnreachable', 'ns1 does not answer: truncated'],
    ['that is an error and a refusal', { error: 'late', rcode: 'REFUSED' }, 'ServerUnreachable', 'ns1 does not answer: late'],
    [
      'of a referral to whom the name is delegated',
      { authoritative: false, values: [], cut: { type: 'NS', name: 'a.test', leadsTo: ['ns1.b.test', 'ns2.b.test'] } },
      'NameDelegated',
      'ns1 refers onward: a.test is delegated to ns1.b.test ns2.b.test, and what its zone holds there is not seen',
    ],
    [
      'from a zone that was split off, however right',
      { cut: { type: 'SOA', name: 'a.test', leadsTo: [] } },
      'NameDelegated',
      'ns1 answers from a.test, a zone of its own, and what the zone above it holds there is not seen',
    ],
    [
      'from a zone that was split off, of a value that was taken away',
      { ...absent, withdrawn: [a], values: [a], cut: { type: 'SOA', name: 'a.test', leadsTo: [] } },
      null,
      `ns1 answers A ${a} from a.test, a zone of its own`,
    ],
    [
      'from a DNAME, wherever that ends',
      { rcode: 'NXDOMAIN', values: [], cut: { type: 'DNAME', name: 'a.test', leadsTo: ['b.test'] } },
      'NameRedirected',
      'ns1 answers from a DNAME: every name below a.test leads below b.test, and what its zone holds there is not seen',
    ],
    [
      'from a DNAME that leads where the name led before it was taken away',
      {
        ...absent,
        type: 'CNAME',
        withdrawn: ['x.b.test'],
        values: ['x.b.test'],
        cut: { type: 'DNAME', name: 'a.test', leadsTo: ['b.test'] },
      },
      null,
      'ns1 answers CNAME x.b.test',
    ],
    ['that is a refusal', { rcode: 'REFUSED' }, 'ServerRefused', 'ns1 answers REFUSED'],
    ['that is a failure, without authority', { rcode: 'SERVFAIL', authoritative: false }, 'ServerRefused', 'ns1 answers SERVFAIL'],
    [
      'without authority, however right',
      { authoritative: false },
      'ServerNotAuthoritative',
      'ns1 does not answer with authority for the zone',
    ],
    [
      'without authority and wrong',
      { authoritative: false, values: [] },
      'ServerNotAuthoritative',
      'ns1 does not answer with authority for the zone',
    ],
    ['of another value', { values: [b] }, 'ServerDisagrees', `ns1 answers A ${b}, expected ${a}`],
    ['of nothing', { values: [] }, 'ServerDisagrees', `ns1 answers A nothing, expected ${a}`],
    ['of a value too many', { values: [a, b] }, 'ServerDisagrees', `ns1 answers A ${a} ${b}, expected ${a}`],
    ['of a value too few', { expected: [a, b] }, 'ServerDisagrees', `ns1 answers A ${a}, expected ${a} ${b}`],
    [
      'of something where nothing should be',
      { expected: [], expectedTtl: null },
      'ServerDisagrees',
      `ns1 answers A ${a}, expected nothing`,
    ],
    ['that denies the name', { rcode: 'NXDOMAIN', values: [] }, 'ServerDisagrees', `ns1 answers NXDOMAIN for A, expected ${a}`],
    ['that denies the name and lists it', { rcode: 'NXDOMAIN' }, 'ServerDisagrees', `ns1 answers NXDOMAIN for A, expected ${a}`],
    ['of another value with another TTL', { values: [b], ttl: 5 }, 'ServerDisagrees', `ns1 answers A ${b}, expected ${a}`],
    ['with another TTL', { ttl: 59 }, 'TtlDiffers', 'ns1 answers the right A with another TTL (59, expected 60)'],
    [
      'with two TTLs within one set',
      { ttl: 60, otherTtl: 300 },
      'TtlDiffers',
      'ns1 answers the right A with several TTLs within one set (60 and 300, expected 60)',
    ],
    ['without a TTL', { ttl: null }, 'TtlDiffers', 'ns1 answers the right A with another TTL (none, expected 60)'],
  ];

  it.each(rows)('%s', (_, more, fault, sentence) => expect(judgeAnswer(answer(more))).toEqual({ fault, sentence }));

  it('can have every fault', () => expect(new Set(rows.flatMap(([, , fault]) => fault ?? []))).toEqual(new Set(dnsFaults)));
});

describe('a name server', () => {
  it.each([
    ['is as expected when every answer is', [{}, { type: 'AAAA' }], null, `ns1 answers A ${a}`],
    ['is spoken for by the first wrong answer', [{}, { rcode: 'REFUSED' }, { error: 'timeout' }], 'ServerRefused', 'ns1 answers REFUSED'],
  ])('%s', (_, answers, fault, sentence) => expect(judgeServer(dns('ns1', ...answers).detail)).toEqual({ fault, sentence }));

  it('that was asked nothing did nothing wrong', () =>
    expect(judgeServer({ address: a, answers: [] })).toEqual({ fault: null, sentence: 'Nothing was asked' }));
});

describe('two serials', () => {
  it.each([
    ['0A1B', '0A1B', true],
    ['0a1b', '0A1B', true],
    ['0A:1B:2C', '0A1B2C', true],
    ['000A1B', 'A1B', true],
    ['00:0a:1b', 'A1B', true],
    ['A1B0', 'A1B', false],
    ['A01B', 'A1B', false],
    ['0', '00', true],
    ['0', '', false],
    ['A1B', 'A1C', false],
    [null, 'A1B', false],
    ['A1B', null, false],
    [null, null, false],
  ])('%s and %s: the same number? %s', (one, other, same) => expect(sameSerial(one, other)).toBe(same));
});

describe('the certificate that an address presents', () => {
  const rows: readonly (readonly [string, Partial<EndpointObservationDetail>, string | null, string | null, string])[] = [
    ['as expected', {}, 'A1B', null, 'at presents it over TLSv1.3'],
    ['over a protocol without a name', { tls: presented({ protocol: null }) }, 'A1B', null, 'at presents it over TLS'],
    ['whatever it is, where none should be', { tls: presented({ verifyError: 'self-signed' }) }, null, null, 'No certificate is expected'],
    ['where none should be and none was seen', { tls: null }, null, null, 'No certificate is expected'],
    ['that was not seen', { tls: null, error: 'refused' }, 'A1B', 'NotReached', 'at: refused'],
    ['that was not seen without an error', { tls: null }, 'A1B', 'NotReached', 'at: no certificate was seen'],
    ['without a serial', { tls: presented({ serial: null }) }, 'A1B', 'NotReached', 'at: no certificate was seen'],
    [
      'that is another one',
      { tls: presented({ serial: 'FF' }) },
      'A1B',
      'OtherCertificateServed',
      'at serves the certificate FF, expected A1B',
    ],
    [
      'that is another one, not trusted, with long serials',
      { tls: presented({ serial: '0123456789ABC', verifyError: 'self-signed' }) },
      '0123456789AB',
      'OtherCertificateServed',
      'at serves the certificate 0123456789AB…, expected 0123456789AB',
    ],
    [
      'with a chain that does not verify',
      { tls: presented({ verifyError: 'self-signed' }) },
      'A1B',
      'ChainNotTrusted',
      'The chain that at serves is not trusted: self-signed',
    ],
    [
      'that nobody has installed yet',
      { tls: presented({ verifyError: 'DEPTH_ZERO_SELF_SIGNED_CERT' }) },
      'A1B',
      'ChainNotTrusted',
      'The chain that at serves is not trusted: the certificate is signed by itself, as before one is installed',
    ],
  ];

  it.each(rows)('%s', (_, more, expected, fault, sentence) =>
    expect(judgeCertificate('at', reached(more), expected)).toEqual({ fault, sentence }),
  );

  it('can have every fault', () => expect(new Set(rows.flatMap(([, , , fault]) => fault ?? []))).toEqual(new Set(certificateFaults)));
});

describe('an address', () => {
  const rows: readonly (readonly [string, Partial<EndpointObservationDetail>, string | null, string])[] = [
    ['that answers', { httpMilliseconds: 2.6 }, null, 'at answered with status 200 in 3 ms'],
    ['that answers in no measured time', { httpMilliseconds: null }, null, 'at answered with status 200 in 0 ms'],
    ['that answers below 400', { httpStatus: 399 }, null, 'at answered with status 399 in 3 ms'],
    ['that answers 400', { httpStatus: 400 }, 'HttpFailed', 'at answered with status 400'],
    ['that answers nothing', { httpStatus: null }, 'HttpFailed', 'at answered nothing'],
    ['that is none', { ...failedAt('dns', 'nobody has one'), address: 'a.test' }, 'NoAddress', 'a.test has no address: nobody has one'],
    [
      'that is none, nobody said why',
      { ...failedAt('dns', null), address: 'a.test' },
      'NoAddress',
      'a.test has no address: none was found',
    ],
    ['that may not be asked', failedAt('guard'), 'AddressForbidden', 'at: it broke'],
    ['that takes no connection', failedAt('tcp'), 'TcpFailed', 'at: it broke'],
    ['that takes no handshake', failedAt('tls'), 'TlsFailed', 'at: it broke'],
    [
      'that serves no intermediate',
      failedAt('tls', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
      'TlsFailed',
      'at: the certificate is served without its intermediate',
    ],
    ['that failed for an unknown reason', failedAt('http', null), 'HttpFailed', 'at: it failed'],
    ['that failed beside a good status', { failedLayer: 'tcp', error: 'reset' }, 'TcpFailed', 'at: reset'],
  ];

  it.each(rows)('%s', (_, more, fault, sentence) => expect(judgeReach('at', reached(more))).toEqual({ fault, sentence }));

  it('can have every fault', () => expect(new Set(rows.flatMap(([, , fault]) => fault ?? []))).toEqual(new Set(reachFaults)));

  const right = dns('ns1').detail;
  const cut = { type: 'NS' as const, name: 'a.test', leadsTo: [] };
  it.each<readonly [string, Partial<DnsAnswer>, byServers: boolean, byOthers: boolean]>([
    ['answers as expected', {}, false, false],
    ['answers something else', { values: [b] }, true, true],
    ['refers elsewhere', { cut }, true, true],
    ['answers another TTL', { ttl: 5 }, false, false],
    ['is silent', { error: 'timeout' }, false, true],
    ['refuses', { rcode: 'REFUSED' }, false, true],
    ['has no authority', { authoritative: false }, false, true],
  ])('may follow from a server that %s, by who led there', (_, more, byServers, byOthers) => {
    const servers = [right, dns('ns2', more).detail];
    expect(misleads(servers, reached({ resolvedBy: 'servers' }))).toBe(byServers);
    for (const resolvedBy of ['resolver', 'contract'] as const) expect(misleads(servers, reached({ resolvedBy }))).toBe(byOthers);
  });

  it.each([
    ['is as expected where it answers with the expected certificate', {}, null],
    ['is wrong where it answers with another certificate', { tls: presented({ serial: 'FF' }) }, 'OtherCertificateServed'],
    ['is wrong where the service fails behind the expected certificate', { httpStatus: 500 }, 'HttpFailed'],
    ['is spoken for by what users meet first', { tls: presented({ serial: 'FF' }), httpStatus: 500 }, 'HttpFailed'],
    ['needs no certificate where none was expected', { tls: null, expectedSerial: null }, null],
  ])('%s', (_, more, fault) => {
    const verdict = judgeAddress('at', reached(more));
    expect(verdict.fault).toBe(fault);
    if (fault === null) expect(verdict.sentence).toBe('at answered with status 200 in 3 ms');
  });
});

it.each([
  ['PrimaryDiffers', true],
  ['ServerAhead', true],
  ['NameDelegated', true],
  ['ServerDisagrees', false],
  [null, false],
] as const)('whether no waiting mends %s: %s', (fault, lasting) => expect(isLasting(fault)).toBe(lasting));
