// The one suite that every kind of DNS provider passes, the in-memory reference included: its operations and what it says of itself.
// It is given vitest's functions by the test that calls it, so that this file imports no test runner. What a provider declares
// impossible is skipped with the declared reason.
import { systemClock } from '../clock.ts';
import type { Capability } from '../descriptor.ts';
import { settingsConformance } from '../descriptor-conformance.ts';
import type { DnsProviderDescriptor } from './provider.ts';
import { type Bench, recordSet, ttls } from './provider-bench.ts';
import { refusalGuarantees } from './provider-refuses.ts';
import { writeGuarantees } from './provider-writes.ts';
import { readBack } from './read-back.ts';
import type { RecordSet, RecordSetChange } from './record-set.ts';

export type ConformanceGround = {
  /** Apex of a zone that the suite may write to; it holds an SOA (if the provider has one) and at least one NS. */
  readonly zone: string;
  /** The connection as its owner would type it. */
  readonly settings: unknown;
  readonly secret?: string;
  /** More record sets than the provider writes at once; 70 unless given. */
  readonly many?: number;
};

type TestApi = Pick<typeof import('vitest'), 'describe' | 'it' | 'expect'>;

/**
 * Registers the suite. `ground` is called once for each test and may return the same zone every time: every test works below a name
 * of its own. Values are in the canonical spelling of the wire codec.
 */
export function dnsProviderConformance(
  { describe, it, expect }: TestApi,
  title: string,
  descriptor: DnsProviderDescriptor,
  ground: () => Promise<ConformanceGround>,
): void {
  // For all tests of the suite: real servers on a busy machine take minutes.
  const signal = AbortSignal.timeout(600_000);
  const raises = (code: string) => expect.objectContaining({ code });
  let count = 0;

  const opened = async () => {
    const { zone, settings: typed, secret: text, many = 70 } = await ground();
    const settings = descriptor.settings.parse(typed);
    const secret = descriptor.secret === null ? new Uint8Array() : descriptor.secret.input.parse(text);
    const provider = descriptor.open({ zone, settings, secret }, { clock: systemClock });
    return { provider, zone, settings, secret, many };
  };

  /** As the provider will hold it; names that are not in lower case stay as they are typed. */
  const set = (...given: Parameters<typeof recordSet>): RecordSet => {
    const [normal] = descriptor.normalise([recordSet(...given)]);
    if (normal === undefined) throw new Error('a set was normalised away');
    return normal;
  };

  /** A test with a name of its own, and functions that apply and then look at what the provider holds. */
  const guarantee = (text: string, run: (bench: Bench) => Promise<void>) =>
    it(text, async (context) => {
      const { provider, zone, many } = await opened();
      count += 1;
      const at = `t${count}.${zone}`;
      const held = (name: string) => provider.readName(name, signal);
      const apply = async (...changes: RecordSetChange[]) => {
        await provider.apply(changes, signal);
        await readBack(provider, changes, signal);
      };
      const refuses = async (code: string, ...changes: RecordSetChange[]) => {
        const names = [...new Set(changes.map(({ name }) => name))].filter((name) => name === zone || name.endsWith(`.${zone}`));
        const before = await Promise.all(names.map(held));
        await expect(provider.apply(changes, signal)).rejects.toEqual(raises(code));
        expect(await Promise.all(names.map(held))).toEqual(before);
      };
      const whileWatched = async (name: string, work: () => Promise<void>) => {
        let ended = false;
        const watch = async () => {
          const seen: number[] = [];
          while (!ended) seen.push((await held(name)).length);
          return seen;
        };
        const watched = watch();
        await work().finally(() => {
          ended = true;
        });
        return watched;
      };
      const needs = (capability: Capability) => {
        if (capability !== true) context.skip(`declared impossible: ${capability.no}`);
      };
      await run({ provider, zone, many, at, held, apply, refuses, whileWatched, needs });
    });

  describe(`what ${title} says of itself`, () => {
    settingsConformance({ it, expect }, descriptor, async () => (await ground()).settings);

    it('its account says who is limited, and not the secret', async () => {
      const { settings, secret } = await opened();
      const account = descriptor.account(settings);
      expect(account).not.toBe('');
      if (secret.length > 0)
        for (const encoding of ['latin1', 'base64', 'hex'] as const) expect(account).not.toContain(Buffer.from(secret).toString(encoding));
      expect(descriptor.limits.concurrent).toBeGreaterThan(0);
    });

    for (const check of descriptor.checks)
      it(`its check "${check.name}" passes where the connection is right`, async () => {
        const { provider, zone } = await opened();
        expect(await check.run({ provider, zone, label: check.name, suffixes: [], look: async () => undefined }, signal)).toMatch(/\.$/);
      });

    it('what is normalised stays so, at the same names and types', () => {
      const sets = ttls.map((ttl, index) => recordSet(`n${index}.example.test`, 'A', ttl, '192.0.2.1'));
      const normal = descriptor.normalise(sets);
      expect(descriptor.normalise(normal)).toEqual(normal);
      expect(normal.map(({ name, type }) => [name, type])).toEqual(sets.map(({ name, type }) => [name, type]));
    });
  });

  describe(`DnsProvider conformance: ${title}`, () => {
    const given = { expect, descriptor, set, signal };
    writeGuarantees(guarantee, given);
    refusalGuarantees(guarantee, given);
  });
}
