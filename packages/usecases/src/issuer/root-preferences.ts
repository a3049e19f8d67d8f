import { type AuthorityKey, authorityKeys } from '@hostmaster/core/pki/profile';
import { z } from 'zod';
import { readStored } from '../stored-json.ts';

/** As the descriptor of a root has it. */
const preferences = z.object({ intermediateKey: z.enum(authorityKeys).default('ecdsa-p256') });

/** How CAs below a root are made, whoever signs them. */
export const rootPreferences = (stored: unknown): { readonly intermediateKey: AuthorityKey } =>
  readStored(preferences, stored, 'issuer.settings');
