import { describe, expect, it } from 'vitest';
import { contractWords, recordsWords, wayBack } from './standing';

const set = { name: 'a.example.test', type: 'A' as const, ttl: 60, values: ['192.0.2.1'] };
const twelve = { id: 'request', number: 12 };
type Revision = Parameters<typeof wayBack>[0][number];
const revision = (number: number, more: Partial<Revision> = {}): Revision => ({
  number,
  recordSets: [set],
  takesBack: null,
  inForce: false,
  ...more,
});
const inForce = { inForce: true };

describe('the way back', () => {
  it.each([
    ['of the one in force leads to the one before', [revision(2, inForce), revision(1)], [1, 1]],
    ['of the first leads nowhere', [revision(1, inForce)], [null]],
    ['of a retirement leads to what was before', [revision(2, { ...inForce, recordSets: [] }), revision(1)], [1, 1]],
    [
      'after a failed retirement leads to no nothing',
      [revision(3, { ...inForce, takesBack: twelve }), revision(2, { recordSets: [] }), revision(1)],
      [null, null, 1],
    ],
    [
      'after a change that was taken back asks for that change only by its number',
      [revision(3, { ...inForce, takesBack: twelve }), revision(2), revision(1)],
      [null, 2, 1],
    ],
    [
      'of a name that was claimed again leads to no nothing',
      [revision(3, inForce), revision(2, { recordSets: [] }), revision(1)],
      [null, null, 1],
    ],
    ['where the newest was given up unwritten counts from the one in force', [revision(3), revision(2, inForce), revision(1)], [3, 1, 1]],
  ] as const)('%s', (_, revisions, ways) => {
    expect(revisions.map((__, index) => wayBack(revisions, index))).toEqual(ways);
  });
});

it.each([
  ['live', null, [set], 'as the approved contract wants them', null],
  ['degraded', twelve, [set], 'as before request #12', null],
  ['pending', null, [], null, 'This contract has no records.'],
  ['retiring', null, [], null, 'What Hostmaster put there is being removed.'],
  ['retiring', twelve, [], null, 'What Hostmaster put there is being removed.'],
  ['retired', null, [], null, 'What Hostmaster put there was removed when the name was retired.'],
  ['retired', twelve, [], null, 'What request #12 had written was taken back.'],
  ['retired', null, [set], null, 'None was written before the request was given up.'],
] as const)('the records of a name that is %s and takes back %j', (state, takesBack, recordSets, note, instead) => {
  const sets = recordSets.map((each) => ({ ...each, values: [...each.values] }));
  expect(recordsWords({ state, takesBack, recordSets: sets })).toEqual({ note, instead });
});

it('a contract that nobody approved is not called approved', () => {
  expect(contractWords({ revision: 2, takesBack: null })).toBe('revision 2, as approved');
  expect(contractWords({ revision: 2, takesBack: twelve })).toBe('revision 2, which takes back request #12');
});
