import { describe, expect, it } from 'vitest';
import { type Condition, conditionTypes } from '../contract/endpoint-view.ts';
import { errorTable } from '../error-table.ts';
import { type ConditionType, conditionsOf } from './conditions.ts';
import type { EndpointFacts } from './facts.ts';
import { conditionReasons, reasonOfError } from './reasons.ts';
import {
  address,
  certificate,
  dns,
  facts,
  failedAt,
  hostname,
  minutes,
  now,
  operation,
  presented,
  recordSet,
  refused,
  revision,
  seen,
  stuck,
} from './testing/facts.ts';

type Row = readonly [title: string, given: Partial<EndpointFacts>, status: Condition['status'], reason: string, message?: string];

const conditionOf = (type: ConditionType, given: Partial<EndpointFacts>) => conditionsOf(facts(given)).find((each) => each.type === type);

const done = { step: 'records-applied', state: 'done' as const, at: minutes(-7).toISOString(), message: '1 record set changed.' };
const behind = dns('ns2', { values: ['192.0.2.9'] });
const wrong = [dns('ns1'), behind];
const wants = (...recordSets: EndpointFacts['revision']['recordSets']) => ({ ...revision, recordSets });
const ordered = (values: string[], expected: string[]) => ({
  revision: wants({ ...recordSet, values }),
  dns: [dns('ns1', { expected, values })],
});
const unasked = { dns: [], operation: stuck('records-verified') };
const withoutTls = { ...revision, usesTls: false };
const renewal = operation({ purpose: 'renewal', step: 'reachable' });
const other = { tls: presented({ serial: 'FF' }) };
const untrusted = { tls: presented({ verifyError: 'self-signed' }) };
const nothingThere = 'Nothing should be there any more.';
const gone: readonly Row[] = [
  ['the name is being retired', { state: 'retiring' }, 'unknown', 'Retired', nothingThere],
  ['the name is retired', { state: 'retired' }, 'unknown', 'Retired', nothingThere],
  [
    'nothing is wanted, with TLS or without',
    { revision: { ...withoutTls, retires: true, recordSets: [] } },
    'unknown',
    'Retired',
    nothingThere,
  ],
];
const notNeeded: Row = ['the contract ends TLS nowhere', { revision: withoutTls }, 'true', 'NotNeeded', 'The contract ends TLS nowhere.'];

const rows: { readonly [T in ConditionType]: readonly Row[] } = {
  Admitted: [
    ['the revision was approved', {}, 'true', 'Approved', 'Revision 2 was approved.'],
    [
      'nobody approved the revision, which takes a request back',
      { revision: { ...revision, takesBack: 12 } },
      'true',
      'TakenBack',
      'Taken back: what request #12 had begun.',
    ],
    [
      'admitting it failed',
      { state: 'pending', operation: stuck('admitted', { state: 'failed' }) },
      'false',
      'DnsRefused',
      refused.message,
    ],
    ['the error is gone', { operation: operation({ step: 'admitted' }) }, 'true', 'Approved'],
    ['another step failed', { operation: stuck('records-applied') }, 'true', 'Approved'],
    ['work got past the error', { operation: stuck('admitted', { state: 'succeeded' }) }, 'true', 'Approved'],
    ['work after an error was replaced', { operation: stuck('admitted', { state: 'superseded' }) }, 'true', 'Approved'],
    ['work was given up, and all was seen as approved again', { operation: stuck('admitted', { state: 'failed' }) }, 'true', 'Approved'],
    [
      'work was given up, and all is not well',
      { state: 'degraded', operation: stuck('admitted', { state: 'failed' }) },
      'false',
      'DnsRefused',
    ],
    ['work on a live endpoint goes on after an error', { operation: stuck('admitted') }, 'false', 'DnsRefused'],
    [
      'the code of the error is in the table no more',
      { operation: operation({ step: 'admitted', error: { ...refused, code: 'of-old' } }) },
      'false',
      'Internal',
    ],
  ],
  RecordsApplied: [
    [
      'the step is done, whatever the servers say',
      { dns: wrong, operation: operation({ trail: [done] }) },
      'true',
      'Applied',
      done.message,
    ],
    ['the servers hold them', {}, 'true', 'Observed', 'The servers hold the records.'],
    ['another step is done', { dns: wrong, operation: operation({ trail: [{ ...done, step: 'admitted' }] }) }, 'unknown', 'InProgress'],
    ['the step waits', { dns: wrong, operation: operation({ trail: [{ ...done, state: 'waiting' }] }) }, 'unknown', 'InProgress'],
    [
      'the step failed after it was done',
      { operation: stuck('records-applied', { trail: [done, ...stuck('records-applied').trail] }) },
      'false',
      'DnsRefused',
    ],
    ['it is being done', { dns: wrong, operation: operation() }, 'unknown', 'InProgress', 'Waits for the name server.'],
    [
      'an earlier step is at work',
      { dns: wrong, operation: operation({ step: 'admitted' }) },
      'unknown',
      'Pending',
      'Comes after the steps before it.',
    ],
    ['the work has no such step', { dns: wrong, operation: renewal }, 'unknown', 'NotObserved', 'It was not looked at yet.'],
    [
      'the work is over',
      { dns: wrong, operation: operation({ state: 'succeeded' }) },
      'unknown',
      'NotObserved',
      'It was not looked at yet.',
    ],
    ['there is no work', { dns: wrong }, 'unknown', 'NotObserved'],
  ],
  RecordsVerified: [
    ['all servers agree', {}, 'true', 'AllServersAgree', '2 of 2 servers agree.'],
    ['the only server agrees', { dns: [dns()] }, 'true', 'AllServersAgree', '1 of 1 server agrees.'],
    [
      'all deny what should be gone',
      { revision: wants(), dns: [dns('ns1', { expected: [], values: [], expectedTtl: null })] },
      'true',
      'AllServersAgree',
    ],
    ['values were expected in another order', ordered(['b', 'a'], ['a', 'b']), 'true', 'AllServersAgree'],
    ['values were stored in another order', ordered(['a', 'b'], ['b', 'a']), 'true', 'AllServersAgree'],
    [
      'two types are wanted, and both were asked for',
      { revision: wants(recordSet, { ...recordSet, type: 'CAA' }), dns: [dns('ns1', {}, { type: 'CAA' })] },
      'true',
      'AllServersAgree',
    ],
    ['no TTL was expected', { dns: [dns('ns1', { expectedTtl: null, ttl: 1 })] }, 'true', 'AllServersAgree'],
    [
      'another name is wanted too',
      { revision: wants(recordSet, { ...recordSet, name: `www.${hostname}`, values: ['192.0.2.7'] }) },
      'true',
      'AllServersAgree',
    ],
    ['they agree after an error', { operation: stuck('records-verified') }, 'true', 'AllServersAgree'],
    ['one disagrees', { dns: wrong }, 'false', 'ServerDisagrees', `1 of 2 servers agree: ns2 answers A 192.0.2.9, expected ${address}.`],
    [
      'two of three are wrong: the first speaks',
      { dns: [dns('ns1', { error: 'timeout' }), behind, dns('ns3')] },
      'false',
      'ServerUnreachable',
      '1 of 3 servers agree: ns1 does not answer: timeout.',
    ],
    [
      'one refers elsewhere, and another is behind still: what no waiting mends speaks',
      { dns: [dns('ns1', { values: ['192.0.2.9'] }), dns('ns2', { cut: { type: 'NS', name: 'a.test', leadsTo: ['ns.b.test'] } })] },
      'false',
      'NameDelegated',
    ],
    ['one answers from a DNAME', { dns: [dns('ns1', { cut: { type: 'DNAME', name: 'a.test', leadsTo: [] } })] }, 'false', 'NameRedirected'],
    [
      'the only one refuses',
      { dns: [dns('ns1', { rcode: 'REFUSED' })] },
      'false',
      'ServerRefused',
      '0 of 1 server agrees: ns1 answers REFUSED.',
    ],
    ['the primary itself answers otherwise', { dns: [dns('ns1', { values: [], serial: 2, primarySerial: 2 })] }, 'false', 'PrimaryDiffers'],
    ['one is ahead of the primary', { dns: [dns('ns1', { values: [], serial: 2, primarySerial: 1 })] }, 'false', 'ServerAhead'],
    ['one has no authority', { dns: [dns('ns1', { authoritative: false })] }, 'false', 'ServerNotAuthoritative'],
    ['one has another TTL', { dns: [dns('ns1', { ttl: 5 })] }, 'false', 'TtlDiffers'],
    ['one was asked for older values', { dns: [dns('ns1'), dns('ns2', { expected: ['192.0.2.9'] })] }, 'unknown', 'NotObserved'],
    ['one was asked for an older TTL', { dns: [dns('ns1', { expectedTtl: 300 }), dns('ns2')] }, 'unknown', 'NotObserved'],
    ['one was asked for a type that is not wanted', { dns: [dns('ns1', {}, { type: 'AAAA' })] }, 'unknown', 'NotObserved'],
    [
      'one was not asked for a type that is wanted',
      { revision: wants(recordSet, { ...recordSet, type: 'CAA' }) },
      'unknown',
      'NotObserved',
    ],
    ['none was asked', { dns: [] }, 'unknown', 'NotObserved'],
    ['none could be asked', unasked, 'false', 'DnsRefused', refused.message],
    ['one could not be asked again', { ...unasked, dns: [dns('ns1'), dns('ns2', { expected: [] })] }, 'false', 'DnsRefused'],
    ['they are being asked', { dns: [], operation: operation({ step: 'records-verified' }) }, 'unknown', 'InProgress'],
  ],
  CertificateIssued: [
    ['it is served', {}, 'true', 'Issued', 'Valid until 8 Feb 2027.'],
    ['it is not served yet', { certificate: certificate({ state: 'issued' }) }, 'true', 'Issued'],
    [
      'there is one, and its renewal was given up',
      { operation: stuck('certificate-issued', { purpose: 'renewal', state: 'failed' }) },
      'true',
      'Issued',
      `Valid until 8 Feb 2027. The newest try for another one failed: ${refused.message}`,
    ],
    [
      'there is one, and other work on it was given up',
      { operation: stuck('certificate-issued', { state: 'failed' }) },
      'true',
      'Issued',
      'Valid until 8 Feb 2027.',
    ],
    ['it is in its last moment', { certificate: certificate({ notAfter: now }) }, 'true', 'Issued'],
    [
      'it expired',
      { certificate: certificate({ notAfter: new Date(now.getTime() - 1) }) },
      'false',
      'Expired',
      'The certificate expired on 20 Nov 2026.',
    ],
    [
      'it expired, and another could not be had',
      { certificate: certificate({ notAfter: minutes(-1) }), operation: stuck('certificate-issued') },
      'false',
      'DnsRefused',
    ],
    ['it was revoked', { certificate: certificate({ state: 'revoked' }) }, 'false', 'Revoked', 'The certificate was revoked.'],
    ['it was replaced', { certificate: certificate({ state: 'superseded' }) }, 'unknown', 'NotObserved'],
    ['it is on order', { certificate: null, operation: operation({ step: 'certificate-issued' }) }, 'unknown', 'InProgress'],
    ['there is none', { certificate: null }, 'unknown', 'NotObserved'],
    ['there is none, and it could not be had', { certificate: null, operation: stuck('certificate-issued') }, 'false', 'DnsRefused'],
    notNeeded,
    ...gone,
  ],
  CertificateServed: [
    ['it was seen', {}, 'true', 'Served', `Seen on the wire at ${address}:443.`],
    ['it was seen everywhere', { endpoint: [seen(), seen()] }, 'true', 'Served', 'Seen on the wire at all 2 addresses.'],
    ['it was seen at the moment of the approval', { endpoint: [seen({}, minutes(-60))] }, 'true', 'Served'],
    ['it was seen before the approval alone', { endpoint: [seen({}, minutes(-61))] }, 'unknown', 'NotObserved'],
    [
      'another one was seen',
      { endpoint: [seen(other)] },
      'false',
      'OtherCertificateServed',
      `${address}:443 serves the certificate FF, expected A1B.`,
    ],
    ['another one was seen before this one was issued', { endpoint: [seen(other, minutes(-51))] }, 'unknown', 'NotObserved'],
    ['another one was seen once this one was issued', { endpoint: [seen(other, minutes(-50))] }, 'false', 'OtherCertificateServed'],
    [
      'its chain does not verify',
      { endpoint: [seen(), seen(untrusted)] },
      'false',
      'ChainNotTrusted',
      `The chain that ${address}:443 serves is not trusted: self-signed.`,
    ],
    ['another one is worse than a chain', { endpoint: [seen(untrusted), seen(other)] }, 'false', 'OtherCertificateServed'],
    [
      'one address did not get that far',
      { endpoint: [seen(), seen(failedAt('tcp'))] },
      'unknown',
      'NotReached',
      'No certificate was seen: the address did not get that far.',
    ],
    ['none got that far', { endpoint: [seen(failedAt('tcp'))], operation: stuck('certificate-served') }, 'unknown', 'NotReached'],
    ['it was seen after an error', { operation: stuck('certificate-served') }, 'true', 'Served'],
    ['nobody could look', { endpoint: [], operation: stuck('certificate-served') }, 'false', 'DnsRefused'],
    ['it could not be delivered', { endpoint: [], operation: stuck('certificate-delivered') }, 'false', 'DnsRefused'],
    ['nobody looked', { endpoint: [], operation: operation({ step: 'certificate-served' }) }, 'unknown', 'InProgress'],
    ['there is none', { certificate: null }, 'unknown', 'NotObserved'],
    notNeeded,
    ...gone,
  ],
  Reachable: [
    ['it answers', {}, 'true', 'Answered', `${address}:443 answers with status 200.`],
    ['all answer', { endpoint: [seen({ httpStatus: 204 }), seen()] }, 'true', 'Answered', 'All 2 addresses answer with status 204.'],
    ['it answers after an error', { operation: stuck('reachable') }, 'true', 'Answered'],
    [
      'it has no address',
      { endpoint: [seen(failedAt('dns', 'nobody has one'), minutes(-5), hostname)] },
      'false',
      'NoAddress',
      `${hostname} has no address: nobody has one.`,
    ],
    [
      'servers that differ lead elsewhere, and nothing is there',
      { dns: wrong, endpoint: [seen(failedAt('tcp'), minutes(-5), '192.0.2.9')] },
      'unknown',
      'Pending',
      'The name servers lead elsewhere than approved: that comes first.',
    ],
    [
      'servers that differ lead elsewhere, too',
      { dns: wrong, endpoint: [seen(), seen(failedAt('tcp'), minutes(-5), '192.0.2.9')] },
      'true',
      'Answered',
    ],
    ['it may not be asked', { endpoint: [seen(failedAt('guard'))] }, 'false', 'AddressForbidden', `${address}:443: it broke.`],
    ['one takes no connection', { endpoint: [seen(), seen(failedAt('tcp'))] }, 'false', 'TcpFailed', `${address}:443: it broke.`],
    ['it takes no handshake', { endpoint: [seen(failedAt('tls'))] }, 'false', 'TlsFailed'],
    ['it answers 400', { endpoint: [seen({ httpStatus: 400 })] }, 'false', 'HttpFailed', `${address}:443 answered with status 400.`],
    [
      'two fail: the outermost speaks',
      { endpoint: [seen(failedAt('http')), seen(failedAt('tcp', 'refused'))] },
      'false',
      'TcpFailed',
      `${address}:443: refused.`,
    ],
    [
      'two fail in one layer: the first speaks',
      { endpoint: [seen(failedAt('tcp', 'refused')), seen(failedAt('tcp'))] },
      'false',
      'TcpFailed',
      `${address}:443: refused.`,
    ],
    ['it failed before the approval alone', { endpoint: [seen(failedAt('tcp'), minutes(-61))] }, 'unknown', 'NotObserved'],
    ['nobody could look', { endpoint: [], operation: stuck('reachable') }, 'false', 'DnsRefused'],
    ['nobody looked', { endpoint: [], operation: operation({ step: 'reachable' }) }, 'unknown', 'InProgress'],
    ...gone,
  ],
};

describe.each(conditionTypes)('%s', (type) => {
  for (const [title, given, status, reason, message] of rows[type])
    it(title, () => expect(conditionOf(type, given)).toMatchObject({ status, reason, ...(message === undefined ? {} : { message }) }));
});

describe('the conditions', () => {
  it('come in their order', () => expect(conditionsOf(facts()).map(({ type }) => type)).toEqual(conditionTypes));

  it('have every reason that is not the error of a step', () => {
    const ofErrors: readonly string[] = Object.keys(errorTable).map(reasonOfError);
    const given = new Set(Object.values(rows).flatMap((each) => each.map(([, , , reason]) => reason)));
    expect(conditionReasons.filter((reason) => !given.has(reason) && !ofErrors.includes(reason))).toEqual([]);
  });
});
