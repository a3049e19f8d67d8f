import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextConstructed, contextPrimitive, derNull, derTrue, integer, octetString, oid, sequence } from './der.ts';
import { readDer } from './der-reader.ts';
import {
  excludesAddresses,
  type NameConstraints,
  readBasicConstraints,
  readExtensions,
  readNameConstraints,
  readSubjectAltName,
  satisfiesAddressConstraints,
  satisfiesNameConstraints,
  satisfiesUriConstraints,
} from './extensions.ts';

const derFalse = new Uint8Array([1, 1, 0]);
const text = (value: string) => Buffer.from(value, 'latin1');
const refused = (run: () => unknown, message: string) => expect(run).toThrow(expect.objectContaining({ code: 'invalid-input', message }));

describe('extensions', () => {
  const value = octetString(derNull);
  const named = (...arcs: number[]) => arcs.map((arc) => sequence(oid(`2.5.29.${arc}`), value));
  const read = (...list: readonly Uint8Array[]) => readExtensions(readDer(sequence(...list)));

  it('are critical where they say so, and not where they say not or nothing', () => {
    const list = [derTrue, derFalse].map((critical, index) => sequence(oid(`2.5.29.${index}`), critical, value));
    expect(
      [...read(...list, ...named(2))].map(
        ([
          name,
          {
            critical,
            value: { tag },
          },
        ]) => [name, critical, tag],
      ),
    ).toEqual([
      ['2.5.29.0', true, 5],
      ['2.5.29.1', false, 5],
      ['2.5.29.2', false, 5],
    ]);
  });

  it('are at most 64', () => {
    const many = named(...Array.from({ length: 65 }, (_, arc) => arc));
    expect(read(...many.slice(1)).size).toBe(64);
    refused(() => read(...many), 'Not valid DER: more than 64 values in one.');
  });

  it.each([
    ['that stand twice', [...named(17), ...named(17)], 'Not valid: the extension 2.5.29.17 appears twice.'],
    ['that are none', [derNull], 'Not valid DER: an extension has tag 0x5.'],
    ['without a value', [sequence(oid('2.5.29.17'))], 'Not valid DER: an extension value has tag 0x6.'],
    ['with a value that is not wrapped', [sequence(oid('2.5.29.17'), derNull)], 'Not valid DER: an extension value has tag 0x5.'],
    ['with two values', [sequence(oid('2.5.29.17'), value, value)], 'Not valid DER: a boolean has tag 0x4.'],
    ['with four parts', [sequence(oid('2.5.29.17'), derTrue, value, value)], 'Not valid DER: more than 3 values in one.'],
  ])('are refused %s', (_, list, message) => {
    refused(() => read(...list), message);
  });

  it('are a sequence', () => {
    refused(() => readExtensions(readDer(derNull)), 'Not valid DER: the extensions has tag 0x5.');
  });
});

describe('alternative names', () => {
  it('are told apart: host names as they stand, of others what they are', () => {
    const list = sequence(
      contextPrimitive(2, text('A.test')),
      contextPrimitive(7, Uint8Array.from([10, 0, 0, 1])),
      contextPrimitive(7, new Uint8Array(3)),
      contextPrimitive(6, text('spiffe://a.test/b')),
      contextConstructed(4, sequence()),
    );
    expect(readSubjectAltName(readDer(list))).toEqual({
      dns: ['A.test'],
      addresses: ['10.0.0.1'],
      uris: ['spiffe://a.test/b'],
      otherTags: [7, 4],
    });
  });

  it('are a sequence', () => {
    refused(() => readSubjectAltName(readDer(derNull)), 'Not valid DER: the alternative names has tag 0x5.');
  });
});

describe('basic constraints', () => {
  it.each([
    ['nothing', [], { ca: false, pathLength: null }],
    ['a CA', [derTrue], { ca: true, pathLength: null }],
    ['a CA by its path length', [derTrue, integer(3)], { ca: true, pathLength: 3 }],
    ['no CA', [derFalse], { ca: false, pathLength: null }],
    ['no CA, whatever its path length', [integer(0)], { ca: false, pathLength: 0 }],
  ])('say %s', (_, parts, expected) => {
    expect(readBasicConstraints(readDer(sequence(...parts)))).toEqual(expected);
  });

  it('are a sequence of no more than both', () => {
    refused(() => readBasicConstraints(readDer(derNull)), 'Not valid DER: the basic constraints has tag 0x5.');
    refused(() => readBasicConstraints(readDer(sequence(derTrue, integer(0), derNull))), 'Not valid DER: more than 2 values in one.');
  });
});

describe('name constraints', () => {
  const dns = (name: string) => sequence(contextPrimitive(2, text(name)));
  const subtrees = (permitted: readonly Uint8Array[], excluded: readonly Uint8Array[]) =>
    readNameConstraints(readDer(sequence(contextConstructed(0, ...permitted), contextConstructed(1, ...excluded))));

  it('are the DNS names on either side, in lower case, whatever else bounds their subtrees', () => {
    const bounded = sequence(contextPrimitive(2, text('B.test')), contextPrimitive(0, new Uint8Array([0])));
    expect(subtrees([dns('A.test'), bounded], [dns('.C.test')])).toEqual({
      permittedDns: ['a.test', 'b.test'],
      excludedDns: ['.c.test'],
      unsupported: false,
      addresses: { permitted: [], excluded: [] },
      uris: { permitted: [], excluded: [] },
      empty: false,
    });
    expect(readNameConstraints(readDer(sequence()))).toEqual({
      permittedDns: [],
      excludedDns: [],
      unsupported: false,
      addresses: { permitted: [], excluded: [] },
      uris: { permitted: [], excluded: [] },
      empty: true,
    });
  });

  it('of addresses are ranges; where one is permitted, no address outside is', () => {
    const range = (...octets: number[]) => sequence(contextPrimitive(7, Uint8Array.from(octets)));
    const bounds = subtrees([range(10, 1, 0, 0, 255, 255, 128, 0)], [range(10, 1, 1, 0, 255, 255, 255, 0)]);
    expect(bounds.addresses).toEqual({ permitted: [{ base: [10, 1, 0, 0], bits: 17 }], excluded: [{ base: [10, 1, 1, 0], bits: 24 }] });
    const may = (...address: number[]) => satisfiesAddressConstraints(bounds, address);
    expect([may(10, 1, 2, 3), may(10, 1, 127, 255), may(10, 1, 128, 0), may(10, 1, 1, 9), may(10, 2, 0, 1)]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    // Permitted of one length, none of the other (RFC 5280 §4.2.1.10: by form, and both are iPAddress).
    expect(may(...new Array<number>(15).fill(0), 1)).toBe(false);
    expect(satisfiesAddressConstraints(subtrees([dns('a.test')], []), [192, 0, 2, 1])).toBe(true);
    expect(subtrees([range(10, 0, 0, 0, 255, 0, 255, 0)], []).unsupported).toBe(true);
    expect(subtrees([range(10, 0, 0, 0)], []).unsupported).toBe(true);
  });

  it('exclude every address where both lengths are, whole', () => {
    const whole = (length: number) => sequence(contextPrimitive(7, new Uint8Array(length)));
    expect(
      [subtrees([], [whole(8), whole(32)]), subtrees([], [whole(8)]), subtrees([whole(8), whole(32)], [])].map(excludesAddresses),
    ).toEqual([true, false, false]);
  });

  describe('of URIs are about their hosts', () => {
    const host = (name: string) => sequence(contextPrimitive(6, text(name)));
    it.each([
      ['spiffe://a.test/x', true],
      ['spiffe://A.TEST/x', true],
      ['spiffe://b.a.test', true],
      ['spiffe://c.b.a.test/x', true],
      ['spiffe://secret.a.test/x', false],
      ['spiffe://ba.test/x', false],
      ['spiffe://a.test.evil.test/x', false],
      ['spiffe://evil.test/a.test', false],
      ['spiffe://a.test@evil.test/x', false],
      ['spiffe://a.test:443/x', false],
      ['spiffe:///x', false],
      ['urn:a.test', false],
    ])('%s: %s', (uri, satisfied) =>
      expect(satisfiesUriConstraints(subtrees([host('A.test'), host('.a.test')], [host('secret.a.test')]), uri)).toBe(satisfied),
    );
    it('and nothing where there are none of that form', () => {
      expect(satisfiesUriConstraints(subtrees([dns('a.test')], []), 'urn:x')).toBe(true);
      expect(satisfiesUriConstraints(subtrees([], [host('a.test')]), 'spiffe://b.test/x')).toBe(true);
    });
  });

  it.each([1, 2, 6, 7])('of form %i bind alternative names alone', (form) => {
    const name = sequence(contextPrimitive(form, form === 7 ? new Uint8Array(8) : text('x')));
    expect([subtrees([name], []).unsupported, subtrees([], [name]).unsupported]).toEqual([false, false]);
  });

  it('of another form are told to be unsupported, on either side', () => {
    const directory = sequence(contextConstructed(4, sequence()));
    expect([subtrees([directory], []).unsupported, subtrees([dns('a.test')], [directory]).unsupported]).toEqual([true, true]);
  });

  it('are empty where neither list holds anything', () => {
    expect([subtrees([], []), subtrees([dns('a.test')], []), subtrees([], [dns('a.test')])].map(({ empty }) => empty)).toEqual([
      true,
      false,
      false,
    ]);
    expect(readNameConstraints(readDer(sequence())).empty).toBe(true);
  });

  it('are refused where they are something else', () => {
    refused(() => readNameConstraints(readDer(derNull)), 'Not valid DER: the name constraints has tag 0x5.');
    refused(() => subtrees([derNull], []), 'Not valid DER: a subtree has tag 0x5.');
  });

  const constraints = (permittedDns: string[], excludedDns: string[] = []): NameConstraints => ({
    permittedDns,
    excludedDns,
    unsupported: false,
    addresses: { permitted: [], excluded: [] },
    uris: { permitted: [], excluded: [] },
    empty: false,
  });
  it.each<[string, NameConstraints, boolean]>([
    ['example.test', constraints(['example.test']), true],
    ['a.b.EXAMPLE.test', constraints(['example.test']), true],
    ['evilexample.test', constraints(['example.test']), false],
    ['example.org', constraints(['example.test', 'example.org']), true],
    ['*.example.test', constraints(['example.test']), true],
    ['*.test', constraints(['example.test']), false],
    ['example.test', constraints(['.example.test']), false],
    ['a.example.test', constraints(['.example.test']), true],
    ['a.example.test', constraints(['']), true],
    ['a.example.test', constraints([]), true],
    ['a.example.test', constraints(['example.test'], ['']), false],
    ['secret.example.test', constraints(['example.test'], ['secret.example.test']), false],
    ['a.secret.example.test', constraints([], ['secret.example.test']), false],
    ['topsecret.example.test', constraints([], ['secret.example.test']), true],
    ['example.test', constraints([], ['secret.example.test']), true],
    ['*.example.test', constraints([], ['secret.example.test']), false],
    ['*.example.test', constraints([], ['.secret.example.test']), false],
    ['*.other.test', constraints([], ['secret.example.test']), true],
    ['*.ample.test', constraints([], ['example.test']), true],
  ])('for %s under %j: %s', (name, bounds, satisfied) => {
    expect(satisfiesNameConstraints(bounds, name)).toBe(satisfied);
  });
});

it('name constraints hold at label boundaries', () => {
  const constraints = {
    permittedDns: ['example.test'],
    excludedDns: ['secret.example.test'],
    unsupported: false,
    addresses: { permitted: [], excluded: [] },
    uris: { permitted: [], excluded: [] },
    empty: false,
  };
  const label = fc.stringMatching(/^[a-z]{1,8}$/);
  fc.assert(fc.property(label, (name) => satisfiesNameConstraints(constraints, `${name}x.example.test`)));
  fc.assert(fc.property(label, (name) => !satisfiesNameConstraints(constraints, `${name}example.test`)));
});
