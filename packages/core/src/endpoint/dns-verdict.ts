// What the authoritative servers said about the current revision, in words: the ground of the condition RecordsVerified.
import type { EndpointFacts } from './facts.ts';
import type { DnsAnswer, DnsObserved } from './observation.ts';

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);

/** Whether a server was asked for what the current revision wants: an answer to an earlier question says nothing about it. */
export function concernsCurrentRevision(facts: EndpointFacts, observed: DnsObserved): boolean {
  const wanted = new Map(
    facts.revision.recordSets.filter(({ name }) => name === facts.hostname).map(({ type, values }) => [type, [...values].sort()]),
  );
  const { answers } = observed.detail;
  return (
    answers.every(({ type, expected }) => sameTexts([...expected].sort(), wanted.get(type) ?? [])) &&
    [...wanted.keys()].every((type) => answers.some((answer) => answer.type === type))
  );
}

export type DnsFault = 'ServerUnreachable' | 'ServerRefused' | 'ServerNotAuthoritative' | 'ServerDisagrees' | 'TtlDiffers';

/** What is wrong with one answer, or null where its values are those expected. */
export function faultOf(answer: DnsAnswer): DnsFault | null {
  if (answer.error !== null || answer.rcode === null) return 'ServerUnreachable';
  if (answer.rcode !== 'NOERROR' && answer.rcode !== 'NXDOMAIN') return 'ServerRefused';
  if (!answer.authoritative) return 'ServerNotAuthoritative';
  return sameTexts([...answer.values].sort(), [...answer.expected].sort()) ? null : 'ServerDisagrees';
}

const list = (values: readonly string[]): string => (values.length === 0 ? 'nothing' : values.join(' '));

const sentences: { readonly [F in DnsFault]: (answer: DnsAnswer) => string } = {
  ServerUnreachable: ({ server, error }) => `${server} does not answer: ${error ?? 'no answer'}`,
  ServerRefused: ({ server, rcode }) => `${server} answers ${rcode}`,
  ServerNotAuthoritative: ({ server }) => `${server} does not answer with authority for the zone`,
  ServerDisagrees: ({ server, type, values, expected }) => `${server} answers ${list(values)} for ${type}, expected ${list(expected)}`,
  TtlDiffers: ({ server, type, ttl }) => `${server} answers the right ${type} with another TTL (${ttl ?? 'none'})`,
};

/** The first thing wrong with a server that is not ok. */
export function explainServer(observed: DnsObserved): { readonly fault: DnsFault; readonly sentence: string } {
  const [first] = observed.detail.answers;
  const wrong = observed.detail.answers.find((answer) => faultOf(answer) !== null);
  // Values right and yet not ok: the TTL is the only other thing that is looked at.
  const fault = wrong === undefined ? 'TtlDiffers' : (faultOf(wrong) ?? 'TtlDiffers');
  const answer = wrong ?? first;
  return { fault, sentence: answer === undefined ? `${observed.source} was not asked` : sentences[fault](answer) };
}
