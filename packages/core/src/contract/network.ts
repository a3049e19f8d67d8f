// What of a network can stand in an input.
import { z } from 'zod';
import { holdEverything, neverFault, parseAddress, parseRange, rangeFault, rangeText } from '../address/address.ts';
import { parsePorts, portsText } from '../address/port.ts';
import { breakRule } from './own-rule.ts';

export const port = z.number().int().min(1).max(65_535);
/** A range of addresses in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3). */
export const cidr = z.union([z.cidrv4(), z.cidrv6()], 'This is no range of addresses.');

const reallyUsed = 'Give the ranges that are really used, such as 10.20.30.0/24.';
const canonicalRange = (text: string): string => {
  const range = parseRange(text);
  return range === null ? text : rangeText(range);
};

/** A range that the owner of a zone may allow beyond public addresses; in its one spelling. */
const allowedRange = cidr
  .superRefine((text, context) => {
    const range = parseRange(text);
    const fault = range === null ? { why: 'it is no range', remedy: reallyUsed } : rangeFault(range);
    if (fault === null) return;
    breakRule(context, { rule: 'allowed-range', reason: `${text} cannot be allowed: ${fault.why}.`, remedy: fault.remedy });
  })
  .overwrite(canonicalRange);

/** Those that the owner of a zone allows, each once. */
export const allowedRanges = z
  .array(allowedRange)
  .max(16)
  .overwrite((texts) => [...new Set(texts)])
  .superRefine((texts, context) => {
    // One that cannot be allowed by itself was refused already.
    const ranges = texts.flatMap((text) => parseRange(text) ?? []).filter((range) => rangeFault(range) === null);
    if (holdEverything(ranges))
      breakRule(context, {
        rule: 'allowed-range',
        reason: 'Together with the public addresses these ranges hold every address there is.',
        remedy: reallyUsed,
      });
  });

const canonicalPorts = (text: string): string => {
  const range = parsePorts(text);
  return range === null ? text : portsText(range);
};

/** Ports on which the owner of a zone lets names be reached, each once and in its one spelling. */
export const allowedPorts = z
  .array(
    z.string().superRefine((text, context) => {
      const remedy = 'Give a port such as 8443, or a range such as 8000-8999.';
      if (parsePorts(text) === null)
        breakRule(context, { rule: 'allowed-ports', reason: 'This is no port and no range of ports.', remedy });
    }),
  )
  .max(32)
  .overwrite((texts) => [...new Set(texts.map(canonicalPorts))]);

/** The address of a server that is connected to. Private and loopback ones are; what no connection may ever go to is none. */
export const serverAddress = z.union([z.ipv4(), z.ipv6()], 'Give the IP address of the name server.').superRefine((text, context) => {
  const address = parseAddress(text);
  const fault = address === null ? 'it is no address' : neverFault(address);
  const remedy = 'Give the address at which the name server itself listens, such as 192.0.2.53.';
  if (fault !== null) breakRule(context, { rule: 'server-address', reason: `No name server is reached at ${text}: ${fault}.`, remedy });
});

/** A resolver that is connected to, `address` or `address:port`, as `address:port`; null for what is none. */
export function resolverText(text: string): string | null {
  const [, bracketed, plain, at = '53'] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = serverAddress.safeParse(bracketed ?? plain ?? text);
  const parsed = port.safeParse(Number(at));
  return address.success && parsed.success ? serverText({ address: address.data, port: parsed.data }) : null;
}

/** An address and a port in one text. */
export const serverText = ({ address, port: at }: { readonly address: string; readonly port: number }): string =>
  address.includes(':') ? `[${address}]:${at}` : `${address}:${at}`;
