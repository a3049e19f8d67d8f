import { describe, expect, it, test } from 'vitest';
import { brokenBy, shownState } from './broken.ts';
import { chainOf } from './chain.ts';
import type { EndpointFacts } from './facts.ts';
import { judgeCertificate, judgeReach, judgeServer, spokesman } from './judge.ts';
import { dns, facts, failedAt, seen } from './testing/facts.ts';

/** What a look says that saw what is kept here. */
function lookAt({ dns: servers, endpoint }: EndpointFacts): string | null {
  const wrong = servers.map(({ detail }) => ({ verdict: judgeServer(detail) })).filter(({ verdict }) => verdict.fault !== null);
  const worst = <Fault extends string>(verdicts: readonly { readonly fault: Fault | null; readonly sentence: string }[]) => {
    const shown = verdicts.find(({ fault }) => fault !== null) ?? verdicts[0];
    return { fault: shown?.fault ?? null, message: shown?.sentence ?? '' };
  };
  return brokenBy(
    spokesman(wrong)?.verdict.sentence ?? null,
    worst(endpoint.map(({ source, detail }) => judgeCertificate(source, detail, detail.expectedSerial))),
    worst(endpoint.map(({ source, detail }) => judgeReach(source, detail))),
  );
}

describe('a look and the chain of what it saw', () => {
  const tls = (more: object) => {
    const { detail } = seen();
    return [seen({ tls: detail.tls === null ? null : { ...detail.tls, ...more } })];
  };
  it.each<[string, Partial<EndpointFacts>, 'live' | 'degraded']>([
    ['everything is as approved', {}, 'live'],
    ['a server answers otherwise', { dns: [dns('ns1'), dns('ns2', { values: ['192.0.2.9'] })] }, 'degraded'],
    ['a server answers another TTL', { dns: [dns('ns1', { ttl: 5 })] }, 'degraded'],
    ['another certificate is served', { endpoint: tls({ serial: '0BAD' }) }, 'degraded'],
    ['the chain is not trusted', { endpoint: tls({ verifyError: 'CERT_HAS_EXPIRED' }) }, 'degraded'],
    ['nothing listens', { endpoint: [seen(failedAt('tcp'))] }, 'degraded'],
    ['TLS fails', { endpoint: [seen(failedAt('tls'))] }, 'degraded'],
    ['the service fails', { endpoint: [seen({ httpStatus: 503 })] }, 'degraded'],
  ])('agree where %s', (_, more, state) => {
    const of = facts(more);
    expect(shownState({ state: 'live', attention: false, chain: chainOf(of) })).toBe(state);
    expect(lookAt(of) === null ? 'live' : 'degraded').toBe(state);
  });
});

test('a look tells the outermost that is broken, and of a certificate that was not reached what kept it from that', () => {
  const fine = { fault: null, message: 'Fine.' };
  const [notReached, otherOne] = [
    { fault: 'NotReached', message: 'No certificate was seen.' },
    { fault: 'OtherCertificateServed', message: 'Another certificate.' },
  ] as const;
  const refused = { fault: 'TcpFailed', message: 'Nothing listens.' } as const;
  expect(brokenBy('ns1 disagrees.', otherOne, refused)).toBe('ns1 disagrees.');
  expect(brokenBy(null, otherOne, refused)).toBe('Another certificate.');
  expect(brokenBy(null, notReached, refused)).toBe('Nothing listens.');
  expect(brokenBy(null, notReached, fine)).toBeNull();
});

test('what is called live is not shown live above a link that is broken', () => {
  expect(shownState({ state: 'live', attention: false, chain: [{ state: 'ok' }] })).toBe('live');
  expect(shownState({ state: 'live', attention: false, chain: [{ state: 'ok' }, { state: 'bad' }] })).toBe('degraded');
  expect(shownState({ state: 'pending', attention: false, chain: [{ state: 'bad' }] })).toBe('pending');
});

test('what is counted among those that need attention is shown so, also before it was ever live and while it leaves', () => {
  expect(shownState({ state: 'pending', attention: true, chain: [{ state: 'wait' }] })).toBe('degraded');
  expect(shownState({ state: 'retiring', attention: true, chain: [{ state: 'wait' }] })).toBe('degraded');
});
