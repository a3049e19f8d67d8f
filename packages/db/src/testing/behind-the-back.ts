import type { Db } from '../client.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';

/** The client without its law, for a test that puts a row into a state by itself. */
export const behindTheBack = (db: Db): PrismaClient => db as unknown as PrismaClient;
