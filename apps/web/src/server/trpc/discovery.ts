import {
  discoveredById,
  discoveredDetail,
  discoveredPage,
  discoveredQuery,
  discoveryScope,
  discoveryScopeChange,
  discoveryScopeInput,
  discoveryScopePage,
  discoveryScopeQuery,
  knownInput,
} from '@hostmaster/core/contract/discovery';
import { listQuery } from '@hostmaster/core/contract/page';
import { transparencyLog, transparencyLogInput, transparencyLogPage, transparencyLogQuery } from '@hostmaster/core/contract/transparency';
import { allowScope } from '@hostmaster/usecases/discovery/allow-scope';
import { changeScope } from '@hostmaster/usecases/discovery/change-scope';
import { getDiscovered } from '@hostmaster/usecases/discovery/get';
import { getScope } from '@hostmaster/usecases/discovery/get-scope';
import { listDiscovered } from '@hostmaster/usecases/discovery/list';
import { listScopes } from '@hostmaster/usecases/discovery/list-scopes';
import { lookNow } from '@hostmaster/usecases/discovery/look-now';
import { markKnown, withdrawKnown } from '@hostmaster/usecases/discovery/mark-known';
import { removeScope } from '@hostmaster/usecases/discovery/remove-scope';
import { connectLog } from '@hostmaster/usecases/transparency/connect-log';
import { getLog, listLogs } from '@hostmaster/usecases/transparency/list-logs';
import { readLogNow } from '@hostmaster/usecases/transparency/read-now';
import { removeLog } from '@hostmaster/usecases/transparency/remove-log';
import { procedure, router } from './init.ts';

const example = { name: 'Office network', targets: ['10.0.0.0/24', 'legacy.example.test'], ports: [443, 8443], everyHours: 24 };

const exampleLog = {
  address: 'https://ct.example.test/2026h2/',
  kind: 'static-ct-api',
  publicKey: 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==',
};

export const discovery = router({
  list: procedure
    .meta({
      action: 'discovery.read',
      rest: {
        method: 'GET',
        path: '/discovered-certificates',
        status: 200,
        summary: 'Certificates that were found where they are served or in logs, the first to end first',
      },
    })
    .input(discoveredQuery)
    .output(discoveredPage)
    .query(({ ctx, input }) => listDiscovered(ctx.usecase, input)),
  get: procedure
    .meta({
      action: 'discovery.read',
      rest: {
        method: 'GET',
        path: '/discovered-certificates/{id}',
        status: 200,
        summary: 'A certificate that was found, with where, and whose it likely is',
      },
    })
    .input(discoveredById)
    .output(discoveredDetail)
    .query(({ ctx, input }) => getDiscovered(ctx.usecase, input)),
  markKnown: procedure
    .meta({
      action: 'discovery.confirm',
      refusals: ['conflict'],
      rest: {
        method: 'PUT',
        path: '/discovered-certificates/{id}/known',
        status: 200,
        summary: 'Say that a certificate is in order though Hostmaster did not issue it, until its end',
        example: { reason: 'The appliance renews it by itself.' },
      },
    })
    .input(knownInput)
    .output(discoveredDetail)
    .mutation(({ ctx, input }) => markKnown(ctx.usecase, input)),
  withdrawKnown: procedure
    .meta({
      action: 'discovery.confirm',
      rest: {
        method: 'DELETE',
        path: '/discovered-certificates/{id}/known',
        status: 204,
        summary: 'Take back that a certificate is in order',
      },
    })
    .input(discoveredById)
    .output(discoveredById)
    .mutation(async ({ ctx, input }) => {
      await withdrawKnown(ctx.usecase, input);
      return input;
    }),
  scopes: procedure
    .meta({
      action: 'discovery.read',
      rest: { method: 'GET', path: '/discovery-scopes', status: 200, summary: 'Where workers look for certificates, and how far they are' },
    })
    .input(listQuery)
    .output(discoveryScopePage)
    .query(({ ctx, input }) => listScopes(ctx.usecase, input)),
  scope: procedure
    .meta({
      action: 'discovery.read',
      rest: { method: 'GET', path: '/discovery-scopes/{id}', status: 200, summary: 'One discovery scope' },
    })
    .input(discoveryScopeQuery)
    .output(discoveryScope)
    .query(({ ctx, input }) => getScope(ctx.usecase, input)),
  allow: procedure
    .meta({
      action: 'discovery.manage',
      refusals: ['already-exists'],
      rest: {
        method: 'POST',
        path: '/discovery-scopes',
        status: 201,
        summary: 'Allow hosts and ranges to be looked at; the first look begins at once',
        description: 'Workers connect over TLS, read the certificates and send nothing. Nothing else is ever looked at.',
        example,
        location: ({ id }) => `/api/v1/discovery-scopes/${id}`,
      },
    })
    .input(discoveryScopeInput)
    .output(discoveryScope)
    .mutation(({ ctx, input }) => allowScope(ctx.usecase, input)),
  change: procedure
    .meta({
      action: 'discovery.manage',
      refusals: ['already-exists', 'conflict'],
      rest: {
        method: 'PUT',
        path: '/discovery-scopes/{id}',
        status: 200,
        summary: 'Change where is looked; the look begins anew',
        example: { version: 1, ...example },
      },
    })
    .input(discoveryScopeChange)
    .output(discoveryScope)
    .mutation(({ ctx, input }) => changeScope(ctx.usecase, input)),
  look: procedure
    .meta({
      action: 'discovery.manage',
      rest: {
        method: 'POST',
        path: '/discovery-scopes/{id}/look',
        status: 200,
        summary: 'Look now; a look that is under way goes on',
      },
    })
    .input(discoveryScopeQuery)
    .output(discoveryScope)
    .mutation(({ ctx, input }) => lookNow(ctx.usecase, input)),
  remove: procedure
    .meta({
      action: 'discovery.manage',
      rest: {
        method: 'DELETE',
        path: '/discovery-scopes/{id}',
        status: 204,
        summary: 'Look there no more, and forget where something was seen there',
      },
    })
    .input(discoveryScopeQuery)
    .output(discoveryScopeQuery)
    .mutation(async ({ ctx, input }) => {
      await removeScope(ctx.usecase, input);
      return input;
    }),
  logs: procedure
    .meta({
      action: 'discovery.read',
      rest: {
        method: 'GET',
        path: '/transparency-logs',
        status: 200,
        summary: 'Logs of Certificate Transparency that are read, and how far',
      },
    })
    .input(listQuery)
    .output(transparencyLogPage)
    .query(({ ctx, input }) => listLogs(ctx.usecase, input)),
  log: procedure
    .meta({
      action: 'discovery.read',
      rest: { method: 'GET', path: '/transparency-logs/{id}', status: 200, summary: 'One log of Certificate Transparency that is read' },
    })
    .input(transparencyLogQuery)
    .output(transparencyLog)
    .query(({ ctx, input }) => getLog(ctx.usecase, input)),
  connectLog: procedure
    .meta({
      action: 'discovery.manage',
      refusals: ['already-exists'],
      rest: {
        method: 'POST',
        path: '/transparency-logs',
        status: 201,
        summary: 'Have a log of Certificate Transparency read, from the end that it has now',
        description:
          'Of its entries, those are kept in which a name is under the apex of a connected zone. What its head says counts where its key has signed it.',
        example: exampleLog,
        location: ({ id }) => `/api/v1/transparency-logs/${id}`,
      },
    })
    .input(transparencyLogInput)
    .output(transparencyLog)
    .mutation(({ ctx, input }) => connectLog(ctx.usecase, input)),
  readLog: procedure
    .meta({
      action: 'discovery.manage',
      refusals: ['conflict'],
      rest: { method: 'POST', path: '/transparency-logs/{id}/read', status: 200, summary: 'Read a log now' },
    })
    .input(transparencyLogQuery)
    .output(transparencyLog)
    .mutation(({ ctx, input }) => readLogNow(ctx.usecase, input)),
  removeLog: procedure
    .meta({
      action: 'discovery.manage',
      rest: {
        method: 'DELETE',
        path: '/transparency-logs/{id}',
        status: 204,
        summary: 'Read a log no more, and forget that something was seen in it',
      },
    })
    .input(transparencyLogQuery)
    .output(transparencyLogQuery)
    .mutation(async ({ ctx, input }) => {
      await removeLog(ctx.usecase, input);
      return input;
    }),
});
