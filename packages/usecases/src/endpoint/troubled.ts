// What is broken and the asker can mend, or has to ask about, by its cause: one dead name server holds up every name of a zone, and is one
// thing to mend. The first page and the list behind it read the same.
import { movesNextOf } from '@hostmaster/core/endpoint/summary';
import type { Actor } from '@hostmaster/core/policy/authorize';
import type { EndpointRead } from '@hostmaster/db/endpoint';
import { type Movers, troubledEndpoints } from '@hostmaster/db/home';
import type { Ctx } from '../context.ts';
import { derive, loadFacts } from './present.ts';

/** Of all of them, those that are broken for longest: beyond that the list is the place to look. */
const mostLookedThrough = 200;

export type Cause = {
  /** Names that it holds up, that which is broken for longest first; never empty. */
  readonly endpoints: readonly [EndpointRead, ...EndpointRead[]];
  /** What is broken, as the page of the first one says. */
  readonly summary: string;
  readonly movesNext: string;
};

const moversOf = (actor: Actor): Movers => ({
  teams: actor.teams.map(({ id }) => id),
  platform: actor.roles.includes('platform-admin'),
});

/** Causes, the one that lasts longest first, and whether there may be more. */
export async function troubledByCause(ctx: Ctx): Promise<{ readonly causes: readonly Cause[]; readonly more: boolean }> {
  const movers = moversOf(ctx.actor);
  if (movers.teams.length === 0 && !movers.platform) return { causes: [], more: false };
  const rows = await troubledEndpoints(ctx.db, movers, mostLookedThrough);
  const facts = rows.length === 0 ? [] : await loadFacts(ctx.db, rows, ctx.clock.now());
  const causes = new Map<string, Cause>();
  for (const [index, row] of rows.entries()) {
    const known = facts[index];
    if (known === undefined) continue;
    const { summary, findings } = derive(known);
    const movesNext = movesNextOf(known, findings) ?? row.team;
    // The same words of the same zone; what is said of one name by its name is mended for that name alone.
    const key = summary.includes(row.hostname) ? row.id : JSON.stringify([row.zone, row.view, movesNext, summary]);
    const before = causes.get(key);
    causes.set(key, before ? { ...before, endpoints: [...before.endpoints, row] } : { endpoints: [row], summary, movesNext });
  }
  return { causes: [...causes.values()], more: rows.length === mostLookedThrough };
}

/** Ids of the names that the same holds up as one of them; none where it is broken no more. */
export async function sameCauseAs(ctx: Ctx, id: string): Promise<readonly string[]> {
  const { causes } = await troubledByCause(ctx);
  return (causes.find(({ endpoints }) => endpoints.some((each) => each.id === id))?.endpoints ?? []).map((each) => each.id);
}
