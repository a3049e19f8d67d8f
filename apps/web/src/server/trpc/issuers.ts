import {
  issuerChangeOf,
  issuerInputOf,
  issuerKept,
  issuerKindList,
  issuerPage,
  issuerQuery,
  issuerRow,
  issuerTrialOf,
} from '@hostmaster/core/contract/issuer';
import { operation } from '@hostmaster/core/contract/operation';
import { listQuery } from '@hostmaster/core/contract/page';
import { changeIssuerKey } from '@hostmaster/usecases/issuer/change-key';
import { connectIssuer } from '@hostmaster/usecases/issuer/connect';
import { getIssuer } from '@hostmaster/usecases/issuer/get';
import { listIssuerKinds } from '@hostmaster/usecases/issuer/kinds';
import { listIssuers } from '@hostmaster/usecases/issuer/list';
import { removeIssuer } from '@hostmaster/usecases/issuer/remove';
import { resumeIssuer, stopIssuer } from '@hostmaster/usecases/issuer/stop';
import { testIssuer } from '@hostmaster/usecases/issuer/test-connection';
import { tryIssuer } from '@hostmaster/usecases/issuer/try-connection';
import { updateIssuer } from '@hostmaster/usecases/issuer/update';
import { issuerKinds } from '../container.ts';
import { procedure, router } from './init.ts';

const kinds = [...issuerKinds.values()];

export const issuers = router({
  list: procedure
    .meta({
      action: 'issuer.read',
      rest: { method: 'GET', path: '/issuers', status: 200, summary: 'Certificate authorities with their chain and profile' },
    })
    .input(listQuery)
    .output(issuerPage)
    .query(({ ctx, input }) => listIssuers(ctx.usecase, input)),
  get: procedure
    .meta({
      action: 'issuer.read',
      rest: { method: 'GET', path: '/issuers/{id}', status: 200, summary: 'One certificate authority, made here or connected' },
    })
    .input(issuerQuery)
    .output(issuerRow)
    .query(({ ctx, input }) => getIssuer(ctx.usecase, input)),
  kinds: procedure
    .meta({
      action: 'issuer.read',
      rest: {
        method: 'GET',
        path: '/issuer-kinds',
        status: 200,
        summary: 'Kinds of issuers that can be connected, each with the JSON Schema of its settings',
      },
    })
    .output(issuerKindList)
    .query(({ ctx }) => listIssuerKinds(ctx.usecase)),
  connect: procedure
    .meta({
      action: 'issuer.connect',
      refusals: ['already-exists'],
      rest: {
        method: 'POST',
        path: '/issuers',
        status: 201,
        summary: 'Connect an issuer; the secret is sealed and never answered',
        description:
          'Its connection was tested first by POST /issuers:test (`trial`), or is said to be `untested`. Its account at the CA is opened by a worker, when the first certificate is ordered from it.',
        example: {
          slug: 'lets-encrypt',
          name: 'Let’s Encrypt',
          connection: {
            kind: 'acme',
            settings: { directory: 'https://acme-v02.api.letsencrypt.org/directory', contact: 'hostmaster@example.test' },
          },
          suffixes: ['corp.example.test'],
          trial: '01890a5d-ac96-774b-bcce-b302099a8057',
        },
        location: ({ id }) => `/api/v1/issuers/${id}`,
      },
    })
    .input(issuerInputOf(kinds))
    .output(issuerKept)
    .mutation(({ ctx, input }) => connectIssuer(ctx.usecase, input)),
  try: procedure
    .meta({
      action: 'issuer.test',
      rest: {
        method: 'POST',
        path: '/issuers:test',
        status: 202,
        summary: 'Try a connection before an issuer is connected or changed to it; answers the operation to poll',
        description:
          'Nothing is connected, and no account is made at the CA. The secret is sealed to the worker, which throws it away with the end of the test. Whoever keeps the connection then names the operation as `trial`.',
        example: {
          connection: { kind: 'acme', settings: { directory: 'https://acme-v02.api.letsencrypt.org/directory' } },
          suffixes: ['corp.example.test'],
        },
        location: ({ id }) => `/api/v1/operations/${id}`,
      },
    })
    .input(issuerTrialOf(kinds))
    .output(operation)
    .mutation(({ ctx, input }) => tryIssuer(ctx.usecase, input)),
  test: procedure
    .meta({
      action: 'issuer.test',
      refusals: ['unsupported', 'conflict'],
      rest: {
        method: 'POST',
        path: '/issuers/{id}/test',
        status: 202,
        summary: 'Try the connection to an issuer that is connected; answers the operation to poll',
        location: ({ id }) => `/api/v1/operations/${id}`,
      },
    })
    .input(issuerQuery)
    .output(operation)
    .mutation(({ ctx, input }) => testIssuer(ctx.usecase, input)),
  changeKey: procedure
    .meta({
      action: 'issuer.change-key',
      refusals: ['unsupported', 'conflict'],
      rest: {
        method: 'POST',
        path: '/issuers/{id}/change-key',
        status: 202,
        summary: 'Have the account at an issuer known by another key; answers the operation to poll',
        description: 'What is ordered from it meanwhile waits, for about half a minute. Certificates stay as they are.',
        location: ({ id }) => `/api/v1/operations/${id}`,
      },
    })
    .input(issuerQuery)
    .output(operation)
    .mutation(({ ctx, input }) => changeIssuerKey(ctx.usecase, input)),
  update: procedure
    .meta({
      action: 'issuer.update',
      refusals: ['unsupported'],
      rest: {
        method: 'PUT',
        path: '/issuers/{id}',
        status: 200,
        summary: 'Change an issuer; what is left out gets its default again',
        description:
          'Its short name and kind stay. Where it is stays too where connection is left out, with its secret; with it the secret is given again, or goes, and `trial` or `untested` is said as where an issuer is connected. Orders that are open go on with what is said then.',
        example: { version: 1, name: 'Let’s Encrypt', suffixes: ['corp.example.test', 'shop.example.test'] },
      },
    })
    .input(issuerChangeOf(kinds))
    .output(issuerKept)
    .mutation(({ ctx, input }) => updateIssuer(ctx.usecase, input)),
  stop: procedure
    .meta({
      action: 'issuer.stop',
      refusals: ['conflict'],
      rest: {
        method: 'POST',
        path: '/issuers/{id}/stop',
        status: 200,
        summary: 'Stop an issuer, made here or connected: it signs nothing more',
        description:
          'No certificate of an open order either, and no CA, where it is a root. What it has signed stays and is revoked through it, and lists of revoked certificates are published.',
      },
    })
    .input(issuerQuery)
    .output(issuerRow)
    .mutation(({ ctx, input }) => stopIssuer(ctx.usecase, input)),
  resume: procedure
    .meta({
      action: 'issuer.stop',
      refusals: ['conflict'],
      rest: { method: 'POST', path: '/issuers/{id}/resume', status: 200, summary: 'Order from an issuer again that was stopped' },
    })
    .input(issuerQuery)
    .output(issuerRow)
    .mutation(({ ctx, input }) => resumeIssuer(ctx.usecase, input)),
  remove: procedure
    .meta({
      action: 'issuer.remove',
      refusals: ['in-use', 'unsupported'],
      rest: {
        method: 'DELETE',
        path: '/issuers/{id}',
        status: 204,
        summary: 'Remove an issuer that nothing was ordered from',
      },
    })
    .input(issuerQuery)
    .output(issuerQuery)
    .mutation(async ({ ctx, input }) => {
      await removeIssuer(ctx.usecase, input);
      return input;
    }),
});
