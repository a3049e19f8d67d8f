import { z } from 'zod';
import { certificateQuery } from './certificate.ts';
import { named, told } from './told.ts';

export const keyExportInput = certificateQuery.extend({
  password: told(
    z.string().min(1, 'Give your password.').max(1024),
    'The password of whoever asks: they prove once more who they are.',
    '…',
  ),
  recipient: told(
    z.string().regex(/^B[A-Za-z0-9_-]{86}$/, 'A point of P-256 is 65 octets in base64url.'),
    'For whom it is sealed (RFC 9180): a public key on P-256, uncompressed, in base64url.',
  ),
});

export const sealedKey = named(
  'SealedKey',
  z.object({ sealed: told(z.base64(), 'The private key and what goes with it, sealed for the key that was given.') }),
  'A private key on its way to whoever asked for it.',
);
export type SealedKey = z.infer<typeof sealedKey>;
