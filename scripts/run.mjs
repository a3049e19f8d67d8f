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
 * @param {readonly string[]} command the program and its arguments
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, onOutput?: (text: string) => void, timeout?: number }} [options]
 *   `show` passes the output through as it comes; `timeout` in milliseconds kills the program
 * @returns {Promise<string>} what it wrote
 * @throws {CommandFailed} when it exits with anything but 0
 */
export function run(command, { cwd = root, env = process.env, show = false, onOutput, timeout } = {}) {
  const [program, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout, killSignal: 'SIGKILL' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output += text;
        onOutput?.(text);
        if (show) process.stdout.write(text);
      });
    }
    child.on('error', (error) => reject(new CommandFailed(command, error.message, output)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(new CommandFailed(command, code ?? signal, show ? '' : output));
    });
  });
}

/** Runs one of the programs that npm installs, without npx's own start-up time. `path` is below node_modules. */
export const nodeProgram = (path, ...args) => [process.execPath, join(root, 'node_modules', path), ...args];
