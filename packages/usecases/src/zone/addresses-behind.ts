// Where DNS leads a user of a name now: from zone to zone along its aliases. Each zone that Hostmaster manages is asked at its own servers,
// with its key where they are asked with it, so that nothing depends on what the resolver here knows of it; of every other name the
// system's resolver speaks.
import type { View } from '@hostmaster/core/dns/view';
import { HostmasterError } from '@hostmaster/core/errors';
import type { AskedServer } from '@hostmaster/core/probe/prober';
import type { WorkerCtx } from '../context.ts';
import { askedServers } from './connect.ts';
import { zoneKeeping } from './keeping.ts';

/** From zone to zone; what one answer holds of a chain is one step. All of them fit into the time of one look. */
const mostSteps = 5;
/** Names that are followed at a time: servers that differ may lead to several. */
const mostNames = 4;

/** The addresses at the ends of the chains from these names, sorted; of a chain that is too long, or comes back to where it was, none. Errors: the signal's reason. */
export async function addressesBehind(
  ctx: WorkerCtx,
  from: readonly string[],
  view: View,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const addresses = new Set<string>();
  const met = new Set<string>();
  let names = from;
  for (let step = 0; step < mostSteps && names.length > 0; step += 1) {
    const next = names.filter((name) => !met.has(name)).slice(0, mostNames);
    for (const name of next) met.add(name);
    const told = await Promise.all(next.map((name) => addressesOf(ctx, name, view, signal)));
    for (const one of told) for (const address of one.addresses) addresses.add(address);
    names = told.flatMap((one) => (one.addresses.length > 0 ? [] : one.onward));
  }
  return [...addresses].sort();
}

async function addressesOf(ctx: WorkerCtx, name: string, view: View, signal: AbortSignal) {
  const servers = await serversOf(ctx, name, view);
  const told = servers.length === 0 ? null : await ctx.prober.askAddresses(name, servers, signal);
  return told ?? { addresses: await ctx.prober.resolve(name, signal), onward: [] };
}

/** Those of the zone that Hostmaster keeps the name in, of the view. */
async function serversOf(ctx: WorkerCtx, name: string, view: View): Promise<readonly AskedServer[]> {
  const zone = await zoneKeeping(ctx.db, name, view);
  if (zone === null) return [];
  try {
    return await askedServers(ctx, zone);
  } catch (error) {
    // Its key cannot be opened, which its own page says.
    if (error instanceof HostmasterError) return [];
    throw error;
  }
}
