// Where outgoing connections may go. Whoever can register a name can make it resolve to an address of ours, so every
// address is judged before a connection and again on the connected socket (server-side request forgery, DNS rebinding).
// What is judged is in core/address, which the policy asks too.
import { connect, type Socket } from 'node:net';
import { addressFault, parseAddress, parseRange } from '@hostmaster/core/address/address';
import { portAllowed, type ZonePorts } from '@hostmaster/core/address/port';
import { HostmasterError } from '@hostmaster/core/errors';
import { deadline } from './deadline.ts';

export type GuardRules = {
  /** CIDR ranges that the zone's owner allowed beyond public addresses. */
  readonly allowedRanges: readonly string[];
};

export type GuardedTarget = GuardRules & {
  /** A literal address; names are looked up by the caller. */
  readonly address: string;
  readonly port: number;
  /** Ports that the zone's owner allowed. */
  readonly ports: ZonePorts;
  readonly timeoutMilliseconds: number;
};

export type Guard = {
  /** Errors: address-forbidden with the reason. */
  checkAddress(address: string, rules: GuardRules): void;
  /** Connects and checks the address that was really reached. Errors: address-forbidden (the port, too), or the socket's own. */
  guardedConnect(target: GuardedTarget, signal: AbortSignal): Promise<Socket>;
};

const forbidden = (address: string, reason: string): HostmasterError =>
  new HostmasterError('address-forbidden', `${address.slice(0, 64)} may not be reached: ${reason}.`);

function checkAddress(address: string, { allowedRanges }: GuardRules): void {
  const parsed = parseAddress(address);
  if (parsed === null) throw forbidden(address, 'it is not a literal IP address');
  const fault = addressFault(
    parsed,
    allowedRanges.flatMap((text) => parseRange(text) ?? []),
  );
  if (fault !== null) throw forbidden(address, fault);
}

function untilConnected(socket: Socket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    socket.once('connect', resolve);
    socket.once('error', reject);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function guardedConnect(target: GuardedTarget, signal: AbortSignal): Promise<Socket> {
  checkAddress(target.address, target);
  if (!portAllowed(target.port, target.ports)) throw forbidden(`Port ${target.port}`, 'it is none that the zone allows');
  const limit = deadline(signal, target.timeoutMilliseconds, () => new Error(`no connection within ${target.timeoutMilliseconds} ms`));
  const socket = connect({ host: target.address, port: target.port });
  // A failure after this function has returned or thrown must not end the process.
  socket.on('error', () => undefined);
  try {
    await untilConnected(socket, limit.signal);
    // The kernel says whom we reached; a rewritten route may have made it another.
    checkAddress(socket.remoteAddress ?? '', target);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    limit.release();
  }
}

/** The guard of every outgoing connection to an address that somebody else chose. */
export function createGuard(): Guard {
  return { checkAddress, guardedConnect };
}
