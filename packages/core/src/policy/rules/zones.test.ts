import { describe, expect, it } from 'vitest';
import { type Ask, ask, denials, grant, grants, recordSet, reviews, type World, zone } from '../testing/world.ts';

const bothViews = [grant('order-platform', 'dev.example.test', ['dev'], { views: ['public', 'internal'] })];
const extra = (name: string): Ask => ({ tls: { extraNames: [name] } });

describe('the zone denies', () => {
  it.each<[string, Ask, World, string[]]>([
    ['an internal name in a public zone', { view: 'internal' }, { grants: bothViews }, ['zone-view']],
    ['a public name in a private zone', {}, { zones: [zone('example.test', { view: 'internal' })] }, ['zone-view']],
    ['a zone that was never read', {}, { zones: [zone('example.test', { read: false })] }, ['zone-read']],
    ['a zone that was given up', {}, { zones: [zone('example.test', { givenUp: true })] }, ['zone-read']],
    ['a zone kept for prod', {}, { zones: [zone('example.test', { environments: ['prod'] })] }, ['zone-environment']],
    [
      'an extra name in a zone kept for prod',
      extra('www.example.org'),
      {
        zones: [zone('example.test'), zone('example.org', { environments: ['prod'] })],
        grants: [...grants, grant('order-platform', 'example.org', ['dev', 'prod'])],
      },
      ['zone-environment'],
    ],
    ['a delegation above', {}, { recordSets: [recordSet('dev.example.test', 'NS')] }, ['not-delegated']],
    [
      'a delegation above an extra name',
      extra('www.sub.dev.example.test'),
      { recordSets: [recordSet('sub.dev.example.test', 'NS')] },
      ['not-delegated'],
    ],
    ['a delegation at the very name', {}, { recordSets: [recordSet('orders.dev.example.test', 'NS')] }, ['name-taken', 'not-delegated']],
    ['a DNAME above', {}, { recordSets: [recordSet('dev.example.test', 'DNAME')] }, ['not-delegated']],
    ['a DNAME at the apex', {}, { recordSets: [recordSet('example.test', 'DNAME')] }, ['not-delegated']],
    [
      'a DNAME above an extra name',
      extra('www.sub.dev.example.test'),
      { recordSets: [recordSet('sub.dev.example.test', 'DNAME')] },
      ['not-delegated'],
    ],
    [
      'a TTL class that the zone has no room for',
      { ttl: 'cutover' },
      { zones: [zone('example.test', { ttlBounds: { min: 60, max: 300 } })] },
      ['ttl-bounds'],
    ],
  ])('%s', (_, contract, world, expected) => {
    expect(denials(contract, world)).toEqual(expected);
  });
});

describe('the zone', () => {
  it('is the most specific one of the view', () => {
    const zones = [zone('example.test'), zone('dev.example.test', { view: 'internal' }), zone('dev.example.test', { id: 'z2' })];
    expect(ask({}, { zones }).facts.zone?.id).toBe('z2');
  });

  it('kept for several environments holds names of each', () => {
    expect(ask({}, { zones: [zone('example.test', { environments: ['dev', 'staging'] })] }).outcome).toBe('allow');
  });

  it('kept for an environment says nothing of a name whose environment is not known', () => {
    const world = {
      zones: [zone('example.test', { environments: ['prod'] })],
      grants: [grant('order-platform', 'dev.example.test', ['dev', 'qa'])],
    };
    expect(denials({}, world)).toEqual(['environment-named']);
  });

  it('that nobody manages has no records that stand in the way', () => {
    const world = { recordSets: [recordSet('orders.example.com', 'A'), recordSet('example.com', 'NS')] };
    expect(denials({ hostname: 'orders.example.com' }, world)).toEqual(['managed-zone', 'suffix-granted']);
  });

  it('is not delegated by the name servers at its own apex', () => {
    expect(ask({}, { recordSets: [recordSet('example.test', 'NS')] }).outcome).toBe('allow');
  });

  it('leads elsewhere by a DNAME what stands below it, not the very name', () => {
    expect(denials({}, { recordSets: [recordSet('orders.dev.example.test', 'DNAME')] })).toEqual(['name-taken']);
  });

  it('has its apex looked at by security, also as an extra name', () => {
    const wide = [grant('order-platform', 'example.test', ['prod'], { allowSuffixItself: true })];
    const served = { grants: wide, recordSets: [recordSet('example.test', 'SOA'), recordSet('example.test', 'NS')] };
    expect(ask({ hostname: 'example.test' }, served).outcome).toBe('review');
    expect(reviews({ hostname: 'example.test' }, served)).toEqual(['apex-review by security-reviewer']);
    expect(reviews({ hostname: 'a.example.test', ...extra('example.test') }, { grants: wide })).toEqual([
      'apex-review by security-reviewer',
    ]);
  });
});
