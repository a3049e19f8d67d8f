import { describe, expect, it } from 'vitest';
import { makePlan } from './plan.ts';
import { readBack, readNames } from './read-back.ts';
import type { RecordSet } from './record-set.ts';
import { paperZone } from './testing/paper-zone.ts';

const { signal } = new AbortController();
const set = (name: string, more: Partial<RecordSet> = {}): RecordSet => ({ name, type: 'A', ttl: 60, values: ['192.0.2.1'], ...more });
const [a, b, c] = [set('a.example.test'), set('b.example.test', { values: ['192.0.2.1', '192.0.2.2'] }), set('c.example.test')];

describe('what is read back', () => {
  it('is answered where all became of it what was to become of it', async () => {
    const beside = set('a.example.test', { type: 'TXT', values: ['"x"'] });
    expect(await readBack(paperZone([a, beside, c]), makePlan([a], [b]), signal)).toEqual([a, beside]);
  });

  it('is dns-not-applied otherwise: every set that differs, with what it should be and what it is', async () => {
    const changes = makePlan([a, b, c], [set('d.example.test')]);
    const zone = paperZone([set('a.example.test', { ttl: 30 }), c, set('d.example.test')]);
    const [first, ...others] = [
      ['a.example.test A', 'a.example.test A should be 192.0.2.1 (TTL 60) and is 192.0.2.1 (TTL 30).'],
      ['b.example.test A', 'b.example.test A should be 192.0.2.1, 192.0.2.2 (TTL 60) and is absent.'],
      ['d.example.test A', 'd.example.test A should be absent and is 192.0.2.1 (TTL 60).'],
    ].map(([path, reason]) => ({ rule: 'applied', path, reason, remedy: expect.stringMatching(/./) }));
    await expect(readBack(zone, changes, signal)).rejects.toMatchObject({
      code: 'dns-not-applied',
      message: `The provider said yes, but ${first?.reason}`,
      violations: [first, ...others],
    });
  });
});

describe('the sets at names', () => {
  const named = (count: number) => Array.from({ length: count }, (_, index) => set(`n${index}.example.test`));

  it('are asked for name by name, each once', async () => {
    const zone = paperZone([...named(30), set('n0.example.test', { type: 'TXT' })]);
    const found = await readNames(zone, [...named(19), ...named(19)], signal);
    expect(zone.calls).toEqual(named(19).map(({ name }) => name));
    expect(found.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'n0.example.test A',
      'n0.example.test TXT',
      ...named(19)
        .slice(1)
        .map(({ name }) => `${name} A`),
    ]);
  });

  it('come from one transfer where they are many, without those at other names', async () => {
    const zone = paperZone(named(30));
    const found = await readNames(zone, named(20), signal);
    expect(new Set(found)).toEqual(new Set(named(20)));
    expect(found).toHaveLength(20);
    expect(zone.calls).toEqual(['zone']);
  });

  it('are asked for name by name where the zone is so large that this is sooner', async () => {
    const zone = paperZone(named(10_000));
    expect(await readNames(zone, named(20), signal)).toEqual(named(20));
    expect(zone.calls).toEqual(['zone', ...named(20).map(({ name }) => name)]);
  });
});
