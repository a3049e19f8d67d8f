import type { RequestKind, Rule } from './rule.ts';

/** The written policy: which rules a request of each kind is held against, in the order in which they are shown. */
export const chains: Readonly<Record<RequestKind, readonly Rule[]>> = { create: [], change: [], transfer: [], retire: [] };
