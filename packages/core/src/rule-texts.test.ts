import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ruleTexts } from './rule-texts.ts';

const root = new URL('../../../', import.meta.url).pathname;
const folders = ['packages/core/src', 'packages/http/src', 'packages/usecases/src', 'packages/adapters/src', 'apps/web/src/server'];

const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.test\.ts$|testing\/|testdata\//.test(name))
    .map((name) => join(folder, name)),
);
/** Where a code of a rule is written down: in a violation, or handed to what makes one. */
const written = /\brule: '([a-z0-9-]+)'|\b(?:refuse|refusal|broken|hold)\('([a-z0-9-]+)',|'(too-(?:short|long|few|many))'/g;
/** What a certificate is found wrong for by the linter is no violation of anybody's input. */
const elsewhere = new Set(['packages/core/src/pki/lint.ts', 'packages/core/src/pki/lint-intermediate.ts']);

it('every rule that a violation can name is explained', () => {
  const named = new Map<string, string>();
  for (const file of files.filter((each) => !elsewhere.has(each)))
    for (const [, ...codes] of readFileSync(join(root, file), 'utf8').matchAll(written))
      for (const code of codes) if (code !== undefined) named.set(code, file);
  expect(named.size).toBeGreaterThan(50);
  expect([...named].filter(([code]) => !ruleTexts.has(code))).toEqual([]);
});
