import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorTable } from './error-table.ts';

const root = join(import.meta.dirname, '../../..');
const sources = ['packages', 'apps']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name, 'src')))
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|generated|error-table\.ts$/.test(path))
  .map((path) => readFileSync(path, 'utf8'));

const rows = Object.entries(errorTable) as [ErrorCode, (typeof errorTable)[ErrorCode]][];

describe('the error table', () => {
  it.each(rows)('holds %s because something raises it', (code) => {
    expect(sources.some((text) => text.includes(`'${code}'`))).toBe(true);
  });

  it.each(rows)('lets a command that failed with %s say whether to try again', (code, { exit, retryable }) => {
    expect(exit === 75).toBe(retryable && code !== 'internal');
  });
});
