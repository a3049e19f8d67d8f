import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers, isWildcard, isWithin, labelsOf, mostSpecific, parentOf, suffixesOf } from './hostname.ts';
import { hostnameOf } from './parse-hostname.ts';
import { isPublicSuffix } from './public-suffix.ts';

const h = hostnameOf;
const name = fc.array(fc.constantFrom('a', 'b', 'evil', 'example'), { minLength: 1, maxLength: 5 }).map((labels) => h(labels.join('.')));

describe('a suffix matches at label boundaries only', () => {
  it.each([
    ['a.example.com', 'example.com', true],
    ['example.com', 'example.com', true],
    ['*.example.com', 'example.com', true],
    ['evilexample.com', 'example.com', false],
    ['example.com', 'a.example.com', false],
    ['example.com.evil.test', 'example.com', false],
    ['com', 'example.com', false],
  ])('%s within %s: %s', (one, suffix, expected) => {
    expect(isWithin(h(one), h(suffix))).toBe(expected);
  });

  it('agrees with a comparison label by label', () => {
    fc.assert(
      fc.property(name, name, (one, suffix) => {
        const tail = labelsOf(one).slice(-labelsOf(suffix).length).join('.');
        expect(isWithin(one, suffix)).toBe(tail === suffix);
        expect(suffixesOf(one).includes(suffix)).toBe(tail === suffix);
      }),
    );
  });
});

describe('the parts of a name', () => {
  it('lists suffixes from the most specific, a wildcard by its parent', () => {
    expect(suffixesOf(h('orders.dev.example.test'))).toEqual(['orders.dev.example.test', 'dev.example.test', 'example.test', 'test']);
    expect(suffixesOf(h('*.dev.example.test'))).toEqual(['dev.example.test', 'example.test', 'test']);
  });

  it('knows parent and wildcard', () => {
    expect(parentOf(h('a.b'))).toBe('b');
    expect(parentOf(h('b'))).toBeNull();
    expect(isWildcard(h('*.b'))).toBe(true);
    expect(isWildcard(h('a.b'))).toBe(false);
  });

  it('takes the zone with the longest apex', () => {
    const zones = ['example.test', 'dev.example.test', 'xdev.example.test'].map((apex) => ({ apex: h(apex) }));
    expect(mostSpecific(h('a.dev.example.test'), zones)?.apex).toBe('dev.example.test');
    expect(mostSpecific(h('a.test'), zones)).toBeNull();
  });
});

it.each([
  ['a.example.com', 'a.example.com', true],
  ['*.example.com', 'a.example.com', true],
  ['*.example.com', '*.example.com', true],
  ['*.example.com', 'a.b.example.com', false],
  ['*.example.com', 'example.com', false],
  ['*.example.com', '*.a.example.com', false],
  ['a.example.com', '*.example.com', false],
  ['com', 'com', true],
])('a certificate for %s is good for %s: %s', (certified, hostname, expected) => {
  expect(covers(h(certified), h(hostname))).toBe(expected);
});

describe('public suffixes', () => {
  it.each([
    ['com', true],
    ['co.uk', true],
    ['github.io', true],
    ['公司.cn', true],
    ['рф', true],
    ['test', false],
    ['example.com', false],
    ['a.github.io', false],
  ])('%s: %s', (suffix, expected) => {
    expect(isPublicSuffix(h(suffix))).toBe(expected);
  });
});
