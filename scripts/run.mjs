// Runs programs for the two commands. A program that is quiet when it succeeds is shown in full when it fails.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The npm that runs us, or the one on the path. */
export const npm = (...args) => (process.env.npm_execpath ? [process.execPath, process.env.npm_execpath, ...args] : ['npm', ...args]);

class CommandFailed extends Error {
  constructor(command, code, output) {
    super(`${command.join(' ')} ended with ${code}${output.trim() ? `\n${output.trimEnd()}` : ''}`);
    this.name = 'CommandFailed';
    this.code = code;
    this.output = output;
  }
}

/**
 * Kills the group of `pid` when this process dies, even by kill -9: a build that lived on would block the next start's.
 * The pipe's other end is only ours, and the kernel closes it with us.
 * @returns {() => void} call it when the program has ended
 */
function leash(pid) {
  const watcher = spawn('/bin/sh', ['-c', 'read -r released || kill -s KILL -- "-$1"', 'leash', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.on('error', () => {});
  watcher.stdin.on('error', () => {});
  watcher.unref();
  return () => watcher.stdin.end('released\n');
}

/**
 * @param {readonly string[]} command the program and its arguments
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, timeout?: number }} [options]
 *   `show` passes the output through as it comes; `timeout` in milliseconds kills the program
 * @returns {Promise<string>} what it wrote
 * @throws {CommandFailed} when it exits with anything but 0
 */
export function run(command, { cwd = root, env = process.env, show = false, timeout } = {}) {
  const [program, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const release = child.pid === undefined ? () => {} : leash(child.pid);
    // The whole group, because a test runner's workers do not end with it.
    const killGroup = () => process.kill(-child.pid, 'SIGKILL');
    const patience = timeout === undefined ? undefined : setTimeout(killGroup, timeout);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
        if (show) process.stdout.write(text);
      });
    }
    child.on('error', (error) => reject(new CommandFailed(command, error.message, output)));
    child.on('close', (code, signal) => {
      clearTimeout(patience);
      release();
      if (code === 0) resolve(output);
      else reject(new CommandFailed(command, code ?? signal, show ? '' : output));
    });
  });
}

/** Runs one of the programs that npm installs, without npx's own start-up time. `path` is below node_modules. */
export const nodeProgram = (path, ...args) => [process.execPath, join(root, 'node_modules', path), ...args];
