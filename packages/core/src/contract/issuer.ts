// An issuer as it is connected, changed and answered. What a kind of issuer needs beside this, its descriptor says (core/pki/issuer.ts):
// the schema of the input is made with those that a process knows. What is made here (the internal CA) is answered, and connected by nobody.
import { z } from 'zod';
import { connectionSchema, type SettingsDescriptor } from '../descriptor.ts';
import { freshnesses } from '../pki/freshness.ts';
import { chainCertificate, pem, urgency } from './certificate.ts';
import { capability, checksOfConnection, connectionTest, neededOfConnection, testedFirst, wasTested } from './described.ts';
import { slug } from './endpoint.ts';
import { breakRule } from './own-rule.ts';
import { id, pageOf, rowVersion, timestamp } from './page.ts';
import { readableName } from './readable.ts';
import { named, told } from './told.ts';

const about = {
  slug: 'Short name of the issuer, as certificates and the audit trail name it.',
  name: 'Its name for people.',
  suffixes: 'The domains that it may sign below.',
};

const connectionWords = {
  id: 'IssuerConnection',
  what: 'issuer',
  description: 'Where an issuer is: its kind, its settings, and its secret where the CA gave one.',
};

/** Names under which the root and the CAs that are made here are published. */
const ownSlug = slug.superRefine((text, context) => {
  if (text !== 'root' && !text.startsWith('internal-')) return;
  const reason = `${text} is a name of the CAs that are made here.`;
  breakRule(context, { rule: 'issuer-slug', reason, remedy: 'Choose another one, such as that of the CA: lets-encrypt.' });
});

/** What is said of an issuer, when it is connected and whenever that is changed. */
const issuerSettings = {
  name: told(readableName(100, 'People read the name.'), about.name, 'Let’s Encrypt'),
  suffixes: told(
    z.array(z.string().min(1).max(1024)).min(1).max(100),
    'The domains that it may sign below: each is a connected zone, or below one.',
    ['corp.example.test'],
  ),
  rootPem: told(
    z
      .string()
      .max(64 * 1024)
      .default(''),
    'PEM of the root or roots above what it issues, at most 4, where browsers do not know them.',
    '',
  ),
};

/** The input for issuers of these kinds. */
export const issuerInputOf = (kinds: readonly SettingsDescriptor[]) =>
  named(
    'IssuerInput',
    z.strictObject({
      slug: told(ownSlug, `${about.slug} It stays.`, 'lets-encrypt'),
      connection: told(
        connectionSchema(kinds, connectionWords),
        'Where it is: its kind, its settings, and a secret that is sealed as soon as it arrives and never answered.',
      ),
      ...testedFirst('/issuers:test'),
      ...issuerSettings,
    }),
    'An issuer that is to be connected.',
  );
export type IssuerInput = z.output<ReturnType<typeof issuerInputOf>>;
export type IssuerDraft = z.input<ReturnType<typeof issuerInputOf>>;

/** A connection that is tried before an issuer is connected or changed to it; nothing of it is kept. */
export const issuerTrialOf = (kinds: readonly SettingsDescriptor[]) =>
  named(
    'IssuerTrial',
    issuerInputOf(kinds).pick({ connection: true, suffixes: true, rootPem: true }),
    'A connection of an issuer that is to be tried.',
  );
export type IssuerTrial = z.output<ReturnType<typeof issuerTrialOf>>;
export type IssuerTrialDraft = z.input<ReturnType<typeof issuerTrialOf>>;

/** What an issuer is to be from now on; its short name and kind stay. */
export const issuerChangeOf = (kinds: readonly SettingsDescriptor[]) =>
  named(
    'IssuerChange',
    z.strictObject({
      id,
      version: told(rowVersion, 'As it was read: where somebody changed the issuer since, nothing is changed.', 1),
      connection: told(
        connectionSchema(kinds, connectionWords).optional(),
        'Where it is from now on, with its secret where it has one; where left out, where it was, with the secret that it had.',
      ),
      ...testedFirst('/issuers:test'),
      ...issuerSettings,
    }),
    'What an issuer is to be from now on.',
  );
export type IssuerChange = z.output<ReturnType<typeof issuerChangeOf>>;
export type IssuerChangeDraft = z.input<ReturnType<typeof issuerChangeOf>>;

/** A kind of issuer that can be connected, for whoever makes a form, a page or a client of it. */
const issuerKindRow = named(
  'IssuerKind',
  z.object({
    kind: told(z.string(), 'The word that a connection names it by, and a contract asks for it by.', 'acme'),
    label: told(z.string(), 'What people call it.', 'ACME'),
    summary: told(z.string(), 'One sentence, for whoever chooses.', 'A CA that speaks ACME (RFC 8555).'),
    ...neededOfConnection,
    capabilities: told(
      z.object({
        leaves: told(capability, 'Whether it signs certificates of names.'),
        wildcards: told(capability, 'Whether it signs wildcards.'),
        revoke: told(capability, 'Whether a certificate is revoked by asking it to.'),
        renewalWindow: told(capability, 'Whether it says when it wants a certificate renewed (RFC 9773).'),
        authority: told(capability, 'Whether its key is kept here.'),
        keepsKey: told(capability, 'Whether it makes the keys of certificates itself, and keeps them.'),
        changeKey: told(capability, 'Whether the account that orders belong to can be known by another key.'),
      }),
      'What it can do.',
    ),
    checks: checksOfConnection,
    provesInDns: told(
      z.boolean(),
      'Whether control over names is proved to it in DNS: a connection test then writes a proof in each zone, too, and takes it back.',
      true,
    ),
  }),
  'A kind of issuer that can be connected.',
);
export type IssuerKindRow = z.infer<typeof issuerKindRow>;
/** As many as this version knows: no page of it is needed. */
export const issuerKindList = named(
  'IssuerKindList',
  z.object({ rows: told(z.array(issuerKindRow), 'Every kind that this version can connect.') }),
  'Kinds of issuers; a list that never grows, so it has no pages.',
);

const connected = named(
  'IssuerConnected',
  z.object({
    kind: told(z.string(), 'The kind of issuer.', 'acme'),
    settings: told(z.record(z.string(), z.unknown()), 'Its settings, without the secret.', {
      directory: 'https://acme-v02.api.letsencrypt.org/directory',
    }),
  }),
  'Where an issuer is.',
);

const commandStep = named(
  'SetupStep',
  z.object({
    title: told(z.string(), 'What it is for.', 'What Hostmaster may do'),
    command: told(z.string(), 'As a shell takes it.', "vault write pki/roles/hostmaster 'key_type=any'"),
  }),
  'A command for whoever runs a CA.',
);

const issuerProfile = named(
  'IssuerProfile',
  z.object({
    name: told(z.string(), 'Name of the profile.', 'tls-server'),
    days: told(z.number().int().nullable(), 'Days that a certificate is valid; null where a CA of others decides that.', 30),
    keyAlgorithms: told(z.array(z.string()), 'The keys that it signs.', ['ecdsa-p256', 'rsa-3072']),
  }),
  'What the certificates of an issuer are like.',
);

const publishedRevocation = named(
  'IssuerRevocation',
  z.object({
    freshness: told(
      z.enum(freshnesses),
      '`late`: a list or a response has been due for more than an hour; `expired`: the time of one is over, so that whoever checks refuses it.',
      'fresh',
    ),
    listsUntil: told(timestamp.nullable(), 'Until when all of its lists hold; null while there is none.', '2026-11-27T14:02:31Z'),
    responsesUntil: told(
      timestamp.nullable(),
      'Until when all of its OCSP responses hold; null where there is none, as of a root.',
      '2026-11-24T14:02:31Z',
    ),
    signerUntil: told(
      timestamp.nullable(),
      'When the certificate ends that they are signed with; it is renewed ten days before. Null while there is none.',
      '2026-12-20T14:02:31Z',
    ),
  }),
  'What an issuer publishes of revocations.',
);

const issuerKeyChange = named(
  'IssuerKeyChange',
  z.object({
    operationId: told(id, 'The work; `GET /operations/{id}` tells more.'),
    state: told(z.enum(['under-way', 'changed', 'failed']), 'Whether the account is known by the new key.', 'changed'),
    reason: told(z.string(), 'How far it is, or why it failed, as a sentence.', 'The account is known by another key from now on.'),
    at: told(timestamp, 'When it ended; while it is under way, when it was asked for.', '2026-11-20T14:02:31Z'),
  }),
  'How the key of an account at an issuer was last changed.',
);

export const issuerRow = named(
  'Issuer',
  z.object({
    id,
    slug: told(z.string(), about.slug, 'internal-ca'),
    kind: told(z.string(), 'The kind of issuer, as a contract asks for it.', 'internal-ca'),
    name: told(z.string(), about.name, 'Hostmaster issuing CA'),
    connection: told(connected.nullable(), 'Where it is; null where it is made here.'),
    setup: told(
      z.array(commandStep),
      'What whoever runs the CA does so that it signs for these domains; empty where nothing has to be done, or where it is made here.',
      [],
    ),
    permittedSuffixes: told(z.array(z.string()), about.suffixes, ['example.test']),
    profile: told(issuerProfile, 'What its certificates are like.'),
    chain: told(
      z.array(chainCertificate),
      'Its own certificate and those above it; of one that is connected the roots above what it issues.',
    ),
    rootPem: told(z.string().nullable(), 'What people install as trusted; null where its root is not kept here, or has expired.', pem),
    urgency: told(
      urgency,
      'How pressing it is that it ends: `warning` from 180 days before; `none` where another one may sign for the same names for longer.',
      'none',
    ),
    revocation: told(
      publishedRevocation.nullable(),
      'How fresh what it publishes of revocations is; null where nothing of that is published here.',
    ),
    crlNumber: told(
      z.number().int(),
      'Number of its last list of revoked certificates (RFC 5280 §5.2.3); 0 where it publishes them itself.',
      12,
    ),
    crlNextUpdate: told(timestamp.nullable(), 'Until when its complete list holds; null where there is none yet.', '2026-11-21T14:02:31Z'),
    stoppedAt: told(
      timestamp.nullable(),
      'Since when it signs nothing more; what it has signed stays, and is revoked through it. Null where it is asked.',
    ),
    keyHere: told(
      z.boolean(),
      'Whether its private key is kept here, wrapped or in a token; of an issuer that is connected it never is.',
      true,
    ),
    keyToken: told(
      z.string().nullable(),
      'The token (PKCS #11) that its private key is in, by its label; null where the key is wrapped in the database, or not kept here.',
      'Hostmaster CA',
    ),
    withdrawn: told(
      z.boolean(),
      'Whether it is a root that people are told to trust no more, or stands below one: it signs nothing more, and nothing is published anew.',
      false,
    ),
    revokedAt: told(
      timestamp.nullable(),
      'Since when a list of its root is here that revokes it: it signs nothing more. Null where none does.',
    ),
    lastTest: told(connectionTest.nullable(), 'Its last connection test; null where there was none, and where it is made here.'),
    hasAccount: told(
      z.boolean(),
      'Whether an account was opened there, with a key that a worker made; it is when the first certificate is ordered.',
      false,
    ),
    keyChange: told(
      issuerKeyChange.nullable(),
      'The last change of the key of its account; null where there was none, and where it has no account.',
    ),
    version: told(z.number().int(), 'Which version of what is said of it this is; a change names it.', 1),
  }),
  'A certificate authority.',
);
export type IssuerRow = z.infer<typeof issuerRow>;
export const issuerKept = named('IssuerKept', issuerRow.extend(wasTested), 'An issuer as it was kept just now.');
export type IssuerKept = z.infer<typeof issuerKept>;
export const issuerPage = named('IssuerPage', pageOf(issuerRow), 'Certificate authorities, the newest first, the root last.');
export const issuerQuery = z.strictObject({ id });
