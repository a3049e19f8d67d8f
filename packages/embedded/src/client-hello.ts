// Reads the server name from the first flight of a TLS connection (RFC 8446 §4.1.2, RFC 6066 §3) before any handshake,
// because Node can only end an unknown name with handshake_failure and RFC 6066 wants unrecognized_name.

/** A ClientHello with post-quantum key shares takes about 2 kB. */
export const maxClientHello = 16 * 1024;

/** Fatal alert unrecognized_name(112), as a plaintext record (RFC 8446 §6). */
export const unrecognizedName = Uint8Array.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x70]);

const handshakeRecord = 22;
const clientHello = 1;
const serverNameExtension = 0;

/** `more`: not all there yet. `none`: no name, or not a ClientHello; the TLS layer may say what is wrong with it. */
export type HelloName = { readonly kind: 'name'; readonly name: string } | { readonly kind: 'more' } | { readonly kind: 'none' };

const none: HelloName = { kind: 'none' };

/** The handshake message that the records at the start of the stream carry, as far as they are there; null where they are not handshake. */
function handshakeBytes(stream: Buffer): Buffer | null {
  const fragments: Buffer[] = [];
  for (let at = 0; at < stream.length; ) {
    if (stream[at] !== handshakeRecord) return at === 0 ? null : Buffer.concat(fragments);
    if (at + 5 > stream.length) break;
    const length = stream.readUInt16BE(at + 3);
    fragments.push(stream.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  return Buffer.concat(fragments);
}

function serverName(extension: Buffer): HelloName {
  // server_name_list: one host_name(0) entry in practice; RFC 6066 allows no second of the same type.
  if (extension.length < 5 || extension[2] !== 0) return none;
  const name = extension.subarray(5, 5 + extension.readUInt16BE(3)).toString('latin1');
  return { kind: 'name', name: name.toLowerCase() };
}

function findServerName(body: Buffer): HelloName {
  let at = 2 + 32;
  at += 1 + body.readUInt8(at);
  at += 2 + body.readUInt16BE(at);
  at += 1 + body.readUInt8(at);
  const end = at + 2 + body.readUInt16BE(at);
  for (at += 2; at + 4 <= end; at += 4 + body.readUInt16BE(at + 2)) {
    if (body.readUInt16BE(at) === serverNameExtension) return serverName(body.subarray(at + 4, at + 4 + body.readUInt16BE(at + 2)));
  }
  return none;
}

/** The lower-case server name of the ClientHello that the stream starts with. Never throws. */
export function readServerName(stream: Buffer): HelloName {
  const message = handshakeBytes(stream);
  if (message === null) return none;
  if (message.length < 4) return stream.length >= maxClientHello ? none : { kind: 'more' };
  if (message[0] !== clientHello) return none;
  const length = message.readUIntBE(1, 3);
  if (length > maxClientHello) return none;
  if (message.length < 4 + length) return stream.length >= maxClientHello ? none : { kind: 'more' };
  try {
    return findServerName(message.subarray(4, 4 + length));
  } catch (error) {
    // Lengths that point past the end.
    if (error instanceof RangeError) return none;
    throw error;
  }
}
