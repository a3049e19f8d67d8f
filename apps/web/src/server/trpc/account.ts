import { home, me, searchQuery, searchResult } from '@hostmaster/core/contract/account';
import { readHome } from '@hostmaster/usecases/account/home';
import { readMe } from '@hostmaster/usecases/account/me';
import { search } from '@hostmaster/usecases/account/search';
import { procedure, router } from './init.ts';

export const account = router({
  me: procedure
    .meta({
      action: 'me.read',
      rest: { method: 'GET', path: '/me', status: 200, summary: 'Who asks, in which teams, with which roles and scopes' },
    })
    .output(me)
    .query(({ ctx }) => readMe(ctx.usecase)),
  home: procedure
    .meta({ action: 'me.read' })
    .output(home)
    .query(({ ctx }) => readHome(ctx.usecase)),
  search: procedure
    .meta({ action: 'me.read' })
    .input(searchQuery)
    .output(searchResult)
    .query(({ ctx, input }) => search(ctx.usecase, input)),
});
