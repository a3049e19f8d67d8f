// A kind that its map does not hold can be connected by nobody, and one that no suite was run against promises what nobody tried.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { destinations } from './destinations/destinations.ts';
import { dnsProviders } from './dns/providers.ts';
import { issuers } from './issuers/issuers.ts';

const packages = join(import.meta.dirname, '..', '..');
const tests = readdirSync(packages, { recursive: true, encoding: 'utf8' })
  // What several of them run stands beside them.
  .filter(
    (path) =>
      (path.endsWith('.test.ts') || path.includes(join('src', 'testing'))) && path.endsWith('.ts') && !path.includes('node_modules'),
  )
  .map((path) => readFileSync(join(packages, path), 'utf8'));

const kindOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'open' in value && 'kind' in value ? value.kind : undefined;

/** Every descriptor that a file of the folder, or of one in it, exports: the name of the export, and its kind. */
async function described(folder: string) {
  const all = readdirSync(join(import.meta.dirname, folder), { recursive: true, encoding: 'utf8' });
  const files = all.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).map((name) => `./${folder}/${name}`);
  const modules: readonly Record<string, unknown>[] = await Promise.all(files.map((file) => import(new URL(file, import.meta.url).href)));
  return modules
    .flatMap((module) => Object.entries(module).map(([name, value]) => ({ name, kind: kindOf(value) })))
    .filter(({ kind }) => kind);
}

describe.each([
  { what: 'DNS provider', folder: 'dns', map: dnsProviders, suite: 'dnsProviderConformance' },
  { what: 'issuer', folder: 'issuers', map: issuers, suite: 'issuerConformance' },
  { what: 'destination', folder: 'destinations', map: destinations, suite: 'destinationConformance' },
])('every kind of $what', ({ folder, map, suite }) => {
  it('that is described stands in the map, and the map holds no other', async () => {
    const kinds = (await described(folder)).map(({ kind }) => kind);
    expect([...map.keys()].sort()).toEqual(kinds.sort());
  });

  it('has the conformance suite run against it', async () => {
    const isRun = (name: string) => tests.some((text) => new RegExp(`\\b${suite}\\([^;]*?\\b${name},`).test(text));
    expect((await described(folder)).filter(({ name }) => !isRun(name))).toEqual([]);
  });
});
