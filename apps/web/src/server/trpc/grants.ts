import {
  grantChange,
  grantCheck,
  grantCheckInput,
  grantInput,
  grantPage,
  grantRow,
  grantsQuery,
} from '@hostmaster/core/contract/governance';
import { checkGrant } from '@hostmaster/usecases/grant/check';
import { createGrant } from '@hostmaster/usecases/grant/create';
import { listGrants } from '@hostmaster/usecases/grant/list';
import { revokeGrant } from '@hostmaster/usecases/grant/revoke';
import { updateGrant } from '@hostmaster/usecases/grant/update';
import { byId, procedure, router } from './init.ts';

export const grants = router({
  list: procedure
    .meta({
      action: 'grant.read',
      refusals: ['not-found'],
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
  check: procedure
    .meta({
      action: 'grant.create',
      rest: {
        method: 'POST',
        path: '/grants:check',
        status: 200,
        summary: 'Whose names stand below a suffix, and what a grant of it would mean for them; nothing is stored',
        example: { team: 'order-platform', suffix: 'dev.example.test' },
      },
    })
    .input(grantCheckInput)
    .output(grantCheck)
    .query(({ ctx, input }) => checkGrant(ctx.usecase, input)),
  update: procedure
    .meta({
      action: 'grant.update',
      rest: {
        method: 'PUT',
        path: '/grants/{id}',
        status: 200,
        summary: 'Change what a grant covers and when it ends; what is left out gets its default again',
        example: { environments: ['dev'], expiresAt: '2027-06-30T23:59:59Z' },
      },
    })
    .input(grantChange)
    .output(grantRow)
    .mutation(({ ctx, input }) => updateGrant(ctx.usecase, input)),
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
