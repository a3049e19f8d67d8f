import { describe, expect, it } from 'vitest';
import { type ChainLink, chainLinks } from '../contract/endpoint-view.ts';
import { chainOf } from './chain.ts';
import { conditionsOf } from './conditions.ts';
import type { EndpointFacts } from './facts.ts';
import {
  address,
  certificate,
  dns,
  facts,
  failedAt,
  hostname,
  minutes,
  operation,
  presented,
  refused,
  revision,
  seen,
  stuck,
} from './testing/facts.ts';

const linkOf = (link: ChainLink['link'], given: Partial<EndpointFacts>) => chainOf(facts(given)).find((each) => each.link === link);
const shape = (given: Partial<EndpointFacts>) =>
  chainOf(facts(given))
    .map(({ state }) => state)
    .join(' ');

const unseen = { state: 'pending' as const, dns: [], endpoint: [], certificate: null };
const expired = certificate({ notAfter: minutes(-1) });
const withoutTls = { ...revision, usesTls: false };
const other = { tls: presented({ serial: 'FF' }) };
const disagreeing = [dns('ns1', { values: ['192.0.2.9'] })];
const cut = { type: 'NS' as const, name: 'example.test', leadsTo: ['ns.example.net'] };
const at = (step: string) => operation({ step });
const since = <Observed extends object>(observed: Observed, count: number) => ({ ...observed, since: minutes(count) });
const lagging = (count: number) => [since(dns('ns2', { values: ['192.0.2.9'] }), count)];

const connects = "A worker connects where the zone's servers lead";

describe('the chain', () => {
  it.each<readonly [string, Partial<EndpointFacts>, string]>([
    ['is whole where all is as approved', {}, 'ok ok ok ok ok'],
    ['waits for what nobody looked at', unseen, 'ok wait wait wait wait'],
    ['breaks where it was not admitted', { ...unseen, operation: stuck('admitted') }, 'bad wait wait wait wait'],
    ['breaks where records could not be written', { ...unseen, operation: stuck('records-applied') }, 'ok bad wait wait wait'],
    ['breaks there even where servers hold the records', { operation: stuck('records-applied') }, 'ok bad ok ok ok'],
    ['breaks where servers disagree', { dns: disagreeing }, 'ok bad ok ok ok'],
    ['waits for servers that follow', { state: 'pending', dns: lagging(-1), operation: at('records-verified') }, 'ok wait ok ok ok'],
    ['waits for them while other work goes on', { state: 'pending', dns: lagging(-1), operation: at('reachable') }, 'ok wait ok ok ok'],
    ['waits for them where no work goes on', { state: 'pending', dns: lagging(-1) }, 'ok wait ok ok ok'],
    ['waits for servers of a name that goes', { state: 'retiring', dns: lagging(-1) }, 'ok wait none none none'],
    [
      'waits for servers that were wrong before the approval, too',
      { state: 'pending', revision: { ...revision, approvedAt: minutes(-1) }, dns: lagging(-30), endpoint: [seen({}, minutes(-1))] },
      'ok wait ok ok ok',
    ],
    ['does not wait for them for long', { state: 'pending', dns: lagging(-1.5), operation: at('records-verified') }, 'ok bad ok ok ok'],
    [
      'does not wait for a name that was seen to break',
      { state: 'degraded', dns: lagging(-1), operation: at('records-verified') },
      'ok bad ok ok ok',
    ],
    ['does not wait for what is delegated', { state: 'pending', dns: [since(dns('ns1', { cut }), -1)] }, 'ok bad ok ok ok'],
    [
      'does not wait for a server that refuses',
      { state: 'pending', dns: [since(dns('ns1', { rcode: 'FORMERR' }), -1)] },
      'ok bad ok ok ok',
    ],
    ['does not wait after an error', { dns: disagreeing, operation: stuck('records-verified') }, 'ok bad ok ok ok'],
    [
      'does not wait for work that is over',
      { dns: disagreeing, operation: operation({ step: 'records-verified', state: 'failed' }) },
      'ok bad ok ok ok',
    ],
    ['breaks in DNS where that leads to no address', { endpoint: [seen(failedAt('dns'), minutes(-5), hostname)] }, 'ok bad none none none'],
    [
      'breaks in DNS alone where that leads elsewhere, and nothing is there',
      { dns: disagreeing, endpoint: [seen(failedAt('tcp'), minutes(-5), '192.0.2.9')] },
      'ok bad none none none',
    ],
    [
      'breaks at a certificate that expired where DNS leads elsewhere, too',
      { dns: disagreeing, endpoint: [seen(failedAt('guard'), minutes(-5), hostname)], certificate: expired },
      'ok bad none bad none',
    ],
    ['ends where an address may not be asked', { endpoint: [seen(failedAt('guard'))] }, 'ok ok bad none none'],
    ['ends where there is no connection', { endpoint: [seen(), seen(failedAt('tcp'))] }, 'ok ok bad none none'],
    ['ends there while work on it goes on', { endpoint: [seen(failedAt('tcp'))], operation: at('reachable') }, 'ok ok bad none none'],
    ['ends where there is no handshake', { endpoint: [seen(), seen(failedAt('tls'))] }, 'ok ok ok bad none'],
    ['breaks where the service fails', { endpoint: [seen(), seen({ httpStatus: 500 })] }, 'ok ok ok ok bad'],
    [
      'breaks where it fails from the start',
      { endpoint: [seen({ httpStatus: 404 }, minutes(0))], operation: at('reachable') },
      'ok ok ok ok bad',
    ],
    ['breaks at another certificate, and goes on', { endpoint: [seen(other)] }, 'ok ok ok bad ok'],
    ['waits for a server that loads its certificate', { endpoint: [seen(other, minutes(-1))] }, 'ok ok ok wait ok'],
    ['breaks at a certificate that expired', { certificate: expired }, 'ok ok ok bad ok'],
    [
      'breaks at a certificate that could not be had, before anybody looked',
      { ...unseen, operation: stuck('certificate-issued') },
      'ok wait wait bad wait',
    ],
    ['breaks at the address that nobody could look at', { endpoint: [], operation: stuck('reachable') }, 'ok ok bad wait wait'],
    ['waits for a certificate that is on order', { certificate: null }, 'ok ok ok wait ok'],
    ['waits to see the certificate', { endpoint: [] }, 'ok ok wait wait wait'],
    ['has no TLS where it needs none', { revision: withoutTls }, 'ok ok ok none ok'],
    ['has no TLS where it needs none, before anybody looked', { revision: withoutTls, endpoint: [] }, 'ok ok wait none wait'],
    ['does not count what was seen before the approval', { endpoint: [seen(failedAt('tcp'), minutes(-61))] }, 'ok ok wait wait wait'],
    ['counts what was seen at the approval', { endpoint: [seen(failedAt('tcp'), minutes(-60))] }, 'ok ok bad none none'],
    ['ends after DNS for a name that goes', { state: 'retiring' }, 'ok ok none none none'],
  ])('%s', (_, given, expected) => {
    expect(shape(given)).toBe(expected);
    expect(chainOf(facts(given)).map(({ link }) => link)).toEqual(chainLinks);
  });

  it.each<readonly [string, ChainLink['link'], Partial<EndpointFacts>, string, string | null]>([
    ['the name', 'name', {}, 'Revision 2 was approved.', hostname],
    ['what the first server holds first', 'dns', { dns: [dns('ns1', {}, { type: 'AAAA' })] }, 'It was not looked at yet.', `A ${address}`],
    ['what servers hold', 'dns', {}, '2 of 2 servers agree.', `A ${address}`],
    [
      'what the first server holds',
      'dns',
      { dns: [dns('ns1', { values: [] }, { type: 'AAAA', values: ['::1', '::2'] })] },
      'It was not looked at yet.',
      'AAAA ::1 ::2',
    ],
    [
      'that servers hold nothing',
      'dns',
      { dns: [dns('ns1', { values: [] })] },
      `0 of 1 server agrees: ns1 answers A nothing, expected ${address}.`,
      null,
    ],
    ['why records could not be written', 'dns', { dns: disagreeing, operation: stuck('records-applied') }, refused.message, 'A 192.0.2.9'],
    ['what is done before servers are asked', 'dns', { ...unseen, operation: operation() }, 'Waits for the name server.', null],
    [
      'that servers are asked',
      'dns',
      {
        ...unseen,
        operation: operation({
          step: 'records-verified',
          trail: [{ step: 'records-applied', state: 'done', at: minutes(-2).toISOString(), message: 'Written.' }],
        }),
      },
      'Waits for the name server.',
      null,
    ],
    [
      'that it leads to no address',
      'dns',
      { endpoint: [seen(failedAt('dns', 'nobody has one'), minutes(-5), hostname)] },
      `${hostname} has no address: nobody has one.`,
      `A ${address}`,
    ],
    ['what comes before TCP', 'tcp', { endpoint: [seen(failedAt('dns'), minutes(-5), hostname)] }, 'Not asked: DNS comes first', null],
    ['the connection', 'tcp', {}, "A worker connects where the zone's servers lead", `${address}:443 in 1 ms`],
    ['a fast connection', 'tcp', { endpoint: [seen({ tcpMilliseconds: 0.99 })] }, connects, `${address}:443 in under 1 ms`],
    [
      'a connection to where a resolver leads, since no server of the zone answers',
      'tcp',
      { endpoint: [seen({ resolvedBy: 'resolver' })] },
      'A worker connects where its resolver leads',
      `${address}:443 in 1 ms`,
    ],
    [
      'a connection to where the contract says, since nobody answers',
      'tcp',
      { endpoint: [seen({ resolvedBy: 'contract' })] },
      'A worker connects where the contract says, since nobody answers for the name',
      `${address}:443 in 1 ms`,
    ],
    ['a slow connection', 'tcp', { endpoint: [seen({ tcpMilliseconds: 12.6 })] }, connects, `${address}:443 in 13 ms`],
    [
      'that there is no connection',
      'tcp',
      { endpoint: [seen(), seen({ ...failedAt('tcp'), tcpMilliseconds: null })] },
      `${address}:443: it broke.`,
      `${address}:443`,
    ],
    [
      'the address that may not be asked before one that does not answer',
      'tcp',
      { endpoint: [seen(failedAt('tcp'), minutes(-5), '192.0.2.8'), seen({ ...failedAt('guard'), tcpMilliseconds: null })] },
      `${address}:443: it broke.`,
      `${address}:443`,
    ],
    ['that nobody looked', 'tcp', { endpoint: [] }, 'It was not looked at yet.', null],
    ['what comes before TLS', 'tls', { endpoint: [seen(failedAt('tcp'))] }, 'Not asked: TCP comes first', null],
    ['the certificate', 'tls', {}, 'Serves the expected certificate', 'TLSv1.3 in 2 ms'],
    [
      'another certificate',
      'tls',
      { endpoint: [seen({ ...other, tlsMilliseconds: null })] },
      `${address}:443 serves the certificate FF, expected A1B.`,
      'TLSv1.3',
    ],
    [
      'the certificate that expired',
      'tls',
      { certificate: expired },
      'The certificate expired on 2026-11-20 11:59 UTC.',
      'TLSv1.3 in 2 ms',
    ],
    [
      'the certificate that expired before anybody looked',
      'tls',
      { certificate: expired, endpoint: [] },
      'The certificate expired on 2026-11-20 11:59 UTC.',
      null,
    ],
    [
      'what a certificate waits for',
      'tls',
      { certificate: null, operation: operation({ step: 'certificate-issued', reason: 'Ordered.' }) },
      'Ordered.',
      'TLSv1.3 in 2 ms',
    ],
    [
      'what a certificate waits for, before anybody looked',
      'tls',
      { ...unseen, operation: operation({ step: 'certificate-issued', reason: 'Ordered.' }) },
      'Ordered.',
      null,
    ],
    [
      'what an issued certificate waits for',
      'tls',
      { endpoint: [], operation: operation({ step: 'certificate-served', reason: 'Delivered.' }) },
      'Delivered.',
      null,
    ],
    [
      'why there is no handshake',
      'tls',
      { endpoint: [seen({ ...failedAt('tls'), tlsMilliseconds: null })] },
      `${address}:443: it broke.`,
      `${address}:443`,
    ],
    [
      'why there is no handshake in words of the certificate',
      'tls',
      { endpoint: [seen({ failedLayer: 'tls', tls: presented({ verifyError: 'self-signed' }) })] },
      `The chain that ${address}:443 serves is not trusted: self-signed.`,
      'TLSv1.3 in 2 ms',
    ],
    ['that no TLS is needed', 'tls', { revision: withoutTls }, 'The contract ends TLS nowhere.', null],
    ['that no TLS is needed, before anybody looked', 'tls', { revision: withoutTls, endpoint: [] }, 'The contract ends TLS nowhere.', null],
    ['what comes before HTTP', 'http', { endpoint: [seen(failedAt('tls'))] }, 'Not asked: TLS comes first', null],
    ['what comes first before HTTP', 'http', { endpoint: [seen(failedAt('tcp'))] }, 'Not asked: TCP comes first', null],
    ['the answer', 'http', {}, `${address}:443 answers with status 200.`, 'status 200 in 3 ms'],
    [
      'the address that fails',
      'http',
      { endpoint: [seen(), seen({ httpStatus: 500, httpMilliseconds: 4 })] },
      `${address}:443 answered with status 500.`,
      'status 500 in 4 ms',
    ],
    [
      'an answer that did not come',
      'http',
      { endpoint: [seen({ ...failedAt('http'), httpMilliseconds: 9 })] },
      `${address}:443: it broke.`,
      'in 9 ms',
    ],
    ['why nobody could look', 'tcp', { endpoint: [], operation: stuck('reachable') }, refused.message, null],
    ['that a name that goes is not asked', 'http', { state: 'retiring' }, 'No longer asked', null],
  ])('says %s (%s)', (_, link, given, message, detail) => expect(linkOf(link, given)).toMatchObject({ message, detail }));

  it('needs every condition', () => {
    const [, ...lacking] = conditionsOf(facts());
    expect(() => chainOf(facts(), lacking)).toThrow('chainOf: the condition Admitted is missing');
  });
});
