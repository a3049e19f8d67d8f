import type { issuerList } from '@hostmaster/core/contract/certificate';
import { profileNamed } from '@hostmaster/core/pki/profile';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
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
      chain: presentChain(row.chainPem),
      rootPem: anchorOf(row.chainPem, anchors),
      crlNumber: row.crlNumber,
      crlNextUpdate: timestampOrNull(row.crlNextUpdate),
    })),
  };
}

/** A root has none: it signs intermediates and never an endpoint's certificate. */
function presentProfile(name: string | null) {
  if (name === null) return { name: 'root', days: 0, keyAlgorithms: [] };
  const { lifetimeDays, keyAlgorithms } = profileNamed(name);
  return { name, days: lifetimeDays, keyAlgorithms: [...keyAlgorithms] };
}
