import { givenTime } from '@hostmaster/core/contract/page';
import { HostmasterError } from '@hostmaster/core/errors';
import { z } from 'zod';

/**
 * Cursors of keyset pages: where the page before ended, bound to the order it was read in. Opaque to callers, so they are
 * parsed like any other input.
 */
export const encodeCursor = (order: string, after: readonly string[]): string =>
  Buffer.from(JSON.stringify([order, ...after])).toString('base64url');

/** What the last row of a page had: texts, times and ids, so that nothing else can reach the database. */
export const positions = {
  text: z
    .string()
    .max(300)
    .refine((text) => !text.includes('\0') && text.isWellFormed()),
  /** RFC 3339, UTC. */
  time: givenTime,
  id: z.uuid(),
  sequence: z.string().regex(/^[0-9]{1,18}$/),
  rank: z.string().regex(/^[0-9]{1,5}$/),
};

/** The values that the last row had, or null without a cursor. Errors: invalid-input for a cursor of another order or of nobody's. */
export function decodeCursor<const T extends readonly [z.ZodType<string>, ...z.ZodType<string>[]]>(
  order: string,
  position: T,
  cursor: string | undefined,
): { [K in keyof T]: string } | null {
  if (cursor === undefined) return null;
  try {
    const [found, ...after] = z.array(z.unknown()).parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (found === order && after.length === position.length)
      return position.map((schema, index) => schema.parse(after[index])) as { [K in keyof T]: string };
  } catch {
    // Whatever is wrong with it, the answer is the same.
  }
  const reason = 'This cursor does not belong to this list and order.';
  throw new HostmasterError('invalid-input', reason, {
    violations: [{ rule: 'cursor', path: 'cursor', reason, remedy: 'Begin again without a cursor.' }],
  });
}

/** A list's total: exact while counting is cheap, unknown beyond. */
export const countedAtMost = 10_000;
export const totalOf = (counted: number): number | null => (counted > countedAtMost ? null : counted);

/** Splits what was read (one more than asked for) into the page and the cursor of the next one. */
export function pageOf<Row>(
  read: readonly Row[],
  limit: number,
  cursorOf: (last: Row) => string,
): { readonly page: readonly Row[]; readonly nextCursor: string | null } {
  const page = read.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: read.length > limit && last !== undefined ? cursorOf(last) : null };
}
