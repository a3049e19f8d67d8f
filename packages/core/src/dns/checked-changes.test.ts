import { describe, expect, it } from 'vitest';
import { checkedChanges } from './checked-changes.ts';
import type { RecordSetChange } from './record-set.ts';

const a = (name: string, value: string): RecordSetChange => ({
  name,
  type: 'A',
  before: null,
  after: { name, type: 'A', ttl: 60, values: [value] },
});

describe('checked changes', () => {
  it('come back in canonical spelling', () => {
    const given: RecordSetChange = {
      name: 'WWW.Example.Test.',
      type: 'CNAME',
      before: { name: 'www.example.test', type: 'CNAME', ttl: 60, values: ['Old.test.'] },
      after: { name: 'www.example.test.', type: 'CNAME', ttl: 60, values: ['NEW.test'] },
    };
    expect(checkedChanges('example.test', [given])).toEqual([
      {
        name: 'www.example.test',
        type: 'CNAME',
        before: { name: 'www.example.test', type: 'CNAME', ttl: 60, values: ['old.test'] },
        after: { name: 'www.example.test', type: 'CNAME', ttl: 60, values: ['new.test'] },
      },
    ]);
  });

  it('report every violation at once, each with the place of its change', () => {
    const given = [
      a('a.example.test', '192.0.2.300'),
      a('b.test', '192.0.2.1'),
      a('c.example.test', '192.0.2.1'),
      a('C.example.test', '192.0.2.1'),
    ];
    try {
      checkedChanges('example.test', given);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid-input' });
      expect((error as { violations: { rule: string; path: string }[] }).violations.map(({ rule, path }) => [rule, path])).toEqual([
        ['valid-record-set', 'changes.0'],
        ['within-zone', 'changes.1'],
        ['one-change-per-set', 'changes.3'],
      ]);
    }
  });

  it('must be sets of the name and type that they say', () => {
    const set = { name: 'a.example.test', type: 'A' as const, ttl: 60, values: ['192.0.2.1'] };
    for (const change of [
      { name: 'b.example.test', type: 'A' as const, before: null, after: set },
      { name: 'a.example.test', type: 'AAAA' as const, before: set, after: null },
    ]) {
      expect(() => checkedChanges('example.test', [change])).toThrow(expect.objectContaining({ code: 'invalid-input' }));
    }
  });
});
