// A certificate with its key on its way from whoever brings it to the worker that reads it: the portal seals both, and keeps neither.
import { z } from 'zod';
import { hour } from '../duration.ts';

/** What nobody read by then is forgotten. */
export const broughtMilliseconds = hour;

/** Of the file, in octets: what a request may hold, less what stands around it. A chain with its key takes some thousand. */
export const maxKeyStoreLength = 40_000;

/** What it is sealed for: it opens for this wish alone. */
export const broughtContext = (id: string): string => `brought-certificate:${id}`;

/** What is sealed, as JSON in UTF-8. `file` in base64. */
export const broughtSecret = z.strictObject({ file: z.base64(), passphrase: z.string() });

/** Why it was refused, as it is stored and answered. */
export const broughtProblem = z.object({ rule: z.string(), reason: z.string(), remedy: z.string() });
