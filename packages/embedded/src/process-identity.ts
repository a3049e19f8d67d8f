// Which process a recorded number means. A pid alone does not say: the kernel gives it to somebody else after its owner
// is gone. A pid with the moment its process began does, so locks and pid files here always hold both.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

export type ProcessIdentity = {
  readonly pid: number;
  /** Opaque; only ever compared. Clock ticks since boot on Linux, a date text elsewhere. */
  readonly started: string;
};

const hasProc = existsSync('/proc/self/stat');

function askPs(pid: number, column: 'lstart' | 'comm' | 'ppid'): string | undefined {
  try {
    return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

/** The fields of /proc/PID/stat; the second, the command in brackets, may itself hold spaces and brackets (proc(5)). */
function procStat(pid: number): { command: string; state: string; parent: number; started: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const end = text.lastIndexOf(')');
    const rest = text.slice(end + 2).split(' ');
    return { command: text.slice(text.indexOf('(') + 1, end), state: rest[0] ?? '', parent: Number(rest[1]), started: rest[19] ?? '' };
  } catch {
    return undefined;
  }
}

/** When the process began, or undefined when there is none (a zombie counts as none: it does nothing any more). */
export function startOf(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (!hasProc) return askPs(pid, 'lstart') || undefined;
  const stat = procStat(pid);
  return stat && stat.state !== 'Z' ? stat.started : undefined;
}

/** The name of the program the process runs, without its folder. */
export function commandOf(pid: number): string | undefined {
  return hasProc ? procStat(pid)?.command : askPs(pid, 'comm')?.split('/').at(-1);
}

/** From Node 24 on, the command of a Node is the name of its main thread; its executable is what it always was. */
function isNode(pid: number): boolean {
  let program: string | undefined;
  try {
    program = basename(readlinkSync(`/proc/${pid}/exe`));
  } catch {
    program = commandOf(pid);
  }
  return /^(npm|node(js)?)\b/.test(program ?? '');
}

function parentOf(pid: number): number | undefined {
  return hasProc ? procStat(pid)?.parent : Number(askPs(pid, 'ppid')) || undefined;
}

/**
 * The npm (or Node) that started this process: its parent, or the one above the shell that npm runs a script in. Undefined
 * when there is none, as after a start from a terminal without npm.
 */
export function starterOf(pid: number): ProcessIdentity | undefined {
  const parent = parentOf(pid);
  if (parent === undefined) return undefined;
  if (isNode(parent)) return identityOf(parent);
  const above = parentOf(parent);
  return above !== undefined && isNode(above) ? identityOf(above) : undefined;
}

export function identityOf(pid: number): ProcessIdentity | undefined {
  const started = startOf(pid);
  return started === undefined ? undefined : { pid, started };
}

export function isRunning(process: ProcessIdentity): boolean {
  return startOf(process.pid) === process.started;
}
