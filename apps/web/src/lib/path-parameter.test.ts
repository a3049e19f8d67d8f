import { expect, it } from 'vitest';
import { needId, needText } from './path-parameter';

it.each(['%E0%A4%A', '%', '%zz'])('what is not percent-encoded UTF-8 is not found: %s', (text) => {
  expect(() => needText(text)).toThrow(/NEXT_HTTP_ERROR_FALLBACK;404/);
});
it('what is, is read', () => expect(needText('00%3Aab')).toBe('00:ab'));
it('what is no id is not found', () => expect(() => needId('%E0%A4%A')).toThrow(/NEXT_HTTP_ERROR_FALLBACK;404/));
