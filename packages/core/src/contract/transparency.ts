// Logs of Certificate Transparency that a platform admin has workers read.
import { z } from 'zod';
import { isNeverReached } from '../address/address.ts';
import { logKinds } from '../transparency/log.ts';
import { bareKey } from '../transparency/log-key-text.ts';
import { ownRule } from './own-rule.ts';
import { id, pageOf, timestamp } from './page.ts';
import { named, told } from './told.ts';

const address = 'Where it is read: the prefix that everything else stands below, over HTTPS.';
const publicKey = 'The key that it signs with, as its operator publishes it: SubjectPublicKeyInfo in base64 or PEM.';
const exampleAddress = 'https://ct.example.test/2026h2/';
const exampleKey =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==';

const kind = named(
  'TransparencyLogKind',
  z.enum(logKinds),
  'How a log is read: get-sth and get-entries (`rfc6962`), or a checkpoint and tiles (`static-ct-api`).',
);

/** Of what is no key by its form, and of a key that no log signs with, which a browser does not see. */
export const noLogKey = {
  rule: 'log-key',
  reason: 'That is no key that a log signs with: P-256, or RSA of 2048 bits and more.',
  remedy: 'Paste the public key of the log in base64 or PEM, as its operator publishes it.',
};

const keyRule = ownRule(noLogKey);
const isKey = (text: string): boolean => bareKey(text) !== null;

const addressRule = ownRule({
  rule: 'log-address',
  reason: 'A log is read over HTTPS, at an address without a query, a fragment or somebody’s name in it.',
  remedy: 'Give the address as the operator of the log publishes it; of a static log, the monitoring prefix.',
});
const readable = (text: string): boolean => {
  // What is no URL at all is said by that rule.
  if (!URL.canParse(text)) return true;
  const { protocol, username, password, search, hash } = new URL(text);
  return protocol === 'https:' && username + password + search + hash === '' && !/[?#]$/.test(text);
};

const placeRule = ownRule({
  rule: 'log-place',
  reason: 'No connection ever goes to this address.',
  remedy: 'Give the address that the operator of the log publishes, by its name.',
});
/** Where a name leads, and whether an address is public, is seen when it is read. */
const isSomewhere = (text: string): boolean => !URL.canParse(text) || !isNeverReached(new URL(text).hostname.replace(/^\[|\]$/g, ''));

export const transparencyLogInput = named(
  'TransparencyLogInput',
  z.strictObject({
    address: told(
      z
        .url()
        .max(1024)
        .refine(readable, addressRule)
        .refine(isSomewhere, placeRule)
        .overwrite((text) => (URL.canParse(text) ? `${new URL(text).href.replace(/\/+$/, '')}/` : text)),
      address,
      exampleAddress,
    ),
    kind: told(kind, 'How it is read.', 'static-ct-api'),
    publicKey: told(z.string().trim().max(4096).refine(isKey, keyRule), publicKey, exampleKey),
  }),
  'A log of Certificate Transparency.',
);
export type TransparencyLogInput = z.output<typeof transparencyLogInput>;

const entries = z.number().int();

export const transparencyLog = named(
  'TransparencyLog',
  z.object({
    id,
    address: told(z.string(), address, exampleAddress),
    kind: told(kind, 'How it is read.', 'static-ct-api'),
    publicKey: told(z.string(), 'The key that it signs with, SubjectPublicKeyInfo in base64.', exampleKey),
    firstEntry: told(
      entries.nullable(),
      'The first entry that is read: its end when it was connected; null until it has answered.',
      812_400,
    ),
    position: told(entries.nullable(), 'The next entry that is read; null until it has answered.', 815_104),
    treeSize: told(entries.nullable(), 'How many entries it last signed for; null until it has answered.', 815_110),
    readAt: told(timestamp.nullable(), 'When it last answered; null where it has not yet.'),
    nextReadAt: told(timestamp.nullable(), 'When it is read next, or was to be; null where it is read no more.'),
    unreadable: told(entries, 'Entries that could not be read, and were passed over.', 0),
    found: told(entries, 'Certificates that were found in it.', 3),
    fault: told(z.string().nullable(), 'What was wrong when it was last read; null where nothing was.', null),
    forked: told(z.boolean(), 'It has signed two trees of one size; it is read no more.', false),
  }),
  'A log of Certificate Transparency that is read, and how far.',
);
export type TransparencyLogRow = z.infer<typeof transparencyLog>;
export const transparencyLogPage = named('TransparencyLogPage', pageOf(transparencyLog), 'Logs that are read, by address.');
export const transparencyLogQuery = z.strictObject({ id });
