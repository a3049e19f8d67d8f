import { HostmasterError } from '@hostmaster/core/errors';
import { z } from 'zod';

/**
 * Cursors of keyset pages: where the page before ended, bound to the order it was read in. Opaque to callers, so they are
 * parsed like any other input.
 */
export const encodeCursor = (order: string, after: readonly string[]): string =>
  Buffer.from(JSON.stringify([order, ...after])).toString('base64url');

/** The values that the last row had, or null without a cursor. Errors: invalid-input for a cursor of another order or of nobody's. */
export function decodeCursor(order: string, length: number, cursor: string | undefined): readonly string[] | null {
  if (cursor === undefined) return null;
  try {
    const [found, ...after] = z
      .array(z.string().max(300))
      .length(length + 1)
      .parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (found === order) return after;
  } catch {
    // Whatever is wrong with it, the answer is the same.
  }
  const reason = 'This cursor does not belong to this list and order.';
  throw new HostmasterError('invalid-input', reason, {
    violations: [{ rule: 'cursor', path: 'cursor', reason, remedy: 'Begin again without a cursor.' }],
  });
}
