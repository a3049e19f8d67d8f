// Where a CA is led that asks a name itself: as everybody is, or as its own resolver says.
import type { View } from '@hostmaster/core/dns/view';
import type { WorkerCtx } from '../context.ts';
import { addressesBehind } from '../zone/addresses-behind.ts';

type Led = { readonly hostname: string; readonly view: View; readonly resolver: string | undefined };

/** Sorted; none where it is led nowhere. Errors: the signal's reason. */
export const addressesForCa = (ctx: WorkerCtx, { hostname, view, resolver }: Led, signal: AbortSignal): Promise<readonly string[]> =>
  resolver === undefined ? addressesBehind(ctx, [hostname], view, signal) : ctx.prober.resolve(hostname, signal, resolver);

/** One sentence for both: whoever may write an alias would learn what the resolver here knows of other networks. */
export const leadsNowhere = ({ resolver }: Pick<Led, 'resolver'>): string =>
  `${resolver === undefined ? 'DNS' : `the resolver of the CA, ${resolver},`} leads to no address, or to one that is neither public nor allowed by the zone`;
