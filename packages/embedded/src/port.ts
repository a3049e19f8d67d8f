// The ports of one instance, all derived from the portal's so that several instances can run side by side.
import { createServer } from 'node:net';
import { HostmasterError } from '@hostmaster/core/errors';

export type Ports = {
  readonly portal: number;
  readonly workerHealth: number;
  readonly nameserver: number;
  readonly postgres: number;
  readonly edge: number;
};

const HIGHEST_OFFSET = 443;

/** @throws HostmasterError `invalid-input` when a derived port would not be a port */
export function portsFrom(base: number): Ports {
  if (!Number.isInteger(base) || base < 1 || base + HIGHEST_OFFSET > 65_535) {
    throw new HostmasterError('invalid-input', `--port must be a number from 1 to ${65_535 - HIGHEST_OFFSET}, not ${base}`);
  }
  return { portal: base, workerHealth: base + 1, nameserver: base + 53, postgres: base + 432, edge: base + HIGHEST_OFFSET };
}

/** Whether a TCP port can be bound on loopback right now; `code` is the reason when it cannot. */
function tryBind(port: number): Promise<{ port: number } | { code: string | undefined }> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve({ code: 'code' in error ? String(error.code) : undefined }));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address ? address.port : port;
      server.close(() => resolve({ port: bound }));
    });
  });
}

/**
 * @param wanted each port, and what wants it, as a reader knows it ("the portal")
 * @param remedy what to do about it, naming the flag
 * @throws HostmasterError `unavailable` that names every port which cannot be had
 */
export async function requireFreePorts(wanted: readonly (readonly [port: number, wantedBy: string])[], remedy: string): Promise<void> {
  const outcomes = await Promise.all(wanted.map(([port]) => tryBind(port)));
  const complaints = outcomes.flatMap((outcome, at) => {
    if ('port' in outcome) return [];
    const why = outcome.code === 'EACCES' ? 'may not be used by this account' : 'is taken by another program';
    return [`Port ${wanted[at]?.[0]} (wanted by ${wanted[at]?.[1]}) ${why}.`];
  });
  if (complaints.length > 0) throw new HostmasterError('unavailable', [...complaints, remedy].join(' ').trim());
}

/** As `requireFreePorts`, of one. */
export const requireFreePort = (port: number, wantedBy: string, remedy: string): Promise<void> =>
  requireFreePorts([[port, wantedBy]], remedy);

/** A loopback TCP port nobody holds at this moment; for servers that cannot take port 0 themselves. */
export async function freePort(): Promise<number> {
  const outcome = await tryBind(0);
  if ('port' in outcome) return outcome.port;
  throw new HostmasterError('unavailable', `no free port on loopback (${outcome.code ?? 'unknown reason'})`);
}
