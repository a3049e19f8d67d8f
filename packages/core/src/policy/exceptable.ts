import { documentedRules } from './chains.ts';
import type { Rule } from './rule.ts';

/** Those that a recorded exception may lift. */
export const exceptableRules: readonly Rule[] = documentedRules.filter(({ exceptable }) => exceptable);
