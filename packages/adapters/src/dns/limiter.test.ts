import { systemClock } from '@hostmaster/core/clock';
import type { DnsProvider } from '@hostmaster/core/dns/provider';
import { wholeZone } from '@hostmaster/core/dns/zone-parts';
import { describe, expect, it } from 'vitest';
import { createDnsLimiter } from './limiter.ts';
import { createMemoryZone, memoryProvider } from './memory.ts';

const zone = 'example.test';
const memory = (): DnsProvider =>
  memoryProvider(new Map([[zone, createMemoryZone(zone)]])).open({ zone, settings: {}, secret: new Uint8Array() }, { clock: systemClock });

/** The memory provider, each of whose readings waits until it is let go. */
function slow() {
  const begun: string[] = [];
  const held: (() => void)[] = [];
  const provider = memory();
  const readName: DnsProvider['readName'] = async (name, signal) => {
    begun.push(name);
    await new Promise<void>((resolve) => held.push(resolve));
    return provider.readName(name, signal);
  };
  return { begun, held, provider: { ...provider, readName } };
}
const signal = () => AbortSignal.timeout(10_000);
const names = Array.from({ length: 9 }, (_, index) => `n${index}.${zone}`);
const limits = { concurrent: 3, perSecond: null };

describe('the limits of an account', () => {
  it('let so many calls begin at once, in the order in which they were asked for, over all zones of the account', async () => {
    const limited = createDnsLimiter();
    const { begun, held, provider } = slow();
    const two = [limited(limits, 'one', provider), limited(limits, 'one', provider)];
    const asked = names.map((name, index) => two[index % 2]?.readName(name, signal()));
    for (let left = names.length; left > 0; left -= 1) {
      await expect.poll(() => held.length).toBe(Math.min(3, left));
      held.shift()?.();
      await asked[names.length - left];
    }
    expect(begun).toEqual(names);
  });

  it('do not keep another account waiting', async () => {
    const limited = createDnsLimiter();
    const { held, provider } = slow();
    const asked = names.map((name) => limited(limits, 'one', provider).readName(name, signal()));
    expect(await limited(limits, 'another', memory()).readName(zone, signal())).toEqual([]);
    for (const _ of names) {
      await expect.poll(() => held.length).toBeGreaterThan(0);
      held.shift()?.();
    }
    await Promise.all(asked);
  });

  it('a call that is given up while it waits ends with its reason, is never made, and takes nobody’s turn', async () => {
    const limited = createDnsLimiter();
    const { begun, held, provider } = slow();
    const one = limited({ concurrent: 1, perSecond: null }, 'one', provider);
    const giving = new AbortController();
    const first = one.readName('first.test', signal());
    const given = one.readName('given-up.test', giving.signal);
    const last = one.readName('last.test', signal());
    const reason = new Error('the caller gave up');
    giving.abort(reason);
    await expect(given).rejects.toBe(reason);
    for (const call of [first, last]) {
      await expect.poll(() => held.length).toBe(1);
      held.shift()?.();
      await call;
    }
    expect(begun).toEqual(['first.test', 'last.test']);
  });

  it('an error of the provider is the caller’s, and frees the place', async () => {
    const one = createDnsLimiter()({ concurrent: 1, perSecond: null }, 'one', memory());
    const outside = { name: 'a.elsewhere.test', type: 'A' as const, ttl: 60, values: ['192.0.2.1'] };
    const change = { name: outside.name, type: outside.type, before: null, after: outside };
    await expect(one.apply([change], signal())).rejects.toMatchObject({ code: 'invalid-input' });
    expect(await wholeZone(one.readZone(signal()))).toMatchObject({ recordSets: [] });
  });

  it('a reading of a whole zone begins in its turn', async () => {
    const { held, provider } = slow();
    const one = createDnsLimiter()({ concurrent: 1, perSecond: null }, 'one', provider);
    const first = one.readName(zone, signal());
    let begun = false;
    const reading = one
      .readZone(signal())
      [Symbol.asyncIterator]()
      .next()
      .then((part) => {
        begun = true;
        return part;
      });
    await expect.poll(() => held.length).toBe(1);
    expect(begun).toBe(false);
    held.shift()?.();
    await first;
    expect(await reading).toMatchObject({ done: false });
  });

  it('a reading of a whole zone that goes on keeps no other call waiting', async () => {
    const one = createDnsLimiter()({ concurrent: 1, perSecond: null }, 'one', memory());
    for await (const _ of one.readZone(signal())) expect(await one.readName(zone, signal())).toEqual([]);
  });

  it('let so many calls begin in a second', async () => {
    const one = createDnsLimiter()({ concurrent: 100, perSecond: 5 }, 'one', memory());
    const began = Date.now();
    await Promise.all(names.slice(0, 6).map((name) => one.readName(name, signal())));
    // From below only: a slow machine takes longer, and nothing can make the sixth come sooner.
    expect(Date.now() - began).toBeGreaterThanOrEqual(1000);
  });
});
