import ipaddr from 'ipaddr.js';
import { parseAddress } from './address.ts';

/**
 * Whom an address counts for, where tries are counted: an IPv4 address stands for itself, also where it is written as IPv6; of
 * IPv6 one client has a whole /64 to choose from (RFC 4291 §2.5.1). What is no address stands for itself.
 */
export function clientNetwork(text: string): string {
  const address = parseAddress(text);
  if (address === null) return text.slice(0, 64);
  if (address.length === 4) return text;
  const v6 = new ipaddr.IPv6([...address]);
  if (v6.isIPv4MappedAddress()) return v6.toIPv4Address().toString();
  return `${new ipaddr.IPv6([...address.slice(0, 8), 0, 0, 0, 0, 0, 0, 0, 0]).toRFC5952String()}/64`;
}
