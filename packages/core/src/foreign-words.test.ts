import { expect, it } from 'vitest';
import { foreignWords, visibleWords } from './foreign-words.ts';

it('what others say is one line without what would act on a page, and cut', () => {
  expect(foreignWords(' a\r\n\tb\u200b\u2028c\u0000 ')).toBe('a b c');
  expect(foreignWords('x'.repeat(300))).toBe('x'.repeat(300));
  expect(foreignWords('x'.repeat(301))).toBe(`${'x'.repeat(300)}…`);
});

it('what is not seen, or turns text around, is shown by its code point, and letters of every script stay', () => {
  expect(visibleWords('CN=Root \u202elive\u2069\u0000\n\ud800')).toBe('CN=Root U+202EliveU+2069U+0000U+000AU+D800');
  expect(visibleWords('O=Mu\u0308ller हिन्दी, «x» 1')).toBe('O=Mu\u0308ller हिन्दी, «x» 1');
});
