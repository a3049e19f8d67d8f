// The TLS layer of a probe: shakes hands like a browser would (SNI, TLS 1.2 or later), lets OpenSSL verify the chain
// and the host name, and reports what was presented whether or not it verified.
import type { Socket } from 'node:net';
import { connect, createSecureContext, type DetailedPeerCertificate, rootCertificates, type SecureContext, type TLSSocket } from 'node:tls';
import type { TlsObservation } from '@hostmaster/core/probe/prober';

/** Building a context parses every system root (about 140): one is kept for each set of anchors, the oldest dropped. */
const contexts = new Map<string, SecureContext>();
const maxContexts = 32;

function contextFor(trustAnchors: readonly string[]): SecureContext {
  const key = trustAnchors.join('\n');
  const known = contexts.get(key);
  if (known !== undefined) return known;
  const context = createSecureContext({ ca: [...rootCertificates, ...trustAnchors], minVersion: 'TLSv1.2' });
  const oldest = contexts.size >= maxContexts ? contexts.keys().next().value : undefined;
  if (oldest !== undefined) contexts.delete(oldest);
  contexts.set(key, context);
  return context;
}

/** How many certificates the server sent or OpenSSL completed; a self-signed one names itself as issuer. */
function chainLength(leaf: DetailedPeerCertificate): number {
  const seen = new Set<string>();
  for (
    let at: DetailedPeerCertificate | undefined = leaf;
    at?.fingerprint256 !== undefined && !seen.has(at.fingerprint256);
    at = at.issuerCertificate
  ) {
    seen.add(at.fingerprint256);
  }
  return seen.size;
}

function observe(socket: TLSSocket): TlsObservation {
  const leaf = socket.getPeerCertificate(true);
  const presented = leaf.raw !== undefined;
  // Typed as an Error, but Node assigns the code of the verification as text.
  const fault: unknown = socket.authorizationError;
  return {
    protocol: socket.getProtocol(),
    serial: presented ? leaf.serialNumber : null,
    fingerprint: presented ? leaf.fingerprint256.replaceAll(':', '').toLowerCase() : null,
    notAfter: presented ? new Date(leaf.valid_to).toISOString() : null,
    subjectAltNames: (leaf.subjectaltname ?? '')
      .split(', ')
      .filter((name) => name.startsWith('DNS:'))
      .map((name) => name.slice(4)),
    chainLength: presented ? chainLength(leaf) : 0,
    verifyError: socket.authorized ? null : fault instanceof Error ? fault.message : String(fault ?? 'not verified'),
  };
}

/** Shakes hands over a connected socket. Errors: the TLS error as it came, or the signal's reason. */
export async function shakeHands(
  socket: Socket,
  hostname: string,
  trustAnchors: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly socket: TLSSocket; readonly observation: TlsObservation }> {
  const secured = connect({
    socket,
    servername: hostname,
    secureContext: contextFor(trustAnchors),
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
  });
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
    return { socket: secured, observation: observe(secured) };
  } catch (error) {
    secured.destroy();
    throw error;
  }
}
