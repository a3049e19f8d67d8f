import type { issuerList } from '@hostmaster/core/contract/certificate';
import { storedHostname } from '@hostmaster/core/hostname/parse-hostname';
import { profileNamed } from '@hostmaster/core/pki/profile';
import { authorityUrgencyOf, type Urgency } from '@hostmaster/core/pki/renewal';
import { signingValidity, successorDueBy, successorLeadDays } from '@hostmaster/core/pki/succession';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import { permits } from '../certificate/choose-issuer.ts';
import { presentChain } from '../certificate/present.ts';
import type { Ctx } from '../context.ts';
import { timestampOrNull } from '../timestamp.ts';
import { anchorOf, anchorsOf } from './anchors.ts';

/** Far more than one organisation signs with. */
const most = 500;

/** The certificate authorities, the newest first, the root last. Errors: forbidden. */
export async function listIssuers(ctx: Ctx): Promise<z.output<typeof issuerList>> {
  authorize(ctx.actor, 'issuer.read');
  const rows = await ctx.db.issuer.findMany({
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: most,
    omit: { keyCiphertext: true, crl: true },
  });
  const anchors = anchorsOf(
    rows.map(({ chainPem }) => chainPem),
    ctx.clock.now(),
  );
  return {
    rows: rows.map((row) => ({
      id: row.id,
      slug: row.slug,
      kind: row.kind,
      name: row.name,
      permittedSuffixes: row.permittedSuffixes,
      profile: presentProfile(row.profile),
      chain: row.chainPem === '' ? [] : presentChain(row.chainPem),
      rootPem: anchorOf(row.chainPem, anchors),
      urgency: urgencyIn(rows, row, ctx.clock.now()),
      crlNumber: row.crlNumber,
      crlNextUpdate: timestampOrNull(row.crlNextUpdate),
    })),
  };
}

type Row = { readonly kind: string; readonly chainPem: string; readonly permittedSuffixes: readonly string[] };

/** That a CA ends is no matter of urgency where another one may sign for the same names for months to come. */
function urgencyIn(rows: readonly Row[], { kind, chainPem, permittedSuffixes }: Row, now: Date): Urgency {
  const validity = signingValidity(chainPem);
  if (validity === null) return 'none';
  const dueBy = successorDueBy(now);
  const succeeds = (other: Row): boolean =>
    other.kind === kind &&
    permittedSuffixes.length > 0 &&
    permits(other.permittedSuffixes, permittedSuffixes.map(storedHostname)) &&
    (signingValidity(other.chainPem)?.notAfter ?? dueBy) >= dueBy;
  return rows.some(succeeds) ? 'none' : authorityUrgencyOf(validity, now, successorLeadDays);
}

/** A root has none: it signs intermediates and never an endpoint's certificate. */
function presentProfile(name: string | null) {
  if (name === null) return { name: 'root', days: 0, keyAlgorithms: [] };
  const { lifetimeDays, keyAlgorithms } = profileNamed(name);
  return { name, days: lifetimeDays, keyAlgorithms: [...keyAlgorithms] };
}
