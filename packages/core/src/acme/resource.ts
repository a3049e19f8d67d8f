// What an ACME server answers (RFC 8555 §7.1), parsed where it comes in: whatever it leaves out, or sends beside, it is a server that
// nobody here runs. Texts of it are bounded; addresses are https.
import { z } from 'zod';
import { acmeProblem } from './problem.ts';

const url = z.url({ protocol: /^https$/ }).max(2048);
const word = z.string().max(64);

/** §7.1.1, with renewal information (RFC 9773 §4) and profiles (draft-aaron-acme-profiles). */
export const acmeDirectory = z.object({
  newNonce: url,
  newAccount: url,
  newOrder: url,
  revokeCert: url.optional(),
  keyChange: url.optional(),
  renewalInfo: url.optional(),
  meta: z
    .object({
      externalAccountRequired: z.boolean().default(false),
      termsOfService: z.string().max(2048).optional(),
      /** Names by which CAA records name the CA (§9.7.6). */
      caaIdentities: z.array(z.string().max(255)).max(100).default([]),
      profiles: z.record(z.string().max(64), z.string().max(2048)).default({}),
    })
    .default({ externalAccountRequired: false, caaIdentities: [], profiles: {} }),
});
export type AcmeDirectory = z.output<typeof acmeDirectory>;

const identifier = z.object({ type: word, value: z.string().max(255) });

/** §7.1.3. */
export const acmeOrder = z.object({
  status: z.enum(['pending', 'ready', 'processing', 'valid', 'invalid']),
  identifiers: z.array(identifier).max(1000),
  authorizations: z.array(url).max(1000),
  finalize: url,
  certificate: url.optional(),
  error: acmeProblem.optional(),
});
export type AcmeOrder = z.output<typeof acmeOrder>;

/** §7.1.5. */
export const acmeChallenge = z.object({
  type: word,
  url,
  status: z.enum(['pending', 'processing', 'valid', 'invalid']),
  /** Base64url of at least 128 bits (§8.3); other types of challenges have none. */
  token: z
    .string()
    .regex(/^[A-Za-z0-9_-]{22,256}$/)
    .optional(),
  error: acmeProblem.optional(),
});
export type AcmeChallenge = z.output<typeof acmeChallenge>;

/** §7.1.4. */
export const acmeAuthorization = z.object({
  identifier,
  status: z.enum(['pending', 'valid', 'invalid', 'deactivated', 'expired', 'revoked']),
  wildcard: z.boolean().default(false),
  challenges: z.array(acmeChallenge).max(50),
});
export type AcmeAuthorization = z.output<typeof acmeAuthorization>;

/** RFC 9773 §4.1. */
export const acmeRenewalInfo = z.object({
  suggestedWindow: z.object({ start: z.iso.datetime({ offset: true }), end: z.iso.datetime({ offset: true }) }),
});
