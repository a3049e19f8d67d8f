import { type JobName, type JobPayload, jobPayloads } from '@hostmaster/core/contract/jobs';
import type { WorkerCtx } from '@hostmaster/usecases/context';
import { checkEndpoint } from '@hostmaster/usecases/endpoint/check';
import { runOperation } from '@hostmaster/usecases/operation/run';

/** When the same job makes sense again, or null where nothing is left to do. */
type Again = Date | null;

const handlers: { readonly [N in JobName]: (ctx: WorkerCtx, payload: JobPayload<N>) => Promise<Again> } = {
  'operation.run': async (ctx, payload) => {
    const outcome = await runOperation(ctx, payload);
    return outcome.state === 'waiting' ? outcome.nextAttempt : null;
  },
  'endpoint.check': async (ctx, payload) => {
    await checkEndpoint(ctx, payload);
    return null;
  },
};

const isJobName = (name: string): name is JobName => Object.hasOwn(handlers, name);

/** Parses a job and runs its use case. Throws for a job that nobody knows or whose payload is not ids. */
export async function handleJob(ctx: WorkerCtx, name: string, data: unknown): Promise<Again> {
  if (!isJobName(name)) throw new Error(`There is no handler for the job ${name}.`);
  return run(ctx, name, data);
}

function run<N extends JobName>(ctx: WorkerCtx, name: N, data: unknown): Promise<Again> {
  const payload = jobPayloads[name].parse(data) as JobPayload<N>;
  return handlers[name](ctx, payload);
}
