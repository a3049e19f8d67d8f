// From a request and the ground it stands on to a decision: parse the names once, ask every rule of the chain, keep every
// answer. Pure: the same function answers while typing, on submit, on approval and again just before apply.
import type { EndpointContract } from '../contract/endpoint.ts';
import type { Violation } from '../errors.ts';
import { mostSpecific, suffixesOf } from '../hostname/hostname.ts';
import { parseHostname } from '../hostname/parse-hostname.ts';
import { chains } from './chains.ts';
import type { Ground } from './ground.ts';
import type { Finding, PolicyInput, ReviewGroup, Rule, RuleResult, Subject, SubjectName } from './rule.ts';

/** Rises with every change of a rule's meaning; stored with each decision. */
export const policyVersion = '2026-11.1';

export type ReviewNeeded = { readonly rule: string; readonly group: ReviewGroup; readonly reason: string };

export type Decision = {
  readonly outcome: 'allow' | 'review' | 'deny';
  readonly policyVersion: string;
  /** Every rule of the chain in its order, with what it said; a rule that found several things stands there several times. */
  readonly results: readonly RuleResult[];
  /** All denials, in the form that problem documents and forms show. */
  readonly violations: readonly Violation[];
  /** All calls for a review, also beside denials: what would still be needed once those are mended. */
  readonly reviews: readonly ReviewNeeded[];
  /** What the names were found to be: the name ruler is drawn from this. */
  readonly facts: DecisionFacts;
};

export type DecisionFacts = {
  /** Canonical A-label form; null when malformed. */
  readonly hostname: string | null;
  readonly unicode: string | null;
  readonly zone: { readonly id: string; readonly apex: string; readonly ownerTeam: string } | null;
  /** The suffix that covers the name and the teams that hold it. */
  readonly grantedSuffix: { readonly suffix: string; readonly teams: readonly string[] } | null;
  /** The contract's environment, or the one that follows from the team's grants. */
  readonly environment: string | null;
};

/** The answers that say nothing of the request are made once. */
const stepOf = (rule: Rule) => ({
  rule,
  pass: { rule: rule.name, outcome: 'pass', reason: rule.describe } satisfies RuleResult,
  notJudged: { rule: rule.name, outcome: 'not-judged', reason: 'The hostname is malformed, so this was not judged.' } satisfies RuleResult,
});
const steps = {
  create: chains.create.map(stepOf),
  change: chains.change.map(stepOf),
  transfer: chains.transfer.map(stepOf),
  retire: chains.retire.map(stepOf),
} satisfies Record<PolicyInput['kind'], unknown>;

/** Decides a request on its ground; never throws for what the contract says. */
export function decide(input: PolicyInput, ground: Ground): Decision {
  const subject = subjectOf(input, ground);
  const results: RuleResult[] = [];
  const violations: Violation[] = [];
  const reviews: ReviewNeeded[] = [];
  for (const { rule, pass, notJudged } of steps[input.kind]) {
    if (rule.needsName && subject.name === null) {
      results.push(notJudged);
      continue;
    }
    const findings = rule.evaluate(subject);
    if (findings.length === 0) results.push(pass);
    for (const finding of findings) {
      const result = resultOf(rule, finding);
      results.push(result);
      if (finding.outcome === 'deny') violations.push(violationOf(result));
      else reviews.push({ rule: result.rule, group: finding.group ?? 'platform-admin', reason: finding.reason });
    }
  }
  const outcome = violations.length > 0 ? 'deny' : reviews.length > 0 ? 'review' : 'allow';
  return { outcome, policyVersion, results, violations, reviews, facts: factsOf(subject) };
}

const resultOf = (rule: Rule, { rule: code, ...finding }: Finding): RuleResult => ({ ...finding, rule: code ?? rule.name });

const violationOf = ({ rule, reason, remedy, path }: RuleResult): Violation => ({
  rule,
  reason,
  remedy: remedy ?? '',
  ...(path === undefined ? {} : { path }),
});

function subjectOf(input: PolicyInput, ground: Ground): Subject {
  const { contract } = input;
  const malformed: Violation[] = [];
  const names: SubjectName[] = [];
  const name = readName(contract.hostname, 'hostname', contract, ground, malformed);
  if (name) names.push(name);
  for (const [index, text] of contract.tls.extraNames.entries()) {
    const extra = readName(text, `tls.extraNames.${index}`, contract, ground, malformed);
    if (extra) names.push(extra);
  }
  return { input, contract, ground, malformed, name, names, environment: environmentOf(contract, name) };
}

/** A name of the contract with what the ground says of it; null for one that is malformed, and why is added to `malformed`. */
function readName(text: string, path: string, contract: EndpointContract, ground: Ground, malformed: Violation[]): SubjectName | null {
  const parsed = parseHostname(text, path);
  if (!parsed.ok) {
    malformed.push(...parsed.violations);
    return null;
  }
  const { hostname, unicode } = parsed;
  const suffixes = suffixesOf(hostname);
  const ofView = ground.zones.filter((zone) => zone.view === contract.view);
  const grants = ground.grants.find(hostname, ground.now, suffixes);
  const own = grants === null ? [] : grants.grants.filter((grant) => grant.team === contract.team);
  return { hostname, unicode, suffixes, path, zone: mostSpecific(hostname, ofView), grants, own };
}

/** The environment that is meant: the contract's, or the only one that the team's grants at the name offer for the view. */
function environmentOf(contract: EndpointContract, name: SubjectName | null): string | null {
  if (contract.environment !== undefined) return contract.environment;
  if (name === null) return null;
  const [only] = name.own;
  if (only !== undefined && name.own.length === 1) return only.environments.length === 1 ? (only.environments[0] ?? null) : null;
  const inView = name.own.filter(({ views }) => views.includes(contract.view));
  const offered = new Set((inView.length > 0 ? inView : name.own).flatMap(({ environments }) => environments));
  const [first] = offered;
  return offered.size === 1 && first !== undefined ? first : null;
}

const factsOf = ({ name, environment }: Subject): DecisionFacts => ({
  hostname: name?.hostname ?? null,
  unicode: name?.unicode ?? null,
  zone: name?.zone ? { id: name.zone.id, apex: name.zone.apex, ownerTeam: name.zone.ownerTeam } : null,
  grantedSuffix: name?.grants ? { suffix: name.grants.suffix, teams: [...new Set(name.grants.grants.map(({ team }) => team))] } : null,
  environment,
});
