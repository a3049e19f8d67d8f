import {
  cancelInput,
  checkInput,
  checkResult,
  type RequestInput,
  request,
  requestBatch,
  requestBatchInput,
  requestInput,
  requestPage,
  requestQuery,
  requestsQuery,
  reviewInput,
} from '@hostmaster/core/contract/request';
import { answerEach } from '@hostmaster/http/answer-each';
import { asOwnError } from '@hostmaster/http/own-error';
import { cancelRequest } from '@hostmaster/usecases/request/cancel';
import { checkRequest } from '@hostmaster/usecases/request/check';
import { createRequest } from '@hostmaster/usecases/request/create';
import { getRequest } from '@hostmaster/usecases/request/get';
import { listRequests } from '@hostmaster/usecases/request/list';
import { reviewRequest } from '@hostmaster/usecases/request/review';
import { noted } from '../refusals.ts';
import { procedure, router } from './init.ts';

const example = {
  kind: 'create',
  contract: { hostname: 'orders.dev.example.test', team: 'order-platform', target: { addresses: ['127.0.0.1'] } },
};

export const requests = router({
  check: procedure
    .meta({
      action: 'request.check',
      rest: {
        method: 'POST',
        path: '/requests:check',
        status: 200,
        summary: 'The verdict and the plan of a request; nothing is stored',
        description:
          'The target may be left out while it is not known: the rules on it are not judged then, and the plan names no records.',
        example,
      },
    })
    .input(checkInput)
    .output(checkResult)
    .query(({ ctx, input }) => checkRequest(ctx.usecase, input)),
  create: procedure
    .meta({
      action: 'request.create',
      refusals: ['policy-denied', 'not-found', 'already-exists'],
      rest: {
        method: 'POST',
        path: '/requests',
        status: 201,
        summary: 'Ask for a name, a change of it, its transfer or its end',
        description:
          'What policy allows is applied at once; what needs a review waits for it; what is denied is a `policy-denied` problem.',
        example,
        location: ({ id }) => `/api/v1/requests/${id}`,
      },
    })
    .input(requestInput)
    .output(request)
    .mutation(({ ctx, input }) => createRequest(ctx.usecase, input)),
  createMany: procedure
    .meta({
      action: 'request.create',
      rest: {
        method: 'POST',
        path: '/requests:batch',
        status: 200,
        summary: 'Ask for several names at once, and get an answer for each',
        description:
          'At most 100. Each is decided and committed by itself, in order, as if it had been sent alone, and counts as one request against the limit. ' +
          'Its result is the request that was made, or the problem document that it was refused with. ' +
          'Sent again with the same `Idempotency-Key`, what has its final answer gets it again, and only what may still succeed (`retryable`) is tried again.',
        example: { requests: [example] },
      },
    })
    .input(requestBatchInput)
    .output(requestBatch)
    .mutation(async ({ ctx, input, path }) => {
      const create = async (each: RequestInput) => {
        try {
          return await createRequest(ctx.usecase, each);
        } catch (error) {
          await noted(ctx, { actor: ctx.actor, procedure: path, input: each }, asOwnError(error));
          throw error;
        }
      };
      const answers = await answerEach(input.requests, ctx, async (each) => ({ status: 201, body: await create(each) }));
      return requestBatch.parse({ results: answers.map(({ status, body }) => (status < 400 ? { request: body } : { problem: body })) });
    }),
  list: procedure
    .meta({
      action: 'request.read',
      rest: { method: 'GET', path: '/requests', status: 200, summary: 'Requests, newest first; `queue=true` for those you may review' },
    })
    .input(requestsQuery)
    .output(requestPage)
    .query(({ ctx, input }) => listRequests(ctx.usecase, input)),
  get: procedure
    .meta({
      action: 'request.read',
      rest: { method: 'GET', path: '/requests/{id}', status: 200, summary: 'One request with its decision, plan and reviews' },
    })
    .input(requestQuery)
    .output(request)
    .query(({ ctx, input }) => getRequest(ctx.usecase, input)),
  review: procedure
    .meta({
      action: 'request.review',
      refusals: ['self-review', 'plan-changed', 'policy-denied'],
      rest: {
        method: 'POST',
        path: '/requests/{id}/reviews',
        status: 201,
        summary: 'Approve or reject exactly the plan that was seen',
        example: { decision: 'approve', reason: 'The team owns the service.', planHash: 'the `plan.hash` of the request' },
        location: ({ id }) => `/api/v1/requests/${id}`,
      },
    })
    .input(reviewInput)
    .output(request)
    .mutation(({ ctx, input }) => reviewRequest(ctx.usecase, input)),
  cancel: procedure
    .meta({
      action: 'request.cancel',
      rest: {
        method: 'POST',
        path: '/requests/{id}/cancel',
        status: 200,
        summary: 'Take a request back',
        example: { reason: 'Asked for the wrong name.' },
      },
    })
    .input(cancelInput)
    .output(request)
    .mutation(({ ctx, input }) => cancelRequest(ctx.usecase, input)),
});
