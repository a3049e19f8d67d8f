import {
  certificate,
  certificatePage,
  certificateQuery,
  certificateRevocation,
  certificatesQuery,
  expiryBoard,
} from '@hostmaster/core/contract/certificate';
import { operation } from '@hostmaster/core/contract/operation';
import { readExpiryBoard } from '@hostmaster/usecases/certificate/board';
import { getCertificate } from '@hostmaster/usecases/certificate/get';
import { listCertificates } from '@hostmaster/usecases/certificate/list';
import { revokeCertificate } from '@hostmaster/usecases/certificate/revoke';
import { procedure, router } from './init.ts';

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
      rest: { method: 'GET', path: '/certificates/{serial}', status: 200, summary: 'One certificate with its chain' },
    })
    .input(certificateQuery)
    .output(certificate)
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
  board: procedure
    .meta({
      action: 'certificate.read',
      rest: { method: 'GET', path: '/certificates:board', status: 200, summary: 'How many certificates expire in which week' },
    })
    .output(expiryBoard)
    .query(({ ctx }) => readExpiryBoard(ctx.usecase)),
});
