// Links that set a password: the secret is shown once and kept as a hash, as a token's is. It stands in the fragment of the
// address, which a browser sends to no server.

import { createHash, randomBytes } from 'node:crypto';
import type { PasswordLink } from '@hostmaster/core/contract/person';
import { hour } from '@hostmaster/core/duration';
import type { Tx } from '@hostmaster/db/client';
import type { Ctx } from '../context.ts';
import { timestampOf } from '../timestamp.ts';

/** Milliseconds that a link counts. */
const lifetimes = { invitation: 7 * 24 * hour, reset: 24 * hour } as const satisfies Record<PasswordLink['purpose'], number>;

export const linkHash = (secret: string): Uint8Array<ArrayBuffer> => Uint8Array.from(createHash('sha256').update(secret, 'utf8').digest());

export const looksLikeLink = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text);

type Invited = { readonly id: string; readonly name: string; readonly email: string };

/** Makes the one link of a person that counts from now on. */
export async function makeLink(tx: Tx, ctx: Ctx, whose: Invited, purpose: PasswordLink['purpose'], now: Date): Promise<PasswordLink> {
  const secret = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now.getTime() + lifetimes[purpose]);
  await endLinks(tx, whose.id, now);
  await tx.passwordLink.create({
    data: { personId: whose.id, hash: linkHash(secret), purpose, createdById: ctx.actor.id, createdAt: now, expiresAt },
    select: { id: true },
  });
  const { id, name, email } = whose;
  return { id, name, email, purpose, link: `${ctx.installation.publicUrl}/set-password#${secret}`, expiresAt: timestampOf(expiresAt) };
}

/** Ends what links of a person still count. */
export async function endLinks(tx: Tx, personId: string, now: Date): Promise<void> {
  await tx.passwordLink.updateMany({ where: { personId, usedAt: null, endedAt: null }, data: { endedAt: now } });
}
