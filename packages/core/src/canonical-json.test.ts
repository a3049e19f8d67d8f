import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

/** The same value with the members of every object in another order of insertion. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reordered(member)]),
  );
}
/** Through JSON once, which knows no -0. */
const json = fc.jsonValue({ noUnicodeString: false }).map((value): unknown => JSON.parse(JSON.stringify(value)));

describe('canonical JSON', () => {
  it('is the same for equal values, however they were put together, and is read back as the value', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(reordered(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same for equal values and for no others', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(canonicalJson(a) === canonicalJson(b)).toBe(same(a, b));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ a: undefined, b: null }, '{"b":null}'],
    [[undefined, 1], '[null,1]'],
    [{ 'a"': '\n', ä: '€' }, '{"a\\"":"\\n","ä":"€"}'],
    [{ B: 1, a: 1, 'a.b': 1 }, '{"B":1,"a":1,"a.b":1}'],
    [1e21, '1e+21'],
    [-0, '0'],
  ])('%j is %s', (value, text) => expect(canonicalJson(value)).toBe(text));

  it.each([
    ['NaN', Number.NaN, RangeError],
    ['an infinity', Number.POSITIVE_INFINITY, RangeError],
    ['a bigint', 1n, TypeError],
    ['a function', () => 1, TypeError],
    ['undefined', undefined, TypeError],
  ])('%s has no form, and is refused instead of being dropped', (_, value, error) => {
    expect(() => canonicalJson(value)).toThrow(error);
    expect(() => canonicalJson({ a: [value === undefined ? Symbol('x') : value] })).toThrow(value === undefined ? TypeError : error);
  });
});

function same(a: unknown, b: unknown): boolean {
  try {
    expect(a).toEqual(b);
    return true;
  } catch {
    return false;
  }
}
