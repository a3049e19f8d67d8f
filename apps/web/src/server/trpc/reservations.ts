import { reservationInput, reservationPage, reservationRow, reservationsQuery } from '@hostmaster/core/contract/governance';
import { createReservation } from '@hostmaster/usecases/reservation/create';
import { listReservations } from '@hostmaster/usecases/reservation/list';
import { removeReservation } from '@hostmaster/usecases/reservation/remove';
import { byId, procedure, router } from './init.ts';

export const reservations = router({
  list: procedure
    .meta({
      action: 'reservation.read',
      rest: { method: 'GET', path: '/reservations', status: 200, summary: 'Names that need a review, with the reason' },
    })
    .input(reservationsQuery)
    .output(reservationPage)
    .query(({ ctx, input }) => listReservations(ctx.usecase, input)),
  create: procedure
    .meta({
      action: 'reservation.create',
      refusals: ['already-exists'],
      rest: {
        method: 'POST',
        path: '/reservations',
        status: 201,
        summary: 'Reserve a name, a label anywhere, or everything under a suffix',
        example: { kind: 'label', value: 'login', reason: 'Sign-in pages are what phishing copies.' },
      },
    })
    .input(reservationInput)
    .output(reservationRow)
    .mutation(({ ctx, input }) => createReservation(ctx.usecase, input)),
  remove: procedure
    .meta({
      action: 'reservation.remove',
      rest: { method: 'DELETE', path: '/reservations/{id}', status: 204, summary: 'Remove a reservation' },
    })
    .input(byId)
    .output(byId)
    .mutation(async ({ ctx, input }) => {
      await removeReservation(ctx.usecase, input);
      return input;
    }),
});
