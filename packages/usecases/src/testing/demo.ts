// The demo organisation at work in a test: people who ask and review, and a worker that does what is due.
import { type EndpointContractInput, endpointContract } from '@hostmaster/core/contract/endpoint';
import type { EndpointDetail } from '@hostmaster/core/contract/endpoint-view';
import type { Request } from '@hostmaster/core/contract/request';
import type { Actor } from '@hostmaster/core/policy/authorize';
import type { Db } from '@hostmaster/db/client';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import type { Ctx, WorkerCtx } from '../context.ts';
import { getEndpoint } from '../endpoint/get.ts';
import { type DemoAccount, demoActor } from '../installation/seed-demo.ts';
import { runOperation } from '../operation/run.ts';
import { createRequest } from '../request/create.ts';
import { getRequest } from '../request/get.ts';
import { reviewRequest } from '../request/review.ts';

export const zoneApex = 'example.test';

type Kind = 'create' | 'change' | 'retire';

export type Demo = {
  as(account: DemoAccount): Promise<Ctx>;
  /** Somebody of a team, in no other and without a role, who has signed in. */
  memberOf(slug: string): Promise<Ctx>;
  /** Asks for a name as the app team does. */
  ask(hostname: string, more?: Partial<EndpointContractInput>, account?: DemoAccount): Promise<Request>;
  /** Asks for something about a name as the app team does. */
  send(kind: Kind, hostname: string, more?: Partial<EndpointContractInput>, ctx?: Ctx): Promise<Request>;
  /** A request as somebody sees it now. */
  seen(request: { readonly id: string }, account?: DemoAccount): Promise<Request>;
  /** Somebody reviews it, by the plan as it was when it was asked for unless another is given. */
  decide(account: DemoAccount, request: Request, decision?: 'approve' | 'reject', planHash?: string): Promise<unknown>;
  /** The endpoint as its page shows it. */
  view(hostname: string): Promise<EndpointDetail>;
  /** Runs every operation that is due, and what that begins, until nothing is; what waits from then on is left waiting. */
  runDue(): Promise<void>;
};

/** @param db the owner's, for a test's own hands */
export function demoOn(db: Db, worker: WorkerCtx, ctxFor: (actor: Actor) => Ctx): Demo {
  const as = async (account: DemoAccount): Promise<Ctx> => ctxFor(await demoActor(worker, account));
  const send: Demo['send'] = async (kind, hostname, more = {}, ctx) =>
    createRequest(ctx ?? (await as('app')), {
      kind,
      contract: endpointContract.parse({ hostname, team: 'order-platform', target: { addresses: ['127.0.0.1'] }, ...more }),
    });
  const unfinished = { in: ['pending' as const, 'waiting' as const] };
  return {
    as,
    memberOf: async (slug) => {
      const { id: teamId } = await db.team.findUniqueOrThrow({ where: { slug } });
      const [name, email] = [`member of ${slug}`, `${slug}@example.test`];
      const create = { name, email, memberships: { create: { teamId } } };
      const { id } = await db.person.upsert({ where: { email }, create, update: {} });
      const { actor } = await as('app');
      return ctxFor({ ...actor, id, name, roles: [], teams: [{ id: teamId, slug, role: 'member' }] });
    },
    send,
    ask: async (hostname, more, account = 'app') => send('create', hostname, more, await as(account)),
    seen: async ({ id }, account = 'app') => getRequest(await as(account), { id }),
    decide: async (account, { id, plan }, decision = 'approve', planHash = plan.hash) =>
      reviewRequest(await as(account), { id, decision, reason: 'Looked at it.', planHash }),
    view: async (hostname) => {
      const { id } = await db.endpoint.findFirstOrThrow({ where: { hostname } });
      return getEndpoint(await as('app'), { id });
    },
    runDue: async () => {
      const now = worker.clock.now();
      for (;;) {
        const due = await db.operation.findMany({
          where: { state: unfinished, OR: [{ nextAttemptAt: null }, { nextAttemptAt: { lte: now } }] },
          // As they were begun: a table has no order of its own.
          orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
          select: { id: true },
        });
        if (due.length === 0) return;
        const ids = due.map(({ id }) => id);
        // A claim goes by the clock of the database, which knows nothing of a clock that a test moves.
        await behindTheBack(db).operation.updateMany({
          where: { id: { in: ids }, state: unfinished, notBefore: { lte: now } },
          data: { notBefore: null },
        });
        await behindTheBack(db).operation.updateMany({ where: { id: { in: ids }, state: unfinished }, data: { nextAttemptAt: null } });
        for (const operationId of ids) await runOperation(worker, { operationId });
      }
    },
  };
}
