import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolverText } from './network.ts';

describe('a resolver', () => {
  it.each([
    ['10.0.0.53', '10.0.0.53:53'],
    ['10.0.0.53:5353', '10.0.0.53:5353'],
    ['[fd00::53]:5353', '[fd00::53]:5353'],
    ['[fd00::53]', '[fd00::53]:53'],
    ['fd00::53', '[fd00::53]:53'],
    ['127.0.0.1:65535', '127.0.0.1:65535'],
  ])('is an address, with a port or without: %s', (text, read) => {
    expect(resolverText(text)).toBe(read);
    expect(resolverText(read)).toBe(read);
  });

  it.each([
    '',
    'ns1.example.com',
    '10.0.0.53:',
    '10.0.0.53:0',
    '10.0.0.53:65536',
    '10.0.0.53:53:53',
    '[10.0.0.53',
    '0.0.0.0',
    '169.254.169.254',
    '224.0.0.1',
    '[]:53',
    '10.0.0.53:53\n',
    'https://10.0.0.53',
  ])('is nothing else: %j', (text) => {
    expect(resolverText(text)).toBeNull();
  });

  it('is read from any text without an error', () => {
    fc.assert(fc.property(fc.string({ maxLength: 80 }), (text) => [null, 'string'].includes(resolverText(text) && 'string')));
  });
});
