import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rounds } from '../testing/soak.ts';
import { signStructure } from './build-certificate.ts';
import { contextConstructed, integer, octetString, oid, sequence, setOf, utf8String } from './der.ts';
import { describeExtensions } from './describe-extensions.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { testAuthority, withExtensions } from './testing/authority.ts';

const authority = await testAuthority();
const leaf = await authority.leaf({ names: ['orders.example.test', '*.api.example.test'] });
const linesOf = (der: Uint8Array, name: string) => describeExtensions(der).find((each) => each.name === name)?.lines;
const withOne = async (dotted: string, value: Uint8Array): Promise<Uint8Array> => {
  const extension = sequence(oid(dotted), octetString(value));
  return signStructure(
    withExtensions(authority.tbs(), (all) => all.set(dotted, extension)),
    authority.signer,
  );
};

it('every extension of a leaf is named, with what it says', () => {
  expect(describeExtensions(leaf).map(({ name, critical }) => (critical ? `${name}, critical` : name))).toEqual([
    'Key Usages, critical',
    'Extended Key Usages',
    'Subject Alternative Name',
    'Subject Key Identifier',
    'Authority Key Identifier',
    'Authority Info Access',
    'CRL Distribution Points',
  ]);
  expect(linesOf(leaf, 'Subject Alternative Name')).toEqual(['DNS: orders.example.test', 'DNS: *.api.example.test']);
  expect(linesOf(leaf, 'Authority Info Access')).toContain('OCSP: http://pki.example.test/pki/ocsp/issuing');
});

it('a CA says for which names it may sign', () => {
  expect(linesOf(authority.intermediate, 'Name Constraints')).toEqual([
    'Permitted DNS: example.test',
    'Excluded DNS: none',
    'Permitted addresses: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 127.0.0.0/8, fc00::/7, ::1/128',
    'Permitted hosts of URIs: example.test, .example.test',
  ]);
  expect(linesOf(authority.intermediate, 'Basic Constraints')).toEqual(['CA: true', 'Path Length: 0']);
});

it('what public CAs put in is read: that a staple is due, and how many logs know it', async () => {
  expect(linesOf(await withOne('1.3.6.1.5.5.7.1.24', sequence(integer(5))), 'TLS Feature')).toEqual(['Must staple OCSP']);
  const timestamps = Buffer.concat([Buffer.from([0, 9]), Buffer.from([0, 3, 1, 2, 3]), Buffer.from([0, 2, 1, 2])]);
  expect(linesOf(await withOne('1.3.6.1.4.1.11129.2.4.2', octetString(timestamps)), 'Certificate Transparency')).toEqual([
    '2 signed timestamps',
  ]);
});

it('one that nobody knows, or that holds nonsense, is shown in octets, and never without bound', async () => {
  expect(linesOf(await withOne('1.2.3.4', Buffer.from('abc')), '1.2.3.4')).toEqual(['61 62 63']);
  expect(linesOf(await withOne('1.3.6.1.5.5.7.1.24', Buffer.from('abc')), '1.3.6.1.5.5.7.1.24')).toEqual(['61 62 63']);
  expect(linesOf(await withOne('1.2.3.5', new Uint8Array(20_000)), '1.2.3.5')).toHaveLength(200);
});

it('says of whatever is no certificate that it is none, and of what is one things that can be written down', () => {
  const changes = fc.array(fc.record({ at: fc.nat(leaf.length - 1), octet: fc.nat(255) }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(changes, fc.option(fc.nat(leaf.length)), (octets, length) => {
      const mutated = Uint8Array.from(leaf);
      for (const { at, octet } of octets) mutated[at] = octet;
      try {
        for (const { lines } of describeExtensions(length === null ? mutated : mutated.subarray(0, length)))
          expect(lines.every((line) => line.length <= 500)).toBe(true);
      } catch (error) {
        expect(error).toMatchObject({ name: 'HostmasterError', code: 'invalid-input' });
      }
    }),
    { numRuns: rounds(500, 100_000) },
  );
});

it('what is not seen in an extension, or turns text around, is shown by its code point', async () => {
  const name = sequence(setOf(sequence(oid('2.5.4.3'), utf8String('\u202etoor'))));
  const names = await withOne(id.subjectAltName, sequence(contextConstructed(4, name)));
  expect(linesOf(names, 'Subject Alternative Name')?.join()).toMatch(/U\+202Etoor/);
});
