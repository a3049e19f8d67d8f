import { teamInput, teamList, teamRow } from '@hostmaster/core/contract/governance';
import { createTeam } from '@hostmaster/usecases/team/create';
import { listTeams } from '@hostmaster/usecases/team/list';
import { procedure, router } from './init.ts';

export const teams = router({
  list: procedure
    .meta({ action: 'team.read', rest: { method: 'GET', path: '/teams', status: 200, summary: 'Teams with their members' } })
    .output(teamList)
    .query(({ ctx }) => listTeams(ctx.usecase)),
  create: procedure
    .meta({
      action: 'team.create',
      refusals: ['already-exists'],
      rest: { method: 'POST', path: '/teams', status: 201, summary: 'Make a team', example: { slug: 'payments', name: 'Payments' } },
    })
    .input(teamInput)
    .output(teamRow)
    .mutation(({ ctx, input }) => createTeam(ctx.usecase, input)),
});
