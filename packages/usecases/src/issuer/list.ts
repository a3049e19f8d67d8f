import type { issuerList } from '@hostmaster/core/contract/certificate';
import { issuerChain, rootOf, toPem } from '@hostmaster/core/pki/chain';
import { profileNamed } from '@hostmaster/core/pki/profile';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import { presentChain } from '../certificate/present.ts';
import type { Ctx } from '../context.ts';
import { timestampOrNull } from '../timestamp.ts';

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
  const roots = issuerChain(rows.find(({ slug }) => slug === 'root')?.chainPem ?? '');
  return {
    rows: rows.map((row) => {
      const root = rootOf(issuerChain(row.chainPem), roots);
      return {
        id: row.id,
        slug: row.slug,
        kind: row.kind,
        name: row.name,
        permittedSuffixes: row.permittedSuffixes,
        profile: presentProfile(row.profile),
        chain: row.chainPem === '' ? [] : presentChain(row.chainPem),
        // What people install as trusted: where the chain is stored without its root, the root's own row has it.
        rootPem: root === null ? '' : toPem(root),
        crlNumber: row.crlNumber,
        crlNextUpdate: timestampOrNull(row.crlNextUpdate),
      };
    }),
  };
}

/** A root has none: it signs intermediates and never an endpoint's certificate. */
function presentProfile(name: string | null) {
  if (name === null) return { name: 'root', days: 0, keyAlgorithms: [] };
  const { lifetimeDays, keyAlgorithms } = profileNamed(name);
  return { name, days: lifetimeDays, keyAlgorithms: [...keyAlgorithms] };
}
