import { describe, expect, it } from 'vitest';
import { holdsZone, readsZone, writesAndTakesBack } from './connection-check.ts';
import type { RecordSet, RecordSetChange } from './record-set.ts';
import { type PaperZone, paperZone } from './testing/paper-zone.ts';

const { signal } = new AbortController();
const zone = 'example.test';
const soa: RecordSet = { name: zone, type: 'SOA', ttl: 60, values: ['ns.example.test hostmaster.example.test 2026112001 1 1 1 1'] };
const ns: RecordSet = { name: zone, type: 'NS', ttl: 60, values: ['ns.example.test'] };
const probe = '_hostmaster-test-t1.example.test';
const connection = (provider: PaperZone) => ({ provider, zone, label: 't1' });

describe('that the server holds the zone', () => {
  it('is known by the SOA at its apex, whose serial it tells', async () => {
    expect(await holdsZone(connection(paperZone([ns, soa])), signal)).toBe('It answers for example.test, serial 2026112001.');
    expect(await holdsZone(connection(paperZone([{ ...soa, values: ['odd'] }])), signal)).toContain('serial unknown');
  });

  it('is dns-refused without one, whatever else stands there', async () => {
    const below = { ...soa, name: 'sub.example.test' };
    await expect(holdsZone(connection(paperZone([ns, below])), signal)).rejects.toMatchObject({ code: 'dns-refused' });
  });
});

it.each([
  [[soa], '1 record set read.'],
  [[soa, ns], '2 record sets read.'],
  [[], '0 record sets read.'],
])('that the zone can be read is told by what came: %#', async (sets, said) => {
  expect(await readsZone(connection(paperZone(sets)), signal)).toBe(said);
});

describe('that the zone can be written', () => {
  it('is proven by a record of the test alone, of which nothing stays', async () => {
    const provider = paperZone([soa]);
    expect(await writesAndTakesBack(connection(provider), signal)).toBe('A test record was written and taken back.');
    expect(provider.calls).toEqual([probe, `create ${probe} TXT`, probe, `delete ${probe} TXT`]);
    expect(provider.held()).toEqual([soa]);
  });

  it('is proven by a record that tells whoever sees it what it is', async () => {
    const provider = paperZone([soa]);
    const changes: RecordSetChange[] = [];
    const apply: PaperZone['apply'] = (some, ...more) => {
      changes.push(...some);
      return provider.apply(some, ...more);
    };
    await writesAndTakesBack(connection({ ...provider, apply }), signal);
    expect(changes.map(({ after }) => after?.values)).toEqual([['"connection test"'], undefined]);
  });

  it('is proven by taking back what a test left that did not end', async () => {
    const provider = paperZone([soa, { name: probe, type: 'TXT', ttl: 60, values: ['"left"'] }]);
    await writesAndTakesBack(connection(provider), signal);
    expect(provider.calls).not.toContain(`create ${probe} TXT`);
    expect(provider.held()).toEqual([soa]);
  });

  it('is dns-not-applied where the server says yes and holds nothing', async () => {
    const silent = connection(paperZone([soa], 'nothing'));
    await expect(writesAndTakesBack(silent, signal)).rejects.toMatchObject({ code: 'dns-not-applied' });
  });
});
