import { systemClock } from '@hostmaster/core/clock';
import { dnsProviderConformance } from '@hostmaster/core/dns/provider-conformance';
import { readBack } from '@hostmaster/core/dns/read-back';
import { describe, expect, it } from 'vitest';
import { createMemoryZone, type MemoryZone, memoryProvider } from './memory.ts';

const name = 'example.test';
const ns = { name, type: 'NS' as const, ttl: 300, values: ['ns1.example.net', 'ns2.example.net'] };
const world = () => new Map([[name, createMemoryZone(name, [ns])]]);
const open = (zones: ReadonlyMap<string, MemoryZone>) =>
  memoryProvider(zones).open({ zone: name, settings: {}, secret: new Uint8Array() }, { clock: systemClock });
const ground = async () => ({ zone: name, settings: {} });

dnsProviderConformance({ describe, it, expect }, 'memory', memoryProvider(world()), ground);
dnsProviderConformance({ describe, it, expect }, 'memory that rounds TTLs up', memoryProvider(world(), 60), ground);

describe('the in-memory provider', () => {
  it('shares its zone between instances', async () => {
    const zones = world();
    const signal = AbortSignal.timeout(5000);
    const after = { name: 'a.example.test', type: 'A' as const, ttl: 60, values: ['192.0.2.1'] };
    const change = { name: after.name, type: after.type, before: null, after };
    await open(zones).apply([change], signal);
    expect(await open(zones).readName(after.name, signal)).toEqual([after]);
  });

  it('reading back names what is not as it should be', async () => {
    const provider = open(world());
    const after = { name: 'a.example.test', type: 'A' as const, ttl: 60, values: ['192.0.2.1'] };
    const change = { name: after.name, type: after.type, before: null, after };
    await expect(readBack(provider, [change], AbortSignal.timeout(5000))).rejects.toMatchObject({
      code: 'dns-not-applied',
      violations: [{ rule: 'applied', path: 'a.example.test A' }],
    });
  });
});
