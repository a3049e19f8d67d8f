// Reads what a server presents to whoever connects, trusted or not, and sends it nothing: servers that were forgotten are old, so that
// every version of TLS and every key is spoken with here. OpenSSL refuses a chain of more than 100 kB by itself.
import type { Socket } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { HostmasterError } from '@hostmaster/core/errors';
import type { ChainAnswer, Prober } from '@hostmaster/core/probe/prober';
import { deadline } from '../net/deadline.ts';
import { createGuard } from '../net/guard.ts';
import type { EndpointProberOptions, ProbeDeadlines } from './endpoint.ts';
import { tellFault } from './fault-words.ts';
import { chainOf, handshake } from './tls-handshake.ts';

type ReadChainOptions = Pick<EndpointProberOptions, 'guard'> & { readonly deadlines?: Pick<ProbeDeadlines, 'tcp' | 'tls'> };

/** Milliseconds. */
const usual = { tcp: 3000, tls: 5000 };

let context: SecureContext | undefined;
/** It trusts nobody, so that nothing is added to a chain that the server did not send. */
const anyTls = (): SecureContext => {
  context ??= createSecureContext({ ca: [], minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' });
  return context;
};

/** The `readChain` of a Prober. */
export function createReadChain({ guard = createGuard(), deadlines = usual }: ReadChainOptions = {}): Prober['readChain'] {
  return async ({ address, port, serverName, allowedRanges }, signal): Promise<ChainAnswer> => {
    const all = deadlines.tcp + deadlines.tls;
    const limit = deadline(signal, all, () => new Error(`no answer within ${all} ms`));
    let connected: Socket | null = null;
    try {
      const ports = { servedPort: port, allowedPorts: [] };
      connected = await guard.guardedConnect({ address, port, ports, allowedRanges, timeoutMilliseconds: deadlines.tcp }, limit.signal);
      const named = serverName === null ? {} : { servername: serverName };
      const secured = await handshake({ socket: connected, secureContext: anyTls(), ...named }, limit.signal);
      const chain = chainOf(secured.getPeerCertificate(true));
      secured.destroy();
      return chain.length === 0 ? { error: 'it presented no certificate', answered: true } : { chain };
    } catch (error) {
      // Whoever refuses or speaks something else has answered; who is silent has not, and nobody knows what is there.
      const refused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
      const spoke = connected !== null && !limit.signal.aborted && !(error instanceof HostmasterError);
      return { error: tellFault(error).words, answered: refused || spoke };
    } finally {
      connected?.destroy();
      limit.release();
    }
  };
}
