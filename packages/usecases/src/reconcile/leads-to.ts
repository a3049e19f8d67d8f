// Where DNS leads a user of an endpoint now, which need not be where its contract says.
import { isNameWithin } from '@hostmaster/core/dns/wire/name';
import type { EndpointObservationDetail } from '@hostmaster/core/endpoint/observation';
import { probedName } from '@hostmaster/core/probe/probed-name';
import type { WorkerCtx } from '../context.ts';
import { addressesBehind } from '../zone/addresses-behind.ts';
import type { Subject } from './subject.ts';

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
    const addresses = told.addresses.length > 0 ? told.addresses : await addressesBehind(ctx, told.onward, subject.contract.view, signal);
    return { addresses, resolvedBy: 'servers', ownsNone };
  }
  const resolved = await ctx.prober.resolve(name, signal);
  if (resolved.length > 0) return { addresses: resolved, resolvedBy: 'resolver', ownsNone: false };
  const written = subject.recordSets.filter(({ type }) => type === 'A' || type === 'AAAA').flatMap(({ values }) => values);
  const target = subject.recordSets.find(({ type }) => type === 'CNAME')?.values[0];
  const addresses = target === undefined ? written : await addressesBehind(ctx, [target], subject.contract.view, signal);
  return { addresses, resolvedBy: 'contract', ownsNone: false };
}
