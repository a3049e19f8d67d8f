import { z } from 'zod';
import { slug, view } from './endpoint.ts';
import { id, timestamp } from './page.ts';
import { recordSet } from './request.ts';

const port = z.number().int().min(1).max(65_535);
const ip = z.union([z.ipv4(), z.ipv6()], 'Give the IP address of the name server.');
const cidr = z.union([z.cidrv4(), z.cidrv6()], 'Give a range such as 10.0.0.0/8.');

export const tsigAlgorithm = z.enum(['hmac-sha256', 'hmac-sha384', 'hmac-sha512']);
export const nameServer = z.strictObject({ name: z.string().min(1).max(253), address: ip, port: port.default(53) });

export const zoneInput = z.strictObject({
  apex: z.string().min(1).max(1024),
  view: view.default('public'),
  ownerTeam: slug,
  provider: z.literal('rfc2136').default('rfc2136'),
  /** Where UPDATE and AXFR are sent. */
  primary: z.strictObject({ address: ip, port: port.default(53) }),
  tsig: z.strictObject({
    name: z.string().min(1).max(253),
    algorithm: tsigAlgorithm.default('hmac-sha256'),
    /** Base64, as in a BIND key file. Sealed to the worker as soon as it arrives; never answered again. */
    secret: z.base64().min(8).max(512),
  }),
  /** Every server that must agree before a name counts as live; the primary alone where left out. */
  servers: z.array(nameServer).max(16).default([]),
  ttlMin: z.number().int().min(1).max(86_400).default(30),
  ttlMax: z.number().int().min(1).max(604_800).default(86_400),
  servedPort: port.default(443),
  /** Ranges that probes may reach besides public addresses. */
  allowedRanges: z.array(cidr).max(16).default([]),
  reviewFirstExposure: z.boolean().default(false),
});
export type ZoneInput = z.infer<typeof zoneInput>;

export const zoneRow = z
  .object({
    id,
    apex: z.string(),
    view,
    provider: z.string(),
    ownerTeam: z.string(),
    primary: z.object({ address: z.string(), port: z.number().int() }),
    tsigKey: z.object({ name: z.string(), algorithm: z.string() }).nullable(),
    servers: z.array(z.object({ name: z.string(), address: z.string(), port: z.number().int() })),
    ttlMin: z.number().int(),
    ttlMax: z.number().int(),
    servedPort: z.number().int(),
    allowedRanges: z.array(z.string()),
    reviewFirstExposure: z.boolean(),
    version: z.number().int(),
    serial: z.number().int().nullable(),
    syncedAt: timestamp.nullable(),
    syncError: z.string().nullable(),
    recordSetCount: z.number().int(),
    endpointCount: z.number().int(),
  })
  .meta({ id: 'Zone' });
export type ZoneRow = z.infer<typeof zoneRow>;
export const zoneList = z.object({ rows: z.array(zoneRow) });
export const zoneQuery = z.strictObject({ id });

export const zoneDetail = zoneRow
  .extend({
    grants: z.array(z.object({ id, team: z.string(), suffix: z.string() })),
    /** Every record set of the zone as last read, with the endpoint that holds it; null where nobody does. */
    recordSets: z.array(recordSet.extend({ endpointId: id.nullable(), team: z.string().nullable() })),
  })
  .meta({ id: 'ZoneDetail' });
