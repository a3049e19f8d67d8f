// By a link, before any sign-in: whoever holds it chooses the password. What is wrong with a link is not told apart, so that
// nobody learns which ones there were; the audit trail keeps it.

import { clientNetwork } from '@hostmaster/core/address/client-network';
import type { setPasswordAnswer, setPasswordInput } from '@hostmaster/core/contract/person';
import { HostmasterError } from '@hostmaster/core/errors';
import { hashPassword } from '@hostmaster/core/person/password';
import { transact } from '@hostmaster/db/transaction';
import type { z } from 'zod';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { countTry, refundLimit, tooManyTries } from '../rate-limit/consume.ts';
import { endSessionsOf } from '../session/end-all.ts';
import { checkNewPassword } from './check-password.ts';
import { hashing } from './hashing.ts';
import { endLinks, linkHash, looksLikeLink } from './link.ts';
import { countRefusal, noteLockOut } from './note-refusal.ts';

type Input = z.output<typeof setPasswordInput> & { readonly clientAddress: string };

/**
 * Sets the password of the person whose link it is, once, and ends all their sessions; nobody is signed in by it.
 * Errors: link-ended (unknown, used or expired), invalid-input (the password), rate-limited, unavailable.
 */
export async function setPassword(
  ctx: Pick<Ctx, 'db' | 'clock'>,
  { token, password, clientAddress }: Input,
): Promise<z.output<typeof setPasswordAnswer>> {
  const address = clientNetwork(clientAddress);
  const limit = { key: `password-link:address:${address}`, limit: 20, windowSeconds: 300 };
  const { count: tries, resetSeconds } = await countTry(ctx, limit);
  if (tries === limit.limit + 1) await noteLockOut(ctx, { subject: unknown, address, tries, method: 'link' }, 'address');
  if (tries > limit.limit) throw tooManyTries(limit, resetSeconds);
  const found = await linkOf(ctx, token);
  if (found.link === undefined) {
    await countRefusal(ctx, { ...found, clientAddress, method: 'link' });
    throw linkEnded();
  }
  // What was tried with a link that counts is no guess.
  await refundLimit(ctx, limit);
  const { link } = found;
  const { person, purpose } = link;
  checkNewPassword(password, person);
  const hash = await hashing(address, () => hashPassword(password));
  const ended = await transact(ctx.db, async (tx) => {
    const now = ctx.clock.now();
    const { count } = await tx.passwordLink.updateMany({ where: { id: link.id, ...counting(now) }, data: { usedAt: now } });
    if (count === 0) throw linkEnded();
    await endLinks(tx, person.id, now);
    const changed = { hash, changedAt: now };
    await tx.password.upsert({ where: { personId: person.id }, create: { personId: person.id, ...changed }, update: changed });
    const endedSessions = await endSessionsOf(tx, person.id, now);
    const actor = { kind: 'person' as const, id: person.id, name: person.name };
    const client = { sessionId: null, address: clientAddress };
    await audit(
      tx,
      { ...ctx, actor, client },
      'person.set-password',
      { id: person.id, name: person.email },
      { purpose, endedSessions },
      now,
    );
    return endedSessions;
  });
  return { signIn: person.account ?? person.email, ended };
}

const counting = (now: Date) => ({ usedAt: null, endedAt: null, expiresAt: { gt: now }, person: { disabledAt: null } });

const unknown = { id: 'unknown', name: 'a link that is not known' };

/** The link of a token, or why it is none that counts, and whose it was. */
async function linkOf({ db, clock }: Pick<Ctx, 'db' | 'clock'>, token: string) {
  const link = looksLikeLink(token)
    ? await db.passwordLink.findFirst({ where: { hash: linkHash(token) }, include: { person: true } })
    : null;
  if (link === null) return { reason: 'There is no such link.', subject: unknown };
  const { person, usedAt, endedAt, expiresAt } = link;
  const reason =
    (usedAt && 'It was used.') ||
    (endedAt && 'It was ended, or a newer one was made.') ||
    (expiresAt <= clock.now() && 'Its time is over.') ||
    (person.disabledAt && 'Its person is disabled.');
  return reason ? { reason, subject: { id: person.id, name: person.email } } : { link };
}

const linkEnded = (): HostmasterError =>
  new HostmasterError('link-ended', 'It was used, a newer one was made, its time is over, or it is not whole.');
