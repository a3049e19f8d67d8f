// What the operations of every DNS provider guarantee: registered by provider-conformance.ts, test by test, on a bench of its own.
import type { Capability } from '../descriptor.ts';
import type { DnsProvider, DnsProviderDescriptor } from './provider.ts';
import type { RecordSet, RecordSetChange, RecordType } from './record-set.ts';

export const recordSet = (name: string, type: RecordType, ttl: number, ...values: string[]): RecordSet => ({ name, type, ttl, values });
const change = (before: RecordSet | null, after: RecordSet | null): RecordSetChange => {
  const either = after ?? before;
  if (either === null) throw new Error('a change has a before or an after');
  return { name: either.name, type: either.type, before, after };
};

/** Those of classes and bounds of a zone, and the odd ones that a person types. */
export const ttls = [1, 7, 30, 59, 60, 61, 300, 3600, 86_400, 604_800];

/** What one test works with: a provider, a name of its own, and functions that apply and then look at what the provider holds. */
export type Bench = {
  readonly provider: DnsProvider;
  readonly zone: string;
  readonly many: number;
  readonly at: string;
  readonly held: (name: string) => Promise<readonly RecordSet[]>;
  readonly apply: (...changes: RecordSetChange[]) => Promise<void>;
  readonly refuses: (code: string, ...changes: RecordSetChange[]) => Promise<void>;
  /** How many record sets the name held, each time that it was looked at during the work. */
  readonly whileWatched: (name: string, work: () => Promise<void>) => Promise<readonly number[]>;
  readonly needs: (capability: Capability) => void;
};

type Given = {
  readonly expect: typeof import('vitest')['expect'];
  readonly descriptor: DnsProviderDescriptor;
  /** A record set as the provider will hold it. */
  readonly set: typeof recordSet;
  readonly signal: AbortSignal;
};

export function operationGuarantees(
  guarantee: (text: string, run: (bench: Bench) => Promise<void>) => void,
  { expect, descriptor, set, signal }: Given,
): void {
  const raises = (code: string) => expect.objectContaining({ code });

  guarantee('a name that owns nothing reads as no record sets', async ({ at, held }) => {
    expect(await held(at)).toEqual([]);
  });

  guarantee('what was normalised reads back equal, whatever its TTL', async ({ at, apply }) => {
    await apply(...ttls.map((ttl, index) => change(null, set(`n${index}.${at}`, 'A', ttl, '192.0.2.1'))));
  });

  const values: readonly (readonly [RecordType, ...string[]])[] = [
    ['A', '192.0.2.1', '192.0.2.2'],
    ['AAAA', '2001:db8::1'],
    ['CNAME', 'target.example.net'],
    ['TXT', '"plain"'],
    ['CAA', '0 issue "ca.example.net; policy=ev"', '128 iodef "mailto:security@example.net"'],
    ['MX', '10 mail.example.net', '20 mail2.example.net'],
    ['SRV', '1 2 443 target.example.net'],
    ['PTR', 'host.example.net'],
    ['TLSA', `3 1 1 ${'ab'.repeat(32)}`],
    ['SSHFP', `4 2 ${'cd'.repeat(32)}`],
    ['NAPTR', '100 10 "u" "E2U+sip" "!^.*$!sip:info@example.net!" .'],
  ];
  for (const [type, ...of] of values) {
    guarantee(`${type}: create, read back, delete`, async ({ at, held, apply }) => {
      const created = set(at, type, 300, ...of);
      await apply(change(null, created));
      expect(await held(at)).toEqual([created]);
      await apply(change(created, null));
      expect(await held(at)).toEqual([]);
    });
  }

  guarantee('a delegation with its DS: create, read back, delete', async ({ at, held, apply }) => {
    const ns = set(at, 'NS', 300, 'ns1.example.net', 'ns2.example.net');
    const ds = set(at, 'DS', 300, `60485 13 2 ${'ef'.repeat(32)}`);
    await apply(change(null, ns), change(null, ds));
    expect(await held(at)).toEqual([ds, ns]);
    await apply(change(ns, null), change(ds, null));
    expect(await held(at)).toEqual([]);
  });

  guarantee('TXT keeps quotes, backslashes, bytes that are not ASCII, empty, long and many strings', async ({ at, held, apply }) => {
    const long = [`"${'x'.repeat(255)}"`, `"${'y'.repeat(255)}"`, '"z"'].join(' ');
    const texts = [
      '""',
      '"a \\"quoted\\" word"',
      '"back\\\\slash"',
      '"caf\\195\\169"',
      '"semi;colon $dollar @at (round)"',
      '"v=1" "two"',
      long,
    ];
    const created = set(at, 'TXT', 60, ...texts.sort());
    await apply(change(null, created));
    expect(await held(at)).toEqual([created]);
  });

  guarantee('a set is replaced by another', async ({ at, held, apply }) => {
    const first = set(at, 'A', 300, '192.0.2.1', '192.0.2.2');
    const second = set(at, 'A', 60, '192.0.2.2', '192.0.2.3');
    await apply(change(null, first));
    await apply(change(first, second));
    expect(await held(at)).toEqual([second]);
  });

  guarantee('while a set is replaced again and again, its name is never empty', async ({ provider, at, apply, whileWatched }) => {
    let current = set(at, 'A', 60, '192.0.2.1');
    await apply(change(null, current));
    const seen = await whileWatched(at, async () => {
      for (let turn = 2; turn < 12; turn += 1) {
        const next = set(at, 'A', 60, `192.0.2.${turn}`);
        await provider.apply([change(current, next)], signal);
        current = next;
      }
    });
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen)).toEqual(new Set([1]));
  });

  guarantee('a TTL is changed alone, and changing it again changes nothing', async ({ provider, at, held, apply }) => {
    const slow = set(at, 'A', 3600, '192.0.2.1', '192.0.2.2');
    const quick = set(at, 'A', 30, '192.0.2.1', '192.0.2.2');
    await apply(change(null, slow));
    await apply(change(slow, quick));
    expect(await held(at)).toEqual([quick]);
    await provider.apply([change(slow, quick)], signal);
    expect(await held(at)).toEqual([quick]);
  });

  guarantee('only the set that is changed is changed', async ({ at, held, apply }) => {
    const a = set(at, 'A', 300, '192.0.2.1');
    const txt = set(at, 'TXT', 300, '"stays"');
    await apply(change(null, a), change(null, txt));
    await apply(change(a, null));
    expect(await held(at)).toEqual([txt]);
  });

  guarantee('an A set gives way to a CNAME in one change, and back', async ({ at, held, apply }) => {
    const a = set(at, 'A', 300, '192.0.2.1');
    const cname = set(at, 'CNAME', 300, 'target.example.net');
    await apply(change(null, a));
    await apply(change(a, null), change(null, cname));
    expect(await held(at)).toEqual([cname]);
    await apply(change(cname, null), change(null, a));
    expect(await held(at)).toEqual([a]);
  });

  guarantee(
    'while an A set gives way to a CNAME and back, its name is never empty',
    async ({ provider, at, apply, whileWatched, needs }) => {
      needs(descriptor.capabilities.atomic);
      const a = set(at, 'A', 300, '192.0.2.1');
      const cname = set(at, 'CNAME', 300, 'target.example.net');
      await apply(change(null, a));
      const seen = await whileWatched(at, async () => {
        for (let turn = 0; turn < 5; turn += 1) {
          await provider.apply([change(a, null), change(null, cname)], signal);
          await provider.apply([change(cname, null), change(null, a)], signal);
        }
      });
      expect(seen.length).toBeGreaterThan(0);
      expect(seen).not.toContain(0);
    },
  );

  guarantee('a CNAME is read as itself, not as what it points to', async ({ at, held, apply }) => {
    const target = set(`target.${at}`, 'A', 300, '192.0.2.1');
    const cname = set(at, 'CNAME', 300, target.name);
    await apply(change(null, target));
    await apply(change(null, cname));
    expect(await held(at)).toEqual([cname]);
  });

  guarantee('a wildcard is a name like any other; names it would answer for own nothing', async ({ at, held, apply }) => {
    const wildcard = set(`*.${at}`, 'A', 300, '192.0.2.1');
    await apply(change(null, wildcard));
    expect(await held(wildcard.name)).toEqual([wildcard]);
    expect(await held(`any.${at}`)).toEqual([]);
    const own = set(`any.${at}`, 'TXT', 300, '"own"');
    await apply(change(null, own));
    expect(await held(own.name)).toEqual([own]);
  });

  guarantee('names are compared without case and written in lower case', async ({ at, held, apply, provider }) => {
    const created = set(at, 'MX', 300, '10 mail.example.net');
    await provider.apply([change(null, set(at.toUpperCase(), 'MX', 300, '10 Mail.Example.NET.'))], signal);
    expect(await held(at.toUpperCase())).toEqual([created]);
    await apply(change(created, null));
  });

  guarantee('several sets change in one call', async ({ at, held, apply }) => {
    const sets = ['a', 'b', 'c'].map((label) => set(`${label}.${at}`, 'A', 300, '192.0.2.1'));
    await apply(...sets.map((one) => change(null, one)));
    expect((await Promise.all(sets.map((one) => held(one.name)))).flat()).toEqual(sets);
  });

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

  guarantee('NS at the apex: one is added and taken away again, the others stay', async ({ zone, held, apply }) => {
    const before = (await held(zone)).find((one) => one.type === 'NS');
    if (before === undefined) throw new Error('the zone of the suite needs an NS set');
    const more = { ...before, values: [...before.values, 'zz.example.net'].sort() };
    await apply(change(before, more));
    await apply(change(more, before));
  });

  guarantee('no changes are no error', async ({ provider }) => {
    await provider.apply([], signal);
  });

  guarantee('the whole zone is read, with what was applied, and its serial rises', async ({ provider, at, apply }) => {
    const before = await provider.readZone(signal);
    const created = [set(at, 'A', 300, '192.0.2.1'), set(`*.${at}`, 'TXT', 60, '"wild"')];
    await apply(...created.map((one) => change(null, one)));
    const after = await provider.readZone(signal);
    const known = new Set(before.recordSets.map((one) => `${one.name} ${one.type}`));
    const added = after.recordSets.filter((one) => !known.has(`${one.name} ${one.type}`));
    expect(added).toEqual([...created].sort((a, b) => (a.name < b.name ? -1 : 1)));
    if (before.serial !== null) expect(((after.serial ?? 0) - before.serial) >>> 0).toBeGreaterThan(0);
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
    await expect(provider.readZone(aborted)).rejects.toBe(reason);
  });
}
