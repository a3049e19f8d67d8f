// A person of the OpenID Connect provider. The subject is who they are; an e-mail address is taken over only where the
// provider has verified it, because whoever controls an unverified claim could otherwise become anybody.
import { madeReadable } from '@hostmaster/core/contract/readable';
import { HostmasterError } from '@hostmaster/core/errors';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { countRefusal } from './note-refusal.ts';

type Sources = Pick<Ctx, 'db' | 'clock'>;

export type OidcSignIn = {
  readonly subject: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly clientAddress: string;
};

/**
 * The id of the person with this subject. On the first sign-in the person of the same verified address is linked, or a
 * new one without roles and teams is made.
 * Errors: sign-in-failed for a disabled person, for an address that is missing or not verified, and for one whose person
 * is another subject's already; each is written down.
 */
export async function linkOidc(ctx: Sources, signIn: OidcSignIn): Promise<{ id: string }> {
  const found = await personOf(ctx, signIn);
  if (!('refused' in found)) return found;
  const { refused: reason, of } = found;
  const subject = of === null ? { id: 'unknown', name: 'an account that is not known' } : { id: of.id, name: of.email };
  await countRefusal(ctx, { subject, clientAddress: signIn.clientAddress, method: 'oidc', reason });
  throw new HostmasterError('sign-in-failed', reason);
}

/** @param of whose account it is about, where there is one */
const refused = (reason: string, of: { readonly id: string; readonly email: string } | null) => ({ refused: reason, of });

async function personOf(ctx: Sources, claims: OidcSignIn): Promise<{ id: string } | ReturnType<typeof refused>> {
  const known = await ctx.db.person.findUnique({ where: { oidcSubject: claims.subject } });
  if (known !== null) {
    if (known.disabledAt !== null) return refused('This account is disabled.', known);
    return { id: known.id };
  }
  const email = claims.email?.trim().toLowerCase() ?? '';
  if (email === '' || !claims.emailVerified) {
    // Whom it was tried for, as with a wrong password: what is not verified is good enough for that.
    const meant = email === '' ? null : await ctx.db.person.findUnique({ where: { email } });
    return refused('The identity provider has not verified an e-mail address for this account.', meant);
  }
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const same = await tx.person.findUnique({ where: { email } });
    if (same !== null && same.oidcSubject !== null) return refused('The e-mail address belongs to another account.', same);
    if (same !== null && same.disabledAt !== null) return refused('This account is disabled.', same);
    const data = { oidcSubject: claims.subject };
    const person =
      same === null
        ? await tx.person.create({ data: { ...data, email, name: madeReadable(claims.name ?? '').slice(0, 100) || email, createdAt: now } })
        : await tx.person.update({ where: { id: same.id, AND: { oidcSubject: null } }, data });
    const actor = { kind: 'person' as const, id: person.id, name: person.name };
    const subject = { id: person.id, name: person.email };
    const by = { ...ctx, actor, client: { sessionId: null, address: claims.clientAddress } };
    if (same === null) await audit(tx, by, 'person.create', subject, { roles: [], oidcSubject: claims.subject }, now);
    else await audit(tx, by, 'person.link', subject, { oidcSubject: claims.subject }, now);
    return { id: person.id };
  });
}
