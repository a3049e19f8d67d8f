// A leash ends what this process started when this process dies, even by kill -9, so that nothing keeps a port or a
// folder that the next start needs. It is a pipe: only we hold its other end, and the kernel closes it with us.
import { spawn } from 'node:child_process';

/**
 * Sends `signal` to `pid` as soon as this process is gone. For programs that do not watch a pipe themselves.
 * The watcher is a shell of its own session: the terminal's Ctrl-C and a kill of our process group miss it.
 * @returns takes the leash off; call it when the program has ended, so that the number is not signalled later
 */
export function leash(pid: number, signal: 'INT' | 'TERM'): () => void {
  const watcher = spawn('/bin/sh', ['-c', 'read -r released || kill -s "$1" "$2"', 'leash', signal, String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.on('error', () => {});
  watcher.stdin.on('error', () => {});
  watcher.unref();
  return () => watcher.stdin.end('released\n');
}
