/** What one rule can say of a request. */
export const ruleOutcomes = ['pass', 'review', 'deny'] as const;
export type RuleOutcome = (typeof ruleOutcomes)[number];

/** What all rules together can say. */
export const decisionOutcomes = ['allow', 'review', 'deny'] as const;
export type DecisionOutcome = (typeof decisionOutcomes)[number];
