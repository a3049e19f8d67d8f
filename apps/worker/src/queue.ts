// BullMQ on whichever backend the installation has: Redis through ioredis where REDIS_URL is set, otherwise Postgres.
// The queue gives speed and spread; correctness rests on the rows (see usecases/operation/run.ts).
import {
  type ConnectionOptions,
  createPostgresBackend,
  type Processor,
  Queue,
  type QueueOptions,
  setDefaultBackendFactory,
  Worker,
} from 'bullmq';
import { Redis } from 'ioredis';
import type { Env } from './env.ts';

export const queueName = 'hostmaster';

export type QueueBackend = {
  readonly kind: 'redis' | 'postgres';
  createQueue(): Queue;
  createWorker(processor: Processor, concurrency: number): Worker;
  close(): Promise<void>;
};

export function createQueueBackend(env: Pick<Env, 'DATABASE_URL' | 'REDIS_URL'>): QueueBackend {
  const redis = env.REDIS_URL === undefined ? null : new Redis(env.REDIS_URL, { maxRetriesPerRequest: null });
  if (redis === null) setDefaultBackendFactory(createPostgresBackend);
  const connection = (redis ?? { connectionString: env.DATABASE_URL, migrate: true, max: 5 }) as ConnectionOptions;
  const options: QueueOptions = { connection, defaultJobOptions: { removeOnComplete: true, removeOnFail: 1000, attempts: 1 } };
  return {
    kind: redis === null ? 'postgres' : 'redis',
    createQueue: () => new Queue(queueName, options),
    createWorker: (processor, concurrency) => new Worker(queueName, processor, { connection, concurrency, lockDuration: 60_000 }),
    close: async () => {
      redis?.disconnect();
    },
  };
}
