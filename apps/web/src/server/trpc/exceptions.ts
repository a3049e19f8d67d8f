import { exceptionInput, exceptionPage, exceptionRow } from '@hostmaster/core/contract/exception';
import { listQuery } from '@hostmaster/core/contract/page';
import { endException } from '@hostmaster/usecases/exception/end';
import { listExceptions } from '@hostmaster/usecases/exception/list';
import { recordException } from '@hostmaster/usecases/exception/record';
import { byId, procedure, router } from './init.ts';

export const exceptions = router({
  list: procedure
    .meta({
      action: 'exception.read',
      rest: {
        method: 'GET',
        path: '/exceptions',
        status: 200,
        summary: 'Rules that are lifted for a name until a day, and those that can be',
      },
    })
    .input(listQuery)
    .output(exceptionPage)
    .query(({ ctx, input }) => listExceptions(ctx.usecase, input)),
  create: procedure
    .meta({
      action: 'exception.create',
      refusals: ['already-exists', 'self-review'],
      rest: {
        method: 'POST',
        path: '/exceptions',
        status: 201,
        summary: 'Lift a rule of the policy for one name until a day',
        example: {
          rule: 'quarantine',
          hostname: 'orders.dev.example.test',
          reason: 'Both teams agreed on the handover.',
          until: '2027-01-31T00:00:00Z',
        },
      },
    })
    .input(exceptionInput)
    .output(exceptionRow)
    .mutation(({ ctx, input }) => recordException(ctx.usecase, input)),
  end: procedure
    .meta({
      action: 'exception.end',
      rest: { method: 'DELETE', path: '/exceptions/{id}', status: 204, summary: 'End an exception now; what stands on it stays' },
    })
    .input(byId)
    .output(byId)
    .mutation(async ({ ctx, input }) => {
      await endException(ctx.usecase, input);
      return input;
    }),
});
