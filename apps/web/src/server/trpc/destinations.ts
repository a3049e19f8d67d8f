import {
  destinationChangeOf,
  destinationInputOf,
  destinationKept,
  destinationKindList,
  destinationPage,
  destinationQuery,
  destinationRemoval,
  destinationRow,
  destinationTrialOf,
} from '@hostmaster/core/contract/destination';
import { operation } from '@hostmaster/core/contract/operation';
import { listQuery } from '@hostmaster/core/contract/page';
import { connectDestination } from '@hostmaster/usecases/destination/connect';
import { getDestination } from '@hostmaster/usecases/destination/get';
import { listDestinationKinds } from '@hostmaster/usecases/destination/kinds';
import { listDestinations } from '@hostmaster/usecases/destination/list';
import { removeDestination } from '@hostmaster/usecases/destination/remove';
import { testDestination } from '@hostmaster/usecases/destination/test-connection';
import { tryDestination } from '@hostmaster/usecases/destination/try-connection';
import { updateDestination } from '@hostmaster/usecases/destination/update';
import { destinationKinds } from '../container.ts';
import { procedure, router } from './init.ts';

const kinds = [...destinationKinds.values()];
const connection = {
  kind: 'kubernetes',
  settings: { address: 'https://k8s-2.example.com:6443', namespace: 'ingress' },
  secret: 'EXAMPLE-token',
};

export const destinations = router({
  list: procedure
    .meta({
      action: 'destination.read',
      rest: {
        method: 'GET',
        path: '/destinations',
        status: 200,
        summary: 'Where certificates are handed to, beside the directory of the worker',
      },
    })
    .input(listQuery)
    .output(destinationPage)
    .query(({ ctx, input }) => listDestinations(ctx.usecase, input)),
  get: procedure
    .meta({ action: 'destination.read', rest: { method: 'GET', path: '/destinations/{id}', status: 200, summary: 'One destination' } })
    .input(destinationQuery)
    .output(destinationRow)
    .query(({ ctx, input }) => getDestination(ctx.usecase, input)),
  kinds: procedure
    .meta({
      action: 'destination.read',
      rest: {
        method: 'GET',
        path: '/destination-kinds',
        status: 200,
        summary: 'Kinds of destinations that can be connected, each with the JSON Schema of its settings',
      },
    })
    .output(destinationKindList)
    .query(({ ctx }) => listDestinationKinds(ctx.usecase)),
  connect: procedure
    .meta({
      action: 'destination.connect',
      refusals: ['already-exists'],
      rest: {
        method: 'POST',
        path: '/destinations',
        status: 201,
        summary: 'Connect a destination; the secret is sealed and never answered',
        description:
          'Its connection was tested first by POST /destinations:test (`trial`), or is said to be `untested`. Nothing is delivered there before a cluster is attached to it.',
        example: { slug: 'k8s-2', connection, trial: '01890a5d-ac96-774b-bcce-b302099a8057' },
        location: ({ id }) => `/api/v1/destinations/${id}`,
      },
    })
    .input(destinationInputOf(kinds))
    .output(destinationKept)
    .mutation(({ ctx, input }) => connectDestination(ctx.usecase, input)),
  try: procedure
    .meta({
      action: 'destination.test',
      rest: {
        method: 'POST',
        path: '/destinations:test',
        status: 202,
        summary: 'Try a connection before a destination is connected or changed to it; answers the operation to poll',
        description:
          'Nothing is connected, and nothing is written there. The secret is sealed to the worker, which throws it away with the end of the test. Whoever keeps the connection then names the operation as `trial`.',
        example: { connection },
        location: ({ id }) => `/api/v1/operations/${id}`,
      },
    })
    .input(destinationTrialOf(kinds))
    .output(operation)
    .mutation(({ ctx, input }) => tryDestination(ctx.usecase, input)),
  test: procedure
    .meta({
      action: 'destination.test',
      refusals: ['conflict'],
      rest: {
        method: 'POST',
        path: '/destinations/{id}/test',
        status: 202,
        summary: 'Try the connection to a destination; answers the operation to poll',
        location: ({ id }) => `/api/v1/operations/${id}`,
      },
    })
    .input(destinationQuery)
    .output(operation)
    .mutation(({ ctx, input }) => testDestination(ctx.usecase, input)),
  update: procedure
    .meta({
      action: 'destination.update',
      rest: {
        method: 'PUT',
        path: '/destinations/{id}',
        status: 200,
        summary: 'Change where a destination is, together with its secret',
        description:
          'Its short name and kind stay, and so do the settings that say which one it is while a certificate is there. `trial` or `untested` is said as where one is connected.',
        example: { version: 1, connection, trial: '01890a5d-ac96-774b-bcce-b302099a8057' },
      },
    })
    .input(destinationChangeOf(kinds))
    .output(destinationKept)
    .mutation(({ ctx, input }) => updateDestination(ctx.usecase, input)),
  remove: procedure
    .meta({
      action: 'destination.remove',
      refusals: ['in-use'],
      rest: {
        method: 'DELETE',
        path: '/destinations/{id}',
        status: 204,
        summary: 'Remove a destination that no cluster is attached to and that holds no certificate any more',
        description:
          'What was delivered there is taken back within minutes of the detaching. With abandon, it is forgotten: for one that is gone for good.',
      },
    })
    .input(destinationRemoval)
    .output(destinationQuery)
    .mutation(async ({ ctx, input }) => {
      await removeDestination(ctx.usecase, input);
      return { id: input.id };
    }),
});
