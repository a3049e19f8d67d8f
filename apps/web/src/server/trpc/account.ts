import { home, me, searchQuery, searchResult } from '@hostmaster/core/contract/account';
import { changePasswordInput, endedSessions, sessionList, setPasswordAnswer, setPasswordInput } from '@hostmaster/core/contract/person';
import { dismissRequest } from '@hostmaster/usecases/account/dismiss';
import { readHome } from '@hostmaster/usecases/account/home';
import { readMe } from '@hostmaster/usecases/account/me';
import { search } from '@hostmaster/usecases/account/search';
import { changePassword } from '@hostmaster/usecases/person/change-password';
import { setPassword } from '@hostmaster/usecases/person/set-password';
import { endOtherSessions, endOwnSession } from '@hostmaster/usecases/session/end-several';
import { listSessions } from '@hostmaster/usecases/session/list';
import { byId, openProcedure, procedure, router } from './init.ts';

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
  /** Off the asker's own first page; nobody else's, and out of no list. */
  dismiss: procedure
    .meta({ action: 'account.manage', refusals: ['not-found'] })
    .input(byId)
    .output(byId)
    .mutation(async ({ ctx, input }) => {
      await dismissRequest(ctx.usecase, input);
      return input;
    }),
  // Of whoever is signed in, by no token, and so not for programs: these have no face over REST.
  sessions: procedure
    .meta({ action: 'account.manage' })
    .output(sessionList)
    .query(({ ctx }) => listSessions(ctx.usecase, ctx.sessionId)),
  endSession: procedure
    .meta({ action: 'account.manage', refusals: ['not-found'] })
    .input(byId)
    .output(byId)
    .mutation(async ({ ctx, input }) => {
      await endOwnSession(ctx.usecase, input);
      return input;
    }),
  endOtherSessions: procedure
    .meta({ action: 'account.manage' })
    .output(endedSessions)
    .mutation(({ ctx }) => endOtherSessions(ctx.usecase, ctx.sessionId)),
  changePassword: procedure
    .meta({ action: 'account.manage', refusals: ['sign-in-failed'] })
    .input(changePasswordInput)
    .output(endedSessions)
    .mutation(({ ctx, input }) => {
      const { sessionId, clientAddress, parts } = ctx;
      return changePassword(ctx.usecase, { ...input, sessionId, clientAddress }, parts);
    }),
  /** With a link, before anybody is signed in. */
  setPassword: openProcedure
    .meta({ action: null, refusals: ['link-ended', 'rate-limited'] })
    .input(setPasswordInput)
    .output(setPasswordAnswer)
    .mutation(({ ctx, input }) => setPassword(ctx.parts, { ...input, clientAddress: ctx.clientAddress })),
});
