// Rows of Idempotency-Key: claimed by the first call, completed with its answer, freed where the answer asks for another
// try. A claim is known by its time, so that one who was taken over changes nothing any more.

import type { Reader } from './client.ts';
import { type IdempotencyKey, Prisma } from './generated/prisma/client.ts';

export type KeyId = { readonly actorId: string; readonly key: string };
export type KeyClaim = KeyId & { readonly createdAt: Date };
/** What is kept of the question: the SHA-256 of it, and what the asker held. */
export type KeyQuestion = { readonly fingerprint: Uint8Array<ArrayBuffer>; readonly rights: string[] };

/** The claim, or the row that is there already. */
export async function claimKey(db: Reader, claim: KeyClaim, question: KeyQuestion): Promise<KeyClaim | IdempotencyKey | null> {
  const { count } = await db.idempotencyKey.createMany({ data: { ...claim, ...question }, skipDuplicates: true });
  if (count === 1) return claim;
  return db.idempotencyKey.findFirst({ where: { actorId: claim.actorId, key: claim.key } });
}

/** Takes an old row over. False where somebody else was faster. */
export async function takeKeyOver(db: Reader, old: KeyClaim, claim: KeyClaim, question: KeyQuestion): Promise<boolean> {
  const { count } = await db.idempotencyKey.updateMany({
    where: { actorId: old.actorId, key: old.key, createdAt: old.createdAt },
    data: { ...question, createdAt: claim.createdAt, completedAt: null, status: null, response: Prisma.DbNull },
  });
  return count === 1;
}

/** Keeps the answer; null keeps only that there was one. */
export async function completeKey(db: Reader, claim: KeyClaim, answer: { status: number; body: unknown }, at: Date): Promise<void> {
  // Through JSON once, so that what is kept is exactly what was sent.
  const response: Prisma.InputJsonValue | null = JSON.parse(JSON.stringify(answer.body ?? null));
  await db.idempotencyKey.updateMany({
    where: { actorId: claim.actorId, key: claim.key, createdAt: claim.createdAt, completedAt: null },
    data: { status: answer.status, response: response ?? Prisma.DbNull, completedAt: at },
  });
}

export async function freeKey(db: Reader, claim: KeyClaim): Promise<void> {
  await db.idempotencyKey.deleteMany({
    where: { actorId: claim.actorId, key: claim.key, createdAt: claim.createdAt, completedAt: null },
  });
}
