// Has whatever serves TLS from the directory read it again, by the command that whoever runs the worker's host has set. No name, and
// nothing else that somebody asked for, is in it; no shell reads it; and of the worker's environment, which holds the keys to
// everything, it is given its PATH alone.
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { HostmasterError } from '@hostmaster/core/errors';
import { foreignWords } from '@hostmaster/core/foreign-words';

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: string[]];

/** What is delivered within so long is reloaded for once: each reload costs a server a process, which stays while connections do. */
const gatherMilliseconds = 1000;
/** One that is under way, the gathering and another one fit into one run of an operation. */
const commandMilliseconds = 10_000;
/** A server that the command started may keep its output open. */
const lastWordsMilliseconds = 200;
const mostOutput = 16 * 1024;

/** Errors: delivery-failed, with the exit code and the last line of what the command said. Whoever asks shares a run with those who ask with them. */
export const commandReload = (command: Command, milliseconds = commandMilliseconds): (() => Promise<void>) =>
  shared(() => runCommand(command, milliseconds));

/** Whoever asks while one is under way waits for the next: that one may have read what was there before. */
function shared(run: () => Promise<void>): () => Promise<void> {
  let latest: Promise<unknown> = Promise.resolve();
  let next: Promise<void> | null = null;
  const begin = async (): Promise<void> => {
    await Promise.allSettled([latest, delay(gatherMilliseconds)]);
    latest = next ?? latest;
    next = null;
    await run();
  };
  return () => {
    next ??= begin();
    return next;
  };
}

/** Errors: delivery-failed. */
async function runCommand([program, ...args]: Command, milliseconds: number): Promise<void> {
  const words = [program, ...args].join(' ');
  const failed = (what: string, cause?: unknown): HostmasterError =>
    new HostmasterError(
      'delivery-failed',
      `The certificate is in place, and what serves it was not told: “${words}” ${what}. Run it on the worker’s host, as the worker’s account, and mend what it says.`,
      { cause },
    );
  const { PATH } = process.env;
  // A group of its own, so that all of it ends where it takes too long.
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...(PATH && { PATH }), LANG: 'C.UTF-8' },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-mostOutput);
    });
  const closed = new Promise((resolve) => child.once('close', resolve));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    endGroup(child.pid);
  }, milliseconds);
  try {
    const ended = await new Promise<{ readonly code: number | null; readonly signal: string | null }>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve({ code, signal }));
    }).catch((error: NodeJS.ErrnoException) => {
      throw failed(`cannot be started (${error.code ?? 'for an unknown reason'})`, error);
    });
    await Promise.race([closed, delay(lastWordsMilliseconds)]);
    if (late) throw failed(`had not ended after ${milliseconds / 1000} s${lastLine(said)}`);
    if (ended.code !== 0) throw failed(`ended with ${ended.code === null ? ended.signal : `exit code ${ended.code}`}${lastLine(said)}`);
  } finally {
    clearTimeout(timer);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

function endGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** The end of a sentence. */
function lastLine(said: string): string {
  const line = foreignWords(said.trimEnd().split('\n').at(-1) ?? '');
  return line === '' ? ' and said nothing' : ` and said “${line}”`;
}
