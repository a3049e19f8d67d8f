import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const inputs = new URL('../../', import.meta.url);
/** Makes issues of what is stored, and nobody can mend that by sending something else. */
const ofTheStore = 'core/src/contract/stored-contract.ts';

it('a refinement of an input says its rule, its reason and its remedy, and leaves none of them to the code of the issue', () => {
  const files = ['core/src/contract', 'adapters/src'].flatMap((folder) =>
    readdirSync(new URL(folder, inputs), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${folder}/${file}`),
  );
  expect(files.length).toBeGreaterThan(20);
  const silent = files.filter(
    (file) =>
      file !== ofTheStore &&
      file !== 'core/src/contract/own-rule.ts' &&
      // By `ownRule`, whose type asks for all three.
      /\.refine\(|addIssue/.test(readFileSync(new URL(file, inputs), 'utf8').replaceAll(/\.refine\(\w+, \w+Rule\)/g, '')),
  );
  expect(silent).toEqual([]);
});
