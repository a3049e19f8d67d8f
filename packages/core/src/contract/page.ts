import { z } from 'zod';
import { ownRule } from './own-rule.ts';
import { named, told } from './told.ts';

export const timestamp = told(z.iso.datetime(), 'A time in UTC (RFC 3339).', '2026-11-20T14:02:31Z');
export const id = told(z.uuid(), 'Identifier of the thing; it never changes.', '01890a5d-ac96-774b-bcce-b302099a8057');

/** Years that every part of the system can keep and count with, a week ahead too: PostgreSQL knows no year 0. */
const boundedYear = (text: string): boolean => {
  const year = Number(text.slice(0, 4));
  return year >= 1970 && year <= 9998;
};
const yearRule = ownRule({ rule: 'date-range', reason: 'The year is out of reach.', remedy: 'Give a year from 1970 to 9998.' });

/** A time that somebody gives. */
export const givenTime = timestamp.refine(boundedYear, yearRule);
/** A day that somebody gives (RFC 3339 full-date). */
export const givenDate = told(z.iso.date(), 'A day (RFC 3339).', '2026-11-23').refine(boundedYear, yearRule);

/** The version of a row as it was read; what Postgres keeps as an integer ends here. */
export const rowVersion = z.number().int().min(1).max(2_147_483_647);

const cursor = 'WyJhc2MiLCJvcmRlcnMuZGV2LmV4YW1wbGUudGVzdCJd';

/** Cursor pages: `cursor` is opaque, answered as `nextCursor` by the page before. */
export const pageQuery = {
  cursor: told(z.string().max(500).optional(), 'The `nextCursor` of the page before, unchanged; left out for the first page.', cursor),
  limit: told(z.number().int().min(1).max(200).default(50), 'How many rows a page has at most.', 50),
};

export const sortOrder = named('SortOrder', z.enum(['asc', 'desc']), 'Which way a list is sorted.');
export type SortOrder = z.infer<typeof sortOrder>;

/** What a list is searched for. @param where the text is looked for */
export const searchText = (where: string, example: string) => told(z.string().max(253).optional(), `A part of ${where}.`, example);

/** What a list takes that is too short to be searched. */
export const listQuery = z.strictObject(pageQuery);

export const pageOf = <T extends z.ZodType>(row: T) =>
  z.object({
    rows: told(z.array(row), 'The rows of this page.'),
    nextCursor: told(z.string().nullable(), 'What the next page is asked for with; null on the last one.', cursor),
    total: told(z.number().int().nullable(), 'How many there are on all pages; null where they are too many to be counted.', 128),
  });

/** One broken rule, as every door answers it. */
export const violation = named(
  'Violation',
  z.object({
    rule: told(z.string(), 'Code of the rule; it stays the same, so programs can match on it.', 'suffix-granted'),
    path: told(z.string().optional(), 'The field that breaks it, dotted, as it was sent.', 'contract.hostname'),
    reason: told(z.string(), 'Why, for whoever asked.', 'order-platform may not claim names below prod.example.test.'),
    remedy: told(z.string(), 'What would mend it.', 'Ask the owner of the zone for a grant.'),
    evidence: told(
      z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
      'What it is about, by kind: the id of an endpoint, request, zone or grant, the slug of a team, a suffix, a time.',
      { team: 'order-platform' },
    ),
    type: told(
      z.string().optional(),
      'Address of the page that explains the rule.',
      'https://hostmaster.example.test/api/docs#rule-suffix-granted',
    ),
  }),
  'One rule that is broken: which, where, why, and what would mend it.',
);

/** RFC 9457 problem document. */
export const problem = named(
  'Problem',
  z.object({
    type: told(z.string(), 'Address of the page that explains the code.', 'https://hostmaster.example.test/api/docs#policy-denied'),
    title: told(z.string(), 'What the code means; the same for every problem of it.', 'Policy does not allow it'),
    status: told(z.number().int(), 'The status of the answer.', 422),
    code: told(z.string(), 'Code of the error; it stays the same, so programs can match on it.', 'policy-denied'),
    detail: told(z.string(), 'What happened this time.', 'order-platform may not claim names below prod.example.test.'),
    violations: told(z.array(violation), 'Every rule that is broken, all at once; empty where no field is to blame.'),
    remedy: told(z.string(), 'What to do about it.', 'Read each violation: it says what would be allowed.'),
    retryable: told(z.boolean(), 'Whether the same call may succeed later without a change by the caller.', false),
    traceId: told(z.string(), 'Names this one call in the log (W3C Trace Context); quote it.', '4bf92f3577b34da6a3ce929d0e0e4736'),
  }),
  'Why a call was refused (RFC 9457).',
);
export type Problem = z.infer<typeof problem>;
