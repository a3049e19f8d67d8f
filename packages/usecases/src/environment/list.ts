import type { EnvironmentRow } from '@hostmaster/core/contract/environment';
import { authorize } from '@hostmaster/core/policy/authorize';
import { countUsesOfEnvironments } from '@hostmaster/db/uses';
import type { Ctx } from '../context.ts';

/** Far more than one organisation has. */
const most = 500;

/** Every environment with what names it, in the order in which they are shown. Errors: forbidden. */
export async function listEnvironments(ctx: Ctx): Promise<{ rows: EnvironmentRow[] }> {
  authorize(ctx.actor, 'environment.read');
  const [rows, uses] = await Promise.all([
    ctx.db.environment.findMany({ orderBy: [{ rank: 'asc' }, { slug: 'asc' }], take: most }),
    countUsesOfEnvironments(ctx.db),
  ]);
  return { rows: rows.map((row) => ({ ...row, uses: uses.get(row.slug) ?? [] })) };
}
