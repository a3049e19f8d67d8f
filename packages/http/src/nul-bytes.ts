import type { Violation } from '@hostmaster/core/errors';
import { inputRefused } from './violations.ts';

/** Refuses U+0000 in any text of an input, keys included: no name holds one, and Postgres cannot store it. Errors: invalid-input. */
export function refuseNulBytes(input: unknown): void {
  const violations: Violation[] = [];
  // A stack of our own: an input may be nested deeper than calls can be.
  const rest: { path: string; value: unknown }[] = [{ path: '', value: input }];
  for (let at = rest.pop(); at !== undefined; at = rest.pop()) {
    const { path, value } = at;
    if (typeof value === 'string') {
      if (value.includes('\0'))
        violations.push({
          rule: 'nul-byte',
          ...(path === '' ? {} : { path }),
          reason: 'The text holds a NUL character.',
          remedy: 'Remove it.',
        });
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        rest.push({ path: path === '' ? key.replaceAll('\0', '␀') : `${path}.${key.replaceAll('\0', '␀')}`, value: inner });
        if (key.includes('\0')) rest.push({ path, value: key });
      }
    }
  }
  if (violations.length > 0) throw inputRefused(violations);
}
