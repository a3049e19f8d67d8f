// BullMQ on whichever backend the installation has: Redis through ioredis where REDIS_URL is set, otherwise Postgres.
// The queue gives speed and spread; what is done, and in which order, rests on the rows (usecases/operation/take-next.ts).
import type { Lane } from '@hostmaster/core/operation/lane';
import { createPostgresBackend, createRedisBackend, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Env } from './env.ts';

/** One for each lane. */
const queueNames: Readonly<Record<Lane, string>> = { work: 'hostmaster', probes: 'hostmaster-probes' };
// Nothing is kept of a job that is over, so that its id can be used again.
const jobDefaults = { removeOnComplete: true, removeOnFail: true, attempts: 1 };
const lockDuration = 60_000;

type NewJob = { readonly name: string; readonly data: unknown; readonly opts?: { readonly jobId?: string; readonly delay?: number } };

/** What we use of a BullMQ queue, whatever its backend. */
export type JobQueue = {
  addBulk(jobs: NewJob[]): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  obliterate(options: { force: boolean }): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
};

type Job = { readonly name: string; readonly data: unknown };

/** What we use of a BullMQ worker, whatever its backend. */
type JobWorker = {
  waitUntilReady(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: Job | undefined, error: Error) => void): unknown;
  close(): Promise<void>;
};

export type QueueBackend = {
  readonly kind: 'redis' | 'postgres';
  createQueue(lane: Lane): JobQueue;
  createWorker(lane: Lane, processor: (job: Job) => Promise<void>, concurrency: number): JobWorker;
  /** Closes what queues and workers shared; they are closed first. */
  close(): void;
};

export const createQueueBackend = (env: Pick<Env, 'DATABASE_URL' | 'REDIS_URL'>): QueueBackend =>
  env.REDIS_URL === undefined ? onPostgres(env.DATABASE_URL) : onRedis(env.REDIS_URL);

function onPostgres(connectionString: string): QueueBackend {
  const connection = { connectionString, migrate: true, max: 2 };
  return {
    kind: 'postgres',
    createQueue: (lane) => new Queue(queueNames[lane], { connection, defaultJobOptions: jobDefaults }, createPostgresBackend),
    createWorker: (lane, processor, concurrency) =>
      new Worker(queueNames[lane], processor, { connection, concurrency, lockDuration }, createPostgresBackend),
    close: () => {},
  };
}

function onRedis(url: string): QueueBackend {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  return {
    kind: 'redis',
    createQueue: (lane) => new Queue(queueNames[lane], { connection, defaultJobOptions: jobDefaults }, createRedisBackend),
    createWorker: (lane, processor, concurrency) =>
      new Worker(queueNames[lane], processor, { connection, concurrency, lockDuration }, createRedisBackend),
    close: () => connection.disconnect(),
  };
}
