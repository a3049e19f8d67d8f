// What the guides and the README quote of the portal is what the portal says: words in italics or bold that begin with a
// capital or hold an ellipsis, and the fields of their tables.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const guides = ['README.md', ...readdirSync(join(root, 'docs/guides')).map((name) => `docs/guides/${name}`)];

/** As a page shows it: line ends and what is filled in are no matter of the words. */
const flat = (text: string): string =>
  text
    .replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '…')
    .replaceAll(/\s+/g, ' ')
    .toLowerCase();

const sources = ['apps/web', 'packages/core', 'packages/usecases', 'packages/adapters']
  .flatMap((part) =>
    readdirSync(join(root, part, 'src'), { recursive: true, encoding: 'utf8' }).map((name) => join(root, part, 'src', name)),
  )
  // The titles of errors head what a call was refused with, and stand nowhere else: what work met is told by its message.
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|testing|generated|error-table/.test(path))
  .map((path) => flat(readFileSync(path, 'utf8')));

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** "Zones → Connect a zone" is two words of the portal, "… is not authoritative" a sentence without its beginning; a code such as REFUSED is filled in. */
const isSaid = (quoted: string): boolean =>
  quoted.split(' → ').every((one) => {
    const parts = flat(one.replaceAll(/\b[A-Z]{5,}\b/g, '…'))
      .split('…')
      .map((part) => part.trim());
    // What is left out before the first words and after the last is no matter, and looked for at every character it takes minutes.
    const said = parts.filter((part, at) => part !== '' || (at > 0 && at < parts.length - 1));
    const words = new RegExp(said.map(escaped).join("[^`'<]*"));
    return sources.some((source) => words.test(source));
  });

function quotedBy(text: string): string[] {
  // What the README is headed with describes the whole.
  const prose = text
    .replace(/^\*\*[^*]+\*\*/m, '')
    .replaceAll(/```[\s\S]*?```/g, '')
    .replaceAll(/`[^`]*`/g, '');
  const emphasised = [...prose.matchAll(/(?<![*\w])(\*{1,2})(?=\S)([^*\n]+?)\1(?![*\w])/g)].map(([, , words = '']) => words);
  const tables = [...prose.matchAll(/^\| field \|[^\n]*\n\|[^\n]*\n((?:\|[^\n]*\n)+)/gm)].flatMap(([, rows = '']) => rows.split('\n'));
  const fields = tables.flatMap((row) => (row.split('|')[1] ?? '').split(',')).map((field) => field.trim());
  return [...emphasised.filter((words) => /^[A-Z]|…/.test(words)), ...fields.filter((field) => field !== '')];
}

const quoted = guides.flatMap((path) => quotedBy(readFileSync(join(root, path), 'utf8')).map((words) => [path, words] as const));

describe('what a guide quotes', () => {
  it('is found at all', () => expect(quoted.length).toBeGreaterThan(25));
  it.each(quoted)('%s: “%s” is what the portal says', (_, words) => expect(isSaid(words)).toBe(true));
  it('is not found where nothing says it', () => expect(isSaid('Zones → No such button')).toBe(false));
});
