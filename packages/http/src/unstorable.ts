import type { Violation } from '@hostmaster/core/errors';
import { inputRefused } from './violations.ts';

/** What Postgres cannot store, by the rule that names it. */
const unstorable: readonly { readonly rule: string; readonly reason: string; readonly holds: (text: string) => boolean }[] = [
  { rule: 'nul-byte', reason: 'The text holds a NUL character.', holds: (text) => text.includes('\0') },
  {
    rule: 'lone-surrogate',
    reason: 'The text holds half of a surrogate pair, which is no character.',
    holds: (text) => !text.isWellFormed(),
  },
];
/** As a path that can be shown and stored. */
const shown = (key: string): string => key.toWellFormed().replaceAll('\0', '␀');

/** Refuses U+0000 and lone surrogates in any text of an input, keys included: no name holds one. Errors: invalid-input. */
export function refuseUnstorable(input: unknown): void {
  const violations: Violation[] = [];
  // A stack of our own: an input may be nested deeper than calls can be.
  const rest: { path: string; value: unknown }[] = [{ path: '', value: input }];
  for (let at = rest.pop(); at !== undefined; at = rest.pop()) {
    const { path, value } = at;
    if (typeof value === 'string') {
      for (const { rule, reason, holds } of unstorable)
        if (holds(value)) violations.push({ rule, ...(path === '' ? {} : { path }), reason, remedy: 'Remove it.' });
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        rest.push({ path: path === '' ? shown(key) : `${path}.${shown(key)}`, value: inner });
        if (unstorable.some(({ holds }) => holds(key))) rest.push({ path, value: key });
      }
    }
  }
  if (violations.length > 0) throw inputRefused(violations);
}
