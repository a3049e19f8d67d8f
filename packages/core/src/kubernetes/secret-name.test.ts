import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretNameOf } from './secret-name.ts';

const long = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(48)}.example.test`;

describe('the name of the Secret of a hostname', () => {
  it.each([
    ['orders.example.test', 'tls.orders.example.test'],
    ['*.example.test', 'wildcard-tls.example.test'],
    ['tls.example.test', 'tls.tls.example.test'],
    [long, expect.stringMatching(/^tls-sha256\.[0-9a-f]{64}$/)],
  ])('of %s', (hostname, name) => {
    expect(secretNameOf(hostname)).toEqual(name);
  });

  const label = fc.constantFrom('tls', 'wildcard-tls', 'tls-sha256', 'a', 'example', 'x'.repeat(63));
  const hostname = fc
    .tuple(fc.boolean(), fc.array(label, { minLength: 1, maxLength: 5 }))
    .map(([wildcard, labels]) => (wildcard ? ['*', ...labels] : labels).join('.'))
    .filter((name) => name.length <= 253);

  it('is one that Kubernetes takes, and of no other hostname', () => {
    fc.assert(
      fc.property(hostname, hostname, (one, other) => {
        for (const name of [one, other].map(secretNameOf)) {
          expect(name.length).toBeLessThanOrEqual(253);
          expect(name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
        }
        expect(secretNameOf(one) === secretNameOf(other)).toBe(one === other);
      }),
    );
  });
});
