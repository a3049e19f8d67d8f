import type { Prober } from '@hostmaster/core/probe/prober';
import { askServers } from './dns.ts';
import { createEndpointProber, type EndpointProberOptions } from './endpoint.ts';
import { askAddresses, createResolve, createResolveCaa, type ResolveOptions } from './lookup.ts';

/** The outside view: DNS asked directly, the endpoint connected to as its users would. */
export function createProber(options: EndpointProberOptions & ResolveOptions = {}): Prober {
  return {
    askServers,
    askAddresses,
    resolve: createResolve(options),
    resolveCaa: createResolveCaa(options),
    ...createEndpointProber(options),
  };
}
