import { describe, expect, it } from 'vitest';
import { nameServerOperator } from '../operation/moves-next.ts';
import type { EndpointFacts } from './facts.ts';
import { movesNextOf, summaryOf } from './summary.ts';
import { certificate, dns, facts, failedAt, minutes, notRevoked, operation, refused, seen, stuck } from './testing/facts.ts';

const disagreeing = [dns('ns1', { rcode: 'REFUSED' })];
const unseen = { state: 'pending' as const, dns: [], endpoint: [] };

describe('the summary', () => {
  it.each<readonly [string, Partial<EndpointFacts>, string]>([
    ['of what is retired is that alone', { state: 'retired', dns: disagreeing, operation: stuck('withdrawn') }, 'Retired'],
    [
      'of what is retired is also a certificate that was not revoked',
      { state: 'retired', notRevoked: [notRevoked] },
      'The certificate 0A1B2C3D… is not revoked and stays valid until 8 Feb 2027. Example CA refused: It issued no such certificate.',
    ],
    [
      'is the outermost finding',
      { dns: disagreeing, endpoint: [seen(failedAt('http'))], operation: stuck('reachable') },
      '0 of 1 server agrees: ns1 answers REFUSED.',
    ],
    ['is the error of a step that no layer shows', { ...unseen, operation: stuck('withdrawn') }, refused.message],
    ['is that error on a live endpoint too, while the work goes on', { operation: stuck('withdrawn') }, refused.message],
    ['is that error where work was given up', { ...unseen, operation: stuck('withdrawn', { state: 'failed' }) }, refused.message],
    ['is not an error that the work got past', { operation: stuck('reachable', { state: 'succeeded' }) }, 'Live'],
    ['is not an error of work that was replaced', { operation: stuck('reachable', { state: 'superseded' }) }, 'Live'],
    ['is not an error of work given up on what is live', { operation: stuck('reachable', { state: 'failed' }) }, 'Live'],
    [
      'is the error of a renewal given up on what is live',
      { operation: stuck('certificate-issued', { purpose: 'renewal', state: 'failed' }) },
      refused.message,
    ],
    [
      'is no past error before it is live either',
      { ...unseen, operation: stuck('reachable', { state: 'superseded' }) },
      'Waits for the name server.',
    ],
    ['is what the work waits for', { ...unseen, operation: operation() }, 'Waits for the name server.'],
    ['is what a retirement waits for', { state: 'retiring', operation: operation() }, 'Waits for the name server.'],
    ['is that all is well, though work goes on', { operation: operation() }, 'Live'],
    ['is that all is well', {}, 'Live'],
    ['is that it goes, where nobody is at work', { state: 'retiring' }, 'Being retired'],
    ['is what the last work said', { ...unseen, operation: operation({ state: 'succeeded', reason: 'It is there.' }) }, 'It is there.'],
    ['is that nobody looked', unseen, 'It was not looked at yet.'],
    [
      'is what was found of the certificate',
      { certificate: certificate({ notAfter: minutes(-1) }) },
      'The certificate expired on 2026-11-20 11:59 UTC.',
    ],
  ])('%s', (_, given, expected) => expect(summaryOf(facts(given))).toBe(expected));
});

describe('whose move it is', () => {
  it.each<readonly [string, Partial<EndpointFacts>, string | null]>([
    [
      'what is broken says, before what the work waits for',
      { dns: disagreeing, operation: operation({ movesNext: 'somebody' }) },
      nameServerOperator,
    ],
    ['the work says, where nothing is broken', { ...unseen, operation: operation({ movesNext: 'somebody' }) }, 'somebody'],
    ['nobody says of work that is over', { ...unseen, operation: operation({ state: 'succeeded', movesNext: 'somebody' }) }, null],
    ['nobody says where all is well', { operation: null }, null],
    ['an issuer that ends in months does not say', { operation: null, signingError: 'The root ends.' }, null],
  ])('%s', (_, given, expected) => expect(movesNextOf(facts(given))).toBe(expected));
});
