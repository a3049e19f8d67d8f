import { z } from 'zod';
import { certificateStates } from '../pki/certificate-state.ts';
import { urgencies } from '../pki/renewal.ts';
import { slug } from './endpoint.ts';
import { givenDate, id, pageOf, pageQuery, sortOrder, timestamp } from './page.ts';

export const urgency = z.enum(urgencies);

export const certificateRow = z
  .object({
    id,
    serial: z.string(),
    state: z.enum(certificateStates),
    names: z.array(z.string()),
    endpointId: id,
    team: z.string(),
    environment: z.string(),
    issuer: z.string(),
    keyAlgorithm: z.string(),
    fingerprint: z.string(),
    notBefore: timestamp,
    notAfter: timestamp,
    renewAfter: timestamp,
    daysLeft: z.number().int(),
    /** Fraction of the lifetime that is left, 0 to 1. */
    lifetimeLeft: z.number(),
    urgency,
  })
  .meta({ id: 'CertificateRow' });
export type CertificateRow = z.infer<typeof certificateRow>;

export const chainCertificate = z
  .object({
    subject: z.string(),
    issuer: z.string(),
    serial: z.string(),
    notBefore: timestamp,
    notAfter: timestamp,
    fingerprint: z.string(),
    keyAlgorithm: z.string(),
    subjectAltNames: z.array(z.string()),
  })
  .meta({ id: 'ChainCertificate' });

export const certificate = certificateRow
  .extend({
    chain: z.array(chainCertificate),
    chainPem: z.string(),
    keyHolder: z.enum(['hostmaster', 'requester']),
    issuedAt: timestamp,
    servedAt: timestamp.nullable(),
    /** Its issuer refused for good to revoke it: when and why; null where nobody asked, or it is revoked. */
    revocationRefused: z.object({ at: timestamp, reason: z.string() }).nullable(),
  })
  .meta({ id: 'Certificate' });
export type Certificate = z.infer<typeof certificate>;

export const certificatesQuery = z.strictObject({
  ...pageQuery,
  search: z.string().max(253).optional(),
  team: slug.optional(),
  environment: slug.optional(),
  issuer: slug.optional(),
  urgency: urgency.optional(),
  /** Only certificates in use of names that are not retired, at least this urgent. */
  atLeast: urgency.optional(),
  /** Only certificates of the asker's teams. */
  mine: z.stringbool().or(z.boolean()).optional(),
  state: z.enum(certificateStates).optional(),
  /** Only certificates in use (issued or served); true unless said otherwise, or where a state is given. */
  current: z.stringbool().or(z.boolean()).default(true),
  /** Monday of a week (RFC 3339 date): only certificates that expire in it. */
  week: givenDate.optional(),
  /** By expiry. */
  order: sortOrder.default('asc'),
});
export const certificatePage = pageOf(certificateRow).meta({ id: 'CertificatePage' });
export const certificateQuery = z.strictObject({
  serial: z
    .string()
    .max(64)
    .regex(/^[0-9A-Fa-f:]+$/, 'A serial is hexadecimal.'),
});

export const expiryBoard = z
  .object({
    weeks: z.array(z.object({ week: z.iso.date(), count: z.number().int() })),
    urgencies: z.array(z.object({ urgency, count: z.number().int() })),
    total: z.number().int(),
    /** In use, longer than 47 days: breaks under the limit of 2029. */
    over47Days: z.number().int(),
  })
  .meta({ id: 'ExpiryBoard' });
export type ExpiryBoard = z.infer<typeof expiryBoard>;

export const issuerRow = z
  .object({
    id,
    slug: z.string(),
    kind: z.string(),
    name: z.string(),
    permittedSuffixes: z.array(z.string()),
    profile: z.object({ name: z.string(), days: z.number().int(), keyAlgorithms: z.array(z.string()) }),
    chain: z.array(chainCertificate),
    /** What people install as trusted; null where its root is not kept here, or has expired. */
    rootPem: z.string().nullable(),
    /** How pressing it is that it ends: `warning` from 180 days before; `none` where another one may sign for the same names for longer. */
    urgency,
    crlNumber: z.number().int(),
    crlNextUpdate: timestamp.nullable(),
  })
  .meta({ id: 'Issuer' });
export const issuerList = z.object({ rows: z.array(issuerRow) });
