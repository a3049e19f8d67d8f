// The internal CA: its roots, the CAs below them, what waits for a signature elsewhere, and what can be asked of it.
import { z } from 'zod';
import { authorityKeys } from '../pki/profile.ts';
import { rootStates } from '../pki/root-state.ts';
import { chainCertificate, pem } from './certificate.ts';
import { id, pageOf, timestamp } from './page.ts';
import { readableName } from './readable.ts';
import { named, told } from './told.ts';

const certificatePem = (what: string) =>
  told(
    z
      .string()
      .min(1)
      .max(64 * 1024),
    what,
    pem,
  );
const requestPem = '-----BEGIN CERTIFICATE REQUEST-----\nMIIB…\n-----END CERTIFICATE REQUEST-----\n';
const crlPem = '-----BEGIN X509 CRL-----\nMIIB…\n-----END X509 CRL-----\n';

const authorityKey = named('AuthorityKey', z.enum(authorityKeys), 'The key of a CA.');
const rootState = named('RootState', z.enum(rootStates), 'Where a root is in its life.');
const said = {
  name: told(readableName(100, 'People read the name.'), 'Its name for people.', 'Example Root 2026'),
  intermediateKey: told(authorityKey.default('ecdsa-p256'), 'The key of the CAs below it, which are always made here.', 'ecdsa-p256'),
};

export const rootWish = named(
  'RootWish',
  z.strictObject({ ...said, key: told(authorityKey.default('ecdsa-p384'), 'Its key.', 'ecdsa-p384') }),
  'A root that is to be made here.',
);
export type RootWish = z.output<typeof rootWish>;

export const rootConnection = named(
  'RootConnection',
  z.strictObject({ ...said, certificatePem: certificatePem('The certificate of the root, PEM, and nothing else.') }),
  'A root whose key is kept elsewhere.',
);
export type RootConnection = z.output<typeof rootConnection>;

export const authorityImport = named(
  'AuthorityImport',
  z.strictObject({
    ...said,
    certificatePem: certificatePem('The certificate of the CA, PEM; below one that is no root its root may stand.'),
    keyPem: told(
      z
        .string()
        .min(1)
        .max(64 * 1024),
      'Its private key, PEM: PKCS #8, also encrypted, PKCS #1 or SEC 1. It is sealed as soon as it arrives and never answered.',
      '-----BEGIN PRIVATE KEY-----\nnot-a-key\n-----END PRIVATE KEY-----\n',
    ),
    passphrase: told(z.string().max(1024).default(''), 'What opens the key, where it is encrypted; sealed with it.', ''),
  }),
  'A CA that was made elsewhere, with its key.',
);
export type AuthorityImport = z.output<typeof authorityImport>;

export const authorityQuery = z.strictObject({ id });
export const signedAuthority = named(
  'SignedAuthority',
  z.strictObject({ id, certificatePem: certificatePem('What was signed for the request, PEM; its root may stand below it.') }),
  'A CA that was signed elsewhere.',
);
export type SignedAuthority = z.output<typeof signedAuthority>;

/** What a request may hold, less what stands around it. */
const mostListed = 60_000;

export const signedList = named(
  'SignedList',
  z.strictObject({
    id,
    crlPem: told(z.string().min(1).max(mostListed), 'The list, PEM, signed by the root.', crlPem),
  }),
  'A list of what a root elsewhere has revoked.',
);
export type SignedList = z.output<typeof signedList>;

const keyToken = told(
  z.string().nullable(),
  'The token (PKCS #11) that its private key is in, by its label; null where the key is wrapped in the database, or kept elsewhere.',
  'Hostmaster CA',
);
const authority = {
  id,
  slug: told(z.string(), 'Short name, under which its certificate and its list are published.', 'internal-ca-1'),
  name: told(z.string(), 'Its name for people.', 'Internal CA'),
  keyHere: told(z.boolean(), 'Whether its private key is kept here, wrapped or in a token.', true),
  keyToken,
  certificate: told(chainCertificate, 'Its certificate.'),
  crlNumber: told(z.number().int(), 'Number of its last list of revoked certificates; 0 where there is none.', 12),
  crlNextUpdate: told(timestamp.nullable(), 'When its next list is due; null where there is none.', '2026-11-21T14:02:31Z'),
  certificates: told(z.number().int(), 'How many certificates below it are valid.', 40),
};

const intermediate = named(
  'IntermediateAuthority',
  z.object({
    ...authority,
    permittedSuffixes: told(z.array(z.string()), 'The domains that it may sign below.', ['example.test']),
    signsFor: told(z.array(z.string()), 'The zones whose certificates it signs now: for the others there is a newer one, or none.', [
      'example.test',
    ]),
    stoppedAt: told(timestamp.nullable(), 'Since when somebody has it sign nothing; null where it is asked.'),
    revokedAt: told(timestamp.nullable(), 'Since when a list of its root is here that revokes it; null where none does.'),
  }),
  'A CA below a root, which signs certificates.',
);

const waiting = named(
  'AuthorityRequest',
  z.object({
    id,
    csrPem: told(z.string(), 'The request, PKCS #10 in PEM, for whoever holds the root.', requestPem),
    key: told(z.string(), 'Its key, which is kept here.', 'ecdsa-p256'),
    keyToken,
    permittedSuffixes: told(z.array(z.string()), 'The domains that the CA is to sign below.', ['example.test']),
    createdAt: told(timestamp, 'Since when it waits.'),
  }),
  'A CA to be that waits for the signature of a root elsewhere.',
);

const root = named(
  'RootAuthority',
  z.object({
    ...authority,
    state: told(rootState, 'Where it is in its life.', 'active'),
    intermediateKey: told(authorityKey, 'The key of the CAs that are made below it.', 'ecdsa-p256'),
    certificatePem: told(z.string(), 'Its certificate, PEM.', pem),
    validUntil: told(timestamp.nullable(), 'When the last certificate below it ends; null where none is valid.', '2027-02-18T14:02:31Z'),
    intermediates: told(z.array(intermediate), 'The CAs below it, the newest first.'),
    requests: told(z.array(waiting), 'What waits for its signature, the newest first.'),
  }),
  'A root, with what stands below it.',
);
export type RootAuthority = z.infer<typeof root>;
export type IntermediateAuthority = z.infer<typeof intermediate>;

export const authorityView = named(
  'InternalAuthority',
  z.object({
    roots: told(z.array(root), 'Every root there is or was, the newest first.'),
    bundle: told(
      z.object({
        fingerprint: told(
          z.string().nullable(),
          'SHA-256 of the bundle of roots as it is published now; null where there is none.',
          'ab'.repeat(32),
        ),
        roots: told(z.number().int(), 'How many roots are in it.', 2),
      }),
      'What people are told to trust.',
    ),
    permissions: told(z.object({ manage: told(z.boolean(), 'To change any of it.', true) }), 'What the asker may do with it.'),
  }),
  'The internal CA, whole.',
);
export type AuthorityView = z.infer<typeof authorityView>;

const fetched = named(
  'BundleFetch',
  z.object({
    address: told(z.string(), 'From where it was fetched: a host, or what stands before several.', '192.0.2.10'),
    newest: told(z.boolean(), 'Whether that was the bundle as it is published now.', true),
    fingerprint: told(z.string(), 'SHA-256 of what it was.', 'ab'.repeat(32)),
    firstSeenAt: told(timestamp, 'When it was fetched first.'),
    lastSeenAt: told(timestamp, 'When it was fetched last.'),
  }),
  'From where a bundle of roots was fetched, and which.',
);
export const bundleFetchPage = named(
  'BundleFetchPage',
  pageOf(fetched),
  'What each address fetched last, those that lack the newest first.',
);
export type BundleFetch = z.infer<typeof fetched>;
