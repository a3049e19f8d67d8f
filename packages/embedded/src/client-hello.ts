// Reads the server name and the protocols from the first flight of a TLS connection (RFC 8446 §4.1.2, RFC 6066 §3, RFC 7301 §3.1) before any
// handshake: Node can only end an unknown name with handshake_failure where RFC 6066 wants unrecognized_name, and which certificate is
// shown depends on whether a CA asks for a proof (RFC 8737 §3).

/** A ClientHello with post-quantum key shares takes about 2 kB. */
export const maxClientHello = 16 * 1024;

/** A fatal alert as a plaintext record (RFC 8446 §6). */
const fatal = (description: number): Uint8Array => Uint8Array.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, description]);
export const unrecognizedName = fatal(112);
/** RFC 7301 §3.2. */
export const noApplicationProtocol = fatal(120);

const handshakeRecord = 22;
const clientHello = 1;
const serverNameExtension = 0;
const protocolsExtension = 16;

/** `name`: in lower case, null where none is asked for. `protocols`: as they are offered; none where none are, or their list is broken. */
export type HelloParts = { readonly name: string | null; readonly protocols: readonly string[] };

/** `more`: not all there yet. `none`: not a ClientHello; the TLS layer may say what is wrong with it. */
export type Hello = ({ readonly kind: 'hello' } & HelloParts) | { readonly kind: 'more' } | { readonly kind: 'none' };

const none: Hello = { kind: 'none' };

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

function serverName(extension: Buffer): string | null {
  // server_name_list: one host_name(0) entry in practice; RFC 6066 allows no second of the same type.
  if (extension.length < 5 || extension[2] !== 0) return null;
  return extension
    .subarray(5, 5 + extension.readUInt16BE(3))
    .toString('latin1')
    .toLowerCase();
}

/** ProtocolNameList: a length, then each with its own. */
function protocolNames(extension: Buffer): readonly string[] {
  if (extension.length < 2 || extension.readUInt16BE(0) !== extension.length - 2) return [];
  const names: string[] = [];
  for (let at = 2; at < extension.length; ) {
    const length = extension.readUInt8(at);
    const end = at + 1 + length;
    if (length === 0 || end > extension.length) return [];
    names.push(extension.subarray(at + 1, end).toString('latin1'));
    at = end;
  }
  return names;
}

/** Of an extension that stands there twice the first counts; the TLS layer refuses the second (RFC 8446 §4.2). */
function partsOf(body: Buffer): HelloParts {
  let at = 2 + 32;
  at += 1 + body.readUInt8(at);
  at += 2 + body.readUInt16BE(at);
  at += 1 + body.readUInt8(at);
  const end = at + 2 + body.readUInt16BE(at);
  const extensions = new Map<number, Buffer>();
  for (at += 2; at + 4 <= end; at += 4 + body.readUInt16BE(at + 2)) {
    const type = body.readUInt16BE(at);
    if (!extensions.has(type)) extensions.set(type, body.subarray(at + 4, at + 4 + body.readUInt16BE(at + 2)));
  }
  return {
    name: serverName(extensions.get(serverNameExtension) ?? Buffer.alloc(0)),
    protocols: protocolNames(extensions.get(protocolsExtension) ?? Buffer.alloc(0)),
  };
}

/** What the ClientHello asks for that the stream starts with. Never throws. */
export function readClientHello(stream: Buffer): Hello {
  const message = handshakeBytes(stream);
  if (message === null) return none;
  if (message.length < 4) return stream.length >= maxClientHello ? none : { kind: 'more' };
  if (message[0] !== clientHello) return none;
  const length = message.readUIntBE(1, 3);
  if (length > maxClientHello) return none;
  if (message.length < 4 + length) return stream.length >= maxClientHello ? none : { kind: 'more' };
  try {
    return { kind: 'hello', ...partsOf(message.subarray(4, 4 + length)) };
  } catch (error) {
    // Lengths that point past the end.
    if (error instanceof RangeError) return none;
    throw error;
  }
}
