// What every DNS provider refuses, and then leaves everything as it was: moved ground, and what is no change of the zone.
import { change, type Given, type Guarantee, recordSet } from './provider-bench.ts';
import { wholeZone } from './zone-parts.ts';

export function refusalGuarantees(guarantee: Guarantee, { expect, descriptor, set, signal }: Given): void {
  const raises = (code: string) => expect.objectContaining({ code });

  guarantee('of several changes nothing is written if the ground of one has moved', async ({ at, apply, refuses }) => {
    const taken = set(`b.${at}`, 'A', 300, '192.0.2.9');
    await apply(change(null, taken));
    const wanted = ['a', 'b', 'c'].map((label) => change(null, set(`${label}.${at}`, 'A', 300, '192.0.2.1')));
    await refuses('plan-stale', ...wanted);
  });

  guarantee('stale ground is refused with plan-stale', async ({ at, apply, refuses }) => {
    const seen = set(at, 'A', 300, '192.0.2.1');
    const now = set(at, 'A', 300, '192.0.2.1', '192.0.2.2');
    const wanted = set(at, 'A', 300, '192.0.2.9');
    await refuses('plan-stale', change(seen, wanted));
    await refuses('plan-stale', change(seen, null));
    await apply(change(null, now));
    await refuses('plan-stale', change(seen, wanted));
    await refuses('plan-stale', change(seen, null));
    await refuses('plan-stale', change(null, wanted));
    await refuses('plan-stale', change(set(at, 'A', 300, '192.0.2.1', '192.0.2.2', '192.0.2.3'), wanted));
  });

  guarantee('a second run of a change of values is plan-stale and changes nothing', async ({ at, apply, refuses }) => {
    const first = set(at, 'A', 300, '192.0.2.1');
    const second = set(at, 'A', 300, '192.0.2.2');
    for (const step of [change(null, first), change(first, second), change(second, null)]) {
      await apply(step);
      await refuses('plan-stale', step);
    }
  });

  guarantee('a CNAME beside other data is refused with plan-stale', async ({ at, apply, refuses }) => {
    const a = set(`a.${at}`, 'A', 300, '192.0.2.1');
    const cname = set(`c.${at}`, 'CNAME', 300, 'target.example.net');
    await apply(change(null, a));
    await apply(change(null, cname));
    await refuses('plan-stale', change(null, set(a.name, 'CNAME', 300, 'target.example.net')));
    await refuses('plan-stale', change(null, set(cname.name, 'A', 300, '192.0.2.1')));
  });

  guarantee('of several writers with the same ground one wins, the others are told plan-stale', async ({ provider, at, held, needs }) => {
    needs(descriptor.capabilities.compareAndSet);
    const wanted = Array.from({ length: 6 }, (_, index) => set(at, 'A', 300, `192.0.2.${index + 1}`));
    const results = await Promise.allSettled(wanted.map((one) => provider.apply([change(null, one)], signal)));
    const won = wanted.filter((_, index) => results[index]?.status === 'fulfilled');
    expect(won).toHaveLength(1);
    expect(await held(at)).toEqual(won);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toEqual(raises('plan-stale'));
  });

  guarantee('names outside the zone are refused as invalid-input, with the names inside', async ({ zone, at, refuses }) => {
    const inside = change(null, set(at, 'A', 300, '192.0.2.1'));
    for (const name of [`evil${zone}`, 'elsewhere.example', zone.split('.').slice(1).join('.')]) {
      await refuses('invalid-input', inside, change(null, set(name, 'A', 300, '192.0.2.1')));
    }
  });

  guarantee('what is not a record set is refused as invalid-input', async ({ provider, at, refuses }) => {
    await refuses('invalid-input', change(null, recordSet(at, 'A', 300, '192.0.2.256')));
    await refuses('invalid-input', change(null, recordSet(at, 'A', 300)));
    await refuses('invalid-input', change(null, recordSet(at, 'A', -1, '192.0.2.1')));
    await refuses('invalid-input', change(null, recordSet(at, 'CNAME', 300, 'a.example.net', 'b.example.net')));
    const tooLong = change(null, recordSet(`${'a'.repeat(64)}.${at}`, 'A', 300, '192.0.2.1'));
    await expect(provider.apply([tooLong], signal)).rejects.toEqual(raises('invalid-input'));
    const twice = change(null, recordSet(at, 'A', 300, '192.0.2.1'));
    await refuses('invalid-input', twice, twice);
  });

  guarantee('the SOA is not for us to change', async ({ zone, refuses }) => {
    await refuses('unsupported', change(null, set(zone, 'SOA', 300, `ns1.${zone} hostmaster.${zone} 1 2 3 4 5`)));
  });

  guarantee(
    'a change of more than is written at once is refused whole when its ground is seen to be stale',
    async ({ provider, many, at, held, apply }) => {
      const names = Array.from({ length: many }, (_, index) => set(`n${index}.${at}`, 'A', 300, '192.0.2.1'));
      const last = names.at(-1);
      if (last === undefined) throw new Error('there are names');
      await apply(change(null, { ...last, values: ['192.0.2.9'] }));
      const all = names.map((one) => change(null, one));
      await expect(provider.apply(all, signal)).rejects.toEqual(raises('plan-stale'));
      expect(await held(`n0.${at}`)).toEqual([]);
      await apply(...all.slice(0, -1));
      expect(await held(`n0.${at}`)).toHaveLength(1);
    },
  );

  guarantee('an aborted call ends with the reason of its signal', async ({ provider, at }) => {
    const reason = new Error('the caller gave up');
    const aborted = AbortSignal.abort(reason);
    await expect(provider.readName(at, aborted)).rejects.toBe(reason);
    await expect(provider.apply([change(null, set(at, 'A', 300, '192.0.2.1'))], aborted)).rejects.toBe(reason);
    await expect(wholeZone(provider.readZone(aborted))).rejects.toBe(reason);
    const giving = new AbortController();
    const reading = async () => {
      for await (const _ of provider.readZone(giving.signal)) giving.abort(reason);
    };
    await expect(reading()).rejects.toBe(reason);
  });
}
