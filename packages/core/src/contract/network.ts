// What of a network can stand in an input.
import { z } from 'zod';

export const port = z.number().int().min(1).max(65_535);
/** A range of addresses in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3). */
export const cidr = z.union([z.cidrv4(), z.cidrv6()], 'Give a range such as 10.0.0.0/8.');
