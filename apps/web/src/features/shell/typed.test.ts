import { expect, it } from 'vitest';
import { typedAs } from './typed';

it.each([
  ['orders.dev.example.test', 'name'],
  ['a.b', 'name'],
  ['bücher.example', 'name'],
  ['a.xn--p1ai', 'name'],
  ['127.0.0.1', 'address'],
  ['2001:db8::1', 'address'],
  ['::ffff:127.0.0.1', 'address'],
  ['127.0.0', 'text'],
  ['10.0.0.1:443', 'text'],
  ['orders', 'text'],
  ['a b.c', 'text'],
  ['https://a.b', 'text'],
])('%s is taken for: %s', (text, as) => expect(typedAs(text)).toBe(as));
