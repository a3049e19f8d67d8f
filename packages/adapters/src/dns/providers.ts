import { byKind } from '@hostmaster/core/descriptor';
import type { DnsProviderDescriptor } from '@hostmaster/core/dns/provider';
import { rfc2136 } from './rfc2136.ts';

/** Every kind of provider that a zone can be connected to; a new one is a file, its name here, and a run of the conformance suite (kinds.test.ts). */
export const dnsProviders = byKind<DnsProviderDescriptor>([rfc2136]);
