import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin } from '../hostname/hostname.ts';
import { hostnameOf } from '../hostname/parse-hostname.ts';
import { buildGrantIndex, type Grant } from './grant-index.ts';
import { buildReservationIndex, type Reservation } from './reservation-index.ts';

const now = new Date('2026-11-20T12:00:00Z');
const name = fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 4 }).map((labels) => hostnameOf(labels.join('.')));
const grant = fc.record({
  id: fc.uuid(),
  team: fc.constantFrom('t1', 't2'),
  suffix: name,
  environments: fc.constant(['dev']),
  views: fc.constant(['public' as const]),
  allowWildcard: fc.boolean(),
  allowSuffixItself: fc.boolean(),
  expiresAt: fc.constantFrom(null, new Date(now.getTime() - 1), now, new Date(now.getTime() + 1)),
}) satisfies fc.Arbitrary<Grant>;

describe('the index of grants', () => {
  it('finds what a search through all grants finds: every live grant at the longest covering suffix', () => {
    fc.assert(
      fc.property(fc.array(grant, { maxLength: 15 }), name, (grants, hostname) => {
        const live = grants.filter(({ suffix, expiresAt }) => isWithin(hostname, suffix) && (expiresAt === null || expiresAt > now));
        const longest = Math.max(...live.map(({ suffix }) => suffix.length));
        const expected = live.filter(({ suffix }) => suffix.length === longest);
        expect(buildGrantIndex(grants).find(hostname, now)?.grants ?? []).toEqual(expected);
      }),
    );
  });
});

describe('the index of reservations', () => {
  const reservation = fc.oneof(
    fc.record({
      id: fc.uuid(),
      kind: fc.constantFrom('exact' as const, 'suffix' as const),
      value: name,
      group: fc.constant('security-reviewer' as const),
      reason: fc.constant(''),
    }),
    fc.record({
      id: fc.uuid(),
      kind: fc.constant('label' as const),
      value: fc.constantFrom('a', 'b', 'ab'),
      group: fc.constant('platform-admin' as const),
      reason: fc.constant(''),
    }),
  ) satisfies fc.Arbitrary<Reservation>;

  it('finds what a search through all reservations finds, each once', () => {
    fc.assert(
      fc.property(fc.array(reservation, { maxLength: 15 }), name, (reservations, hostname) => {
        const expected = reservations.filter(({ kind, value }) =>
          kind === 'label'
            ? hostname.split('.').includes(value)
            : kind === 'exact'
              ? hostname === value
              : isWithin(hostname, hostnameOf(value)),
        );
        const found = buildReservationIndex(reservations).find(hostname);
        expect(new Set(found)).toEqual(new Set(expected));
        expect(found.length).toBe(expected.length);
      }),
    );
  });
});
