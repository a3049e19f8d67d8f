import type { Me } from '@hostmaster/core/contract/account';
import { describe, expect, it } from 'vitest';
import { emptyForm, type FormValues } from './form-values';
import { offeredChallenges } from './offered-challenges';

const clusters = [
  { slug: 'plain', hostname: 'plain.example.test', environment: 'dev', public: true, destination: null },
  { slug: 'handed', hostname: 'handed.example.test', environment: 'dev', public: true, destination: 'k8s' },
];
const me = { teams: [], environments: [], clusters, tlsProofs: true } as unknown as Me;
const offered = (more: Partial<FormValues> = {}, who = me) =>
  offeredChallenges(who, { ...emptyForm(me, 'shop.example.test'), source: 'acme', addresses: '127.0.0.1', ...more }).map(
    ({ value }) => value,
  );
const all = ['dns-01', 'http-01', 'tls-alpn-01'];

describe('what shows control over a name', () => {
  it.each<[string, Partial<FormValues>]>([
    ['at an edge', {}],
    ['at an edge that encrypts again', { termination: 're-encrypt' }],
    ['in a cluster whose certificates stay in the directory', { pointsTo: 'cluster', cluster: 'plain' }],
  ])('is the edge, too, %s', (_, more) => expect(offered(more)).toEqual(all));

  it.each<[string, Partial<FormValues>]>([
    ['for a wildcard', { hostname: '*.example.test' }],
    ['with a wildcard beside it', { extraNames: 'www.example.test\n*.example.test' }],
    ['for an internal name', { view: 'internal' }],
    ['at a load balancer', { termination: 'load-balancer' }],
    ['in a cluster that is handed its certificates', { pointsTo: 'cluster', cluster: 'handed' }],
    ['for a certificate alone', { pointsTo: 'certificateOnly' }],
    ['with the key of the requester', { csr: 'PEM' }],
  ])('is never the edge %s', (_, more) => expect(offered(more)).toEqual(['dns-01', 'http-01']));

  it('is the edge only where one shows proofs, or where it was chosen already', () => {
    const without = { ...me, tlsProofs: false };
    expect(offered({}, without)).toEqual(['dns-01', 'http-01']);
    expect(offered({ challenge: 'tls-alpn-01' }, without)).toEqual(all);
  });
});
