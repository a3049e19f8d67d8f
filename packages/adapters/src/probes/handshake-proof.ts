// A proof of control in a TLS handshake, asked for as a CA asks (RFC 8737 §3): at every address, by the name, with the one protocol, and
// nothing is sent on the connection. Every connection goes through the guard.
import { acmeTls } from '@hostmaster/core/acme/proof-certificate';
import { HostmasterError } from '@hostmaster/core/errors';
import type { HandshakeProofAnswer, HandshakeProofAsk, Prober } from '@hostmaster/core/probe/prober';
import { deadline } from '../net/deadline.ts';
import { createGuard, type Guard } from '../net/guard.ts';
import { tellFault } from './fault-words.ts';
import { handshake } from './tls-handshake.ts';

const timeoutMilliseconds = 5000;
const mostAddresses = 32;

async function ask(guard: Guard, address: string, asked: HandshakeProofAsk, signal: AbortSignal): Promise<HandshakeProofAnswer> {
  const { hostname, port, allowedRanges } = asked;
  const limit = deadline(signal, timeoutMilliseconds, () => new Error(`no answer within ${timeoutMilliseconds} ms`));
  const target = { address, port, ports: { servedPort: port, allowedPorts: [] }, allowedRanges, timeoutMilliseconds };
  try {
    const socket = await guard.guardedConnect(target, limit.signal);
    try {
      const secured = await handshake({ socket, servername: hostname, ALPNProtocols: [acmeTls], minVersion: 'TLSv1.2' }, limit.signal);
      // Typed as always there; a server need not present any.
      const { raw } = secured.getPeerCertificate() as { readonly raw?: Buffer };
      const protocol = secured.alpnProtocol || null;
      secured.destroy();
      return { address, failedLayer: null, error: null, protocol, certificate: raw ?? null };
    } finally {
      socket.destroy();
    }
  } catch (error) {
    signal.throwIfAborted();
    const forbidden = error instanceof HostmasterError && error.code === 'address-forbidden';
    return {
      address,
      failedLayer: forbidden ? 'guard' : 'tls',
      error: tellFault(error, acmeTls).words,
      protocol: null,
      certificate: null,
    };
  } finally {
    limit.release();
  }
}

/** The `askInHandshake` half of a Prober. Errors: the signal's reason. */
export const createAskInHandshake =
  ({ guard = createGuard() }: { readonly guard?: Guard } = {}): Prober['askInHandshake'] =>
  (asked, signal) =>
    Promise.all([...new Set(asked.addresses)].slice(0, mostAddresses).map((address) => ask(guard, address, asked, signal)));
