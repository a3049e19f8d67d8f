import { teamInput, teamKey, teamPage, teamRow, teamsQuery } from '@hostmaster/core/contract/governance';
import { formerMember, memberInput, team } from '@hostmaster/core/contract/person';
import { createTeam } from '@hostmaster/usecases/team/create';
import { getTeam } from '@hostmaster/usecases/team/get';
import { listTeams } from '@hostmaster/usecases/team/list';
import { setMember } from '@hostmaster/usecases/team/set-member';
import { procedure, router } from './init.ts';

export const teams = router({
  list: procedure
    .meta({ action: 'team.read', rest: { method: 'GET', path: '/teams', status: 200, summary: 'Teams with their members' } })
    .input(teamsQuery)
    .output(teamPage)
    .query(({ ctx, input }) => listTeams(ctx.usecase, input)),
  create: procedure
    .meta({
      action: 'team.create',
      refusals: ['already-exists'],
      rest: { method: 'POST', path: '/teams', status: 201, summary: 'Make a team', example: { slug: 'payments', name: 'Payments' } },
    })
    .input(teamInput)
    .output(teamRow)
    .mutation(({ ctx, input }) => createTeam(ctx.usecase, input)),
  get: procedure
    .meta({
      action: 'team.read',
      rest: { method: 'GET', path: '/teams/{slug}', status: 200, summary: 'A team with its members and their addresses' },
    })
    .input(teamKey)
    .output(team)
    .query(({ ctx, input }) => getTeam(ctx.usecase, input)),
  setMember: procedure
    .meta({
      action: 'team.change-members',
      rest: {
        method: 'PUT',
        path: '/teams/{slug}/members/{email}',
        status: 200,
        summary: 'Put somebody into a team, or change their role in it',
        example: { role: 'member' },
      },
    })
    .input(memberInput)
    .output(memberInput)
    .mutation(async ({ ctx, input }) => {
      await setMember(ctx.usecase, { team: input.slug, email: input.email, role: input.role });
      return input;
    }),
  removeMember: procedure
    .meta({
      action: 'team.change-members',
      rest: { method: 'DELETE', path: '/teams/{slug}/members/{email}', status: 204, summary: 'Take somebody out of a team' },
    })
    .input(formerMember)
    .output(formerMember)
    .mutation(async ({ ctx, input }) => {
      await setMember(ctx.usecase, { team: input.slug, email: input.email, role: null });
      return input;
    }),
});
