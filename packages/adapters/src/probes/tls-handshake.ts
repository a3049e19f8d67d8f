// The TLS layer of a probe: shakes hands like a browser would (SNI, TLS 1.2 or later), lets OpenSSL verify the chain
// and the host name, and reports what was presented whether or not it verified.
import type { Socket } from 'node:net';
import {
  type ConnectionOptions,
  connect,
  createSecureContext,
  type DetailedPeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { chainFault } from '@hostmaster/core/pki/chain';
import type { TlsObservation } from '@hostmaster/core/probe/prober';
import { publicRoots } from './public-roots.ts';

/** Building a context parses every system root (about 140): one is kept for each set of anchors, the oldest dropped. */
const contexts = new Map<string, SecureContext>();
const maxContexts = 32;

function contextFor(trustAnchors: readonly string[]): SecureContext {
  const key = trustAnchors.join('\n');
  const known = contexts.get(key);
  if (known !== undefined) return known;
  const context = createSecureContext({ ca: [...publicRoots, ...trustAnchors], minVersion: 'TLSv1.2' });
  const oldest = contexts.size >= maxContexts ? contexts.keys().next().value : undefined;
  if (oldest !== undefined) contexts.delete(oldest);
  contexts.set(key, context);
  return context;
}

/** The leaf and what follows it, as sent or completed by OpenSSL; a self-signed certificate names itself as issuer. */
export function chainOf(leaf: DetailedPeerCertificate): Buffer[] {
  const chain: Buffer[] = [];
  for (let at: DetailedPeerCertificate | undefined = leaf; at?.raw !== undefined && chain.length < 20; at = at.issuerCertificate) {
    const { raw } = at;
    if (chain.some((seen) => seen.equals(raw))) break;
    chain.push(raw);
  }
  return chain;
}

/** Why OpenSSL did not accept the chain, or null. */
function verifyFault(socket: TLSSocket, chain: readonly Buffer[], hostname: string): string | null {
  if (socket.authorized) return null;
  // Typed as an Error, but Node assigns the code of the verification as text.
  const fault: unknown = socket.authorizationError;
  const code = fault instanceof Error ? fault.message : String(fault ?? 'UNSPECIFIED');
  // Node has no name for some faults (name constraints among them); trust apart, our own check can say which it is.
  return code === 'UNSPECIFIED' ? (chainFault(chain, chain.slice(-1), hostname, new Date()) ?? code) : code;
}

/** Null where a server presents a time that does not exist. */
function timeOf(text: string): string | null {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

function observe(socket: TLSSocket, hostname: string): TlsObservation {
  const leaf = socket.getPeerCertificate(true);
  const chain = chainOf(leaf);
  const presented = chain.length > 0;
  return {
    protocol: socket.getProtocol(),
    serial: presented ? leaf.serialNumber : null,
    fingerprint: presented ? leaf.fingerprint256.replaceAll(':', '').toLowerCase() : null,
    notAfter: presented ? timeOf(leaf.valid_to) : null,
    subjectAltNames: (leaf.subjectaltname ?? '')
      .split(', ')
      .filter((name) => name.startsWith('DNS:'))
      .map((name) => name.slice(4)),
    chainLength: chain.length,
    verifyError: verifyFault(socket, chain, hostname),
  };
}

/** Shakes hands over a connected socket. Errors: the TLS error as it came, or the signal's reason. */
export async function shakeHands(
  socket: Socket,
  hostname: string,
  trustAnchors: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly socket: TLSSocket; readonly observation: TlsObservation }> {
  const options = { socket, servername: hostname, secureContext: contextFor(trustAnchors), ALPNProtocols: ['http/1.1'] };
  const secured = await handshake(options, signal);
  try {
    return { socket: secured, observation: observe(secured, hostname) };
  } catch (error) {
    secured.destroy();
    throw error;
  }
}

/** A connection that is secured, whether or not what was presented verifies. Errors: as above; nothing stays open then. */
export async function handshake(options: ConnectionOptions, signal: AbortSignal): Promise<TLSSocket> {
  const secured = connect({ ...options, rejectUnauthorized: false });
  // A failure after this function has returned or thrown must not end the process.
  secured.on('error', () => undefined);
  try {
    await new Promise<void>((resolve, reject) => {
      const onClose = () => reject(new Error('the connection was closed during the handshake'));
      secured.once('close', onClose);
      secured.once('error', reject);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      secured.once('secureConnect', () => {
        secured.off('close', onClose);
        resolve();
      });
    });
    return secured;
  } catch (error) {
    secured.destroy();
    throw error;
  }
}
