import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { checkCommand, fingerprintCommand, snippets } from './snippets';

const base = 'http://pki.example.test/pki';
const where = { base, aliases: ['hostmaster-0a1b2c3d', 'hostmaster-ffffffff'] };
const textOf = (value: string): string => snippets.find((snippet) => snippet.value === value)?.text(where) ?? '';
const isShell = (text: string): string => spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' }).stderr;

describe('how a host is told to trust the roots', () => {
  it.each(['debian', 'rhel', 'macos', 'java', 'programs'])('is a script that a shell reads: %s', (value) => {
    expect(textOf(value)).not.toBe('');
    expect(isShell(textOf(value))).toBe('');
  });

  it.each(['debian', 'rhel', 'macos', 'windows', 'container'])('installs every root in a file of its own: %s', (value) => {
    for (const alias of where.aliases) expect(textOf(value)).toContain(`${base}/${alias}.crt`);
  });

  it.each(['kubernetes', 'trust-manager'])('is commands and a manifest in YAML: %s', (value) => {
    const [commands = '', manifest = ''] = textOf(value).split('\n\n');
    expect(isShell(commands)).toBe('');
    for (const { errors } of parseAllDocuments(manifest)) expect(errors).toEqual([]);
  });

  it('names every kind once', () => expect(new Set(snippets.map(({ value }) => value)).size).toBe(snippets.length));

  it.each([checkCommand(base, 'internal-ca-1'), fingerprintCommand(base, 'hostmaster-0a1b2c3d')])('is checked by commands: %s', (text) =>
    expect(isShell(text)).toBe(''),
  );
});
