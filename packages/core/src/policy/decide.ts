// From a request and the ground it stands on to a decision: ask every rule of the chain, keep every answer. Pure: the same
// function answers while typing, on submit, on approval and again just before apply.
import { agreeOn } from '../contract/fields.ts';
import type { Violation } from '../errors.ts';
import { admittedOf } from './admitted.ts';
import type { Asked, AskedName } from './asked.ts';
import { chains } from './chains.ts';
import { type Facts, factsOf, type WildcardOver } from './facts.ts';
import type { ApprovalGround, Ground, PolicyException, ZoneGround } from './ground.ts';
import type { DecisionOutcome, RuleOutcome } from './outcome.ts';
import type { ReviewGroup } from './review-group.ts';
import type { CallForReview, Finding, Findings, Rule } from './rule.ts';
import { policyVersion } from './version.ts';

type Found = { readonly remedy: string; readonly path: string; readonly evidence?: Finding['evidence'] };
/**
 * What one rule said. `not-judged`: it needs a well-formed hostname, and the hostname is malformed (which is denied by
 * itself). A denial that an exception lifts is a pass that carries the exception, with the reason of the denial; a call for a
 * review that was given before is a pass that says so.
 */
export type RuleResult = { readonly rule: string; readonly reason: string; readonly exception: PolicyException | null } & (
  | { readonly outcome: Exclude<RuleOutcome, Finding['outcome']> | 'not-judged' }
  | ({ readonly outcome: 'deny' } & Found)
  | ({ readonly outcome: 'review'; readonly group: ReviewGroup } & Found)
);

export type ReviewNeeded = { readonly rule: string; readonly group: ReviewGroup; readonly reason: string };

export type Decision = {
  readonly outcome: DecisionOutcome;
  readonly policyVersion: string;
  /** Every rule of the chain in its order, with what it said; a rule that found several things stands there several times. */
  readonly results: readonly RuleResult[];
  /** All denials, in the form that problem documents and forms show. */
  readonly violations: readonly Violation[];
  /** All calls for a review, also beside denials: what would still be needed once those are mended. */
  readonly reviews: readonly ReviewNeeded[];
  /** What the hostname was found to be: the name ruler is drawn from this. */
  readonly facts: DecisionFacts;
};

export type DecisionFacts = {
  /** null when the hostname is malformed. */
  readonly name: AskedName | null;
  readonly zone: ZoneGround | null;
  /** The wildcard that answers for it while nothing stands there. */
  readonly wildcard: WildcardOver | null;
  /** The suffix that covers the name; the asker's own grant of it, or else one of those who hold it. */
  readonly granted: { readonly suffix: string; readonly team: string; readonly until: Date | null } | null;
  /** The contract's environment, or the one that follows from the team's grants. */
  readonly environment: string | null;
};

/** The answers that say nothing of the request are made once. */
const stepOf = (rule: Rule) => ({
  rule,
  pass: { rule: rule.name, outcome: 'pass', reason: rule.describe, exception: null } satisfies RuleResult,
  notJudged: {
    rule: rule.name,
    outcome: 'not-judged',
    reason: 'The hostname is malformed, so this was not judged.',
    exception: null,
  } satisfies RuleResult,
});
type Step = ReturnType<typeof stepOf>;
const steps = {
  create: chains.create.map(stepOf),
  change: chains.change.map(stepOf),
  transfer: chains.transfer.map(stepOf),
  retire: chains.retire.map(stepOf),
} satisfies Record<Asked['kind'], readonly Step[]>;

/** Decides a request on the parts of the ground that its chain needs (`needsOf`); never throws for what the contract says. */
export function decide(asked: Asked, ground: Ground): Decision {
  const facts = factsOf(asked, ground);
  const { ofRequest, ofHostname, ofNames } = facts;
  const results: RuleResult[] = [];
  const told: Told = { asked, ground, untouched: untouchedBy(asked, ofRequest.environment, ground), results, violations: [], reviews: [] };
  for (const { rule, pass, notJudged } of steps[asked.kind]) {
    const before = results.length;
    if (rule.of === 'request') tell(told, rule, rule.judge(asked, ofRequest), asked.name);
    else if (ofHostname === null) results.push(notJudged);
    else if (rule.of === 'hostname') tell(told, rule, rule.judge(asked, ofHostname.name, ofHostname.facts), ofHostname.name);
    else for (const { name, facts } of ofNames) tell(told, rule, rule.judge(asked, name, facts), name);
    if (results.length === before) results.push(pass);
  }
  const { violations, reviews } = told;
  const outcome = violations.length > 0 ? 'deny' : reviews.length > 0 ? 'review' : 'allow';
  return { outcome, policyVersion, results, violations, reviews, facts: answerOf(asked, facts) };
}

/** What the rules had to say so far. */
type Told = {
  readonly asked: Asked;
  readonly ground: Ground;
  readonly untouched: (approval: ApprovalGround, rule: Rule) => boolean;
  readonly results: RuleResult[];
  readonly violations: Violation[];
  readonly reviews: ReviewNeeded[];
};

function tell(told: Told, rule: Rule, findings: Findings, name: AskedName | null): void {
  const { results, violations, reviews } = told;
  for (const finding of findings) {
    const result = resultOf(rule, finding, name, told);
    results.push(result);
    if (result.outcome === 'deny') violations.push(violationOf(result));
    if (result.outcome === 'review') reviews.push(reviewOf(result));
  }
}

function resultOf(rule: Rule, finding: Finding, name: AskedName | null, told: Told): RuleResult {
  const exception = finding.outcome === 'deny' && rule.exceptable ? exceptionOf(rule, name, told.asked, told.ground) : null;
  const { reason, path = name?.path ?? 'hostname', ...found } = finding;
  if (exception !== null) return { rule: rule.name, outcome: 'pass', reason, exception };
  const approval = finding.outcome === 'review' ? approvalOf(rule, finding, told) : null;
  if (approval === null) return { rule: rule.name, reason, exception, path, ...found };
  const given = `Approved by ${approval.by} with request #${approval.number}, and nothing that the review was about changes.`;
  return { rule: rule.name, outcome: 'pass', reason: `${reason} ${given}`, exception };
}

/** The review that was given before, by the same group, for the same reason, of the same; null where it is to be asked for. */
const approvalOf = (rule: Rule, { group, reason }: CallForReview, { ground, untouched }: Told): ApprovalGround | null =>
  ground.approvals.find((one) => one.rule === rule.name && one.group === group && sameWords(one.reason, reason) && untouched(one, rule)) ??
  null;

/** Names in them are in small letters, whatever a sentence once began with. */
const sameWords = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/**
 * Whether all that a rule's review is about is as it was approved: now, and with the change that is asked for. What was approved
 * long ago and was otherwise since is not approved any more.
 */
function untouchedBy(asked: Asked, environment: string | null, { inForce }: Ground): Told['untouched'] {
  if (asked.kind !== 'change' || inForce === null) return () => false;
  const { contract: held } = inForce;
  const wanted = admittedOf(asked, { environment, servedPort: held.routing.port });
  return ({ contract: approved }, { concerns }) =>
    wanted !== null && concerns !== 'everything' && agreeOn(concerns, approved, held) && agreeOn(concerns, held, wanted);
}

const exceptionOf = (rule: Rule, name: AskedName | null, { now }: Asked, { exceptions }: Ground): PolicyException | null =>
  exceptions.find((one) => one.rule === rule.name && one.hostname === name?.hostname && one.until.getTime() > now.getTime()) ?? null;

const violationOf = ({ rule, reason, remedy, path, evidence }: RuleResult & Found): Violation => ({
  ...{ rule, reason, remedy, path },
  ...(evidence === undefined ? {} : { evidence }),
});
const reviewOf = ({ rule, group, reason }: RuleResult & { readonly group: ReviewGroup }): ReviewNeeded => ({ rule, group, reason });

function answerOf({ name }: Asked, { ofRequest, ofHostname }: Facts): DecisionFacts {
  const facts = ofHostname?.facts;
  const grant = facts?.grants.own[0] ?? facts?.grants.all[0];
  return {
    name,
    zone: facts?.zones.own ?? null,
    wildcard: facts?.wildcard ?? null,
    granted: grant === undefined ? null : { suffix: grant.suffix, team: grant.team, until: grant.expiresAt },
    environment: ofRequest.environment,
  };
}
