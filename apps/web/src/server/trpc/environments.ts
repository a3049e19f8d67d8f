import { environmentInput, environmentKey, environmentPage, environmentRow } from '@hostmaster/core/contract/environment';
import { listQuery } from '@hostmaster/core/contract/page';
import { createEnvironment } from '@hostmaster/usecases/environment/create';
import { listEnvironments } from '@hostmaster/usecases/environment/list';
import { removeEnvironment } from '@hostmaster/usecases/environment/remove';
import { updateEnvironment } from '@hostmaster/usecases/environment/update';
import { procedure, router } from './init.ts';

export const environments = router({
  list: procedure
    .meta({
      action: 'environment.read',
      rest: { method: 'GET', path: '/environments', status: 200, summary: 'Environments, in the order in which they are shown' },
    })
    .input(listQuery)
    .output(environmentPage)
    .query(({ ctx, input }) => listEnvironments(ctx.usecase, input)),
  create: procedure
    .meta({
      action: 'environment.create',
      refusals: ['already-exists'],
      rest: {
        method: 'POST',
        path: '/environments',
        status: 201,
        summary: 'Make an environment',
        example: { slug: 'qa', name: 'Quality assurance', rank: 15 },
      },
    })
    .input(environmentInput)
    .output(environmentRow)
    .mutation(({ ctx, input }) => createEnvironment(ctx.usecase, input)),
  update: procedure
    .meta({
      action: 'environment.update',
      rest: {
        method: 'PUT',
        path: '/environments/{slug}',
        status: 200,
        summary: 'Give an environment another name or place',
        example: { name: 'Quality assurance', rank: 15 },
      },
    })
    .input(environmentInput)
    .output(environmentRow)
    .mutation(({ ctx, input }) => updateEnvironment(ctx.usecase, input)),
  remove: procedure
    .meta({
      action: 'environment.remove',
      refusals: ['in-use'],
      rest: { method: 'DELETE', path: '/environments/{slug}', status: 204, summary: 'Remove an environment that nothing names' },
    })
    .input(environmentKey)
    .output(environmentKey)
    .mutation(async ({ ctx, input }) => {
      await removeEnvironment(ctx.usecase, input);
      return input;
    }),
});
