import { operation, operationQuery } from '@hostmaster/core/contract/operation';
import { getOperation } from '@hostmaster/usecases/operation/get';
import { procedure, router } from './init.ts';

export const operations = router({
  get: procedure
    .meta({
      action: 'operation.read',
      rest: { method: 'GET', path: '/operations/{id}', status: 200, summary: 'How far a piece of work is, why, and who moves next' },
    })
    .input(operationQuery)
    .output(operation)
    .query(({ ctx, input }) => getOperation(ctx.usecase, input)),
});
