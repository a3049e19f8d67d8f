import type { issuerPage } from '@hostmaster/core/contract/certificate';
import type { listQuery } from '@hostmaster/core/contract/page';
import { type Hostname, isWithin } from '@hostmaster/core/hostname/hostname';
import { isStoredHostname, storedHostname } from '@hostmaster/core/hostname/parse-hostname';
import { profileNamed } from '@hostmaster/core/pki/profile';
import { authorityUrgencyOf, type Urgency } from '@hostmaster/core/pki/renewal';
import { signingValidity, successorDueBy, successorLeadDays } from '@hostmaster/core/pki/succession';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import { permits } from '../certificate/choose-issuer.ts';
import { presentChain } from '../certificate/present.ts';
import type { Ctx } from '../context.ts';
import { decodeCursor, encodeCursor, pageOf, positions } from '../cursor.ts';
import { timestampOrNull } from '../timestamp.ts';
import { anchorOf, anchorsOf } from './anchors.ts';

const place = 'issuers-made';

/**
 * The certificate authorities, the newest first, the root last. Errors: forbidden, invalid-input (a foreign cursor).
 * What is said of one follows from the others too, so all of their certificates are read for any page; it is as many as there are zones.
 */
export async function listIssuers(ctx: Ctx, { cursor, limit }: z.output<typeof listQuery>): Promise<z.output<typeof issuerPage>> {
  authorize(ctx.actor, 'issuer.read');
  const after = decodeCursor(place, [positions.id], cursor);
  const rows = await ctx.db.issuer.findMany({
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    omit: { keyCiphertext: true, crl: true },
  });
  const zones = await ctx.db.zone.findMany({ select: { apex: true }, distinct: ['apex'] });
  const apexes = zones.map(({ apex }) => apex).filter(isStoredHostname);
  const now = ctx.clock.now();
  const anchors = anchorsOf(
    rows.map(({ chainPem }) => chainPem),
    now,
  );
  const from = after === null ? 0 : rows.findIndex(({ id }) => id === after[0]) + 1;
  const { page, nextCursor } = pageOf(rows.slice(from, from + limit + 1), limit, ({ id }) => encodeCursor(place, [id]));
  return {
    rows: page.map((row) => ({
      id: row.id,
      slug: row.slug,
      kind: row.kind,
      name: row.name,
      permittedSuffixes: row.permittedSuffixes,
      profile: presentProfile(row.profile),
      chain: row.chainPem === '' ? [] : presentChain(row.chainPem),
      rootPem: anchorOf(row.chainPem, anchors),
      urgency: urgencyIn(rows, row, apexes, now),
      crlNumber: row.crlNumber,
      crlNextUpdate: timestampOrNull(row.crlNextUpdate),
    })),
    nextCursor,
    total: rows.length,
  };
}

type Row = { readonly kind: string; readonly chainPem: string; readonly permittedSuffixes: readonly string[] };

/**
 * That a CA ends is no matter of urgency where another one may sign for the same names for months to come, and names that no
 * zone here has any more need none.
 */
function urgencyIn(rows: readonly Row[], { kind, chainPem, permittedSuffixes }: Row, apexes: readonly Hostname[], now: Date): Urgency {
  const validity = signingValidity(chainPem);
  if (validity === null) return 'none';
  const dueBy = successorDueBy(now);
  const needed = permittedSuffixes
    .map(storedHostname)
    .filter((suffix) => apexes.some((apex) => isWithin(apex, suffix) || isWithin(suffix, apex)));
  const succeeds = (other: Row): boolean =>
    other.kind === kind &&
    permittedSuffixes.length > 0 &&
    permits(other.permittedSuffixes, needed) &&
    (needed.length === 0 || (signingValidity(other.chainPem)?.notAfter ?? dueBy) >= dueBy);
  return rows.some(succeeds) ? 'none' : authorityUrgencyOf(validity, now, successorLeadDays);
}

/** A root has none: it signs intermediates and never an endpoint's certificate. */
function presentProfile(name: string | null) {
  if (name === null) return { name: 'root', days: 0, keyAlgorithms: [] };
  const { lifetimeDays, keyAlgorithms } = profileNamed(name);
  return { name, days: lifetimeDays, keyAlgorithms: [...keyAlgorithms] };
}
