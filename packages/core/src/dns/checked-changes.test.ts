import { describe, expect, it } from 'vitest';
import { checkedChanges } from './checked-changes.ts';
import type { RecordSet, RecordSetChange } from './record-set.ts';

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
    const way = expect.stringMatching(/\.$/);
    expect(() => checkedChanges('example.test', given)).toThrow(
      expect.objectContaining({
        code: 'invalid-input',
        violations: [
          { rule: 'valid-record-set', path: 'changes.0', reason: expect.stringContaining('192.0.2.300'), remedy: way },
          { rule: 'within-zone', path: 'changes.1', reason: 'b.test is not in the zone example.test.', remedy: way },
          { rule: 'one-change-per-set', path: 'changes.3', reason: 'c.example.test A is changed twice.', remedy: way },
        ],
      }),
    );
  });

  const name = 'a.example.test';
  const set: RecordSet = { name, type: 'A', ttl: 60, values: ['192.0.2.1'] };
  const cname: RecordSet = { ...set, type: 'CNAME', values: ['b.example.test'] };

  it.each<[string, Partial<RecordSetChange>, string]>([
    ['of another name', { name: 'b.example.test', after: set }, 'b.example.test A is changed to a set of the name a.example.test.'],
    ['of another type', { type: 'AAAA', before: set, after: null }, 'a.example.test AAAA is changed to a set of type A.'],
    ['without a value', { after: { ...set, values: [] } }, 'a.example.test A has no values; deleting is an `after` of null.'],
    ['with a TTL below zero', { after: { ...set, ttl: -1 } }, 'a.example.test A has a TTL of -1; it goes from 0 to 2147483647.'],
    [
      'with a TTL of 32 bits',
      { after: { ...set, ttl: 2 ** 31 } },
      'a.example.test A has a TTL of 2147483648; it goes from 0 to 2147483647.',
    ],
    ['with half a second', { after: { ...set, ttl: 0.5 } }, 'a.example.test A has a TTL of 0.5; it goes from 0 to 2147483647.'],
    [
      'that is a CNAME to two names',
      { type: 'CNAME', after: { ...cname, values: ['b.example.test', 'c.example.test'] } },
      'a.example.test CNAME has more than one value; a CNAME has one.',
    ],
  ])('are to no set %s', (_, more, reason) => {
    const check = () => checkedChanges('example.test', [{ ...set, before: null, after: null, ...more }]);
    expect(check).toThrow(
      expect.objectContaining({
        code: 'invalid-input',
        message: `The changes to example.test are not valid: ${reason}`,
        violations: [expect.objectContaining({ rule: 'valid-record-set', path: 'changes.0', reason })],
      }),
    );
  });

  it.each<[string, RecordSet]>([
    ['a TTL of zero', { ...set, ttl: 0 }],
    ['the longest TTL', { ...set, ttl: 2 ** 31 - 1 }],
    ['several values', { ...set, values: ['192.0.2.1', '192.0.2.2'] }],
    ['a CNAME', cname],
  ])('may be to a set with %s', (_, after) => {
    const change = { name, type: after.type, before: null, after };
    expect(checkedChanges('example.test', [change])).toEqual([change]);
  });

  it('may be of several types at one name, and at the apex', () => {
    const text: RecordSet = { ...set, type: 'TXT', values: ['"x"'] };
    const apex = { ...set, name: 'example.test' };
    const changes = [set, text, apex].map((after) => ({ name: after.name, type: after.type, before: null, after }));
    expect(checkedChanges('example.test', changes)).toEqual(changes);
  });

  it('leave the SOA to its name server, also among others', () => {
    const soa: RecordSet = { name: 'example.test', type: 'SOA', ttl: 60, values: ['ns.example.test h.example.test 1 1 1 1 1'] };
    const changed: RecordSetChange = { ...soa, before: null, after: soa };
    for (const changes of [[changed], [a('a.example.test', '192.0.2.1'), changed]])
      expect(() => checkedChanges('example.test', changes)).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });

  it('are refused for what they say alone: any other fault is not taken for one of theirs', () => {
    const broken: RecordSetChange = {
      name,
      type: 'A',
      before: null,
      get after(): never {
        throw new TypeError('broken');
      },
    };
    expect(() => checkedChanges('example.test', [broken])).toThrow(TypeError);
  });
});
