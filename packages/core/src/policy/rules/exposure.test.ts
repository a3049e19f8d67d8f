import { describe, expect, it } from 'vitest';
import { type Ask, ask, denials, endpoint, grant, grants, reservation, reviews, type World, zone } from '../testing/world.ts';

const name = 'orders.dev.example.test';
const inside = { endpoints: [endpoint(name, 'order-platform', { view: 'internal' })] };

describe('somebody looks first at', () => {
  it.each<[string, Ask, World, string[]]>([
    ['a second view', { justification: 'VPC clients stay inside' }, inside, ['split-horizon by platform-admin']],
    [
      'a first public name where the zone asks for it',
      {},
      { zones: [zone('example.test', { reviewFirstExposure: true })] },
      ['first-public-exposure by security-reviewer'],
    ],
    [
      'two reservations of different groups',
      { hostname: 'login.prod.example.test' },
      { reservations: [reservation('exact', 'login.prod.example.test', { group: 'team:identity' }), reservation('label', 'login')] },
      ['reserved-name by team:identity', 'reserved-name by security-reviewer'],
    ],
    [
      'a reserved suffix',
      {},
      { reservations: [reservation('suffix', 'dev.example.test', { group: 'platform-admin' })] },
      ['reserved-name by platform-admin'],
    ],
    ['the reserved suffix itself', {}, { reservations: [reservation('suffix', name)] }, ['reserved-name by security-reviewer']],
    [
      'a reserved extra name',
      { tls: { extraNames: ['www.dev.example.test'] } },
      { reservations: [reservation('exact', 'www.dev.example.test')] },
      ['reserved-name by security-reviewer'],
    ],
  ])('%s', (_, contract, world, expected) => {
    expect(ask(contract, world).outcome).toBe('review');
    expect(reviews(contract, world)).toEqual(expected);
  });
});

describe('a reservation', () => {
  it.each(['1ogin', 'l0gin', 'logín', 'login', 'log1n', 'Iogin', 'iogin', 'LOGlN', '1og1n'])('of login is passed by no %s', (label) => {
    expect(reviews({ hostname: `${label}.dev.example.test` })).toEqual(['reserved-name by security-reviewer']);
  });

  it('says what reads like what', () => {
    expect(ask({ hostname: '1ogin.dev.example.test' }).reviews[0]?.reason).toBe(
      '1ogin.dev.example.test reads like the label login, which is reserved: people type their password there.',
    );
  });

  it.each([
    ['exact', name, 'orders.dev.example.test is reserved: ours.'],
    ['suffix', 'dev.example.test', 'dev.example.test is reserved: ours.'],
    ['label', 'orders', 'The label orders is reserved: ours.'],
    ['exact', '0rders.dev.example.test', 'orders.dev.example.test reads like 0rders.dev.example.test, which is reserved: ours.'],
  ] as const)('of %s %s says so, and writes a name as it is', (kind, value, reason) => {
    expect(ask({}, { reservations: [reservation(kind, value)] }).reviews).toMatchObject([{ reason }]);
  });

  it.each<[string, World]>([
    ['a label that only contains the reserved one', { reservations: [reservation('label', 'order')] }],
    ['a suffix that only ends alike', { reservations: [reservation('suffix', 'ev.example.test')] }],
    ['a name with a suffix in its middle', { reservations: [reservation('suffix', 'dev.example')] }],
    ['a name below an exact one', { reservations: [reservation('exact', 'dev.example.test')] }],
  ])('does not concern %s', (_, world) => {
    expect(ask({}, world).outcome).toBe('allow');
  });
});

describe('a second view', () => {
  it('without a reason is denied', () => {
    expect(denials({}, inside)).toEqual(['split-horizon']);
    expect(denials({ justification: ' ' }, inside)).toEqual(['split-horizon']);
  });

  it('is neither the one that is changed nor that of another team, which has the name', () => {
    expect(ask({}, { endpoints: [endpoint(name, 'order-platform')] }, { kind: 'change' }).outcome).toBe('allow');
    expect(denials({}, { endpoints: [endpoint(name, 'billing', { view: 'internal' })] })).toEqual(['name-taken']);
  });

  it('is none when the other one is retired', () => {
    expect(ask({}, { endpoints: [endpoint(name, 'order-platform', { view: 'internal', letGo: true })] }).outcome).toBe('allow');
  });
});

describe('the first public name', () => {
  const asking = { zones: [zone('example.test', { reviewFirstExposure: true })] };
  const first = ['first-public-exposure by security-reviewer'];

  it('is none of a team that has one in the zone, and one of a team that has one elsewhere', () => {
    expect(ask({}, { ...asking, exposedZones: ['zone-example.test'] }).outcome).toBe('allow');
    expect(reviews({}, { ...asking, exposedZones: ['zone-of-others'] })).toEqual(first);
  });

  it('is no name of another view', () => {
    const world = {
      zones: [zone('example.test', { view: 'internal', reviewFirstExposure: true })],
      grants: [grant('order-platform', 'dev.example.test', ['dev'], { views: ['internal'] })],
    };
    expect(ask({ view: 'internal' }, world).outcome).toBe('allow');
  });

  it('may come by a transfer', () => {
    const world = {
      ...asking,
      endpoints: [endpoint(name, 'order-platform')],
      grants: [...grants, grant('billing', 'dev.example.test', ['dev'])],
    };
    expect(reviews({ team: 'billing' }, world, { kind: 'transfer' })).toEqual([...first, 'transfer-accepted by team:billing']);
  });

  it('may be an extra name in another zone', () => {
    const world = {
      zones: [zone('example.test'), zone('example.org', { reviewFirstExposure: true })],
      grants: [...grants, grant('order-platform', 'example.org', ['dev'])],
    };
    expect(reviews({ tls: { extraNames: ['www.example.org'] } }, world)).toEqual(first);
  });
});
