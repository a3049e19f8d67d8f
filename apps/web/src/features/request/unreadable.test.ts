import type { Me } from '@hostmaster/core/contract/account';
import { describe, expect, it } from 'vitest';
import { draftOf, emptyForm } from './form-values';
import { fieldsAt, unreadableFields, unreadableIn } from './unreadable';

const me: Me = {
  kind: 'person',
  id: 'a',
  name: 'A',
  email: null,
  teams: [{ id: 'b', slug: 'order-platform', name: 'Order platform', role: 'member' }],
  roles: [],
  scopes: null,
  environments: [],
  clusters: [],
  sources: ['internal-ca'],
  tlsProofs: false,
};

const typed = { ...emptyForm(me, 'orders.dev.example.test'), addresses: '127.0.0.1' };

describe('what of a form cannot be read', () => {
  const left = { target: true, ttl: true };
  const said = (values: object, of = left) =>
    unreadableIn(draftOf('create', { ...typed, ...values }), of).map(({ path, reason }) => [path, reason]);

  it.each<[string, object, [string, string][]]>([
    ['nothing', {}, []],
    [
      'two addresses, each by itself',
      { addresses: '127.0.0.1, foo, bar' },
      [
        ['contract.target.addresses.1', 'This is not an IPv4 or IPv6 address: "foo".'],
        ['contract.target.addresses.2', 'This is not an IPv4 or IPv6 address: "bar".'],
      ],
    ],
    [
      '17 addresses',
      { addresses: Array.from({ length: 17 }, (_, at) => `192.0.2.${at}`).join(' ') },
      [['contract.target.addresses', 'There are at most 16 addresses.']],
    ],
    [
      'no name that can be one',
      { pointsTo: 'cname', cname: 'x'.repeat(1025) },
      [['contract.target.cname', 'A hostname has at most 253 characters.']],
    ],
    [
      'a port and a path',
      { port: '99999', healthPath: 'x' },
      [
        ['contract.routing.port', 'The number is too big.'],
        ['contract.routing.healthPath', 'A path starts with "/" and has no spaces.'],
      ],
    ],
  ])('is said at its field: %s', (_, values, expected) => expect(said(values)).toEqual(expected));

  it('is nothing that nobody typed yet, and no target that is still typed', () => {
    expect(said({ hostname: '', addresses: '' })).toEqual([]);
    expect(said({ addresses: '127.' }, { ...left, target: false })).toEqual([]);
    expect(said({ ttl: 'seconds' }, { ...left, ttl: false })).toEqual([]);
    expect(said({ ttl: 'seconds' })).toHaveLength(1);
  });

  it('counts the fields that say what is wrong, and not what they say', () => {
    const names = ['contract.tls.extraNames.0', 'contract.tls.extraNames.1', 'contract.tls.extraNames'];
    expect(fieldsAt(names)).toBe(1);
    expect(fieldsAt([...names, 'contract.tls.csr', 'contract.target.addresses.0', 'contract.target'])).toBe(3);
  });

  it('names the fields that cannot be read, and none of one that nobody touched', () => {
    const read = (more: object) => unreadableFields(draftOf('create', { ...typed, ...more }));
    expect(unreadableFields(draftOf('create', emptyForm(me, '')))).toEqual([]);
    expect(read({})).toEqual([]);
    expect(read({ healthPath: 'no slash' })).toEqual(['Health path']);
    expect(read({ healthPath: '/a?b', port: 'x', ttl: 'seconds', ttlSeconds: '' })).toEqual(['Time to live', 'Port', 'Health path']);
    expect(read({ addresses: 'no address' })).toEqual([]);
  });
});
