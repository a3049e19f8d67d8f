// YAML for people to read and keep: only what JSON can hold, block style. Strings that YAML would read as something else
// are written as JSON strings, which are YAML too.

const plain = /^[A-Za-z/][A-Za-z0-9_./*-]*$/;
const reserved = new Set(['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n']);

/** What some reader of YAML takes for the end of a line (YAML 1.1 §4.2 beside JSON's own escapes), or does not print. */
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff]/g;
const quoted = (value: unknown): string =>
  (JSON.stringify(value) ?? 'null').replace(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const scalar = (value: unknown): string =>
  typeof value === 'string' && plain.test(value) && !reserved.has(value.toLowerCase()) ? value : quoted(value);

/** Lines that every reader of YAML reads as these lines: printable, none but the last empty at an end, and none that sets the indentation. */
const lines = /^[^\s\p{C}\u2028\u2029](?:[^\p{C}\u2028\u2029]|\n)*\S\n?$/u;

/** `undefined` members are left out, empty lists and objects stay visible as `[]` and `{}`. */
export function toYaml(value: unknown, indent = ''): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return value
      .map((each: unknown) => `${indent}- ${isBlock(each) ? toYaml(each, `${indent}  `).trimStart() : toYaml(each, `${indent}  `)}`)
      .join('\n');
  }
  if (typeof value === 'string' && value.includes('\n') && lines.test(value)) {
    const ended = value.endsWith('\n');
    const block = (ended ? value.slice(0, -1) : value).split('\n');
    // The end of the last line is part of the text, or is not (YAML 1.2 §8.1.1.2).
    return `${ended ? '|' : '|-'}\n${block.map((line) => (line === '' ? '' : `${indent}${line}`)).join('\n')}`;
  }
  if (typeof value !== 'object' || value === null) return scalar(value);
  const pairs = Object.entries(value).filter(([, each]) => each !== undefined);
  if (pairs.length === 0) return '{}';
  return pairs
    .map(([key, each]) => {
      if (isBlock(each)) return `${indent}${scalar(key)}:\n${toYaml(each, `${indent}  `)}`;
      return `${indent}${scalar(key)}: ${toYaml(each, `${indent}  `)}`;
    })
    .join('\n');
}

const isBlock = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length > 0;
