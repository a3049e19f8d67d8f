import {
  authorityImport,
  authorityQuery,
  authorityView,
  bundleFetchPage,
  rootConnection,
  rootWish,
  signedAuthority,
  signedList,
} from '@hostmaster/core/contract/authority';
import { operation } from '@hostmaster/core/contract/operation';
import { listQuery } from '@hostmaster/core/contract/page';
import { activateRoot } from '@hostmaster/usecases/authority/activate-root';
import { connectRoot } from '@hostmaster/usecases/authority/connect-root';
import { dropRequest } from '@hostmaster/usecases/authority/drop-request';
import { importAuthority } from '@hostmaster/usecases/authority/import';
import { installCrl } from '@hostmaster/usecases/authority/install-crl';
import { installIntermediate } from '@hostmaster/usecases/authority/install-intermediate';
import { listBundleFetches } from '@hostmaster/usecases/authority/list-fetches';
import { makeRoot } from '@hostmaster/usecases/authority/make-root';
import { readAuthority } from '@hostmaster/usecases/authority/read';
import { requestIntermediate } from '@hostmaster/usecases/authority/request-intermediate';
import { withdrawRoot } from '@hostmaster/usecases/authority/withdraw-root';
import { procedure, router } from './init.ts';

const location = ({ id }: { readonly id: string }) => `/api/v1/operations/${id}`;
const carriedOut = 'A worker carries it out; the operation that is answered says how far it is, and names what was made in its result.';
const pem = '-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n';

export const authority = router({
  get: procedure
    .meta({
      action: 'issuer.read',
      rest: {
        method: 'GET',
        path: '/authority',
        status: 200,
        summary: 'The internal CA: its roots, the CAs below each, and what waits for a signature elsewhere',
      },
    })
    .output(authorityView)
    .query(({ ctx }) => readAuthority(ctx.usecase)),
  fetches: procedure
    .meta({
      action: 'authority.manage',
      rest: {
        method: 'GET',
        path: '/authority/fetches',
        status: 200,
        summary: 'From where the published roots were fetched in the last 90 days, those without the newest bundle first',
      },
    })
    .input(listQuery)
    .output(bundleFetchPage)
    .query(({ ctx, input }) => listBundleFetches(ctx.usecase, input)),
  makeRoot: procedure
    .meta({
      action: 'authority.manage',
      rest: {
        method: 'POST',
        path: '/authority/roots',
        status: 202,
        summary: 'Make another root here; it is announced, and signs nothing before it is activated',
        description: carriedOut,
        example: { name: 'Example Root 2026', key: 'ecdsa-p384', intermediateKey: 'ecdsa-p256' },
        location,
      },
    })
    .input(rootWish)
    .output(operation)
    .mutation(({ ctx, input }) => makeRoot(ctx.usecase, input)),
  connectRoot: procedure
    .meta({
      action: 'authority.manage',
      rest: {
        method: 'POST',
        path: '/authority/roots:connect',
        status: 202,
        summary: 'Connect a root by its certificate alone, whose key is kept elsewhere; it is announced',
        description: carriedOut,
        example: { name: 'Example Root 2026', certificatePem: pem },
        location,
      },
    })
    .input(rootConnection)
    .output(operation)
    .mutation(({ ctx, input }) => connectRoot(ctx.usecase, input)),
  import: procedure
    .meta({
      action: 'authority.manage',
      rest: {
        method: 'POST',
        path: '/authority:import',
        status: 202,
        summary: 'Bring a CA that was made elsewhere, with its key, which is sealed and never answered',
        description: `A root is announced; a CA below a root that is known here signs from then on. ${carriedOut}`,
        example: {
          name: 'Example Root 2020',
          certificatePem: pem,
          keyPem: '-----BEGIN ENCRYPTED PRIVATE KEY-----\nnot-a-key\n-----END ENCRYPTED PRIVATE KEY-----\n',
          passphrase: 'not-the-passphrase',
        },
        location,
      },
    })
    .input(authorityImport)
    .output(operation)
    .mutation(({ ctx, input }) => importAuthority(ctx.usecase, input)),
  activateRoot: procedure
    .meta({
      action: 'authority.manage',
      rest: {
        method: 'POST',
        path: '/authority/roots/{id}/activate',
        status: 202,
        summary: 'Have a root sign from now on; the one before it stays trusted',
        description: `Certificates move below it with their next renewal. ${carriedOut}`,
        location,
      },
    })
    .input(authorityQuery)
    .output(operation)
    .mutation(({ ctx, input }) => activateRoot(ctx.usecase, input)),
  withdrawRoot: procedure
    .meta({
      action: 'authority.manage',
      refusals: ['in-use'],
      rest: {
        method: 'POST',
        path: '/authority/roots/{id}/withdraw',
        status: 202,
        summary: 'Trust a root no more, once nothing below it is valid',
        description: carriedOut,
        location,
      },
    })
    .input(authorityQuery)
    .output(operation)
    .mutation(({ ctx, input }) => withdrawRoot(ctx.usecase, input)),
  requestIntermediate: procedure
    .meta({
      action: 'authority.manage',
      refusals: ['unsupported'],
      rest: {
        method: 'POST',
        path: '/authority/roots/{id}/requests',
        status: 202,
        summary: 'Have the request (PKCS #10) of a CA made that a root elsewhere is to sign',
        description: carriedOut,
        location,
      },
    })
    .input(authorityQuery)
    .output(operation)
    .mutation(({ ctx, input }) => requestIntermediate(ctx.usecase, input)),
  installCrl: procedure
    .meta({
      action: 'authority.manage',
      refusals: ['unsupported'],
      rest: {
        method: 'PUT',
        path: '/authority/roots/{id}/crl',
        status: 202,
        summary: 'Publish a list of revoked certificates that a root elsewhere has signed',
        description: carriedOut,
        example: { crlPem: '-----BEGIN X509 CRL-----\nMIIB…\n-----END X509 CRL-----\n' },
        location,
      },
    })
    .input(signedList)
    .output(operation)
    .mutation(({ ctx, input }) => installCrl(ctx.usecase, input)),
  installIntermediate: procedure
    .meta({
      action: 'authority.manage',
      refusals: ['unsupported'],
      rest: {
        method: 'PUT',
        path: '/authority/requests/{id}/certificate',
        status: 202,
        summary: 'Bring the CA that was signed elsewhere for a request; from then on it signs',
        description: carriedOut,
        example: { certificatePem: pem },
        location,
      },
    })
    .input(signedAuthority)
    .output(operation)
    .mutation(({ ctx, input }) => installIntermediate(ctx.usecase, input)),
  dropRequest: procedure
    .meta({
      action: 'authority.manage',
      rest: {
        method: 'DELETE',
        path: '/authority/requests/{id}',
        status: 202,
        summary: 'Drop the request of a CA, and throw its key away',
        description: carriedOut,
        location,
      },
    })
    .input(authorityQuery)
    .output(operation)
    .mutation(({ ctx, input }) => dropRequest(ctx.usecase, input)),
});
