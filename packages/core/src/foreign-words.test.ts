import { expect, it } from 'vitest';
import { foreignWords } from './foreign-words.ts';

it('what others say is one line without what would act on a page, and cut', () => {
  expect(foreignWords(' a\r\n\tb\u200b\u2028c\u0000 ')).toBe('a b c');
  expect(foreignWords('x'.repeat(300))).toBe('x'.repeat(300));
  expect(foreignWords('x'.repeat(301))).toBe(`${'x'.repeat(300)}…`);
});
