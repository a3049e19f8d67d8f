// What can be asked of the internal CA. The portal decides and writes the wish; a worker decides once more and carries it out, since it
// alone holds keys and may write a CA.
import { z } from 'zod';
import { authorityKeys } from './profile.ts';

const id = z.uuid();
const key = z.enum(authorityKeys);
const name = z.string();
const certificatePem = z.string();
/** With which keys CAs below a root are made. */
const intermediateKey = key;

/** Each with what is to be known of it. The private key of an import is sealed beside it. */
export const authorityChanges = {
  'make-root': z.strictObject({ name, key, intermediateKey }),
  'connect-root': z.strictObject({ name, certificatePem, intermediateKey }),
  import: z.strictObject({ name, certificatePem, intermediateKey }),
  'activate-root': z.strictObject({ id }),
  'withdraw-root': z.strictObject({ id }),
  'request-intermediate': z.strictObject({ id }),
  'install-intermediate': z.strictObject({ id, certificatePem }),
  'drop-request': z.strictObject({ id }),
  'install-crl': z.strictObject({ id, crlPem: z.string() }),
} as const;
export type AuthorityAct = keyof typeof authorityChanges;
export const authorityActs = Object.keys(authorityChanges) as readonly AuthorityAct[];
export type AuthorityDetail<A extends AuthorityAct> = z.output<(typeof authorityChanges)[A]>;

/** What the key of an import is sealed for: it opens in no other change. */
export const importedKeyContext = (change: string): string => `authority:${change}:key`;
/** A private key in PEM, and what opens it where it is encrypted. */
export const importedKey = z.strictObject({ keyPem: z.string(), passphrase: z.string().nullable() });
