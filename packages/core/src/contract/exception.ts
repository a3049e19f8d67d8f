// Somebody answers for it that a rule of the policy does not stand in the way of one name until a day.
import { z } from 'zod';
import { givenTime, id, pageOf, timestamp } from './page.ts';
import { neededText } from './readable.ts';
import { named, told } from './told.ts';

export const exceptionInput = named(
  'ExceptionInput',
  z.strictObject({
    rule: told(z.string().min(1).max(64), 'Code of a rule that an exception may lift.', 'quarantine'),
    hostname: told(z.string().min(1).max(1024), 'The name for which it is lifted.', 'orders.dev.example.test'),
    reason: told(
      neededText(500, 'Say why; every decision that stands on it shows the reason.'),
      'Why; every decision that stands on it shows the reason.',
      'Both teams agreed on the handover.',
    ),
    until: told(givenTime, 'When the rule holds again; at most a year ahead.', '2027-01-31T00:00:00Z'),
  }),
  'An exception that is to be recorded.',
);
export type ExceptionInput = z.infer<typeof exceptionInput>;

export const exceptionRow = named(
  'PolicyException',
  z.object({
    id,
    rule: told(z.string(), 'Code of the rule that is lifted.', 'quarantine'),
    hostname: told(z.string(), 'The name for which it is lifted.', 'orders.dev.example.test'),
    reason: told(z.string(), 'Why.', 'Both teams agreed on the handover.'),
    until: told(timestamp, 'From then on it lifts nothing; where it was ended, when that was.', '2027-01-31T00:00:00Z'),
    by: told(z.string(), 'Name of who recorded it.', 'Sam Ito'),
    createdAt: told(timestamp, 'When it was recorded.'),
  }),
  'A rule that is lifted for one name until a day.',
);
export type ExceptionRow = z.infer<typeof exceptionRow>;

const exceptable = named(
  'ExceptableRule',
  z.object({
    name: told(z.string(), 'Code of the rule.', 'quarantine'),
    holds: told(z.string(), 'What it holds, in one sentence.', 'A name that was given up is not given to another team for a while.'),
  }),
  'A rule that an exception may lift.',
);
export const exceptionPage = named(
  'PolicyExceptionPage',
  pageOf(exceptionRow).extend({ rules: told(z.array(exceptable), 'Every rule that an exception may lift.') }),
  'Exceptions, the longest lasting first.',
);
