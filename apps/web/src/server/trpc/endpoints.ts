import { certificateImport } from '@hostmaster/core/contract/certificate-import';
import { lastOrder } from '@hostmaster/core/contract/certificate-order';
import { endpointDetail, endpointPage, endpointQuery, endpointRevisions, endpointsQuery } from '@hostmaster/core/contract/endpoint-view';
import { operation } from '@hostmaster/core/contract/operation';
import { lastOrderOf } from '@hostmaster/usecases/certificate/last-order';
import { getEndpoint } from '@hostmaster/usecases/endpoint/get';
import { listEndpoints } from '@hostmaster/usecases/endpoint/list';
import { recheckEndpoint } from '@hostmaster/usecases/endpoint/recheck';
import { listRevisions } from '@hostmaster/usecases/endpoint/revisions';
import { bringCertificate } from '@hostmaster/usecases/import/bring';
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
  lastOrder: procedure
    .meta({
      action: 'endpoint.read',
      rest: {
        method: 'GET',
        path: '/endpoints/{id}/order',
        status: 200,
        summary: 'The last order of its certificate, down to each challenge: why it is not issued',
      },
    })
    .input(endpointQuery)
    .output(lastOrder)
    .query(({ ctx, input }) => lastOrderOf(ctx.usecase, input)),
  importCertificate: procedure
    .meta({
      action: 'certificate.import',
      rest: {
        method: 'POST',
        path: '/endpoints/{id}/certificate',
        status: 202,
        summary: 'Bring a certificate with its key; answers the operation to poll',
        location: ({ id }) => `/api/v1/operations/${id}`,
      },
    })
    .input(certificateImport)
    .output(operation)
    .mutation(({ ctx, input }) => bringCertificate(ctx.usecase, input)),
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
