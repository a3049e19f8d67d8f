import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellCommand } from './shell-command.ts';

/** What the words of a command are to a real shell: each on its own, ended by NUL. */
const read = (command: string): string[] =>
  execFileSync('/bin/sh', ['-c', `set -- ${command}; printf '%s\\0' "$@"`], { encoding: 'utf8', env: { TOKEN: 'a "b" $c' } })
    .split('\0')
    .slice(0, -1);

describe('a command that is copied', () => {
  it.each([
    'https://a.example.test:22/$(id);`x`\'"&|?q=1',
    "'; touch /tmp/owned; '",
    '*.example.test',
    '~root',
    '#',
    '!!',
    '{a,b}',
    'line\nline',
    'a=b',
    '',
  ])('is one word to a shell for each of its words: %j', (word) => {
    expect(read(shellCommand(['curl', word], [word]))).toEqual(['curl', word, word]);
  });

  it('is read as its words, whatever they are', () => {
    const word = fc.string({ unit: fc.constantFrom(...'ab \'"`$(){}[]<>|&;*?!#~=%\\\n\té') });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
        expect(read(shellCommand(words))).toEqual(words);
      }),
      { numRuns: 30 },
    );
  });

  it('is left as it is where nothing in it means anything to a shell', () => {
    expect(shellCommand(['dig', '+short', '@192.0.2.53', '-p', '5353', 'a.example.test', 'A'])).toBe(
      'dig +short @192.0.2.53 -p 5353 a.example.test A',
    );
  });

  it('lets the shell put in what it is told to, and nothing that stands beside it', () => {
    expect(read(shellCommand([['$HOME `id` "x" \\ ', { expands: '$TOKEN' }]]))).toEqual(['$HOME `id` "x" \\ a "b" $c']);
  });
});
