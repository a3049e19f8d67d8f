import { describe, expect, it } from 'vitest';
import { ask, denials, endpoint, grant, grants, lookalike, recordSet, reviews, type World } from '../testing/world.ts';

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

it.each<[string, string[], World]>([
  ['an empty label', ['a..dev.example.test', 'b..dev.example.test'], {}],
  ['the same odd label', ['a_b.dev.example.test', 'a_b.staging.example.test'], {}],
  ['nothing of their own in them', ['..', '.'], {}],
  ['no zone', ['a.example.com', 'b.example.com'], {}],
  ['no grant', ['a.other.example.test', 'b.other.example.test'], {}],
  ['a grant for another environment', ['a.prod.example.test', 'b.prod.example.test'], {}],
  [
    'a grant for another view',
    ['a.qa.dev.example.test', 'b.qa.dev.example.test'],
    { grants: [...grants, grant('order-platform', 'qa.dev.example.test', ['dev'], { views: ['internal'] })] },
  ],
  ['a public suffix', ['github.io', 'gitlab.io'], {}],
  ['a wildcard', ['*.a.dev.example.test', '*.b.dev.example.test'], {}],
  [
    'names of another team',
    ['a.dev.example.test', 'b.dev.example.test'],
    { endpoints: ['a', 'b'].map((label) => endpoint(`${label}.dev.example.test`, 'billing')) },
  ],
  ['a delegation', ['a.dev.example.test', 'b.dev.example.test'], { recordSets: [recordSet('dev.example.test', 'NS')] }],
])('of two extra names with %s each has reasons that name it', (_, extraNames, world) => {
  const { violations } = ask({ tls: { extraNames } }, world);
  extraNames.forEach((text, at) => {
    const own = violations.filter(({ path }) => path === `tls.extraNames.${at}`);
    expect(own.length).toBeGreaterThan(0);
    for (const { rule, reason } of own) expect({ rule, reason }).toEqual({ rule, reason: expect.stringContaining(text.replace('*.', '')) });
  });
});
