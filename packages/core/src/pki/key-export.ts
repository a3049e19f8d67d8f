// The private key of a certificate, taken away once by somebody of its team: a worker seals it for their browser alone, so that neither
// the portal nor the database ever holds it in the open.
import { z } from 'zod';
import { minute } from '../duration.ts';

/** For how long somebody may take what they asked for; after that it is asked for anew. */
export const exportMinutes = 10;
export const exportMilliseconds = exportMinutes * minute;

/** What the worker seals for the browser, and what the portal seals for the worker: each opens for its export alone. */
export const exportedKeyContext = (id: string): string => `key-export:${id}`;
export const exportPasswordContext = (id: string): string => `key-export:${id}:password`;

/** What is in it, as JSON in UTF-8. */
export const exportedKey = z.object({
  /** PKCS#8. */
  privateKeyPem: z.string(),
  /** Of the stores; made for this export. */
  passphrase: z.string(),
  /** Base64, by the ending of the file. */
  stores: z.object({ p12: z.base64(), 'legacy.p12': z.base64(), jks: z.base64() }),
});
export type ExportedKey = z.infer<typeof exportedKey>;
