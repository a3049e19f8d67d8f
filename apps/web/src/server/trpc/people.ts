import { endedSessions, inviteInput, passwordLink, peoplePage, peopleQuery, person, rolesInput } from '@hostmaster/core/contract/person';
import { disablePerson, enablePerson } from '@hostmaster/usecases/person/disable';
import { getPerson } from '@hostmaster/usecases/person/get';
import { invite } from '@hostmaster/usecases/person/invite';
import { listPeople } from '@hostmaster/usecases/person/list';
import { renewLink } from '@hostmaster/usecases/person/renew-link';
import { setRoles } from '@hostmaster/usecases/person/set-roles';
import { endSessionsOfPerson } from '@hostmaster/usecases/session/end-several';
import { byId, procedure, router } from './init.ts';

const action = 'person.manage';

export const people = router({
  list: procedure
    .meta({ action, rest: { method: 'GET', path: '/people', status: 200, summary: 'People, by name' } })
    .input(peopleQuery)
    .output(peoplePage)
    .query(({ ctx, input }) => listPeople(ctx.usecase, input)),
  get: procedure
    .meta({ action, rest: { method: 'GET', path: '/people/{id}', status: 200, summary: 'Somebody, with their sessions' } })
    .input(byId)
    .output(person)
    .query(({ ctx, input }) => getPerson(ctx.usecase, input)),
  invite: procedure
    .meta({
      action,
      refusals: ['already-exists'],
      rest: {
        method: 'POST',
        path: '/people',
        status: 201,
        secretAnswer: true,
        summary: 'Invite somebody; this answer is the only one that holds the link',
        description: 'Whoever holds the link sets the password, once and within seven days: hand it over where nobody else reads.',
        example: { email: 'lee@example.org', name: 'Lee Chan', roles: ['security-reviewer'], teams: [{ team: 'payments' }] },
        location: ({ id }) => `/api/v1/people/${id}`,
      },
    })
    .input(inviteInput)
    .output(passwordLink)
    .mutation(({ ctx, input }) => invite(ctx.usecase, input)),
  renewLink: procedure
    .meta({
      action,
      refusals: ['person-disabled'],
      rest: {
        method: 'POST',
        path: '/people/{id}/password-link',
        status: 201,
        secretAnswer: true,
        summary: 'A new link to set a password; this answer is the only one that holds it',
        description:
          'Of somebody who cannot sign in yet it is an invitation and counts for seven days, else it counts for 24 hours. Older links of the person end.',
      },
    })
    .input(byId)
    .output(passwordLink)
    .mutation(({ ctx, input }) => renewLink(ctx.usecase, input)),
  setRoles: procedure
    .meta({
      action,
      refusals: ['last-admin'],
      rest: {
        method: 'PUT',
        path: '/people/{id}/roles',
        status: 200,
        summary: 'Say what somebody may do in the organisation',
        example: { roles: ['auditor'] },
      },
    })
    .input(rolesInput)
    .output(person)
    .mutation(async ({ ctx, input }) => {
      await setRoles(ctx.usecase, input);
      return getPerson(ctx.usecase, input);
    }),
  disable: procedure
    .meta({
      action,
      refusals: ['last-admin'],
      rest: {
        method: 'POST',
        path: '/people/{id}/disable',
        status: 200,
        summary: 'Shut somebody out at once',
        description: 'Their sessions and links end, and their tokens count for nothing until they are enabled again.',
      },
    })
    .input(byId)
    .output(person)
    .mutation(async ({ ctx, input }) => {
      await disablePerson(ctx.usecase, input);
      return getPerson(ctx.usecase, input);
    }),
  enable: procedure
    .meta({ action, rest: { method: 'POST', path: '/people/{id}/enable', status: 200, summary: 'Let somebody in again' } })
    .input(byId)
    .output(person)
    .mutation(async ({ ctx, input }) => {
      await enablePerson(ctx.usecase, input);
      return getPerson(ctx.usecase, input);
    }),
  endSessions: procedure
    .meta({ action, rest: { method: 'DELETE', path: '/people/{id}/sessions', status: 200, summary: 'End every session of somebody' } })
    .input(byId)
    .output(endedSessions)
    .mutation(({ ctx, input }) => endSessionsOfPerson(ctx.usecase, input)),
});
