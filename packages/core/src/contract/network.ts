// What of a network can stand in an input.
import { z } from 'zod';
import { neverFault, parseAddress, parseRange, rangeFault } from '../address/address.ts';

export const port = z.number().int().min(1).max(65_535);
/** A range of addresses in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3). */
export const cidr = z.union([z.cidrv4(), z.cidrv6()], 'Give a range such as 10.0.0.0/8.');

/** A range that the owner of a zone may allow beyond public addresses. */
export const allowedRange = cidr.superRefine((text, context) => {
  const range = parseRange(text);
  const fault = range === null ? null : rangeFault(range);
  if (fault !== null) context.addIssue({ code: 'custom', message: `${text} cannot be allowed: ${fault}.` });
});

/** The address of a server that is connected to. Private and loopback ones are; what no connection may ever go to is none. */
export const serverAddress = z.union([z.ipv4(), z.ipv6()], 'Give the IP address of the name server.').superRefine((text, context) => {
  const address = parseAddress(text);
  const fault = address === null ? null : neverFault(address);
  if (fault !== null) context.addIssue({ code: 'custom', message: `No name server is reached at ${text}: ${fault}.` });
});
