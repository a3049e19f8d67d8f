import {
  certificateDetail,
  certificatePage,
  certificateQuery,
  certificateRevocation,
  certificatesQuery,
  expiryBoard,
} from '@hostmaster/core/contract/certificate';
import { keyExportInput, sealedKey } from '@hostmaster/core/contract/key-export';
import { operation } from '@hostmaster/core/contract/operation';
import { readExpiryBoard } from '@hostmaster/usecases/certificate/board';
import { getCertificate } from '@hostmaster/usecases/certificate/get';
import { listCertificates } from '@hostmaster/usecases/certificate/list';
import { revokeCertificate } from '@hostmaster/usecases/certificate/revoke';
import { askForKey } from '@hostmaster/usecases/key-export/ask';
import { collectKey } from '@hostmaster/usecases/key-export/collect';
import { byId, procedure, router } from './init.ts';

export const certificates = router({
  list: procedure
    .meta({
      action: 'certificate.read',
      rest: { method: 'GET', path: '/certificates', status: 200, summary: 'Certificates, the first to expire first' },
    })
    .input(certificatesQuery)
    .output(certificatePage)
    .query(({ ctx, input }) => listCertificates(ctx.usecase, input)),
  get: procedure
    .meta({
      action: 'certificate.read',
      rest: {
        method: 'GET',
        path: '/certificates/{serial}',
        status: 200,
        summary: 'One certificate with its chain, and all that stands in it',
      },
    })
    .input(certificateQuery)
    .output(certificateDetail)
    .query(({ ctx, input }) => getCertificate(ctx.usecase, input)),
  revoke: procedure
    .meta({
      action: 'certificate.revoke',
      rest: {
        method: 'POST',
        path: '/certificates/{serial}/revoke',
        status: 202,
        summary: 'Have a certificate revoked; answers the operation to poll',
        location: ({ id }) => `/api/v1/operations/${id}`,
      },
    })
    .input(certificateRevocation)
    .output(operation)
    .mutation(({ ctx, input }) => revokeCertificate(ctx.usecase, input)),
  // Of whoever is signed in, for their browser, and so not for programs: these have no face over REST. A program sends a CSR.
  exportKey: procedure
    .meta({ action: 'certificate.export-key', refusals: ['not-found', 'conflict', 'sign-in-failed'] })
    .input(keyExportInput)
    .output(operation)
    .mutation(({ ctx, input }) => askForKey(ctx.usecase, { ...input, clientAddress: ctx.clientAddress }, ctx.parts)),
  collectKey: procedure
    .meta({ action: 'certificate.export-key', refusals: ['not-found', 'conflict'] })
    .input(byId)
    .output(sealedKey)
    .mutation(({ ctx, input }) => collectKey(ctx.usecase, input)),
  board: procedure
    .meta({
      action: 'certificate.read',
      rest: { method: 'GET', path: '/certificates:board', status: 200, summary: 'How many certificates expire in which week' },
    })
    .output(expiryBoard)
    .query(({ ctx }) => readExpiryBoard(ctx.usecase)),
});
