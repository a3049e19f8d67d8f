// Which stage of `npm test` a test file belongs to.
import { execFileSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

it('a crash test runs after the build and in no other stage, every other file before it, each once', () => {
  const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'list', '--filesOnly', '--json'];
  const listed: { file: string; projectName: string }[] = JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }));
  const files = listed.map(({ file }) => file);
  expect(files).toHaveLength(new Set(files).size);
  const crash = listed.filter(({ projectName }) => projectName === 'crash').map(({ file }) => file);
  expect(crash).toEqual(files.filter((file) => basename(file).startsWith('crash')));
  expect(crash).not.toEqual([]);
});
