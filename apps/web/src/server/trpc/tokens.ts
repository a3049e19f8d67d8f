import { createdToken, tokenInput, tokenPage } from '@hostmaster/core/contract/account';
import { listQuery } from '@hostmaster/core/contract/page';
import { createToken } from '@hostmaster/usecases/token/create';
import { listTokens } from '@hostmaster/usecases/token/list';
import { revokeToken } from '@hostmaster/usecases/token/revoke';
import { byId, procedure, router } from './init.ts';

export const tokens = router({
  list: procedure
    .meta({
      action: 'token.read',
      rest: { method: 'GET', path: '/tokens', status: 200, summary: 'Your tokens; the secret itself is never shown again' },
    })
    .input(listQuery)
    .output(tokenPage)
    .query(({ ctx, input }) => listTokens(ctx.usecase, input)),
  create: procedure
    .meta({
      action: 'token.create',
      rest: {
        method: 'POST',
        path: '/tokens',
        status: 201,
        secretAnswer: true,
        summary: 'Make a token; this answer is the only one that holds it',
        description: 'It can do no more than you can: your teams, your roles, and of these what its scopes name.',
        example: { name: 'deploy pipeline', scopes: ['requests:read', 'requests:write'], teams: ['order-platform'], days: 90 },
      },
    })
    .input(tokenInput)
    .output(createdToken)
    .mutation(({ ctx, input }) => createToken(ctx.usecase, input)),
  revoke: procedure
    .meta({ action: 'token.revoke', rest: { method: 'DELETE', path: '/tokens/{id}', status: 204, summary: 'End a token at once' } })
    .input(byId)
    .output(byId)
    .mutation(async ({ ctx, input }) => {
      await revokeToken(ctx.usecase, input);
      return input;
    }),
});
