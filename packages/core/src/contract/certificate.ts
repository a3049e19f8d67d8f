import { z } from 'zod';
import { certificateStates } from '../pki/certificate-state.ts';
import { type RevocationReason, revocationReasons } from '../pki/issuer.ts';
import { urgencies } from '../pki/renewal.ts';
import { slug } from './endpoint.ts';
import { keyHolder } from './key-holder.ts';
import { givenDate, id, pageOf, pageQuery, searchText, sortOrder, timestamp } from './page.ts';
import { neededText } from './readable.ts';
import { named, told } from './told.ts';

export const urgency = named('Urgency', z.enum(urgencies), 'How pressing it is that a certificate ends.');
export const certificateState = named('CertificateState', z.enum(certificateStates), 'Where a certificate is in its life.');

const serial = told(z.string(), 'Its serial number, as hexadecimal digits.', '4F0C3A9D51');
const fingerprint = told(
  z.string(),
  'SHA-256 of the certificate, as hex.',
  'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
);
const notBefore = told(timestamp, 'From when it is valid.', '2026-11-20T14:02:31Z');
const notAfter = told(timestamp, 'Until when it is valid.', '2026-12-20T14:02:31Z');
const keyAlgorithm = told(z.string(), 'The algorithm of its key.', 'ecdsa-p256');

export const daysLeft = told(z.number().int(), 'Whole days until it expires; negative afterwards.', 22);
export const lifetimeLeft = told(z.number(), 'Fraction of the lifetime that is left, 0 to 1.', 0.73);

const lookedFor = named(
  'CertificateSeen',
  z.object({
    ok: told(z.boolean(), 'Every address where the name leads presented it.', true),
    message: told(z.string(), 'What was met.', 'Presented at 192.0.2.10:443.'),
    at: told(timestamp, 'When Hostmaster looked.'),
  }),
  'What the last look for a certificate met.',
);

export const certificateRow = named(
  'CertificateRow',
  z.object({
    id,
    serial,
    state: told(certificateState, 'Where it is in its life; `served` is seen on the wire once, and replaced by none since.', 'served'),
    seen: told(
      lookedFor.nullable(),
      'Whether it was on the wire the last time that Hostmaster looked; null where it was never seen, is not in use, or nobody looks.',
    ),
    names: told(z.array(z.string()), 'The names that it is for, the hostname first.', ['orders.dev.example.test']),
    endpointId: told(id, 'The endpoint that it was issued for.'),
    team: told(z.string(), 'Short name of the team that holds the name.', 'order-platform'),
    environment: told(z.string(), 'Short name of the environment.', 'dev'),
    certificateOnly: told(z.boolean(), 'Whether its name has a certificate alone, so that nobody looks at where it is installed.', false),
    issuer: told(z.string(), 'Short name of the issuer.', 'internal-ca'),
    keyAlgorithm,
    fingerprint,
    notBefore,
    notAfter,
    renewAfter: told(timestamp, 'When it is renewed.', '2026-12-10T14:02:31Z'),
    daysLeft,
    lifetimeLeft,
    urgency: told(urgency, 'How pressing it is that it ends.', 'none'),
  }),
  'A certificate as it stands in lists.',
);
export type CertificateRow = z.infer<typeof certificateRow>;

export const chainCertificate = named(
  'ChainCertificate',
  z.object({
    subject: told(z.string(), 'Whom it is for (RFC 4514).', 'CN=orders.dev.example.test'),
    issuer: told(z.string(), 'Who signed it (RFC 4514).', 'CN=Hostmaster issuing CA'),
    serial,
    notBefore,
    notAfter,
    fingerprint,
    keyAlgorithm,
    subjectAltNames: told(z.array(z.string()), 'The names in it: DNS names as they are, others with their kind before them (IP, URI).', [
      'orders.dev.example.test',
    ]),
  }),
  'One certificate of a chain, as it says itself.',
);

/** An example. */
export const pem = '-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n';
const refusedRevocation = named(
  'RevocationRefused',
  z.object({
    at: told(timestamp, 'When it refused.'),
    reason: told(z.string(), 'Why.', 'The issuer does not revoke certificates that have expired.'),
  }),
  'That an issuer refused for good to revoke a certificate.',
);

const reasons = Object.keys(revocationReasons) as [RevocationReason, ...RevocationReason[]];
export const revocationReason = named(
  'RevocationReason',
  z.enum(reasons),
  'Why a certificate is revoked, in the words of RFC 5280 §5.3.1.',
);

const askedRevocation = named(
  'RevocationAsked',
  z.object({
    by: told(z.string(), 'Who asked.', 'Ann Lee'),
    at: told(timestamp, 'When they asked.'),
    reason: told(revocationReason, 'The reason that they gave.', 'keyCompromise'),
    comment: told(z.string(), 'What they said.', 'The key was in a backup that went astray.'),
    open: told(z.boolean(), 'It is still to be revoked; false once it is, has expired, or its issuer has refused since.', true),
  }),
  'That somebody asked to revoke a certificate.',
);

const keyTaken = named(
  'KeyTaken',
  z.object({ by: told(z.string(), 'Who took it.', 'Ann Lee'), at: told(timestamp, 'When.') }),
  'That a private key left Hostmaster.',
);

const revoked = named(
  'Revoked',
  z.object({
    at: told(timestamp, 'When it was revoked.'),
    reason: told(revocationReason, 'For what reason, as its list says.', 'superseded'),
  }),
  'Since when a certificate is revoked, and why.',
);

const certificatePermissions = named(
  'CertificatePermissions',
  z.object({
    revoke: told(z.boolean(), 'To have it revoked, as long as it can be.', true),
    exportKey: told(z.boolean(), 'To take its private key away, which is done once and in the portal alone.', false),
  }),
  'What the asker may do with a certificate.',
);

export const certificate = named(
  'Certificate',
  certificateRow.extend({
    chain: told(z.array(chainCertificate), 'It and those above it, leaf first.'),
    chainPem: told(z.string(), 'The chain in PEM, leaf first.', pem),
    keyHolder: told(keyHolder, 'Where its private key is.', 'hostmaster'),
    brought: told(
      z.boolean(),
      'Whether its team brought it with its key, and brings the next one: Hostmaster can neither renew nor revoke it.',
      false,
    ),
    keyTaken: told(keyTaken.nullable(), 'Who took a private key that was made here away; null where nobody did.'),
    issuedAt: told(timestamp, 'When it was issued.'),
    servedAt: told(timestamp.nullable(), 'When it was first seen on the wire; null where it was not yet.'),
    revoked: told(revoked.nullable(), 'Since when it is revoked, and why; null where it is not.'),
    revocationAsked: told(
      askedRevocation.nullable(),
      'Who asked last to revoke it, and what for; null where nobody did. Work that ends a name or replaces a key asks nobody.',
    ),
    permissions: told(certificatePermissions, 'What the asker may do with it.'),
    revocationRefused: told(
      refusedRevocation.nullable(),
      'Its issuer refused for good to revoke it: when and why; null where nobody asked, or it is revoked.',
    ),
  }),
  'A certificate with its chain.',
);
export type Certificate = z.infer<typeof certificate>;

const certificateExtension = named(
  'CertificateExtension',
  z.object({
    name: told(z.string(), 'What it is called; its object identifier where nobody here knows it.', 'Key Usages'),
    oid: told(z.string(), 'Its object identifier, dotted.', '2.5.29.15'),
    critical: told(z.boolean(), 'Whoever does not know it refuses the certificate.', true),
    lines: told(z.array(z.string()), 'What it says, line by line; octets where nobody here can read it.', ['digitalSignature']),
  }),
  'An extension of a certificate (RFC 5280 §4.2), for people to read.',
);
export type CertificateExtension = z.infer<typeof certificateExtension>;

const keptCertificate = named(
  'KeptCertificate',
  z.object({
    reference: told(
      z.string(),
      'By what its issuer knows it, for whoever has it served: of ACM the ARN, of Key Vault the secret without a version.',
      'arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
    ),
    lookedAt: told(timestamp.nullable(), 'When Hostmaster last looked at it there; null where it has not yet.'),
    inUseBy: told(z.array(z.string()).nullable(), 'What served it then, in the words of its issuer; null where it does not say.', [
      'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188',
    ]),
    renewedBy: told(
      z.enum(['issuer', 'hostmaster']),
      'Who has it renewed there: its issuer by itself, or Hostmaster, which orders the next one.',
      'issuer',
    ),
    eligible: told(z.boolean().nullable(), 'Whether its issuer renews it by itself; null where it does not say.', true),
    renewal: told(z.string().nullable(), 'How far a renewal is, in the word of its issuer; null where none was begun.', 'SUCCESS'),
    why: told(z.string().nullable(), 'What keeps it from being renewed, or deleted; null where nothing is known to.', null),
    removedAt: told(timestamp.nullable(), 'When it was deleted there with its key; null where it was not.', null),
  }),
  'What an issuer that made the key keeps with it, and what was last seen of it there.',
);
export type KeptCertificate = z.infer<typeof keptCertificate>;

export const certificateDetail = named(
  'CertificateDetail',
  certificate.extend({
    kept: told(keptCertificate.nullable(), 'What its issuer keeps; null where the key is not there.'),
    extensions: told(z.array(z.array(certificateExtension)), 'Those of each certificate of the chain, in its order.'),
  }),
  'A certificate with its chain and all that stands in it.',
);
export type CertificateDetail = z.infer<typeof certificateDetail>;

export const certificatesQuery = z.strictObject({
  ...pageQuery,
  search: searchText('a name in it, or of the serial', 'orders'),
  team: told(slug.optional(), 'Only those of names that this team holds.', 'order-platform'),
  environment: told(slug.optional(), 'Only those in this environment.', 'dev'),
  issuer: told(slug.optional(), 'Only those of this issuer.', 'internal-ca'),
  urgency: told(urgency.optional(), 'Only those that are so pressing.', 'warning'),
  atLeast: told(urgency.optional(), 'Only those in use, of names that are not retired, that are at least so pressing.', 'high'),
  mine: told(z.boolean().optional(), "Only those of the asker's teams.", true),
  state: told(z.enum(certificateStates).optional(), 'Only those in this state, whether in use or not.', 'revoked'),
  current: told(z.boolean().default(true), 'Only those in use (issued or served); a state that is asked for goes before it.', true),
  over47Days: told(
    z.boolean().optional(),
    'Only those in use of public CAs that live longer than 47 days, which browsers accept no more from March 2029 on.',
    true,
  ),
  byHand: told(
    z.boolean().optional(),
    'Only those in use that somebody renews by hand: imported, or for a key that its requester keeps.',
    true,
  ),
  week: told(givenDate.optional(), 'Monday of a week: only those that expire in it.', '2026-11-23'),
  order: told(sortOrder.default('asc'), 'By expiry.', 'asc'),
});
export const certificatePage = named('CertificatePage', pageOf(certificateRow), 'Certificates.');
/** As people copy it; one of 20 octets has 59 characters with its colons. */
const hexadecimal = z.string().regex(/^[0-9A-Fa-f:]+$/, 'A serial is hexadecimal.');
export const givenSerial = hexadecimal.max(64);
export const certificateQuery = z.strictObject({
  serial: told(
    hexadecimal.max(95),
    'The serial, as hexadecimal digits with or without colons; or the SHA-256 fingerprint, where several certificates have the serial.',
    '4F0C3A9D51',
  ),
});

export const certificateRevocation = named(
  'CertificateRevocation',
  certificateQuery.extend({
    reason: told(
      revocationReason,
      'Why. With keyCompromise it is revoked before another takes its place, and a key that its requester keeps is never certified again.',
      'superseded',
    ),
    comment: told(
      neededText(500, 'Say what happened; it is kept in the audit trail.'),
      'What happened; kept in the audit trail.',
      'The key was in a backup that went astray.',
    ),
  }),
  'Why a certificate is to be revoked.',
);

const count = z.number().int();
export const expiryBoard = named(
  'ExpiryBoard',
  z.object({
    weeks: told(
      z.array(
        z.object({
          week: told(z.iso.date(), 'Monday of the week.', '2026-11-23'),
          count: told(count, 'How many expire in it.', 7),
        }),
      ),
      'The weeks in which some expire.',
    ),
    urgencies: told(
      z.array(z.object({ urgency: told(urgency, 'How pressing it is.', 'warning'), count: told(count, 'How many are so pressing.', 3) })),
      'How many are how pressing.',
    ),
    total: told(count, 'How many are in use.', 128),
    over47Days: told(count, 'In use, longer than 47 days: breaks under the limit of 2029.', 3),
    byHand: told(count, 'In use, and renewed by somebody: imported, or for a key that its requester keeps.', 2),
  }),
  'How many certificates expire when.',
);
export type ExpiryBoard = z.infer<typeof expiryBoard>;
