// Reservations keyed by what they hold (an exact name, one label anywhere, a suffix): finding all that concern a name
// walks its labels. Every match counts: each may name another group.
import { type Hostname, labelsOf, suffixesOf } from '../hostname/hostname.ts';
import type { ReviewGroup } from './rule.ts';

export type Reservation = {
  readonly id: string;
  /** `exact`: this name. `label`: any name with this label, wherever it stands. `suffix`: the name and all below it. */
  readonly kind: 'exact' | 'label' | 'suffix';
  /** A canonical hostname, or for `label` one A-label in lower case. */
  readonly value: string;
  readonly group: ReviewGroup;
  /** Shown to whoever asks for the name. */
  readonly reason: string;
};

export type ReservationIndex = {
  /** Every reservation that concerns the hostname: exact first, then by label, then by suffix. */
  find(hostname: Hostname): readonly Reservation[];
};

const none: readonly Reservation[] = [];

/** Builds the index once per loaded set of reservations. */
export function buildReservationIndex(reservations: Iterable<Reservation>): ReservationIndex {
  const byKind = {
    exact: new Map<string, Reservation[]>(),
    label: new Map<string, Reservation[]>(),
    suffix: new Map<string, Reservation[]>(),
  };
  for (const reservation of reservations) {
    const there = byKind[reservation.kind].get(reservation.value);
    if (there) there.push(reservation);
    else byKind[reservation.kind].set(reservation.value, [reservation]);
  }
  return {
    find(hostname) {
      let found: Reservation[] | null = null;
      const take = (map: Map<string, Reservation[]>, key: string) => {
        const there = map.get(key);
        if (!there) return;
        found ??= [];
        for (const reservation of there) if (!found.includes(reservation)) found.push(reservation);
      };
      take(byKind.exact, hostname);
      for (const label of labelsOf(hostname)) take(byKind.label, label);
      for (const suffix of suffixesOf(hostname)) take(byKind.suffix, suffix);
      return found ?? none;
    },
  };
}
