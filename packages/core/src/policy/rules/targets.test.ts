import { describe, expect, it } from 'vitest';
import { decide } from '../decide.ts';
import { type Ask, ask, askFor, cluster, denials, grant, groundOf, rangesOf, recordSet, type World, zone } from '../testing/world.ts';

describe('a target is denied:', () => {
  it.each<[string, Ask, World, string[]]>([
    [
      'a CNAME at the apex',
      { hostname: 'example.test', target: { cname: 'lb.example.net' } },
      { grants: [grant('order-platform', 'example.test', ['prod'], { allowSuffixItself: true })] },
      ['cname-exclusive'],
    ],
    [
      'a CNAME beside a text',
      { target: { cname: 'lb.example.net' } },
      { recordSets: [recordSet('orders.dev.example.test', 'TXT')] },
      ['cname-exclusive'],
    ],
    ['an address beside a CNAME', {}, { recordSets: [recordSet('orders.dev.example.test', 'CNAME')] }, ['name-taken', 'cname-exclusive']],
    [
      'an address of a name in no zone',
      { hostname: 'x.example.com', target: { addresses: ['10.0.0.1'] } },
      {},
      ['managed-zone', 'suffix-granted'],
    ],
    ['a name of a malformed one', { hostname: 'bad..name', target: { cname: 'lb.example.net' } }, {}, ['hostname-empty-label']],
    ['the name itself', { target: { cname: 'Orders.dev.example.test.' } }, {}, ['target-name']],
    ['a wildcard', { target: { cname: '*.example.net' } }, {}, ['target-name']],
    ...['localhost', 'db.localhost', 'x.invalid', 'printer.local', 'a.onion', 'b.alt'].map((cname): [string, Ask, World, string[]] => [
      cname,
      { target: { cname } },
      {},
      ['target-name'],
    ]),
    ['a malformed name', { target: { cname: 'a_b..c' } }, {}, ['hostname-underscore', 'hostname-empty-label']],
    ['a private address', { target: { addresses: ['192.168.1.1'] } }, {}, ['target-address']],
    ['a public address in IPv6 clothes', { target: { addresses: ['::ffff:1.1.1.1'] } }, {}, ['target-address']],
    ['a public address behind a translator', { target: { addresses: ['64:ff9b::1.1.1.1'] } }, {}, ['target-address']],
    ['a port that the zone does not allow', { routing: { port: 22 } }, {}, ['target-port']],
    ['a private address in IPv6 clothes', { target: { addresses: ['::ffff:10.0.0.1'] } }, {}, ['target-address']],
  ])('%s', (_, contract, world, expected) => {
    expect(denials(contract, world)).toEqual(expected);
  });
});

describe('a target is allowed:', () => {
  it.each<[Ask, World]>([
    [{ target: { addresses: ['93.184.216.34', '2606:4700::1'] } }, {}],
    [{ target: { cname: 'lb.example.net.' } }, {}],
    [{ target: { cname: 'localhost.example.net' } }, {}],
    [{ target: { cname: 'web.test' } }, {}],
    [{ routing: { port: 443 } }, {}],
    [{ routing: { port: 80 } }, {}],
    [{ routing: { port: 10_443 } }, { zones: [zone('example.test', { servedPort: 10_443, allowedPorts: [] })] }],
    [{ target: { cname: 'www.dev.example.test' }, tls: { extraNames: ['www.dev.example.test'] } }, {}],
    [{}, { recordSets: [recordSet('orders.dev.example.test', 'TXT')] }],
    [{ target: { cname: 'lb.example.net' } }, { recordSets: [recordSet('dev.example.test', 'A')] }],
    [{ target: { cname: 'lb.example.net' } }, { recordSets: [recordSet('orders.dev.example.test', 'A', { foreign: [] })] }],
    [{ target: { addresses: ['10.1.2.3'] } }, { zones: [zone('example.test', { allowedRanges: rangesOf('10.0.0.0/8') })] }],
  ])('%j', (contract, world) => {
    expect(ask(contract, world).outcome).toBe('allow');
  });
});

it('a malformed target is denied whatever is asked: it is stored with the request', () => {
  for (const kind of ['create', 'change', 'transfer', 'retire'] as const)
    expect(ask({ target: { cname: 'a b' } }, {}, { kind }).violations).toContainEqual(
      expect.objectContaining({ rule: 'hostname-syntax', path: 'target.cname' }),
    );
});

it('an address is judged alike in every view: by what the zone allows', () => {
  for (const view of ['public', 'internal', 'partner'] as const) {
    const grants = [grant('order-platform', 'dev.example.test', ['dev'], { views: [view] })];
    const asked = { view, target: { addresses: ['10.1.2.3'] } };
    const allowedRanges = rangesOf('10.0.0.0/8');
    expect(denials(asked, { grants, zones: [zone('example.test', { view })] })).toEqual(['target-address']);
    expect(denials(asked, { grants, zones: [zone('example.test', { view, allowedRanges })] })).toEqual([]);
  }
});

it.each(['127.1', '0x7f.0.0.1', '010.0.0.1', 'fe80::1%eth0', '::1]', ''])(
  'what is no literal address is denied, whoever let it pass: %j',
  (text) => {
    const asked = askFor();
    const contract = { ...asked.contract, target: { addresses: [text] } };
    expect(decide({ ...asked, contract }, groundOf()).violations).toMatchObject([{ rule: 'target-address', path: 'target.addresses.0' }]);
  },
);

it('no owner of a zone can allow what no connection may go to', () => {
  const zones = [zone('example.test', { allowedRanges: rangesOf('0.0.0.0/0', '::/0') })];
  const addresses = ['169.254.169.254', '168.63.129.16', '224.0.0.1', 'fe80::1'];
  expect(denials({ target: { addresses } }, { zones })).toEqual(addresses.map(() => 'target-address'));
});

it('a port that the zone does not allow is refused with those that it does', () => {
  const zones = [
    zone('example.test', {
      servedPort: 8443,
      allowedPorts: [
        { from: 80, to: 80 },
        { from: 9000, to: 9099 },
      ],
    }),
  ];
  expect(ask({ routing: { port: 22 } }, { zones }).violations).toMatchObject([
    { rule: 'target-port', path: 'routing.port', remedy: expect.stringContaining('(8443, 80, 9000-9099)') },
  ]);
});

describe('a target that leads on by names', () => {
  const name = 'orders.dev.example.test';
  const by = (names: string[], stands = true): World => ({ targetPath: { names, stands } });
  const loop = (names: string[], more: Ask = {}, world: World = {}) =>
    ask({ target: { cname: names[0] ?? '' }, ...more }, { ...by(names), ...world }).violations.map(
      ({ rule, reason }) => `${rule}: ${reason}`,
    );

  it.each<[string, string[], string]>([
    ['back to the name', ['b.dev.example.test', name], `${name} would lead in a circle: to b.dev.example.test, from there to ${name}.`],
    [
      'back to the name, by many',
      ['b.test', 'c.test', 'd.test', 'e.test', 'f.test', name, 'b.test'],
      `${name} would lead in a circle: to b.test, from there to c.test, from there to d.test, from there to e.test, from there to …, from there to ${name}.`,
    ],
    [
      'into a circle that is there',
      ['b.test', 'c.test', 'b.test'],
      `${name} would lead in a circle: to b.test, from there to c.test, from there to b.test.`,
    ],
  ])('is denied where it leads %s', (_, names, reason) => expect(loop(names)).toEqual([`target-loop: ${reason}`]));

  it('is allowed where it ends', () => {
    expect(loop(['b.test'])).toEqual([]);
    expect(loop(['b.test', 'c.test', 'lb.example.net'])).toEqual([]);
  });

  it('is denied where a cluster leads back', () => {
    const asked = { target: { cluster: cluster.name } };
    const { violations } = ask(asked, { cluster, ...by([cluster.hostname, name]) });
    expect(violations).toMatchObject([{ rule: 'target-loop', path: 'target.cluster' }]);
  });

  it('is denied of a wildcard that would answer for where it leads', () => {
    const grants = [grant('order-platform', 'dev.example.test', ['dev'], { allowWildcard: true })];
    const wildcard = { hostname: '*.dev.example.test' };
    const way = ['b.test', 'lb.dev.example.test'];
    expect(loop(way, wildcard, { grants, ...by(way, false) })).toEqual([
      'target-loop: *.dev.example.test would answer for lb.dev.example.test too, to which it leads by b.test, and so lead in a circle.',
    ]);
    expect(loop(way, wildcard, { grants })).toEqual([]);
    expect(loop(['a.b.dev.example.test'], wildcard, { grants, ...by(['a.b.dev.example.test'], false) })).toEqual([]);
  });
});
