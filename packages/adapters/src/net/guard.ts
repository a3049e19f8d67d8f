// Where outgoing connections may go. Whoever can register a name can make it resolve to an address of ours, so every
// address is judged before a connection and again on the connected socket (server-side request forgery, DNS rebinding).
// Public addresses pass. Private, loopback and the like pass only within ranges that the zone's owner allowed.
// Link-local (cloud metadata lives there), metadata, multicast and unspecified addresses never pass.
import { connect, type Socket } from 'node:net';
import { HostmasterError } from '@hostmaster/core/errors';
import ipaddr from 'ipaddr.js';
import { deadline } from './deadline.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

export type GuardRules = {
  /** CIDR ranges that the zone's owner allowed beyond public addresses. */
  readonly allowedRanges: readonly string[];
};

export type GuardedTarget = GuardRules & {
  /** A literal address; names are looked up by the caller. */
  readonly address: string;
  readonly port: number;
  readonly timeoutMilliseconds: number;
};

export type Guard = {
  /** Errors: address-forbidden with the reason. */
  checkAddress(address: string, rules: GuardRules): void;
  /** Connects and checks the address that was really reached. Errors: address-forbidden, or the socket's own. */
  guardedConnect(target: GuardedTarget, signal: AbortSignal): Promise<Socket>;
};

const forbidden = (address: string, reason: string): HostmasterError =>
  new HostmasterError('address-forbidden', `${address.slice(0, 64)} may not be reached: ${reason}.`);

/** Metadata services outside the link-local ranges: AWS and Google Cloud over IPv6, Alibaba Cloud, Oracle Cloud, Azure's WireServer. */
const metadataAddresses: ReadonlySet<string> = new Set([
  'fd00:ec2::254',
  'fd20:ce::254',
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
]);

/** ipaddr.js range names that no allowed range opens. */
const neverAllowed: Readonly<Record<string, string>> = {
  unspecified: 'it is the unspecified address',
  broadcast: 'it is the broadcast address',
  multicast: 'it is a multicast address',
  linkLocal: 'it is link-local, where cloud metadata services live',
};

/** Strict textual forms only: dotted decimal without leading zeros (RFC 6943 §3.1.1), IPv6 without a zone. */
function parse(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return text.split('.').some((part) => /^0\d/.test(part)) ? null : ipaddr.IPv4.parse(text);
  return text.includes(':') && !text.includes('%') && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : null;
}

const ipv4At = (bytes: readonly number[], at: number): ipaddr.IPv4 => new ipaddr.IPv4(bytes.slice(at, at + 4));

/** The IPv4 address that an IPv6 address leads to, for the ranges that carry one. */
function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  const bytes = address.toByteArray();
  const starts = (...prefix: readonly number[]): boolean => prefix.every((octet, at) => bytes[at] === octet);
  // ::ffff:0:0/96 mapped, ::ffff:0:0:0/96 translated (RFC 7915), ::/96 compatible (RFC 4291 §2.5.5), 64:ff9b::/96 NAT64 (RFC 6052).
  const zeros = bytes.findIndex((octet) => octet !== 0);
  if (zeros === 10 && starts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff)) return ipv4At(bytes, 12);
  if (zeros === 8 && starts(0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0)) return ipv4At(bytes, 12);
  if (zeros >= 12 && zeros < 15) return ipv4At(bytes, 12);
  if (starts(0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0)) return ipv4At(bytes, 12);
  // 2002::/16 6to4 (RFC 3056).
  if (starts(0x20, 0x02)) return ipv4At(bytes, 2);
  return null;
}

function within(address: Address, ranges: readonly string[]): boolean {
  return ranges.some((range) => {
    if (!ipaddr.isValidCIDR(range)) return false;
    const [base, bits] = ipaddr.parseCIDR(range);
    return base.kind() === address.kind() && address.match(base, bits);
  });
}

/** 2001::/32 Teredo is `teredo` and 64:ff9b:1::/48 `reserved` in ipaddr.js or plain unicast, depending on its version: both are private ways in. */
const extraReserved: readonly [string, string][] = [
  ['64:ff9b:1::/48', 'it is a local NAT64 address'],
  ['2001::/32', 'it is a Teredo address'],
  ['fec0::/10', 'it is a site-local address'],
];

function faultOf(address: Address, rules: GuardRules): string | null {
  const embedded = address instanceof ipaddr.IPv6 ? embeddedIpv4(address) : null;
  if (embedded !== null) {
    const fault = faultOf(embedded, rules);
    return fault === null ? null : `it leads to ${embedded.toString()}, and ${fault}`;
  }
  if (metadataAddresses.has(address.toString())) return 'it is a cloud metadata service';
  const range = address.range();
  const never = neverAllowed[range];
  if (never !== undefined) return never;
  if (within(address, rules.allowedRanges)) return null;
  const extra = extraReserved.find(([cidr]) => within(address, [cidr]));
  if (extra !== undefined) return extra[1];
  return range === 'unicast' ? null : `it is not a public address (${range})`;
}

function checkAddress(address: string, rules: GuardRules): void {
  const parsed = parse(address);
  if (parsed === null) throw forbidden(address, 'it is not a literal IP address');
  const fault = faultOf(parsed, rules);
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
