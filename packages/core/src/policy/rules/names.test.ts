import { describe, expect, it } from 'vitest';
import { denials, lookalike, reviews } from '../testing/world.ts';

const extra = { tls: { extraNames: ['shop.dev.example.test'] } };

describe("a name that reads like another team's", () => {
  it('is reviewed by security when it is plain ASCII', () => {
    expect(reviews({}, { lookalikes: [lookalike('0rders.dev.example.test', 'billing')] })).toEqual(['lookalike-name by security-reviewer']);
  });

  it('is denied when it is internationalised', () => {
    expect(denials({ hostname: 'órders.dev.example.test' }, { lookalikes: [lookalike('orders.dev.example.test', 'billing')] })).toEqual([
      'lookalike-name',
    ]);
  });

  it('is found among the extra names too', () => {
    expect(reviews(extra, { lookalikes: [lookalike('sh0p.dev.example.test', 'billing')] })).toEqual([
      'lookalike-name by security-reviewer',
    ]);
  });

  it.each([
    ["the team's own", lookalike('0rders.dev.example.test', 'order-platform')],
    ['the very name, which other rules judge', lookalike('orders.dev.example.test', 'billing')],
    ['what reads like something else', lookalike('0rderz.dev.example.test', 'billing')],
  ])('is not %s', (_, twin) => {
    expect(reviews({}, { lookalikes: [twin] })).toEqual([]);
    expect(denials({ hostname: 'órders.dev.example.test' }, { lookalikes: [{ ...twin, team: 'order-platform' }] })).toEqual([]);
  });
});

it('no extra name is a public suffix', () => {
  expect(denials({ tls: { extraNames: ['github.io'] } })).toEqual(['managed-zone', 'public-suffix', 'suffix-granted']);
});
