import { z } from 'zod';
import { ownRule } from './own-rule.ts';

/** RFC 3339, UTC. */
export const timestamp = z.iso.datetime();
export const id = z.uuid();

/** Years that every part of the system can keep and count with, a week ahead too: PostgreSQL knows no year 0. */
const boundedYear = (text: string): boolean => {
  const year = Number(text.slice(0, 4));
  return year >= 1970 && year <= 9998;
};
const yearRule = ownRule({ rule: 'date-range', reason: 'The year is out of reach.', remedy: 'Give a year from 1970 to 9998.' });

/** A time that somebody gives. */
export const givenTime = timestamp.refine(boundedYear, yearRule);
/** A day that somebody gives (RFC 3339 full-date). */
export const givenDate = z.iso.date().refine(boundedYear, yearRule);

/** The version of a row as it was read; what Postgres keeps as an integer ends here. */
export const rowVersion = z.number().int().min(1).max(2_147_483_647);

/** Cursor pages: `cursor` is opaque, answered as `nextCursor` by the page before. */
export const pageQuery = {
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};

export const sortOrder = z.enum(['asc', 'desc']);
export type SortOrder = z.infer<typeof sortOrder>;

export const pageOf = <T extends z.ZodType>(row: T) =>
  z.object({ rows: z.array(row), nextCursor: z.string().nullable(), total: z.number().int().nullable() });

/** One broken rule, as every door answers it. */
export const violation = z
  .object({
    rule: z.string(),
    path: z.string().optional(),
    reason: z.string(),
    remedy: z.string(),
    /** What it is about: ids of endpoints, requests, zones and grants, slugs of teams, suffixes, times; each by its kind. */
    evidence: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .optional()
      .describe('What it is about, by kind: the id of an endpoint, request, zone or grant, the slug of a team, a suffix, a time.'),
  })
  .meta({ id: 'Violation' });

/** RFC 9457 problem document. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string(),
    violations: z.array(violation),
    remedy: z.string(),
    /** Whether the same call may succeed later without a change by the caller. */
    retryable: z.boolean(),
    traceId: z.string(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem>;
