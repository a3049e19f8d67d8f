import { dnsProviderConformance } from '@hostmaster/core/dns/provider-conformance';
import { readBack } from '@hostmaster/core/dns/read-back';
import { describe, expect, it } from 'vitest';
import { createMemoryProvider, createMemoryZone } from './memory.ts';

const name = 'example.test';
const shared = createMemoryZone(name, [{ name, type: 'NS', ttl: 300, values: ['ns1.example.net', 'ns2.example.net'] }]);

dnsProviderConformance({ describe, it, expect }, 'memory', async () => ({ provider: createMemoryProvider(shared), zone: name }));

describe('the in-memory provider', () => {
  it('shares its zone between instances', async () => {
    const zone = createMemoryZone(name);
    const signal = AbortSignal.timeout(5000);
    const after = { name: 'a.example.test', type: 'A' as const, ttl: 60, values: ['192.0.2.1'] };
    const change = { name: after.name, type: after.type, before: null, after };
    await createMemoryProvider(zone).apply([change], signal);
    expect(await createMemoryProvider(zone).readName(after.name, signal)).toEqual([after]);
  });

  it('reading back names what is not as it should be', async () => {
    const provider = createMemoryProvider(createMemoryZone(name));
    const after = { name: 'a.example.test', type: 'A' as const, ttl: 60, values: ['192.0.2.1'] };
    const change = { name: after.name, type: after.type, before: null, after };
    await expect(readBack(provider, [change], AbortSignal.timeout(5000))).rejects.toMatchObject({
      code: 'dns-not-applied',
      violations: [{ rule: 'applied', path: 'a.example.test A' }],
    });
  });
});
