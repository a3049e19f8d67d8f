import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';

type Facts = Readonly<Record<string, z.core.util.JSONType>>;

/** Of what is said of a thing what is no longer what it was, before and after. */
export function difference<F extends Facts>(before: F, after: F): { readonly before: F; readonly after: F } {
  const changed = Object.keys(after).filter((fact) => !isDeepStrictEqual(before[fact], after[fact]));
  const of = (facts: F): F => Object.fromEntries(changed.flatMap((fact) => (fact in facts ? [[fact, facts[fact] ?? null]] : []))) as F;
  return { before: of(before), after: of(after) };
}
