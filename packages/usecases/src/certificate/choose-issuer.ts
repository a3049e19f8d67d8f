import { HostmasterError } from '@hostmaster/core/errors';
import { isWithin } from '@hostmaster/core/hostname/hostname';
import { hostnameOf } from '@hostmaster/core/hostname/parse-hostname';
import { splitPem } from '@hostmaster/core/pki/chain';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import { transact } from '@hostmaster/db/transaction';
import type { WorkerCtx } from '../context.ts';
import { storeIssuer } from '../issuer/store.ts';

export type ChosenIssuer = { readonly id: string; readonly name: string; readonly notAfter: Date };

/** Advisory lock under which an intermediate is made, so that two workers do not make two. */
const authorityLock = 4_072_002;

const permits = (suffixes: readonly string[], names: readonly string[]): boolean =>
  names.every((name) => suffixes.some((suffix) => isWithin(hostnameOf(name), hostnameOf(suffix))));

type Candidate = { readonly id: string; readonly name: string; readonly chainPem: string; readonly permittedSuffixes: readonly string[] };

function chosen(row: Candidate): ChosenIssuer {
  const signing = splitPem(row.chainPem)[0];
  if (signing === undefined) throw new HostmasterError('issuer-unavailable', `${row.name} has no certificate.`);
  return { id: row.id, name: row.name, notAfter: describeCertificate(signing).notAfter };
}

/**
 * The intermediate that may sign for all the names. Where none may (a zone was connected since), a new one is signed by
 * the same root, its name constraints being the apexes of all managed zones.
 * Errors: issuer-unavailable (no root), issuer-refused (a name in no managed zone), key-unreadable.
 */
export async function chooseIssuer(ctx: WorkerCtx, names: readonly string[]): Promise<ChosenIssuer> {
  const candidates = await ctx.db.issuer.findMany({ where: { kind: 'internal-ca' }, orderBy: { createdAt: 'desc' } });
  const fitting = candidates.find((row) => permits(row.permittedSuffixes, names));
  if (fitting !== undefined) return chosen(fitting);

  const root = await ctx.db.issuer.findUnique({ where: { slug: 'root' } });
  if (root === null) throw new HostmasterError('issuer-unavailable', 'The internal root has not been made yet.');
  const apexes = [...new Set((await ctx.db.zone.findMany({ select: { apex: true } })).map(({ apex }) => apex))].sort();
  if (!permits(apexes, names))
    throw new HostmasterError(
      'issuer-refused',
      `${names.join(', ')} is not within the managed zones, which the internal CA is limited to.`,
    );

  const slug = `internal-ca-${candidates.length + 1}`;
  const made = await ctx.authority.createIntermediate(root, apexes);
  return transact(ctx.db, async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${authorityLock})`;
    const there = await tx.issuer.findUnique({ where: { slug } });
    if (there !== null && permits(there.permittedSuffixes, names)) return chosen(there);
    if (there !== null) throw new HostmasterError('issuer-unavailable', 'Another intermediate was made meanwhile; it is tried again.');
    const issuer = { slug, kind: 'internal-ca' as const, name: 'Internal CA', permittedSuffixes: apexes, profile: { name: 'server' } };
    return chosen(await storeIssuer(tx, ctx, issuer, made));
  });
}
