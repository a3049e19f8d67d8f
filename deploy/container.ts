// Services of docker-compose.yml, run by Buildah from the images of `npm run images`: with the command, the account and the
// health check of the image, with the environment of the file, and with this machine's network in place of one of their own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { buildah, buildahCommand } from '../scripts/buildah.mjs';

const PATIENCE_MILLISECONDS = 120_000;
const POLL_MILLISECONDS = 100;

const inspected = z.object({
  Docker: z.object({
    config: z.object({ Cmd: z.array(z.string()).nullable(), Healthcheck: z.object({ Test: z.array(z.string()) }).optional() }),
  }),
});

export type Container = {
  readonly name: string;
  /** What the image says is run in it. */
  readonly command: readonly string[];
  /** What the image says tells whether it is well, without the word CMD; empty where there is none. */
  readonly healthCheck: readonly string[];
};

/** Makes a container of an image; `npm run images` removes it. */
export async function createContainer(image: string): Promise<Container> {
  const name = await buildah(['from', '--pull=never', image]);
  const { Docker } = inspected.parse(JSON.parse(await buildah(['inspect', '--type', 'image', image])));
  return { name, command: Docker.config.Cmd ?? [], healthCheck: Docker.config.Healthcheck?.Test.slice(1) ?? [] };
}

/** The folder in which the container's files are seen from here. */
export const filesOf = ({ name }: Container): Promise<string> => buildah(['mount', name]);

type Run = {
  readonly environment?: Readonly<Record<string, string>>;
  /** In place of the image's own. */
  readonly command?: readonly string[];
  readonly volumes?: readonly string[];
  readonly user?: string;
};

function runArguments({ name, command: own }: Container, { environment = {}, command = own, volumes = [], user }: Run): string[] {
  return [
    ...['run', '--network', 'host', ...(user === undefined ? [] : ['--user', user])],
    ...Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...volumes.flatMap((volume) => ['--volume', volume]),
    ...[name, '--', ...command],
  ];
}

/** Runs a command to its end and answers what it wrote. Throws with that, when it ends with anything but 0. */
export const runToEnd = (container: Container, run: Run, timeout = PATIENCE_MILLISECONDS): Promise<string> =>
  buildah(runArguments(container, run), { timeout });

function descendants(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** The Node of the image, beneath Buildah's own processes; undefined as long as there is none. */
function findNode(supervisor: ChildProcess): number | undefined {
  try {
    return descendants(supervisor.pid ?? 0).find((pid) => readlinkSync(`/proc/${pid}/exe`).endsWith('/usr/local/bin/node'));
  } catch {
    return undefined; // one of them ended while we looked
  }
}

export type Service = {
  /** The number of the account as which it runs. */
  account(): number;
  /** Resolves when the address answers with 200. Throws with what the service wrote when it ends first. */
  answers(url: string, patience?: number): Promise<Response>;
  /** Resolves when it has written the text. Throws with what it wrote when it ends first. */
  says(text: string): Promise<void>;
  /** As `docker stop` does: SIGTERM. @returns the code with which it ended; null where it had to be killed */
  stop(): Promise<number | null>;
};

/** Starts what runs until it is told to end. */
export function startService(container: Container, run: Run): Service {
  const [program = '', ...args] = buildahCommand(...runArguments(container, run));
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, BUILDAH_ISOLATION: 'chroot' } });
  const ended = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    account: () => {
      const status = readFileSync(`/proc/${findNode(child)}/status`, 'utf8');
      return Number(/^Uid:\t(\d+)/m.exec(status)?.[1]);
    },
    answers: async (url, patience = PATIENCE_MILLISECONDS) => {
      for (const deadline = Date.now() + patience; ; await delay(POLL_MILLISECONDS)) {
        const response = await fetch(url).catch(() => undefined);
        if (response?.ok) return response;
        if (hasEnded() || Date.now() > deadline) throw new Error(`${url} does not answer with 200:\n${output}`);
      }
    },
    says: async (text) => {
      for (const deadline = Date.now() + PATIENCE_MILLISECONDS; !output.includes(text); await delay(POLL_MILLISECONDS)) {
        if (hasEnded() || Date.now() > deadline) throw new Error(`it does not say "${text}":\n${output}`);
      }
    },
    stop: async () => {
      const node = findNode(child);
      if (node !== undefined) process.kill(node, 'SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MILLISECONDS);
      await ended;
      clearTimeout(patience);
      return child.exitCode;
    },
  };
}
