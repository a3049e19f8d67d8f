// What a process may know of the providers that opens no connection to any: words, schemas and rules, and not the way in.
import { byKind } from '@hostmaster/core/descriptor';
import type { DnsProviderKinds } from '@hostmaster/core/dns/provider';
import { dnsProviders } from './providers.ts';

export const dnsProviderKinds: DnsProviderKinds = byKind(
  [...dnsProviders.values()].map(({ open: _, account: __, ...described }) => described),
);
