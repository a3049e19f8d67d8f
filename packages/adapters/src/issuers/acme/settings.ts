// What is to be known of an ACME server, as a form asks for it, and what a process must have to speak with one.
import type { Proofs } from '@hostmaster/core/acme/proofs';
import type { Clock } from '@hostmaster/core/clock';
import { port, resolverText } from '@hostmaster/core/contract/network';
import { breakRule } from '@hostmaster/core/contract/own-rule';
import type { OrderLimit } from '@hostmaster/core/pki/order-limit';
import { z } from 'zod';
import type { WorkerKeyStore } from '../../keys/key-store.ts';
import { addressesSetting, trustSetting } from '../reach.ts';

export type AcmeOptions = {
  readonly clock: Clock;
  readonly keyStore: Pick<WorkerKeyStore, 'unwrapKey'>;
  readonly proofs: Proofs;
};

/** A limit that the CA names; more is not ordered from it, and waits. */
const atMost = (title: string, of: string, example: number) =>
  z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .meta({ title, description: `${of} What is more waits until there is room; left empty, no limit is known.`, examples: [example] });

export const acmeSettings = z.strictObject({
  directory: z
    .url({ protocol: /^https$/ })
    .max(2048)
    .superRefine((text, context) => {
      const { username, password } = URL.canParse(text) ? new URL(text) : { username: '', password: '' };
      if (username === '' && password === '') return;
      const reason = 'Everybody may read the address of a directory, and there is a name or a password in it.';
      breakRule(context, { rule: 'acme-directory', reason, remedy: 'Give it without what stands before the @.' });
    })
    .meta({
      title: 'Directory',
      description: 'The address that the CA names for ACME clients.',
      examples: ['https://acme-v02.api.letsencrypt.org/directory'],
    }),
  contact: z
    .string()
    .max(254)
    .superRefine((text, context) => {
      if (text === '' || z.email().safeParse(text).success) return;
      breakRule(context, {
        rule: 'contact',
        reason: 'A CA is given an e-mail address.',
        remedy: 'Give one, such as hostmaster@example.com, or none.',
      });
    })
    .default('')
    .meta({ title: 'Contact', description: 'An e-mail address for the CA, where it asks for one.', examples: ['hostmaster@example.com'] }),
  profile: z
    .string()
    .max(64)
    .default('')
    .meta({ title: 'Profile', description: 'One that the directory names; left empty, the CA chooses.', examples: ['tlsserver'] }),
  trust: trustSetting('the directory'),
  addresses: addressesSetting('the directory'),
  httpPort: port.default(80).meta({
    title: 'Port for http-01',
    description: 'Where the CA asks for proofs over HTTP: 80 (RFC 8555 §8.3), except in a laboratory.',
    examples: [80],
  }),
  tlsPort: port.default(443).meta({
    title: 'Port for tls-alpn-01',
    description: 'Where the CA asks for proofs in a TLS handshake: 443 (RFC 8737 §3), except in a laboratory.',
    examples: [443],
  }),
  resolver: z
    .string()
    .max(64)
    .superRefine((text, context) => {
      if (text === '' || resolverText(text) !== null) return;
      const reason = 'A resolver is an IP address that may be connected to, with a port or without.';
      breakRule(context, { rule: 'resolver', reason, remedy: 'Give it as 10.0.0.53 or 10.0.0.53:5353, or leave it empty.' });
    })
    .overwrite((text) => resolverText(text) ?? text)
    .default('')
    .meta({
      title: 'Resolver of the CA',
      description:
        'Where the CA looks names up, where that answers otherwise than everybody sees: proofs over HTTP or TLS, and CAA records, are then looked for as it says. Empty for public CAs.',
      examples: ['10.0.0.53'],
    }),
  accountOrders: atMost('Orders in three hours', 'As many as the CA takes of all new names together; Let’s Encrypt takes 300.', 300),
  domainOrders: atMost(
    'Orders of a domain',
    'As many as it takes in a week of new names of one registered domain; Let’s Encrypt takes 50.',
    50,
  ),
  sameOrders: atMost(
    'Orders of same names',
    'As many as it takes in a week for exactly the same names, renewals too; Let’s Encrypt takes 5.',
    5,
  ),
  externalKeyId: z
    .string()
    .max(512)
    .default('')
    .meta({
      title: 'External account',
      description: 'The key id that the CA gave you, with its HMAC key below, where it takes accounts alone that it knows already (EAB).',
      examples: ['kid-1'],
    }),
});
export type AcmeSettings = z.output<typeof acmeSettings>;

export const resolverOf = ({ resolver }: AcmeSettings): { readonly resolver?: string } => (resolver === '' ? {} : { resolver });

const week = { hours: 7 * 24, words: 'a week' };
export const limitsOf = ({ accountOrders, domainOrders, sameOrders }: AcmeSettings): readonly OrderLimit[] => {
  const limits = [
    { most: accountOrders, hours: 3, words: 'three hours', of: 'issuer' },
    { most: domainOrders, ...week, of: 'domain' },
    { most: sameOrders, ...week, of: 'names' },
  ] as const;
  return limits.flatMap(({ most, ...limit }) => (most === undefined ? [] : [{ most, ...limit }]));
};

/** As CAs hand it out: base64url (RFC 4648 §5), with or without its padding. */
export const hmacKey = z
  .string()
  .max(1024)
  .superRefine((text, context) => {
    if (/^[A-Za-z0-9_-]{8,}={0,2}$/.test(text)) return;
    const reason = 'An HMAC key of an external account is base64url: letters, digits, hyphens and underscores.';
    breakRule(context, { rule: 'external-account-key', reason, remedy: 'Give it as the CA shows it; + is - there, and / is _.' });
  })
  .meta({ examples: ['bm90LWEtc2VjcmV0LWtleS1idXQtYW4tZXhhbXBsZQ'] })
  .transform((text): Uint8Array => Buffer.from(text, 'base64url'))
  .meta({
    title: 'HMAC key',
    description: 'Of the external account, base64url. Sealed to the worker as soon as it arrives; it is never shown again.',
  });
