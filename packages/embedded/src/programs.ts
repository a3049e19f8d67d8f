// The two programs that the supervisor runs beside its own servers, and the environment each gets. What is not in a
// list here the program does not have: the portal holds no key-encryption key, the worker no session secret, and each its
// own role in the database.
import { join } from 'node:path';
import { urlFor } from '@hostmaster/db/access';
import type { ChildOptions } from './child.ts';
import type { Env } from './env.ts';
import type { Ports } from './port.ts';
import type { Secrets } from './secrets.ts';

export type ProgramsOptions = {
  readonly root: string;
  readonly env: Env;
  readonly secrets: Secrets;
  readonly ports: Ports;
  readonly databaseUrl: string;
  readonly publicUrl: string;
  readonly edgeDirectory: string;
  readonly logs: string;
  /** Run the sources and watch them, instead of what was built. */
  readonly dev: boolean;
};

type Program = Omit<ChildOptions, 'onStart'>;

export function portalProgram({ root, env, secrets, ports, databaseUrl, publicUrl, logs, dev }: ProgramsOptions): Program {
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next');
  return {
    name: 'the portal',
    args: dev ? [next, 'dev', '-H', '127.0.0.1', '-p', String(ports.portal)] : ['server.js'],
    cwd: join(root, 'apps', 'web', ...(dev ? [] : ['.next', 'standalone', 'apps', 'web'])),
    env: {
      ...env.inherited,
      ...env.oidc,
      HOSTNAME: '127.0.0.1',
      PORT: String(ports.portal),
      NEXT_TELEMETRY_DISABLED: '1',
      DATABASE_URL: urlFor(databaseUrl, 'web', secrets.postgres.web),
      PUBLIC_URL: publicUrl,
      AUTH_SECRET: secrets.nextAuth,
    },
    log: join(logs, 'portal.log'),
    readyUrl: `http://127.0.0.1:${ports.portal}/api/health`,
  };
}

/** @param number of several, counted from 1 */
export function workerProgram(options: ProgramsOptions, number = 1): Program {
  const { root, env, secrets, ports, databaseUrl, publicUrl, edgeDirectory, logs, dev } = options;
  const health = ports.workerHealth + number - 1;
  return {
    name: number === 1 ? 'the worker' : `worker ${number}`,
    args: dev ? [join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs'), 'watch', 'src/main.ts'] : ['--enable-source-maps', 'dist/main.js'],
    cwd: join(root, 'apps', 'worker'),
    env: {
      ...env.inherited,
      ...(env.redisUrl === undefined ? {} : { REDIS_URL: env.redisUrl }),
      ...(env.keyDestinations === undefined ? {} : { HOSTMASTER_KEY_DESTINATIONS: env.keyDestinations }),
      ...env.token,
      DATABASE_URL: urlFor(databaseUrl, 'worker', secrets.postgres.worker),
      HOSTMASTER_KEK: env.kek ?? secrets.kek,
      HOSTMASTER_PUBLIC_URL: publicUrl,
      HOSTMASTER_EDGE_DIRECTORY: edgeDirectory,
      WORKER_PORT: String(health),
    },
    log: join(logs, number === 1 ? 'worker.log' : `worker-${number}.log`),
    readyUrl: `http://127.0.0.1:${health}/readyz`,
  };
}
