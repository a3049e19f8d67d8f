import { issuerPage } from '@hostmaster/core/contract/certificate';
import { listQuery } from '@hostmaster/core/contract/page';
import { listIssuers } from '@hostmaster/usecases/issuer/list';
import { procedure, router } from './init.ts';

export const issuers = router({
  list: procedure
    .meta({
      action: 'issuer.read',
      rest: { method: 'GET', path: '/issuers', status: 200, summary: 'Certificate authorities with their chain and profile' },
    })
    .input(listQuery)
    .output(issuerPage)
    .query(({ ctx, input }) => listIssuers(ctx.usecase, input)),
});
