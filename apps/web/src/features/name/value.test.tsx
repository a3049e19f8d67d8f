import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Value } from './value';

const shown = (text: string) => renderToStaticMarkup(<Value text={text} />);
const broken = (text: string) =>
  shown(text)
    .replaceAll(/<wbr\/?>/g, '|')
    .replaceAll(/<[^>]*>/g, '');

it.each([
  ['192.0.2.10', '192.0.2.10'],
  ['2001:db8::1', '2001:|db8::|1|'],
  ['10 mail.example.test.', '10 mail.example.test.'],
])('%s may break at the bars of %s', (text, bars) => expect(broken(text).replace(/\|\|$/, '|')).toBe(bars));

it('an IPv4 address is never broken, a text wherever it must', () => {
  expect(shown('192.0.2.10')).toContain('nowrap');
  expect(shown('v=spf1 -all')).not.toContain('nowrap');
});
