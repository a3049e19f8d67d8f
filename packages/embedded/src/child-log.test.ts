import { closeSync, mkdtempSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { keepLogSmall, openLog, turnOver } from './child-log.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'child-log-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the log of a program', () => {
  it('is turned over while the program writes, and holds what it writes from then on', () => {
    const file = join(folder, 'running.log');
    const log = openLog(file);
    writeSync(log, 'old\n'.repeat(10));
    turnOver(file, 100);
    expect(readFileSync(file, 'utf8')).toBe('old\n'.repeat(10));
    writeSync(log, 'old\n'.repeat(20));
    turnOver(file, 100);
    writeSync(log, 'new\n');
    expect(readFileSync(file, 'utf8')).toBe('new\n');
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('old\n'.repeat(30));
    writeSync(log, 'newer\n'.repeat(20));
    turnOver(file, 100);
    expect(readFileSync(`${file}.1`, 'utf8')).toBe(`new\n${'newer\n'.repeat(20)}`);
    expect(statSync(`${file}.1`).mode & 0o777).toBe(0o600);
    closeSync(log);
  });

  it('is looked at again and again, until nobody asks for that', () => {
    vi.useFakeTimers();
    try {
      const file = join(folder, 'looked-at.log');
      const log = openLog(file);
      const stop = keepLogSmall(file);
      const filled = 'x'.repeat(6 * 1024 * 1024);
      for (const kept of [0, 0, filled.length]) {
        if (kept > 0) stop();
        writeSync(log, filled);
        vi.advanceTimersByTime(60_000);
        expect(statSync(file).size).toBe(kept);
      }
      closeSync(log);
    } finally {
      vi.useRealTimers();
    }
  });
});
