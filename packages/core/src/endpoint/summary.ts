import { conditionsOf } from './conditions.ts';
import { type EndpointFacts, isPast, isUnfinished } from './facts.ts';
import { findingsOf } from './findings.ts';

/** One sentence for a list row: the outermost thing that is broken, else what is waited for, else that all is well. */
export function summaryOf(facts: EndpointFacts, findings = findingsOf(facts, conditionsOf(facts))): string {
  if (facts.state === 'retired') return findings.find(({ code }) => code === 'NotRevoked')?.cause ?? 'Retired';
  // An issuer that ends in months breaks nothing yet.
  const first = findings.find(({ code }) => code !== 'IssuerEnds');
  if (first !== undefined) return first.cause;
  const { operation } = facts;
  if (operation?.error && !isPast(operation, facts.state)) return operation.error.message;
  if (isUnfinished(operation) && facts.state !== 'live') return operation.reason;
  if (facts.state === 'live') return 'Live';
  if (facts.state === 'retiring') return 'Being retired';
  return operation?.reason ?? 'It was not looked at yet.';
}
