import type { Prober } from '@hostmaster/core/probe/prober';
import { createReadChain } from './chain.ts';
import { askServers } from './dns.ts';
import { createEndpointProber, type EndpointProberOptions } from './endpoint.ts';
import { createAskInHandshake } from './handshake-proof.ts';
import { createAskForProof } from './http-proof.ts';
import { askAddresses, createResolve, createResolveCaa, type ResolveOptions } from './lookup.ts';
import { createIsBogus } from './validation.ts';

/** The outside view: DNS asked directly, the endpoint connected to as its users would. */
export function createProber(options: EndpointProberOptions & ResolveOptions = {}): Prober {
  const resolve = createResolve(options);
  return {
    askServers,
    askAddresses,
    resolve,
    askForProof: createAskForProof({ ...options, resolve }),
    askInHandshake: createAskInHandshake(options),
    resolveCaa: createResolveCaa(options),
    isBogus: createIsBogus(options),
    readChain: createReadChain(options),
    ...createEndpointProber(options),
  };
}
