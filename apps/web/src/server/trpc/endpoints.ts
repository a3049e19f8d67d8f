import { endpointDetail, endpointPage, endpointQuery, endpointRevisions, endpointsQuery } from '@hostmaster/core/contract/endpoint-view';
import { operation } from '@hostmaster/core/contract/operation';
import { getEndpoint } from '@hostmaster/usecases/endpoint/get';
import { listEndpoints } from '@hostmaster/usecases/endpoint/list';
import { recheckEndpoint } from '@hostmaster/usecases/endpoint/recheck';
import { listRevisions } from '@hostmaster/usecases/endpoint/revisions';
import { procedure, router } from './init.ts';

export const endpoints = router({
  list: procedure
    .meta({
      action: 'endpoint.read',
      rest: { method: 'GET', path: '/endpoints', status: 200, summary: 'Endpoints with their chain and certificate' },
    })
    .input(endpointsQuery)
    .output(endpointPage)
    .query(({ ctx, input }) => listEndpoints(ctx.usecase, input)),
  get: procedure
    .meta({
      action: 'endpoint.read',
      rest: {
        method: 'GET',
        path: '/endpoints/{id}',
        status: 200,
        summary: 'One endpoint: contract, conditions, records, what servers answer',
      },
    })
    .input(endpointQuery)
    .output(endpointDetail)
    .query(({ ctx, input }) => getEndpoint(ctx.usecase, input)),
  revisions: procedure
    .meta({
      action: 'endpoint.read',
      rest: { method: 'GET', path: '/endpoints/{id}/revisions', status: 200, summary: 'Every revision of the contract' },
    })
    .input(endpointQuery)
    .output(endpointRevisions)
    .query(({ ctx, input }) => listRevisions(ctx.usecase, input)),
  recheck: procedure
    .meta({
      action: 'operation.retry',
      rest: {
        method: 'POST',
        path: '/endpoints/{id}/recheck',
        status: 202,
        summary: 'Look at the endpoint now; answers the operation to poll',
        location: ({ id }) => `/api/v1/operations/${id}`,
      },
    })
    .input(endpointQuery)
    .output(operation)
    .mutation(({ ctx, input }) => recheckEndpoint(ctx.usecase, input)),
});
