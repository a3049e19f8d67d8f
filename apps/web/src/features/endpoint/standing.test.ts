import { describe, expect, it } from 'vitest';
import { contractWords, recordsWords, wayBack } from './standing';

const set = { name: 'a.example.test', type: 'A' as const, ttl: 60, values: ['192.0.2.1'] };
const twelve = { id: 'request', number: 12 };
type Revision = Parameters<typeof wayBack>[0][number];
const revision = (number: number, standing: Revision['standing'], more: Partial<Revision> = {}): Revision => ({
  number,
  retires: false,
  takesBack: false,
  standing,
  ...more,
});
const none = { retires: true };
const takesBack = { takesBack: true };

describe('the way back', () => {
  it.each([
    ['of the one in force leads to the one before', [revision(2, 'in-force'), revision(1, 'replaced')], [1, 1]],
    ['of the first leads nowhere', [revision(1, 'in-force')], [null]],
    ['of a first one that is underway leads nowhere', [revision(1, 'underway')], [null]],
    ['of a retirement leads to what was before', [revision(2, 'in-force', none), revision(1, 'replaced')], [1, 1]],
    ['of one that is underway leads to the one in force, once', [revision(2, 'underway'), revision(1, 'in-force')], [1, null]],
    [
      'after a failed retirement leads to no nothing',
      [revision(3, 'in-force', takesBack), revision(2, 'taken-back', none), revision(1, 'replaced')],
      [null, null, 1],
    ],
    [
      'after a change that was taken back leads past it',
      [revision(4, 'in-force'), revision(3, 'replaced', takesBack), revision(2, 'taken-back'), revision(1, 'replaced')],
      [3, 3, null, 1],
    ],
    [
      'of a name that was claimed again leads to no nothing',
      [revision(3, 'in-force'), revision(2, 'replaced', none), revision(1, 'replaced')],
      [null, null, 1],
    ],
    [
      'leads past what came to nothing, and never to it',
      [revision(3, 'came-to-nothing'), revision(2, 'in-force'), revision(1, 'replaced')],
      [null, 1, 1],
    ],
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
  expect(recordsWords({ state, takesBack, recordSets: sets, certificateOnly: false })).toEqual({ note, instead });
});

it.each(['pending', 'live', 'retiring', 'retired'] as const)('of a certificate alone no record is called ours (%s)', (state) => {
  const { instead } = recordsWords({ state, takesBack: null, recordSets: [], certificateOnly: true });
  expect(instead).toBe('A certificate alone: what stands at the name is not Hostmaster’s.');
});

it('a contract that nobody approved is not called approved', () => {
  expect(contractWords({ revision: 2, takesBack: null })).toBe('revision 2, as approved');
  expect(contractWords({ revision: 2, takesBack: twelve })).toBe('revision 2, which takes back request #12');
});
