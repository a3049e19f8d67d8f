import type { DnsProvider } from '@hostmaster/core/dns/provider';
import { createRfc2136Provider, type Rfc2136Options } from './rfc2136.ts';

/** What each kind of provider is built from. The in-memory one is for tests, which build it themselves. */
export type DnsProviderOptions = { readonly rfc2136: Rfc2136Options };
export type DnsProviderKind = keyof DnsProviderOptions;

/** Every kind of provider that a zone can be connected to; a new one is a file and a line here. */
export const dnsProviders: { readonly [Kind in DnsProviderKind]: (options: DnsProviderOptions[Kind]) => DnsProvider } = {
  rfc2136: createRfc2136Provider,
};
