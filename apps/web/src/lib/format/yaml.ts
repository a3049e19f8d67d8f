// YAML for people to read and keep: only what JSON can hold, block style. Strings that YAML would read as something else
// are written as JSON strings, which are YAML too.

const plain = /^[A-Za-z/][A-Za-z0-9_./*-]*$/;
const reserved = new Set(['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n']);

const scalar = (value: unknown): string =>
  typeof value === 'string' && plain.test(value) && !reserved.has(value.toLowerCase()) ? value : (JSON.stringify(value) ?? 'null');

/** `undefined` members are left out, empty lists and objects stay visible as `[]` and `{}`. */
export function toYaml(value: unknown, indent = ''): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return value.map((each: unknown) => `${indent}- ${isBlock(each) ? toYaml(each, `${indent}  `).trimStart() : toYaml(each)}`).join('\n');
  }
  if (typeof value === 'string' && value.includes('\n')) {
    const lines = value.trimEnd().split('\n');
    return `|\n${lines.map((line) => `${indent}${line}`).join('\n')}`;
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
