import { grantInput, grantPage, grantRow, grantsQuery } from '@hostmaster/core/contract/governance';
import { createGrant } from '@hostmaster/usecases/grant/create';
import { listGrants } from '@hostmaster/usecases/grant/list';
import { revokeGrant } from '@hostmaster/usecases/grant/revoke';
import { byId, procedure, router } from './init.ts';

export const grants = router({
  list: procedure
    .meta({
      action: 'grant.read',
      rest: { method: 'GET', path: '/grants', status: 200, summary: 'Who may claim names under which suffix' },
    })
    .input(grantsQuery)
    .output(grantPage)
    .query(({ ctx, input }) => listGrants(ctx.usecase, input)),
  create: procedure
    .meta({
      action: 'grant.create',
      rest: {
        method: 'POST',
        path: '/grants',
        status: 201,
        summary: 'Let a team claim names under a suffix',
        example: { team: 'order-platform', suffix: 'dev.example.test', environments: ['dev'] },
      },
    })
    .input(grantInput)
    .output(grantRow)
    .mutation(({ ctx, input }) => createGrant(ctx.usecase, input)),
  revoke: procedure
    .meta({
      action: 'grant.revoke',
      rest: { method: 'DELETE', path: '/grants/{id}', status: 204, summary: 'Take a grant back; names that are live stay' },
    })
    .input(byId)
    .output(byId)
    .mutation(async ({ ctx, input }) => {
      await revokeGrant(ctx.usecase, input);
      return input;
    }),
});
