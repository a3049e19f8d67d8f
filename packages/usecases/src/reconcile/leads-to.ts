// Where DNS leads a user of a name now, which need not be where its contract says: from zone to zone along its aliases. Each zone that
// Hostmaster manages is asked at its own servers, with its key where they are asked with it, so that nothing depends on what the resolver
// here knows of it; of every other name the system's resolver speaks.
import { isNameWithin } from '@hostmaster/core/dns/wire/name';
import type { EndpointObservationDetail } from '@hostmaster/core/endpoint/observation';
import { HostmasterError } from '@hostmaster/core/errors';
import { probedName } from '@hostmaster/core/probe/probed-name';
import type { AskedServer } from '@hostmaster/core/probe/prober';
import type { WorkerCtx } from '../context.ts';
import { askedServers } from '../zone/connect.ts';
import { zoneKeeping } from '../zone/keeping.ts';
import type { Subject } from './subject.ts';

/** From zone to zone; what one answer holds of a chain is one step. All of them fit into the time of one look. */
const mostSteps = 5;
/** Names that are followed at a time: servers that differ may lead to several. */
const mostNames = 4;

export type Leads = {
  readonly addresses: readonly string[];
  readonly resolvedBy: EndpointObservationDetail['resolvedBy'];
  /** The zone's own servers know that there is no address, without a word of any other zone. */
  readonly ownsNone: boolean;
};

/**
 * Only while nobody answers for the name (its servers are away, and no resolver keeps it) the contract is followed: what serves it can be
 * seen all the same. Errors: the signal's reason.
 */
export async function leadsTo(ctx: WorkerCtx, subject: Subject, signal: AbortSignal): Promise<Leads> {
  const name = probedName(subject.contract.hostname);
  const told = await ctx.prober.askAddresses(name, subject.servers, signal);
  if (told !== null) {
    const ownsNone = told.addresses.length + told.onward.length === 0 && told.empty.every((end) => isNameWithin(end, subject.zone.apex));
    const addresses = told.addresses.length > 0 ? told.addresses : await follow(ctx, subject, told.onward, signal);
    return { addresses, resolvedBy: 'servers', ownsNone };
  }
  const resolved = await ctx.prober.resolve(name, signal);
  if (resolved.length > 0) return { addresses: resolved, resolvedBy: 'resolver', ownsNone: false };
  const written = subject.recordSets.filter(({ type }) => type === 'A' || type === 'AAAA').flatMap(({ values }) => values);
  const target = subject.recordSets.find(({ type }) => type === 'CNAME')?.values[0];
  const addresses = target === undefined ? written : await follow(ctx, subject, [target], signal);
  return { addresses, resolvedBy: 'contract', ownsNone: false };
}

/** The addresses at the ends of the chains from these names; of a chain that is too long, or comes back to where it was, none. */
async function follow(ctx: WorkerCtx, subject: Subject, from: readonly string[], signal: AbortSignal): Promise<string[]> {
  const addresses = new Set<string>();
  const met = new Set<string>();
  let names = [...from];
  for (let step = 0; step < mostSteps && names.length > 0; step += 1) {
    const next = names.filter((name) => !met.has(name)).slice(0, mostNames);
    for (const name of next) met.add(name);
    const told = await Promise.all(next.map((name) => addressesOf(ctx, subject, name, signal)));
    for (const one of told) for (const address of one.addresses) addresses.add(address);
    names = told.flatMap((one) => (one.addresses.length > 0 ? [] : one.onward));
  }
  return [...addresses].sort();
}

async function addressesOf(ctx: WorkerCtx, subject: Subject, name: string, signal: AbortSignal) {
  const servers = await serversOf(ctx, subject, name);
  const told = servers.length === 0 ? null : await ctx.prober.askAddresses(name, servers, signal);
  return told ?? { addresses: await ctx.prober.resolve(name, signal), onward: [] };
}

/** Those of the zone that Hostmaster keeps the name in, of the endpoint's view. */
async function serversOf(ctx: WorkerCtx, { contract, zone: own, servers }: Subject, name: string): Promise<readonly AskedServer[]> {
  const zone = await zoneKeeping(ctx.db, name, contract.view);
  if (zone === null) return [];
  if (zone.id === own.id) return servers;
  try {
    return await askedServers(ctx, zone);
  } catch (error) {
    // Its key cannot be opened, which its own page says.
    if (error instanceof HostmasterError) return [];
    throw error;
  }
}
