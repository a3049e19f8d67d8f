import { PrismaPg } from '@prisma/adapter-pg';
import { type Prisma, PrismaClient } from './generated/prisma/client.ts';

export type Db = PrismaClient;
/** A client inside a transaction: what every writer takes. */
export type Tx = Prisma.TransactionClient;
/** Either of both, for reads that do not care. */
export type Reader = Db | Tx;

/**
 * Opens a pool on Postgres. Connections are made on first use and given back when idle.
 * @param options.onQuery is told the text of every statement that is sent, without its values
 */
export function openDb(url: string, options: { connections?: number; onQuery?: (sql: string) => void } = {}): Db {
  const adapter = new PrismaPg({
    connectionString: url,
    max: options.connections ?? 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
  });
  const { onQuery } = options;
  if (onQuery === undefined) return new PrismaClient({ adapter });
  const client = new PrismaClient({ adapter, log: [{ emit: 'event', level: 'query' }] });
  client.$on('query', ({ query }) => onQuery(query));
  return client;
}
