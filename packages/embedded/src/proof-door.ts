// Where the edge answers a CA that asks for a proof of control in a TLS handshake (RFC 8737 §3). It speaks acme-tls/1 alone, has no other
// certificate than that of the proof, and every connection ends with its handshake: nothing is ever read or said on it.
import { mkdir, readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { createSecureContext, createServer, type SecureContext } from 'node:tls';
import { handshakeProofFile, handshakeProofsFolder } from '@hostmaster/adapters/destinations/handshake-proofs';
import { acmeTls } from '@hostmaster/core/acme/proof-certificate';

export type ProofDoor = {
  /** Whether a proof of the name stands there. */
  stands(serverName: string): Promise<boolean>;
  /** Shows it on a connection whose ClientHello was given back to the stream, and ends that. */
  answer(socket: Socket): void;
};

/** Whether these protocols are those of a CA that asks for a proof: one, and no other beside it. */
export const asksForProof = (protocols: readonly string[]): boolean => protocols.length === 1 && protocols[0] === acmeTls;

/** Few ask, and each time for another one: nothing is kept. Null where there is none, or none that can be used. */
async function contextFor(directory: string, serverName: string): Promise<SecureContext | null> {
  try {
    const pem = await readFile(handshakeProofFile(directory, serverName));
    return createSecureContext({ cert: pem, key: pem, minVersion: 'TLSv1.2' });
  } catch {
    return null;
  }
}

/**
 * Makes the folder of the proofs, by which the worker knows that they are shown; where the edge may not write, whoever runs it makes that.
 * @param milliseconds in which a handshake ends
 */
export async function createProofDoor(directory: string, milliseconds: number): Promise<ProofDoor> {
  await mkdir(handshakeProofsFolder(directory), { recursive: true, mode: 0o700 }).catch(() => undefined);
  const server = createServer({
    ALPNProtocols: [acmeTls],
    minVersion: 'TLSv1.2',
    handshakeTimeout: milliseconds,
    SNICallback: (serverName, callback) => {
      contextFor(directory, serverName.toLowerCase()).then((context) => callback(null, context ?? undefined));
    },
  });
  server.on('tlsClientError', (_, socket) => socket.destroy());
  server.on('secureConnection', (socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(() => socket.destroy());
  });
  return {
    stands: async (serverName) => (await contextFor(directory, serverName)) !== null,
    answer: (socket) => server.emit('connection', socket),
  };
}
