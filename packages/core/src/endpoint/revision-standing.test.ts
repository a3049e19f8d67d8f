import { describe, expect, it } from 'vitest';
import { heldAgainst, standingsOf, takesBack } from './revision-standing.ts';

const at = new Date('2026-11-20T12:00:00Z');
const applied = (number: number, requestId = `r${number}`) => ({ number, requestId, appliedAt: at });
const notApplied = (number: number, requestId = `r${number}`) => ({ number, requestId, appliedAt: null });

describe('how revisions stand', () => {
  it.each([
    [
      'the last that was read back is in force, the others were replaced',
      [applied(3), applied(2), applied(1)],
      3,
      'in-force replaced replaced',
    ],
    [
      'what is wanted and was not read back is underway; until then the one before is in force',
      [notApplied(2), applied(1)],
      2,
      'underway in-force',
    ],
    ['a first one that was not read back is underway, and none is in force', [notApplied(1)], 1, 'underway'],
    ['what was given up before it was read back came to nothing', [notApplied(2), applied(1)], 1, 'came-to-nothing in-force'],
    ['of a name that is gone nothing is underway', [notApplied(1)], null, 'came-to-nothing'],
    [
      'what was read back and is taken back stays in force until what takes it back is read back',
      [notApplied(3, 'r2'), applied(2), applied(1)],
      3,
      'underway in-force replaced',
    ],
    ['what was taken back is not called replaced', [applied(3, 'r2'), applied(2), applied(1)], 3, 'in-force taken-back replaced'],
    [
      'what was sent, never read back and taken back came to nothing',
      [applied(4), applied(3, 'r2'), notApplied(2), applied(1)],
      4,
      'in-force replaced came-to-nothing replaced',
    ],
  ] as const)('%s', (_, revisions, wanted, standings) => expect(standingsOf(revisions, wanted).join(' ')).toBe(standings));
});

it('a revision is held against the last before it that was in the zone', () => {
  const standings = ['underway', 'in-force', 'taken-back', 'came-to-nothing', 'replaced'] as const;
  expect(standings.map((_, index) => heldAgainst([5, 4, 3, 2, 1], standings, index))).toEqual([4, 3, 1, 1, null]);
});

it('a revision takes back where an earlier one was made for the same request', () => {
  const rows = [applied(3, 'r2'), applied(2), applied(1)];
  expect(rows.map((row) => takesBack(row, rows))).toEqual([true, false, false]);
});
