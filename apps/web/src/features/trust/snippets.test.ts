import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { checkCommand, fingerprintCommand, snippets } from './snippets';

const base = 'http://pki.example.test/pki';
const where = { aliases: ['hostmaster-0a1b2c3d', 'hostmaster-ffffffff'] };
const textOf = (value: string): string => snippets.find((snippet) => snippet.value === value)?.text(where) ?? '';
const isShell = (text: string): string => spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' }).stderr;

describe('how a host is told to trust the roots', () => {
  it.each(['debian', 'rhel', 'macos', 'java', 'programs'])('is a script that a shell reads: %s', (value) => {
    expect(textOf(value)).not.toBe('');
    expect(isShell(textOf(value))).toBe('');
  });

  it('installs every root, from the file that was fetched and compared', () => {
    for (const { value } of snippets) {
      for (const alias of where.aliases) expect(textOf(value), value).toContain(`${alias}.crt`);
      expect(textOf(value), value).not.toMatch(/http:|Invoke-WebRequest/);
    }
  });

  it.each(['kubernetes', 'trust-manager'])('is commands and a manifest in YAML: %s', (value) => {
    const [commands = '', manifest = ''] = textOf(value).split('\n\n');
    expect(isShell(commands)).toBe('');
    for (const { errors } of parseAllDocuments(manifest)) expect(errors).toEqual([]);
  });

  it('names every kind once', () => expect(new Set(snippets.map(({ value }) => value)).size).toBe(snippets.length));

  it.each([
    ['internal-ca-1.pem', 'internal-ca-2.pem', checkCommand(base, ['internal-ca-1', 'internal-ca-2'])],
    ['hostmaster-0a1b2c3d.crt', 'hostmaster-ffffffff.crt', fingerprintCommand(base, where.aliases)],
  ])('fetches and checks %s as well as %s', (first, second, text) => {
    expect(isShell(text)).toBe('');
    for (const file of [first, second]) {
      expect(text).toContain(`curl -fsS -o ${file} ${base}/${file}\n`);
      expect(text).toMatch(new RegExp(`^openssl .*${file}`, 'm'));
    }
  });
});
