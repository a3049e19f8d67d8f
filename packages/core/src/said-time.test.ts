import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dayOf, minuteOf, secondOf } from './said-time.ts';

const time = new Date('2027-03-04T05:06:07.890Z');

it('times in sentences are a day, a minute or a second, in UTC', () => {
  expect([dayOf(time), minuteOf(time), secondOf(time)]).toEqual(['4 Mar 2027', '2027-03-04 05:06 UTC', '2027-03-04 05:06:07 UTC']);
});

it('no sentence holds a time as programs write it', () => {
  const root = join(import.meta.dirname, '../..');
  const written = ['core', 'usecases', 'adapters'].flatMap((part) =>
    readdirSync(join(root, part, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ts$/.test(name) && !/\.test\.ts$|testing/.test(name) && !/said-time|der/.test(name))
      .filter((name) => /`[^`]*\$\{[^`}]*toISOString\(\)/.test(readFileSync(join(root, part, 'src', name), 'utf8'))),
  );
  expect(written).toEqual([]);
});
