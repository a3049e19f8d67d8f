import { describe, expect, it } from 'vitest';
import type { ChainLink } from '../contract/endpoint-view.ts';
import { errorTable } from '../error-table.ts';
import { theTeam } from '../operation/moves-next.ts';
import { secondOf } from '../said-time.ts';
import { conditionsOf } from './conditions.ts';
import type { EndpointFacts } from './facts.ts';
import { findingsOf } from './findings.ts';
import { faults } from './reasons.ts';
import { summaryOf } from './summary.ts';
import {
  address,
  certificate,
  days,
  dns,
  facts,
  failedAt,
  minutes,
  notRevoked,
  operation,
  presented,
  refused,
  revision,
  seen,
  stuck,
} from './testing/facts.ts';

const found = (given: Partial<EndpointFacts>) => findingsOf(facts(given));
const codes = (given: Partial<EndpointFacts>) => found(given).map(({ layer, code }) => `${layer} ${code}`);

const other = { tls: presented({ serial: 'FF' }) };
const untrusted = { tls: presented({ verifyError: 'self-signed' }) };
const ending = (more = {}) => certificate({ notBefore: days(-88), notAfter: days(2), ...more });
const expired = certificate({ notAfter: minutes(-1) });
const disagreeing = [dns('ns1'), dns('ns2', { values: ['192.0.2.9'] })];
const given = (error: string, step: string) => stuck(step, { state: 'failed', error: { ...refused, code: error } });

const nameServers = 'whoever runs the name server';
const tlsServer = 'whoever runs the server that ends TLS';
const service = 'whoever runs the service';

describe('a fault', () => {
  const rows: readonly (readonly [code: keyof typeof faults, ChainLink['link'], owner: string, Partial<EndpointFacts>])[] = [
    ['ServerUnreachable', 'dns', nameServers, { dns: [dns('ns1', { error: 'timeout' })] }],
    ['NameDelegated', 'dns', 'the owner of the zone', { dns: [dns('ns1', { cut: { type: 'NS', name: 'a.test', leadsTo: [] } })] }],
    ['NameRedirected', 'dns', 'the owner of the zone', { dns: [dns('ns1', { cut: { type: 'DNAME', name: 'a.test', leadsTo: [] } })] }],
    ['ServerRefused', 'dns', nameServers, { dns: [dns('ns1', { rcode: 'REFUSED' })] }],
    ['ServerNotAuthoritative', 'dns', nameServers, { dns: [dns('ns1', { authoritative: false })] }],
    ['PrimaryDiffers', 'dns', 'the team', { dns: [dns('ns1', { values: [], serial: 11, primarySerial: 11 })] }],
    ['ServerAhead', 'dns', 'the owner of the zone', { dns: [dns('ns1'), dns('ns2', { values: [], serial: 1001, primarySerial: 11 })] }],
    ['ServerDisagrees', 'dns', nameServers, { dns: disagreeing }],
    ['TtlDiffers', 'dns', 'whoever changed the zone', { dns: [dns('ns1', { ttl: 5 })] }],
    ['Expired', 'tls', 'hostmaster', { certificate: expired }],
    ['Revoked', 'tls', 'the team', { certificate: certificate({ state: 'revoked' }) }],
    ['RenewalOverdue', 'tls', 'hostmaster', { certificate: ending() }],
    ['IssuerEnds', 'tls', 'whoever runs Hostmaster', { signingError: 'The root ends.' }],
    ['NotRevoked', 'tls', 'whoever runs the issuer', { state: 'retired', notRevoked: [notRevoked] }],
    [
      'NotTaken',
      'tls',
      'the team',
      { revision: { ...revision, certificateOnly: true }, certificate: certificate({ takenEnds: days(20) }) },
    ],
    ['OtherCertificateServed', 'tls', tlsServer, { endpoint: [seen(other)] }],
    ['ChainNotTrusted', 'tls', tlsServer, { endpoint: [seen(untrusted)] }],
    ['NoAddress', 'dns', 'the team', { endpoint: [seen(failedAt('dns'), minutes(-5), 'orders.example.test')] }],
    ['AddressForbidden', 'tcp', 'a platform admin', { endpoint: [seen(failedAt('guard'))] }],
    ['TcpFailed', 'tcp', service, { endpoint: [seen(failedAt('tcp'))] }],
    ['TlsFailed', 'tls', tlsServer, { endpoint: [seen(failedAt('tls'))] }],
    ['HttpFailed', 'http', service, { endpoint: [seen(failedAt('http'))] }],
  ];

  it.each(rows)('%s lies in %s and is for %s', (code, layer, movesNext, more) =>
    expect(found(more)).toMatchObject([{ code, layer, movesNext, remedy: faults[code].remedy }]),
  );

  it('is looked for here, whichever it is; that nothing was reached is a matter of the layer before', () =>
    expect(new Set([...rows.map(([code]) => code), 'NotReached'])).toEqual(new Set(Object.keys(faults))));

  it('of a certificate that was not revoked says who refused, why, and until when it is valid', () =>
    expect(found({ state: 'retired', notRevoked: [notRevoked] })).toMatchObject([
      {
        cause:
          'The certificate 0A1B2C3D… is not revoked and stays valid until 8 Feb 2027. Example CA refused: It issued no such certificate.',
        evidence: expect.stringContaining(notRevoked.serial),
        since: notRevoked.refusedAt.toISOString(),
      },
    ]));

  const elsewhere = '192.0.2.9';
  it.each([
    ['no address', failedAt('dns')],
    ['an address that is not allowed', failedAt('guard')],
    ['an address where nothing listens', failedAt('tcp')],
    ['an address that serves another certificate', other],
    ['an address whose service fails', { httpStatus: 500 }],
  ])('is that of DNS alone where servers that differ lead to %s', (_, met) => {
    expect(codes({ dns: disagreeing, endpoint: [seen(met, minutes(-5), elsewhere)] })).toEqual(['dns ServerDisagrees']);
    expect(codes({ dns: disagreeing, endpoint: [seen(), seen(met, minutes(-5), elsewhere)] })).toEqual(['dns ServerDisagrees']);
  });

  it('is told beside that of DNS where the approved address fails itself, and where DNS does not lead astray', () => {
    const astray = seen(failedAt('guard'), minutes(-5), elsewhere);
    expect(codes({ dns: disagreeing, endpoint: [seen(failedAt('tcp')), astray] })).toEqual(['dns ServerDisagrees', 'tcp TcpFailed']);
    const silent = [dns('ns1'), dns('ns2', { error: 'timeout' })];
    expect(codes({ dns: silent, endpoint: [astray] })).toEqual(['dns ServerUnreachable', 'tcp AddressForbidden']);
  });

  it('of an issuer that ends is told beside a good certificate, and not of a name without one or that leaves', () => {
    const signingError = 'The root ends on 8 Feb 2027.';
    expect(found({ signingError })).toMatchObject([{ code: 'IssuerEnds', cause: signingError }]);
    expect(codes({ signingError, certificate: expired })).toEqual(['tls Expired']);
    expect(codes({ signingError, state: 'retired' })).toEqual([]);
    expect(summaryOf(facts({ signingError }))).toBe('Live');
  });

  it('of a name that is delegated tells where, as the answer had it', () =>
    expect(found({ dns: [dns('ns1', { cut: { type: 'NS', name: 'a.test', leadsTo: ['ns.b.test'] } })] })).toMatchObject([
      { evidence: 'ns1 A: NOERROR a.test NS ns.b.test at 2026-11-20 11:55:00 UTC' },
    ]));

  it('of a name that another zone answers for tells what that answered', () =>
    expect(found({ dns: [dns('ns1', { cut: { type: 'SOA', name: 'a.test', leadsTo: [] } })] })).toMatchObject([
      { code: 'NameDelegated', evidence: 'ns1 A: NOERROR 192.0.2.10 from a.test at 2026-11-20 11:55:00 UTC' },
    ]));

  it('is told once it was seen, at whatever step the work on it is, and for the same who must move', () => {
    for (const state of ['waiting', 'running'] as const)
      for (const step of ['records-applied', 'records-verified', 'reachable']) {
        const given = { state: 'pending' as const, operation: operation({ state, step, movesNext: 'hostmaster' }) };
        expect(found({ ...given, dns: disagreeing })).toMatchObject([{ code: 'ServerDisagrees', movesNext: nameServers }]);
        expect(found({ ...given, endpoint: [seen({ httpStatus: 404 })] })).toMatchObject([{ code: 'HttpFailed', movesNext: service }]);
      }
  });

  it('of a certificate that is not renewed is for whoever the work under way waits for', () =>
    expect(found({ certificate: expired, operation: operation() })).toMatchObject([{ code: 'Expired', movesNext: 'the name servers' }]));

  it('says what the condition says', () => {
    const broken = facts({ dns: disagreeing });
    const condition = conditionsOf(broken).find(({ type }) => type === 'RecordsVerified');
    expect(findingsOf(broken)).toMatchObject([{ cause: condition?.message, since: condition?.since }]);
  });
});

describe('the error of a step', () => {
  const nothing = { state: 'pending' as const, dns: [], endpoint: [], certificate: null };

  it.each([
    ['admitted', 'name', 'policy-denied', 'PolicyDenied'],
    ['records-applied', 'dns', 'dns-refused', 'DnsRefused'],
    ['records-applied', 'dns', 'address-forbidden', 'AddressForbidden'],
    ['records-verified', 'dns', 'dns-unreachable', 'DnsUnreachable'],
    ['certificate-issued', 'tls', 'issuer-refused', 'IssuerRefused'],
    ['reachable', 'tcp', 'unavailable', 'Unavailable'],
    ['reachable', 'tcp', 'address-forbidden', 'AddressForbidden'],
  ] as const)('%s lies in %s: %s', (step, layer, error, code) =>
    expect(found({ ...nothing, operation: given(error, step) })).toMatchObject([{ layer, code, cause: refused.message }]),
  );

  it.each(['certificate-delivered', 'certificate-served'])('%s lies in tls', (step) =>
    expect(codes({ ...nothing, certificate: certificate(), operation: given('key-unreadable', step) })).toEqual(['tls KeyUnreadable']),
  );

  it('brings its remedy; work that ended is for whoever asked', () =>
    expect(found({ ...nothing, operation: given('dns-refused', 'records-applied') })).toMatchObject([
      { remedy: refused.remedy, movesNext: 'whoever asked' },
    ]));

  it('that nobody kept is for whoever asked, with the remedy for what went wrong here', () => {
    const [admitted, ...others] = conditionsOf(facts());
    const lost = { ...admitted, type: 'Admitted', status: 'false', reason: 'Internal', message: 'It failed.' } as const;
    expect(findingsOf(facts({ certificate: null }), [{ ...lost, since: null, nextAttempt: null }, ...others])).toMatchObject([
      { code: 'Internal', remedy: errorTable.internal.remedy, movesNext: 'whoever asked', evidence: 'It failed.' },
    ]);
  });

  it('stays while a later try is at the steps before it, and is none of those', () => {
    const error = stuck('certificate-issued');
    const first = found({ ...nothing, operation: error });
    expect(first).toMatchObject([{ layer: 'tls', cause: refused.message }]);
    for (const step of ['admitted', 'records-applied', 'records-verified'])
      expect(found({ ...nothing, operation: { ...error, state: 'running', step } })).toEqual(first);
  });

  it('is over once a later try has got past it', () => {
    const trail = [{ step: 'records-applied', state: 'done' as const, at: minutes(0).toISOString(), message: 'Written.' }];
    expect(found({ ...nothing, operation: stuck('records-verified', { state: 'running', trail }) })).toEqual([]);
  });
});

describe('findings', () => {
  it.each([
    ['of one layer are one: the first condition speaks', { certificate: expired, endpoint: [seen(other)] }, ['tls Expired']],
    [
      'of a certificate come before those of the handshake',
      { endpoint: [seen({ ...untrusted, failedLayer: 'tls' })] },
      ['tls ChainNotTrusted'],
    ],
    [
      'come from the outside in',
      { dns: disagreeing, certificate: expired, endpoint: [seen(failedAt('http'))] },
      ['dns ServerDisagrees', 'tls Expired', 'http HttpFailed'],
    ],
    ['stop at the first broken layer on the wire', { certificate: expired, endpoint: [seen(failedAt('tcp'))] }, ['tcp TcpFailed']],
    [
      'put a renewal that is overdue in its place',
      { certificate: ending(), endpoint: [seen(failedAt('http'))] },
      ['tls RenewalOverdue', 'http HttpFailed'],
    ],
    [
      'name it behind a broken layer',
      { certificate: ending(), endpoint: [seen(failedAt('tcp'))] },
      ['tcp TcpFailed', 'tls RenewalOverdue'],
    ],
    ['do not name it beside another fault of TLS', { certificate: ending(), endpoint: [seen(other)] }, ['tls OtherCertificateServed']],
    ['of a server that answers a bad status lie in HTTP', { endpoint: [seen({ httpStatus: 500 })] }, ['http HttpFailed']],
  ])('%s', (_, more, expected) => expect(codes(more)).toEqual(expected));
});

describe('a renewal that is overdue', () => {
  const day = 24 * 60;
  it.each<readonly [string, Partial<EndpointFacts>, string[]]>([
    ['is none with thirty days left', { certificate: certificate({ notBefore: days(-60), notAfter: days(30) }) }, []],
    ['is one below', { certificate: certificate({ notBefore: days(-60), notAfter: minutes(30 * day - 1) }) }, ['tls RenewalOverdue']],
    ['is one to the last moment', { certificate: ending({ notAfter: days(0) }) }, ['tls RenewalOverdue']],
    ['is none once the certificate expired', { certificate: ending({ notAfter: minutes(-1) }) }, ['tls Expired']],
    ['is one before the certificate was seen', { certificate: ending({ state: 'issued' }) }, ['tls RenewalOverdue']],
    ['is none of a revoked certificate', { certificate: ending({ state: 'revoked' }) }, ['tls Revoked']],
    ['is none without a certificate', { certificate: null }, []],
    ['is none of a name that goes', { certificate: ending(), state: 'retiring' }, []],
  ])('%s', (_, more, expected) => expect(codes(more)).toEqual(expected));

  it('counts the days, and says until when', () => {
    expect(found({ certificate: ending() })).toMatchObject([
      {
        cause: 'The certificate expires in 2 days and was not renewed.',
        evidence: 'Certificate A1B, valid until 2026-11-22 12:00:00 UTC',
        since: null,
      },
    ]);
    expect(found({ certificate: ending({ notAfter: days(1) }) })[0]?.cause).toBe('The certificate expires in 1 day and was not renewed.');
  });

  it('says why, with the remedy for that, and who moves next', () =>
    expect(found({ certificate: ending(), operation: stuck('certificate-issued') })).toMatchObject([
      {
        cause: `The certificate expires in 2 days and was not renewed: ${refused.message}`,
        remedy: refused.remedy,
        movesNext: 'the name servers',
      },
    ]));
});

describe('the evidence', () => {
  const at = secondOf(minutes(-5));
  const evidence = (more: Partial<EndpointFacts>) => found(more)[0]?.evidence;

  it.each<readonly [string, Partial<EndpointFacts>, string]>([
    [
      'of the records is what each server answered',
      { dns: [dns('ns1'), dns('ns2', { values: [] }, { error: 'timeout' })] },
      `ns1 A: NOERROR ${address} at ${at}; ns2 A: NOERROR nothing at ${at}; ns2 A: timeout at ${at}`,
    ],
    [
      'of the certificate is what each address presented',
      { endpoint: [seen(other), seen({ tls: presented({ serial: null, verifyError: 'self-signed' }), httpStatus: null })] },
      `${address}:443 from a worker: connected, serial FF, status 200 at ${at}; ${address}:443 from a worker: connected, serial none (self-signed) at ${at}`,
    ],
    ['of an address is how far it got', { endpoint: [seen(failedAt('tcp'))] }, `${address}:443 from a worker: it broke at ${at}`],
    [
      'of a step is its error',
      { dns: [], operation: stuck('records-applied', { state: 'waiting' }) },
      `dns-refused at step records-applied, since ${secondOf(minutes(-1))}`,
    ],
    [
      'of what nobody could look at is the error',
      { endpoint: [], operation: stuck('certificate-served') },
      `dns-refused at step certificate-served, since ${secondOf(minutes(-1))}`,
    ],
    [
      'of a step with servers is what they answered',
      { dns: [dns('ns1')], operation: stuck('records-applied') },
      `ns1 A: NOERROR ${address} at ${at}`,
    ],
    ['of a certificate that ended is its end', { certificate: expired }, `Certificate A1B, valid until ${secondOf(minutes(-1))}`],
  ])('%s', (_, more, expected) => expect(evidence(more)).toBe(expected));
});

describe('a certificate for a key that is the requester’s', () => {
  const revision = { ...facts({}).revision, keyIsTheirs: true };
  it.each<[string, Partial<EndpointFacts>]>([
    ['where TLS fails', { endpoint: [seen(failedAt('tls'))] }],
    ['where another one is served', { endpoint: [seen(other)] }],
  ])('is theirs to install %s', (_, given) => {
    const ofTls = (more: Partial<EndpointFacts>) => found({ ...given, ...more }).find(({ layer }) => layer === 'tls');
    expect(ofTls({ revision })).toMatchObject({
      movesNext: theTeam,
      remedy: expect.stringContaining('the key that the CSR was made with'),
    });
    expect(ofTls({})?.movesNext).not.toBe(theTeam);
  });
});

describe('of a certificate that was brought', () => {
  const brought = { ...revision, brought: true };
  it.each([
    ['is near its end', ending(), 'RenewalOverdue', 'and the next one was not imported.'],
    ['has expired', expired, 'Expired', 'expired'],
  ])('what %s is for its team, who imports the next one', (_, own, code, cause) => {
    const found = findingsOf(facts({ revision: brought, certificate: own })).find((each) => each.code === code);
    expect(found).toMatchObject({ movesNext: 'the team', remedy: expect.stringContaining('Import the next certificate') });
    expect(found?.cause).toContain(cause);
  });
});

describe('the key of a certificate alone that was renewed', () => {
  const alone = { revision: { ...revision, certificateOnly: true } };
  const untaken = (ends: Date) => found({ ...alone, certificate: certificate({ takenEnds: ends }) }).map(({ cause }) => cause);

  it('is told to be taken, with the end of the one that was taken before', () => {
    expect(untaken(days(20))).toEqual([expect.stringMatching(/one that was taken before ends on /)]);
    expect(untaken(days(-1))).toEqual([expect.stringMatching(/one that was taken before ended on /)]);
  });

  it('is no matter of a name that others are handed certificates for, of one that goes, nor where there is something worse', () => {
    const due = certificate({ takenEnds: days(20) });
    expect(found({ certificate: due })).toEqual([]);
    expect(found({ ...alone, state: 'retiring', certificate: due })).toEqual([]);
    expect(found({ ...alone, certificate: { ...ending(), takenEnds: days(1) } })).toMatchObject([{ code: 'RenewalOverdue' }]);
  });
});
