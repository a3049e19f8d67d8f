// The file that a program writes its output to, and what keeps it from growing for ever.
import { copyFileSync, existsSync, mkdirSync, openSync, statSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';

const LARGEST_LOG = 5 * 1024 * 1024;
const LOOK_MILLISECONDS = 5_000;

/** For appending, so that whoever writes goes on at the beginning once it was emptied. */
export function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  turnOver(file);
  return openSync(file, 'a', 0o600);
}

/**
 * Moves what is in a log that has grown too large to FILE.1, in the place of what was there. The file itself stays, because
 * a program that runs has it open; a line that it writes in that very moment is lost.
 */
export function turnOver(file: string, largest = LARGEST_LOG): void {
  if (!existsSync(file) || statSync(file).size <= largest) return;
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
}

/** Turns the log over whenever it is too large, until the answer is called. */
export function keepLogSmall(file: string): () => void {
  const timer = setInterval(() => {
    try {
      turnOver(file);
    } catch {
      // A full disk, say: the program goes on, and the next look tries again.
    }
  }, LOOK_MILLISECONDS);
  timer.unref();
  return () => clearInterval(timer);
}
