import { Resolver } from 'node:dns/promises';
import type { Prober } from '@hostmaster/core/probe/prober';
import { askServers } from './dns.ts';
import { createEndpointProber, type EndpointProberOptions } from './endpoint.ts';

const lookupMilliseconds = 2000;
const addressTypes = ['A', 'AAAA'] as const;

/** The outside view: DNS asked directly, the endpoint connected to as its users would. */
export function createProber(options: EndpointProberOptions = {}): Prober {
  return {
    askServers,
    ...createEndpointProber(options),

    async lookup(name, servers, signal) {
      const answers = (await Promise.all(addressTypes.map((type) => askServers(servers, name, type, signal)))).flat();
      const authoritative = answers.filter((answer) => answer.authoritative && answer.rcode === 'NOERROR');
      const addresses = [...new Set(authoritative.flatMap(({ values }) => values))];
      return addresses.length > 0 ? addresses : resolveBySystem(name, signal);
    },
  };
}

/** What the system's resolver says; a name without addresses, or no resolver at all, is an empty list. */
async function resolveBySystem(name: string, signal: AbortSignal): Promise<string[]> {
  const resolver = new Resolver({ timeout: lookupMilliseconds, tries: 1 });
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    return found.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
