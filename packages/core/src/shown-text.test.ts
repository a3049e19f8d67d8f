import { expect, it } from 'vitest';
import { shownText } from './shown-text.ts';

it.each([
  ['foo bar', '"foo bar"'],
  ['', '""'],
  ['a'.repeat(41), `"${'a'.repeat(40)}…"`],
  ['a\nb\u202ec', '"aU+000AbU+202Ec"'],
])('%j is shown as %s, whole or in part and without what acts on a page', (text, shown) => expect(shownText(text)).toBe(shown));
