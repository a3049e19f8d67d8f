import type { Prisma } from './generated/prisma/client.ts';

/** A value as a JSON column takes it: what JSON cannot say is gone, exactly as it will be when it is read. */
export const asJson = (value: unknown): Prisma.InputJsonObject => JSON.parse(JSON.stringify(value));
