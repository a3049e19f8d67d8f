import { expect, it } from 'vitest';
import { notedText, wholeTitle } from './whole';

it('says up to which event the chain is whole, and not that nothing was cut off', () => {
  expect(wholeTitle({ checked: 1204 })).toBe('Whole up to event 1,204.');
  expect(wholeTitle({ checked: 0 })).toBe('No event is there yet.');
});

it.each([
  [null, '', null],
  [null, 'ab', false],
  [7, 'ab', true],
  [9, 'ab', true],
] as const)('a noted head that is event %s (asked: "%s") is told for what it is', (notedAt, asked, ok) => {
  expect(notedText({ notedAt, checked: 9 }, asked)?.ok ?? null).toBe(ok);
});

it('says how much has happened since a head was noted', () => {
  expect(notedText({ notedAt: 7, checked: 9 }, 'ab')?.text).toContain('event 7, and all up to it is as it was. 2 events follow it.');
  expect(notedText({ notedAt: null, checked: 9 }, 'ab')?.text).toContain('cut off or made anew');
});
