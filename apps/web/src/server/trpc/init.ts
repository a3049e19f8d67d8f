// The base of every procedure: who asks, how its REST face looks, and how its errors are rendered. Procedures parse,
// call one use case and answer; everything they may go wrong with is rendered from the error table here.
import { id } from '@hostmaster/core/contract/page';
import type { ErrorCode } from '@hostmaster/core/error-table';
import type { Violation } from '@hostmaster/core/errors';
import type { Action, Actor } from '@hostmaster/core/policy/authorize';
import { signedIn } from '@hostmaster/http/bearer';
import type { Door, Exchange } from '@hostmaster/http/door';
import { explained } from '@hostmaster/http/problem';
import { refuseUnstorable } from '@hostmaster/http/unstorable';
import { invalidInput } from '@hostmaster/http/violations';
import type { SealingCtx } from '@hostmaster/usecases/context';
import { initTRPC, type TRPCError } from '@trpc/server';
import { z } from 'zod';
import { admit, noted } from '../refusals.ts';
import { clientOf, usecaseContext } from '../usecase-context.ts';
import { ownErrorOf } from './own-error.ts';

/** What each call is handed, whichever door it came through. */
export type RequestContext = {
  readonly exchange: Exchange;
  readonly door: Door;
  /** The Idempotency-Key, where the door takes one. */
  readonly key: string | null;
  /** null where nobody is signed in. */
  readonly actor: Actor | null;
  /** The session that asks; null for a token, and where nobody is signed in. */
  readonly sessionId: string | null;
  readonly clientAddress: string;
  readonly parts: Omit<SealingCtx, 'actor'>;
};

/** PUT puts the whole of a thing in place of what was there. */
export type RestMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** How a procedure looks over REST; the OpenAPI document and the dispatcher read the same. */
export type RestFace = {
  readonly method: RestMethod;
  /** Below /api/v1, with `{parameter}`s that are fields of the input. */
  readonly path: `/${string}`;
  readonly status: 200 | 201 | 202 | 204;
  readonly summary: string;
  readonly description?: string;
  /** An input that works, without the parameters of the path. */
  readonly example?: Readonly<Record<string, unknown>>;
  /** The answer holds a secret: it is not kept for a repeated Idempotency-Key. */
  readonly secretAnswer?: true;
  /** Where the answer can be read again, for 201 and 202; below the origin. */
  readonly location?: (answer: { readonly id: string }) => string;
};

export type ProcedureMeta = {
  /** What its use case refuses with, beyond what any may: input that is not valid, nobody signed in, not allowed. */
  readonly refusals?: readonly ErrorCode[];
} & (
  | {
      /** What the use case authorizes: names the scope and the audience in the documentation. */
      readonly action: Action;
      readonly rest?: RestFace;
    }
  /** For whoever asks, signed in or not. */
  | { readonly action: null; readonly rest?: never }
);

/** What a client of tRPC finds in `error.data`. */
type ErrorData = {
  readonly code: string;
  readonly title: string;
  readonly httpStatus: number;
  readonly retryable: boolean;
  readonly remedy: string;
  readonly violations: readonly (Violation & { readonly type?: string })[];
  readonly traceId: string | null;
  readonly retryAfter: number | null;
};

const t = initTRPC
  .context<RequestContext>()
  .meta<ProcedureMeta>()
  .create({
    errorFormatter({ shape, error, ctx }): { message: string; code: typeof shape.code; data: ErrorData } {
      const own = ownErrorOf(error);
      return {
        message: own.message,
        code: shape.code,
        data: {
          code: own.code,
          title: own.kind.title,
          httpStatus: own.kind.status,
          retryable: own.kind.retryable,
          remedy: own.remedy,
          violations: ctx === undefined ? own.violations : own.violations.map((each) => explained(each, ctx.door.publicUrl)),
          traceId: ctx?.exchange.traceId ?? null,
          retryAfter: own.retryAfter ?? null,
        },
      };
    },
  });

export const router = t.router;

/** Infinite queries of tRPC's clients say which way they go. Pages go one way, and where they go on their cursor says. */
function withoutDirection(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Reflect.get(input, 'direction') !== 'forward') return input;
  const { direction: _, ...rest } = input as { direction: unknown };
  return rest;
}

const asked = t.procedure.use(({ getRawInput, next }) => next({ getRawInput: async () => withoutDirection(await getRawInput()) }));

/** A procedure for somebody who is signed in; what exactly they may do, the use case decides. */
export const procedure = asked
  .use(({ ctx, next }) => {
    const actor = signedIn(ctx.actor);
    return ctx.door.inTurn(actor.id, () => next({ ctx: { ...ctx, actor } }));
  })
  .use(async ({ ctx, meta, path, getRawInput, next }) => {
    const { actor } = ctx;
    if (meta?.action) await admit(ctx, { actor, procedure: path }, meta.action);
    const usecase = usecaseContext(ctx.parts, actor, clientOf(ctx));
    const input = await getRawInput();
    refuseUnstorable(input);
    const result = await next({ ctx: { ...ctx, usecase } });
    if (!result.ok) await noted(ctx, { actor, procedure: path, input }, ownErrorOf(result.error));
    return inOwnWords(result, input);
  });

/** What zod refused of the input, as our error. */
function inOwnWords<Result extends { readonly ok: boolean; readonly error?: TRPCError }>(result: Result, input: unknown): Result {
  if (result.error?.code === 'BAD_REQUEST' && result.error.cause instanceof z.core.$ZodError)
    throw invalidInput(result.error.cause.issues, input);
  return result;
}

/** A procedure for somebody who is not signed in, or not any more: nothing is done in anybody's name. */
export const openProcedure = t.procedure.use(async ({ getRawInput, next }) => {
  const input = await getRawInput();
  refuseUnstorable(input);
  return inOwnWords(await next(), input);
});

export const byId = z.strictObject({ id });
