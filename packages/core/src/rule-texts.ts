import { hostnameRules } from './hostname/parse-hostname.ts';
import { inputRules } from './input-rules.ts';
import { documentedRules } from './policy/chains.ts';

/** Every code that a violation can carry, with what the rule holds. */
export const ruleTexts: ReadonlyMap<string, string> = new Map([
  ...documentedRules.map(({ name, describe }) => [name, describe] as const),
  ...Object.entries(hostnameRules),
  ...Object.entries(inputRules),
]);

/** The fragment under which the documentation explains a rule. */
export const ruleAnchor = (rule: string): string => `rule-${rule}`;
