import { describe, expect, it } from 'vitest';
import type { RequestKind } from '../request/kind.ts';
import { chains, documentedRules, needsOf } from './chains.ts';
import type { GroundPart } from './ground.ts';
import { namesRule, noFindings, requestRule } from './rule.ts';

const names = (kind: RequestKind): string[] => chains[kind].map(({ name }) => name);

const theirs = [
  'hostname-well-formed',
  'names-distinct',
  'managed-zone',
  'zone-view',
  'public-suffix',
  'team-known',
  'suffix-granted',
  'apex-granted',
  'suffix-itself-granted',
  'wildcard-granted',
  'environment-known',
  'environment-named',
  'zone-environment',
  'environment-granted',
  'view-granted',
];
const holds = ['endpoint-exists', 'endpoint-owned'];
const free = ['zone-read', 'name-taken', 'kept-in-another-view', 'quarantine', 'certificate-stands'];
const works = [
  'cname-exclusive',
  'not-delegated',
  'target-name',
  'target-loop',
  'target-address',
  'target-port',
  'cluster-known',
  'cluster-environment',
  'cluster-exposure',
  'cluster-certificates',
  'ttl-bounds',
  'tls-source-serves-termination',
  'tls-issuer-connected',
  'tls-issuer-permits',
  'tls-none-without-certificate',
  'tls-certificate-alone',
  'tls-csr-source',
  'tls-source-key',
  'tls-days',
  'tls-content',
  'tls-client-alone',
  'tls-import-owner',
  'tls-key-compromised',
  'tls-challenge',
  'tls-challenge-fits',
  'wildcard-challenge',
];
const eyes = [
  'changed-by-hand',
  'reserved-name',
  'apex-review',
  'wildcard-review',
  'wildcard-shadowed',
  'tls-address',
  'tls-spiffe-id',
  'tls-long-life',
  'lookalike-name',
  'split-horizon',
  'first-public-exposure',
];

describe('the chain of', () => {
  it.each<[RequestKind, readonly string[]]>([
    ['create', ['acting-team', ...theirs, ...free, ...works, ...eyes]],
    ['change', ['acting-team', ...theirs, ...holds, 'zone-moved', ...free, ...works, ...eyes]],
    ['transfer', [...theirs, ...holds, 'zone-moved', ...free, ...works, ...eyes, 'transfer-accepted']],
    ['retire', ['acting-team', 'hostname-well-formed', ...holds, 'reserved-name', 'apex-review']],
  ])('%s is exactly this', (kind, expected) => {
    expect(names(kind)).toEqual(expected);
  });

  it.each<[RequestKind, readonly GroundPart[]]>([
    ['retire', ['endpoints', 'reservations', 'zones']],
    [
      'create',
      [
        'cluster',
        'compromisedKey',
        'connectedSources',
        'endpoints',
        'environments',
        'exceptions',
        'exposedZones',
        'grants',
        'hostsBelow',
        'lookalikes',
        'namesBelow',
        'openRequests',
        'recordSets',
        'reservations',
        'signingSources',
        'standingCertificates',
        'targetPath',
        'teams',
        'tlsProofs',
        'zones',
      ],
    ],
  ])('%s needs no more ground than this', (kind, expected) => {
    expect(needsOf(kind).toSorted()).toEqual(expected);
  });
});

describe('the written policy', () => {
  it('names every rule once, in kebab-case, with one sentence', () => {
    const all = documentedRules.map(({ name }) => name);
    expect(new Set(all).size).toBe(all.length);
    for (const { name, describe: sentence } of documentedRules) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(sentence).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('judges every name of the contract by each rule that is not about the request or about what is written for the hostname', () => {
    const of = (what: string) => documentedRules.flatMap((rule) => (rule.of === what ? [rule.name] : []));
    expect(of('hostname')).toEqual([
      'environment-named',
      'cname-exclusive',
      'target-loop',
      'target-address',
      'target-port',
      'ttl-bounds',
      'changed-by-hand',
      'tls-address',
      'tls-spiffe-id',
      'split-horizon',
      'endpoint-exists',
      'endpoint-owned',
      'zone-moved',
      'transfer-accepted',
    ]);
    expect(of('request')).toEqual([
      'acting-team',
      'hostname-well-formed',
      'names-distinct',
      'team-known',
      'environment-known',
      'target-name',
      'cluster-known',
      'cluster-environment',
      'cluster-exposure',
      'cluster-certificates',
      'tls-source-serves-termination',
      'tls-issuer-connected',
      'tls-issuer-permits',
      'tls-none-without-certificate',
      'tls-certificate-alone',
      'tls-csr-source',
      'tls-source-key',
      'tls-days',
      'tls-content',
      'tls-client-alone',
      'tls-import-owner',
      'tls-key-compromised',
      'tls-challenge',
      'tls-challenge-fits',
      'tls-long-life',
    ]);
  });

  it('lets a rule see the facts that it declares, and no others', () => {
    const described = { name: 'x', describe: 'X.' };
    namesRule({
      ...described,
      needs: ['zones'],
      // @ts-expect-error: `grants` was not declared.
      judge: (_, __, { grants }) => (grants.own.length > 0 ? noFindings : noFindings),
    });
    // @ts-expect-error: a rule on the request sees nothing of a single name.
    requestRule({ ...described, needs: ['zones'], judge: () => noFindings });
  });
});
