import { type ReservationInput, reservationInput } from '@hostmaster/core/contract/governance';
import { optionsOf } from '@/lib/options';

/** What a reservation of each kind covers. */
export const kindWords = {
  exact: 'this name',
  label: 'the label, anywhere',
  suffix: 'everything under it',
} satisfies Record<ReservationInput['kind'], string>;

/** What one reserves, as it is asked. */
export const kindOptions = optionsOf(reservationInput.shape.kind.options, {
  exact: 'One name',
  label: 'A label, anywhere',
  suffix: 'A suffix',
});
