// A person of the OpenID Connect provider. The subject is who they are; an e-mail address is taken over only where the
// provider has verified it, because whoever controls an unverified claim could otherwise become anybody.
import { madeReadable } from '@hostmaster/core/contract/readable';
import { HostmasterError } from '@hostmaster/core/errors';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';

export type OidcClaims = {
  readonly subject: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly emailVerified: boolean;
};

/**
 * The id of the person with this subject. On the first sign-in the person of the same verified address is linked, or a
 * new one without roles and teams is made.
 * Errors: sign-in-failed for a disabled person, for an address that is missing or not verified, and for one whose person
 * is another subject's already.
 */
export async function linkOidc(ctx: Pick<Ctx, 'db' | 'clock'>, claims: OidcClaims): Promise<{ id: string }> {
  const known = await ctx.db.person.findUnique({ where: { oidcSubject: claims.subject } });
  if (known !== null) {
    if (known.disabledAt !== null) throw refused('This account is disabled.');
    return { id: known.id };
  }
  const email = claims.email?.trim().toLowerCase() ?? '';
  if (email === '' || !claims.emailVerified) throw refused('The identity provider has not verified an e-mail address for this account.');
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const same = await tx.person.findUnique({ where: { email } });
    if (same !== null && same.oidcSubject !== null) throw refused('The e-mail address belongs to another account.');
    if (same !== null && same.disabledAt !== null) throw refused('This account is disabled.');
    const data = { oidcSubject: claims.subject };
    const person =
      same === null
        ? await tx.person.create({ data: { ...data, email, name: madeReadable(claims.name ?? '').slice(0, 100) || email, createdAt: now } })
        : await tx.person.update({ where: { id: same.id, AND: { oidcSubject: null } }, data });
    const actor = { kind: 'person' as const, id: person.id, name: person.name };
    const subject = { id: person.id, name: person.email };
    if (same === null) await audit(tx, { ...ctx, actor }, 'person.create', subject, { roles: [], oidcSubject: claims.subject }, now);
    else await audit(tx, { ...ctx, actor }, 'person.link', subject, { oidcSubject: claims.subject }, now);
    return { id: person.id };
  });
}

const refused = (message: string): HostmasterError => new HostmasterError('sign-in-failed', message);
