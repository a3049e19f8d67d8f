// Somebody answers for it that a rule of the policy does not stand in the way of one name until a day.
import { z } from 'zod';
import { givenTime, id, timestamp } from './page.ts';
import { neededText } from './readable.ts';

export const exceptionInput = z.strictObject({
  /** One of those that an exception may lift. */
  rule: z.string().min(1).max(64),
  hostname: z.string().min(1).max(1024),
  reason: neededText(500, 'Say why; every decision that stands on it shows the reason.'),
  until: givenTime,
});
export type ExceptionInput = z.infer<typeof exceptionInput>;

export const exceptionRow = z
  .object({
    id,
    rule: z.string(),
    hostname: z.string(),
    reason: z.string(),
    /** From then on it lifts nothing; where it was ended, when that was. */
    until: timestamp,
    /** Name of who recorded it. */
    by: z.string(),
    createdAt: timestamp,
  })
  .meta({ id: 'PolicyException' });
export type ExceptionRow = z.infer<typeof exceptionRow>;
export const exceptionList = z.object({
  rows: z.array(exceptionRow),
  /** Those that an exception may lift. */
  rules: z.array(z.object({ name: z.string(), holds: z.string() })),
});
