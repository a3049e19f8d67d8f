// Reservations keyed by what they hold (an exact name, one label anywhere, a suffix): finding all that concern a name
// walks its labels. Every match counts: each may name another group.
import { type Hostname, labelsOf, suffixesOf } from '../hostname/hostname.ts';
import type { ReviewGroup } from './rule.ts';

/** `exact`: this name. `label`: any name with this label, wherever it stands. `suffix`: the name and all below it. */
export const reservationKinds = ['exact', 'label', 'suffix'] as const;
export type ReservationKind = (typeof reservationKinds)[number];

export type Reservation = {
  readonly id: string;
  readonly kind: ReservationKind;
  /** A canonical hostname, or for `label` one A-label in lower case. */
  readonly value: string;
  readonly group: ReviewGroup;
  /** Shown to whoever asks for the name. */
  readonly reason: string;
};

export type ReservationIndex = {
  /**
   * Every reservation that concerns the hostname: exact first, then by label, then by suffix.
   * @param suffixes `suffixesOf(hostname)`, where the caller has it already
   */
  find(hostname: Hostname, suffixes?: readonly Hostname[]): readonly Reservation[];
};

const none: readonly Reservation[] = [];

/** Builds the index once per loaded set of reservations. */
export function buildReservationIndex(reservations: Iterable<Reservation>): ReservationIndex {
  const byKind = {
    exact: new Map<string, Reservation[]>(),
    label: new Map<string, Reservation[]>(),
    suffix: new Map<string, Reservation[]>(),
  };
  // As in the index of grants: only depths at which something is reserved are looked up.
  const depths: boolean[] = [];
  for (const reservation of reservations) {
    if (reservation.kind === 'suffix') depths[reservation.value.split('.').length] = true;
    const there = byKind[reservation.kind].get(reservation.value);
    if (there) there.push(reservation);
    else byKind[reservation.kind].set(reservation.value, [reservation]);
  }
  return {
    find(hostname, suffixes = suffixesOf(hostname)) {
      let found = byKind.exact.get(hostname);
      if (byKind.label.size > 0) for (const label of labelsOf(hostname)) found = joined(found, byKind.label.get(label));
      for (let index = 0; index < suffixes.length; index += 1) {
        const suffix = suffixes[index];
        if (suffix !== undefined && depths[suffixes.length - index]) found = joined(found, byKind.suffix.get(suffix));
      }
      return found ?? none;
    },
  };
}

/** Both lists, each reservation once; a label may stand twice in a name. */
const joined = (one: Reservation[] | undefined, other: Reservation[] | undefined): Reservation[] | undefined =>
  one === undefined || other === undefined ? (one ?? other) : [...new Set([...one, ...other])];
