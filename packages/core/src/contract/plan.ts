// What a request would do, as it is shown, hashed and approved.
import { z } from 'zod';
import { recordTypes } from '../dns/record-set.ts';
import { tlsSource } from './endpoint.ts';
import { keyHolder } from './key-holder.ts';
import { keyUsage } from './leaf-content.ts';
import { named, told } from './told.ts';

const recordType = named('RecordType', z.enum(recordTypes), 'A type of record that Hostmaster writes.');

const recordName = told(z.string(), 'The name of the set, as A-labels.', 'orders.dev.example.test');
export const recordSet = named(
  'RecordSet',
  z.object({
    name: recordName,
    type: told(recordType, 'Its type.', 'A'),
    ttl: told(z.number().int(), 'For how many seconds an answer may be kept.', 300),
    values: told(z.array(z.string()), 'Its values, as zone files write them.', ['192.0.2.10']),
  }),
  'All records of one name and type (RFC 2181 §5).',
);

export const recordSetChange = named(
  'RecordSetChange',
  z.object({
    name: recordName,
    type: told(recordType, 'Its type.', 'A'),
    before: told(recordSet.nullable(), 'What is there now; null where nothing is.'),
    after: told(recordSet.nullable(), 'What is there afterwards; null where nothing is.'),
  }),
  'What becomes of one record set.',
);

/** What becomes of the certificate; serials and times are not of it. */
export const plannedCertificate = named(
  'PlannedCertificate',
  z.object({
    action: told(z.enum(['issue', 'keep', 'revoke']), 'What becomes of it.', 'issue'),
    names: told(z.array(z.string()), 'What it speaks for, the hostname first: names, then addresses and a SPIFFE ID.', [
      'orders.dev.example.test',
    ]),
    source: told(tlsSource, 'Where it comes from.', 'internal-ca'),
    issuer: told(z.string(), 'The issuer by its name; the source where it is still to be made.', 'Hostmaster issuing CA'),
    profile: told(z.string(), 'What it is like, by the name of a profile.', 'tls-server'),
    days: told(z.number().int().nullable(), 'Days that it is valid; null where hours say it, or a CA of others decides that.', 30),
    hours: told(z.number().int().optional(), 'Hours that it is valid, where these are no whole days.', 1),
    usages: told(z.array(keyUsage).optional(), 'What its key proves, where that is not a server alone.', ['client']),
    mustStaple: told(z.literal(true).optional(), 'Its servers have to staple its status (RFC 7633).', true),
    key: told(z.string(), 'The algorithm of its key; any, where its team brings it and the contract names none.', 'ecdsa-p256'),
    keyHolder: told(keyHolder, 'Where the private key is made: here, or at the requester, who sent a CSR.', 'hostmaster'),
    publicKey: told(
      z.string().nullable(),
      "SHA-256 of the requester's public key (SPKI), lower-case hex; null where the key is made here.",
      'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
    ),
  }),
  'What becomes of the certificate.',
);

/** As examples of the documentation have it. */
export const exampleHash = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9';

export const fieldChange = named(
  'FieldChange',
  z.object({
    field: told(z.string(), 'Where the field stands in the contract, dotted.', 'routing.port'),
    before: told(z.string().nullable(), 'What was said; null where nothing was.', '443'),
    after: told(z.string().nullable(), 'What is said in its place; null where nothing is.', '8443'),
  }),
  'What becomes of one field of a contract.',
);
export type FieldChange = z.infer<typeof fieldChange>;

/** What is agreed otherwise, where it changes a record or not. */
export const plannedContract = named(
  'PlannedContract',
  z.object({
    against: told(
      z.number().int().nullable(),
      'The revision that was in force when the plan was made, which the changes are held against; null where none was: they are all that is said.',
      1,
    ),
    changes: told(z.array(fieldChange), 'Every field that says something else.'),
  }),
  'What becomes of the contract.',
);

/** What will happen, and nothing else: shown while typing, bound to reviews by its hash, applied as it is. */
export const plan = named(
  'Plan',
  z.object({
    hash: told(z.string(), 'What reviews are bound to.', exampleHash),
    zone: told(z.string(), 'The zone that the records stand in.', 'example.test'),
    servers: told(z.array(z.string()), 'The servers that must agree.', ['ns1.example.test']),
    changes: told(z.array(recordSetChange), 'What becomes of which record set.'),
    contract: told(
      plannedContract.nullable(),
      'What becomes of the contract; null where the name goes, and its contract with it. Plans of the first releases did not say it.',
    ),
    certificate: told(plannedCertificate.nullable(), 'What becomes of the certificate; null where TLS ends nowhere.'),
    notes: told(z.array(z.string()), 'Blast radius and rollback in words.', ['Nothing else changes.']),
  }),
  'What will happen, and nothing else.',
);
export type Plan = z.infer<typeof plan>;
