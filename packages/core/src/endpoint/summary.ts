import { conditionsOf } from './conditions.ts';
import { type EndpointFacts, isPast, isUnfinished } from './facts.ts';
import { type EndpointFinding, findingsOf } from './findings.ts';

/** An issuer that ends in months breaks nothing yet. */
const outermost = (findings: readonly EndpointFinding[]): EndpointFinding | undefined => findings.find(({ code }) => code !== 'IssuerEnds');

/** Whose move it is that the summary is of, in a word of moves-next; null where nothing is broken or waited for, or the word is the team's. */
export function movesNextOf(facts: EndpointFacts, findings = findingsOf(facts, conditionsOf(facts))): string | null {
  const { operation } = facts;
  return outermost(findings)?.movesNext ?? (isUnfinished(operation) ? operation.movesNext : null);
}

/** One sentence for a list row: the outermost thing that is broken, else what is waited for, else that all is well. */
export function summaryOf(facts: EndpointFacts, findings = findingsOf(facts, conditionsOf(facts))): string {
  if (facts.state === 'retired') return findings.find(({ code }) => code === 'NotRevoked')?.cause ?? 'Retired';
  const first = outermost(findings);
  if (first !== undefined) return first.cause;
  const { operation } = facts;
  if (operation?.error && !isPast(operation, facts.state)) return operation.error.message;
  if (isUnfinished(operation) && facts.state !== 'live') return operation.reason;
  if (facts.state === 'live') return facts.revision.certificateOnly ? 'Issued' : 'Live';
  if (facts.state === 'retiring') return 'Being retired';
  return operation?.reason ?? 'It was not looked at yet.';
}
