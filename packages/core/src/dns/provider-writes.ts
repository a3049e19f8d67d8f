// What every DNS provider writes as it was asked to, and reads back: record sets of each type, their changes, the zone as a whole.

import { change, type Given, type Guarantee, ttls } from './provider-bench.ts';
import { isManaged, type RecordType, recordSetKey } from './record-set.ts';
import { wholeZone } from './zone-parts.ts';

export function writeGuarantees(guarantee: Guarantee, { expect, descriptor, set, signal }: Given): void {
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

  guarantee('beside a delegation: what stood there before is read, and deleted', async ({ at, held, apply }) => {
    const address = set(at, 'A', 60, '192.0.2.1');
    const ns = set(at, 'NS', 300, 'ns1.example.net');
    await apply(change(null, address));
    await apply(change(null, ns));
    expect(await held(at)).toEqual([address, ns]);
    await apply(change(address, null));
    expect(await held(at)).toEqual([ns]);
    await apply(change(ns, null));
  });

  guarantee('below a delegation: create, read back by name, delete', async ({ at, held, apply }) => {
    const ns = set(at, 'NS', 300, 'ns1.example.net');
    const below = set(`x.${at}`, 'A', 300, '192.0.2.1');
    await apply(change(null, ns), change(null, below));
    expect(await held(below.name)).toEqual([below]);
    await apply(change(below, null));
    expect(await held(below.name)).toEqual([]);
    await apply(change(ns, null));
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

  guarantee('a CNAME is replaced by another, and its TTL is changed alone', async ({ at, held, apply }) => {
    const first = set(at, 'CNAME', 300, 'one.example.net');
    const second = set(at, 'CNAME', 300, 'two.example.net');
    const quick = set(at, 'CNAME', 60, 'two.example.net');
    await apply(change(null, first));
    await apply(change(first, second));
    expect(await held(at)).toEqual([second]);
    await apply(change(second, quick));
    expect(await held(at)).toEqual([quick]);
  });

  guarantee('while a CNAME is replaced again and again, its name is never empty', async ({ provider, at, apply, whileWatched }) => {
    let current = set(at, 'CNAME', 60, 'n1.example.net');
    await apply(change(null, current));
    const seen = await whileWatched(at, async () => {
      for (let turn = 2; turn < 8; turn += 1) {
        const next = set(at, 'CNAME', 60, `n${turn}.example.net`);
        await provider.apply([change(current, next)], signal);
        current = next;
      }
    });
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen)).toEqual(new Set([1]));
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

  guarantee('NS at the apex: one is added and taken away again, the others stay', async ({ zone, held, apply }) => {
    const before = (await held(zone)).filter(isManaged).find((one) => one.type === 'NS');
    if (before === undefined) throw new Error('the zone of the suite needs an NS set');
    const more = { ...before, values: [...before.values, 'zz.example.net'].sort() };
    await apply(change(before, more));
    await apply(change(more, before));
  });

  guarantee('no changes are no error', async ({ provider }) => {
    await provider.apply([], signal);
  });

  guarantee(
    'a zone is read in parts of one serial; whoever stops half-way leaves nothing that is in the way of the next',
    async (bench) => {
      const { provider, at, many, apply } = bench;
      const created = Array.from({ length: many }, (_, index) => set(`n${index}.${at}`, 'A', 300, '192.0.2.1'));
      await apply(...created.map((one) => change(null, one)));
      for (let turn = 0; turn < 20; turn += 1) for await (const part of provider.readZone(signal)) if (part.recordSets.length > 0) break;
      const serials = new Set<number | null>();
      const names = new Set<string>();
      for await (const { serial, recordSets } of provider.readZone(signal)) {
        serials.add(serial);
        for (const { name } of recordSets) names.add(name);
      }
      expect(serials.size).toBe(1);
      expect(created.filter(({ name }) => !names.has(name))).toEqual([]);
      await apply(...created.map((one) => change(one, null)));
    },
  );

  guarantee('the whole zone is read, with what was applied, and its serial rises', async ({ provider, at, apply }) => {
    const before = await wholeZone(provider.readZone(signal));
    const created = [set(at, 'A', 300, '192.0.2.1'), set(`*.${at}`, 'TXT', 60, '"wild"')];
    await apply(...created.map((one) => change(null, one)));
    const after = await wholeZone(provider.readZone(signal));
    const known = new Set(before.recordSets.map(recordSetKey));
    const added = after.recordSets.filter((one) => !known.has(recordSetKey(one)));
    expect(added).toEqual([...created].sort((a, b) => (a.name < b.name ? -1 : 1)));
    if (before.serial !== null) expect(((after.serial ?? 0) - before.serial) >>> 0).toBeGreaterThan(0);
  });
}
