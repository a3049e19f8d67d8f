import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { describe, expect, it } from 'vitest';
import { contractChanges } from './contract-changes';

const contract = (part: object) =>
  endpointContract.parse({ hostname: 'a.example.test', team: 'orders', target: { addresses: ['192.0.2.1'] }, ...part });

describe('what changed between two revisions', () => {
  it.each([
    ['nothing', {}, {}, []],
    ['a value', { ttl: 'stable' }, { ttl: 300 }, [{ field: 'ttl', before: 'stable', after: '300' }]],
    [
      'a list',
      {},
      { target: { addresses: ['192.0.2.1', '192.0.2.2'] } },
      [{ field: 'target.addresses', before: '192.0.2.1', after: '192.0.2.1, 192.0.2.2' }],
    ],
    [
      'the kind of target',
      {},
      { target: { cname: 'b.example.test' } },
      [
        { field: 'target.cname', before: null, after: 'b.example.test' },
        { field: 'target.addresses', before: '192.0.2.1', after: null },
      ],
    ],
    ['an optional field', { justification: 'Why.' }, {}, [{ field: 'justification', before: 'Why.', after: null }]],
  ])('%s', (_, before, after, expected) => expect(contractChanges(contract(before), contract(after))).toEqual(expected));
});
