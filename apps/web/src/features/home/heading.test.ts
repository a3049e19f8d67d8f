import { expect, it } from 'vitest';
import { elsewhere, headingOf } from './heading';

it.each([
  [0, 0, 0, 'No names yet', null],
  [0, 0, 3, 'All clear', null],
  [0, 0, null, 'All clear', null],
  [0, 1, 3, 'Nothing waits for you', '1 endpoint needs attention, and somebody else moves next; each says who.'],
  [0, 2, 3, 'Nothing waits for you', '2 endpoints need attention, and somebody else moves next; each says who.'],
  [1, 2, 3, 'One thing needs you', undefined],
  [1204, 0, 0, '1,204 things need you', undefined],
])(
  'where %i things need the reader and %i endpoints of %s attention, the first page says “%s”',
  (needs, attention, endpoints, heading, said) => {
    expect(headingOf(needs, attention, endpoints)).toBe(heading);
    if (said !== undefined) expect(elsewhere(attention)).toBe(said);
  },
);
