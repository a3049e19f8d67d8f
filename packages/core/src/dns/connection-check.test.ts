import { describe, expect, it } from 'vitest';
import { HostmasterError } from '../errors.ts';
import { type CheckedConnection, holdsZone, provesAndTakesBack, readsZone, writesAndTakesBack } from './connection-check.ts';
import type { DnsProvider } from './provider.ts';
import type { RecordSet } from './record-set.ts';
import { type PaperZone, paperZone } from './testing/paper-zone.ts';

const { signal } = new AbortController();
const zone = 'example.test';
const soa: RecordSet = { name: zone, type: 'SOA', ttl: 60, values: ['ns.example.test hostmaster.example.test 2026112001 1 1 1 1'] };
const ns: RecordSet = { name: zone, type: 'NS', ttl: 60, values: ['ns.example.test'] };
const probe = 'hostmaster-test-t1.example.test';
const connection = (provider: DnsProvider, more: Partial<CheckedConnection> = {}): CheckedConnection => ({
  provider,
  zone,
  label: 't1',
  suffixes: [],
  look: async () => undefined,
  ...more,
});
/** A server whose key may write below this name alone. */
const narrow = (held: PaperZone, below: string): DnsProvider => ({
  ...held,
  apply: (changes, ...more) => {
    if (changes.every(({ name }) => name.endsWith(`.${below}`))) return held.apply(changes, ...more);
    throw new HostmasterError('dns-refused', 'REFUSED.');
  },
});

describe('that the server holds the zone', () => {
  it('is known by the SOA at its apex, whose serial it tells', async () => {
    expect(await holdsZone(connection(paperZone([ns, soa])), signal)).toBe('It answers for example.test, serial 2026112001.');
    expect(await holdsZone(connection(paperZone([{ ...soa, values: ['odd'] }])), signal)).toContain('serial unknown');
  });

  it('is dns-not-served without one, whatever else stands there', async () => {
    const below = { ...soa, name: 'sub.example.test' };
    await expect(holdsZone(connection(paperZone([ns, below])), signal)).rejects.toMatchObject({ code: 'dns-not-served' });
  });
});

it.each([
  [[soa], '1 record read.'],
  [[soa, { ...ns, values: ['ns.example.test', 'ns2.example.test'] }], '3 records read.'],
  [[], '0 records read.'],
])('that the zone can be read is told by what came: %#', async (sets, said) => {
  expect(await readsZone(connection(paperZone(sets)), signal)).toBe(said);
});

it('that a large zone can be read is told by its beginning', async () => {
  let asked = 0;
  const large: DnsProvider = {
    ...paperZone([]),
    async *readZone() {
      for (; asked < 1000; asked += 1) {
        const recordSets = Array.from({ length: 5000 }, (_, index) => ({ ...ns, name: `n${asked}-${index}.example.test` }));
        yield { serial: 1, recordSets };
      }
    },
  };
  expect(await readsZone(connection(large), signal)).toBe('10,000 records read, and left at that.');
  expect(asked).toBeLessThan(3);
});

describe('that the zone can be written', () => {
  it('is proven by a record of the test alone, of which nothing stays', async () => {
    const provider = paperZone([soa]);
    expect(await writesAndTakesBack(connection(provider), signal)).toBe('A test record was written and taken back.');
    expect(provider.calls).toEqual([probe, `create ${probe} A`, probe, `delete ${probe} A`]);
    expect(provider.held()).toEqual([soa]);
  });

  it('is proven by a record that can be looked for while it stands, and that is taken back whatever came of that', async () => {
    const provider = paperZone([soa]);
    const seen: unknown[] = [];
    const look: CheckedConnection['look'] = async (written) => {
      seen.push(written, provider.held().includes(written));
      throw new Error('enough');
    };
    await expect(writesAndTakesBack(connection(provider, { look }), signal)).rejects.toThrow('enough');
    expect(seen).toEqual([{ name: probe, type: 'A', ttl: 60, values: ['192.0.2.1'] }, true]);
    expect(provider.held()).toEqual([soa]);
  });

  it('is proven by taking back what a test left that did not end', async () => {
    const provider = paperZone([soa, { name: probe, type: 'A', ttl: 60, values: ['192.0.2.9'] }]);
    await writesAndTakesBack(connection(provider), signal);
    expect(provider.calls).not.toContain(`create ${probe} A`);
    expect(provider.held()).toEqual([soa]);
  });

  it('is proven below what may be claimed where the key may not write below the apex, and says where it may', async () => {
    const held = paperZone([soa]);
    const suffixes = ['dev.example.test', 'prod.example.test'];
    expect(await writesAndTakesBack(connection(narrow(held, 'prod.example.test'), { suffixes }), signal)).toBe(
      'A test record was written and taken back below prod.example.test; below example.test, dev.example.test the key may not write.',
    );
    expect(held.calls).toContain('create hostmaster-test-t1.prod.example.test A');
    expect(held.held()).toEqual([soa]);
  });

  it('is dns-refused where the key may write nowhere, and names every place that was tried', async () => {
    const refusing = connection(narrow(paperZone([soa]), 'none.test'), { suffixes: ['dev.example.test'] });
    await expect(writesAndTakesBack(refusing, signal)).rejects.toMatchObject({
      code: 'dns-refused',
      message: 'REFUSED. A test record was tried below example.test, dev.example.test.',
    });
  });

  it.each(['_msdcs.example.test', '0/25.2.0.192.in-addr.arpa'])('is proven by a text in %s, which holds no hostnames', async (apex) => {
    const held = paperZone([]);
    await writesAndTakesBack(connection(held, { zone: apex }), signal);
    expect(held.calls).toContain(`create hostmaster-test-t1.${apex} TXT`);
    expect(held.held()).toEqual([]);
  });

  it('is tried at a few places, however many may be claimed', async () => {
    const held = paperZone([soa]);
    const suffixes = Array.from({ length: 100 }, (_, index) => `s${index}.example.test`);
    await expect(writesAndTakesBack(connection(narrow(held, 'none.test'), { suffixes }), signal)).rejects.toMatchObject({
      code: 'dns-refused',
    });
    expect(held.calls).toHaveLength(5);
  });

  it('ends with any other error at once', async () => {
    const provider = paperZone([soa]);
    const apply = async () => {
      throw new HostmasterError('dns-bad-key', 'No.');
    };
    const broken = connection({ ...provider, apply }, { suffixes: ['dev.example.test'] });
    await expect(writesAndTakesBack(broken, signal)).rejects.toMatchObject({ code: 'dns-bad-key' });
    expect(provider.calls).toHaveLength(1);
  });

  it('is dns-not-applied where the server says yes and holds nothing', async () => {
    const silent = connection(paperZone([soa], 'nothing'));
    await expect(writesAndTakesBack(silent, signal)).rejects.toMatchObject({ code: 'dns-not-applied' });
  });
});

describe('that proofs for a CA can be written', () => {
  it.each([
    ['a text where a CA looks', 'TXT', `_acme-challenge.${probe}`],
    ['an alias below the name', 'CNAME', `_${probe}`],
  ] as const)('is tried with %s, which is taken back', async (_, by, at) => {
    const held = paperZone([soa]);
    const written: string[] = [];
    const provider: DnsProvider = {
      ...held,
      apply: (changes, ...more) => {
        written.push(...changes.map(({ name, type }) => `${type} ${name}`));
        return held.apply(changes, ...more);
      },
    };
    expect(await provesAndTakesBack(connection(provider), signal, by)).toBe('A proof was written and taken back.');
    expect(new Set(written)).toEqual(new Set([`${by} ${at}`]));
    expect(await held.readName(at, signal)).toEqual([]);
  });

  it('is dns-refused with every place where the key may write addresses alone', async () => {
    const held = paperZone([soa]);
    const provider: DnsProvider = {
      ...held,
      apply: (changes, ...more) => {
        if (changes.every(({ type }) => type !== 'TXT')) return held.apply(changes, ...more);
        throw new HostmasterError('dns-refused', 'REFUSED.');
      },
    };
    expect(await writesAndTakesBack(connection(provider), signal)).toContain('taken back');
    await expect(provesAndTakesBack(connection(provider, { suffixes: ['dev.example.test'] }), signal)).rejects.toMatchObject({
      code: 'dns-refused',
      message: 'REFUSED. A proof was tried below example.test, dev.example.test.',
    });
  });
});
