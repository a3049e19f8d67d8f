// What a contract may say of a certificate beside its names, its key and its days; also as an order keeps it.
import { z } from 'zod';
import { named } from './told.ts';

export const keyUsage = named(
  'KeyUsage',
  z.enum(['server', 'client']),
  'What the key of a certificate proves: a server to its clients, or a client to its servers (RFC 5280 §4.2.1.12).',
);

/** As an order keeps it: nothing is left out. */
export const leafContent = z.strictObject({
  usages: z.array(keyUsage).min(1),
  addresses: z.array(z.string()),
  spiffeId: z.string().nullable(),
  mustStaple: z.boolean(),
});
