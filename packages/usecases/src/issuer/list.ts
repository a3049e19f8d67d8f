import type { issuerList } from '@hostmaster/core/contract/certificate';
import { chainToPem, splitPem } from '@hostmaster/core/pki/chain';
import { serverProfile } from '@hostmaster/core/pki/profile';
import { authorize } from '@hostmaster/core/policy/authorize';
import { z } from 'zod';
import { presentChain } from '../certificate/present.ts';
import type { Ctx } from '../context.ts';
import { readStored } from '../stored-json.ts';
import { timestampOrNull } from '../timestamp.ts';

/** The root's is empty: it signs intermediates and never an endpoint's certificate. */
const storedProfile = z.object({ name: z.string().optional() });
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
  const root = rows.find(({ slug }) => slug === 'root');
  return {
    rows: rows.map((row) => {
      const certificates = splitPem(row.chainPem);
      const last = certificates.at(-1);
      const { name } = readStored(storedProfile, row.profile, 'issuer.profile');
      return {
        id: row.id,
        slug: row.slug,
        kind: row.kind,
        name: row.name,
        permittedSuffixes: row.permittedSuffixes,
        profile:
          name === undefined
            ? { name: 'root', days: 0, keyAlgorithms: [] }
            : { name, days: serverProfile.lifetimeDays, keyAlgorithms: [...serverProfile.keyAlgorithms] },
        chain: presentChain(row.chainPem),
        // What people install as trusted: where the chain is stored without its root, the root's own row has it.
        rootPem: root?.chainPem ?? (last === undefined ? '' : chainToPem([last])),
        crlNumber: row.crlNumber,
        crlNextUpdate: timestampOrNull(row.crlNextUpdate),
      };
    }),
  };
}
