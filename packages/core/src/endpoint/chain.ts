// The chain Name → DNS → TCP → TLS → HTTP: the conditions and the answers on the wire, as five links from the outside in.
// Past a broken link nothing is asked, so the links after it are `none` and not `bad`, but where the link before is waited for.
import type { ChainLink, Condition } from '../contract/endpoint-view.ts';
import { type ConditionType, conditionsOf, seenOutside } from './conditions.ts';
import { type EndpointFacts, wantsNothing } from './facts.ts';
import { judgeReach, type ReachFault } from './judge.ts';
import type { EndpointObserved } from './observation.ts';
import type { Fault } from './reasons.ts';

type LinkState = ChainLink['state'];

/**
 * What a change brings about by itself, a moment later: the other servers transfer it, also under serials of their own where one of them signs,
 * and the server that ends TLS loads its certificate.
 */
const following: readonly string[] = ['ServerAhead', 'ServerDisagrees', 'TtlDiffers', 'OtherCertificateServed'] satisfies Fault[];
/** So long that may take: PowerDNS tells its secondaries once a minute, BIND gathers changes for five seconds. */
const followsWithin = 90_000;

/** Whether what was seen may still follow what was approved: never of a name that was seen to break since. */
function isFollowing({ state, revision, now }: EndpointFacts, { reason, since }: Condition): boolean {
  if (state === 'degraded' || !following.includes(reason) || since === null) return false;
  return now.getTime() - Math.max(Date.parse(since), revision.approvedAt.getTime()) < followsWithin;
}

/** By the facts alone: what is broken is so while work on it waits, and while a try is under way. */
function shapeOf(facts: EndpointFacts, condition: Condition): LinkState {
  if (condition.status === 'true') return condition.reason === 'NotNeeded' ? 'none' : 'ok';
  return condition.status === 'unknown' || isFollowing(facts, condition) ? 'wait' : 'bad';
}

const worst = (...states: readonly LinkState[]): LinkState =>
  (['bad', 'wait', 'ok'] as const).find((state) => states.includes(state)) ?? 'none';

const isNowhere = ({ reason }: Condition): boolean => reason === 'NoAddress';

/** The five links, in order. Pass `conditions` where they are known already. */
export function chainOf(facts: EndpointFacts, conditions = conditionsOf(facts)): readonly ChainLink[] {
  const byType = new Map(conditions.map((condition) => [condition.type, condition]));
  const find = (type: ConditionType): Condition => {
    const condition = byType.get(type);
    if (condition === undefined) throw new TypeError(`chainOf: the condition ${type} is missing`);
    return condition;
  };
  const admitted = find('Admitted');
  const applied = find('RecordsApplied');
  const verified = find('RecordsVerified');
  // Until the records are there, the servers cannot agree on them; where writing them failed, that comes first.
  const dns = applied.status === 'false' || (applied.status === 'unknown' && verified.status === 'unknown') ? applied : verified;
  const reachable = find('Reachable');
  // The records are as approved, and what they lead to has no address: DNS breaks further on.
  const end = shapeOf(facts, dns) === 'ok' && isNowhere(reachable) ? reachable : dns;
  const name: ChainLink = { link: 'name', state: shapeOf(facts, admitted), message: admitted.message, detail: facts.hostname };
  const records: ChainLink = { link: 'dns', state: shapeOf(facts, end), message: end.message, detail: dnsDetail(facts) };
  return [name, records, ...wireLinks(facts, find('CertificateIssued'), find('CertificateServed'), reachable)];
}

function wireLinks(facts: EndpointFacts, issued: Condition, served: Condition, reachable: Condition): ChainLink[] {
  if (wantsNothing(facts)) {
    const kept = shapeOf(facts, served) === 'bad';
    return (['tcp', 'tls', 'http'] as const).map((link) =>
      kept && link === 'tls'
        ? { link, state: 'bad', message: served.message, detail: null }
        : { link, state: 'none', message: 'No longer asked', detail: null },
    );
  }
  if (facts.revision.certificateOnly) {
    const unseen = { state: 'none', message: reachable.message, detail: null } as const;
    return [
      { link: 'tcp', ...unseen },
      { link: 'tls', state: shapeOf(facts, issued), message: issued.message, detail: null },
      { link: 'http', ...unseen },
    ];
  }
  const { told: fresh, astray } = seenOutside(facts);
  const failedBy = (...faults: readonly ReachFault[]) =>
    faults.flatMap((fault) => fresh.filter(({ source, detail }) => judgeReach(source, detail).fault === fault))[0];
  const broken = shapeOf(facts, reachable);
  const wait = (link: ChainLink['link']): ChainLink => ({ link, state: 'wait', message: reachable.message, detail: null });
  const notAsked = (link: ChainLink['link'], before: string): ChainLink => ({
    link,
    state: 'none',
    message: `Not asked: ${before} comes first`,
    detail: null,
  });

  const tlsState = worst(shapeOf(facts, issued), shapeOf(facts, served));
  const tlsCondition = [issued, served].find((condition) => shapeOf(facts, condition) === tlsState) ?? served;
  const unasked = (before: string): ChainLink[] => {
    // While work on the way to it goes on, what is broken is the certificate.
    const known = broken === 'wait' && tlsState === 'bad';
    return [
      known ? { link: 'tls', state: 'bad', message: tlsCondition.message, detail: null } : notAsked('tls', before),
      notAsked('http', before),
    ];
  };
  const [first] = fresh;
  if (isNowhere(reachable) || (first === undefined && astray.length > 0)) return [notAsked('tcp', 'DNS'), ...unasked('DNS')];
  const tcpFault = failedBy('AddressForbidden', 'TcpFailed');
  if (tcpFault) return [{ link: 'tcp', state: broken, message: reachable.message, detail: detailOf(tcpFault, 'tcp') }, ...unasked('TCP')];
  if (first === undefined) {
    const early: ChainLink =
      tlsState === 'none' || tlsState === 'bad'
        ? { link: 'tls', state: tlsState, message: tlsCondition.message, detail: null }
        : { link: 'tls', state: 'wait', message: tlsCondition.status === 'true' ? served.message : tlsCondition.message, detail: null };
    // Where nobody could look, the way to the address breaks at its first link.
    return [{ ...wait('tcp'), state: broken }, early, wait('http')];
  }
  const tcp: ChainLink = {
    link: 'tcp',
    state: 'ok',
    message: `A worker connects ${ways[first.detail.resolvedBy]}`,
    detail: detailOf(first, 'tcp'),
  };
  const tlsFault = failedBy('TlsFailed');
  if (tlsFault) {
    const known = tlsCondition.status === 'false' ? tlsCondition : reachable;
    const state = worst(tlsState, broken);
    return [tcp, { link: 'tls', state, message: known.message, detail: detailOf(tlsFault, 'tls') }, notAsked('http', 'TLS')];
  }
  const message = tlsState === 'ok' ? 'Serves the expected certificate' : tlsCondition.message;
  const tls: ChainLink = { link: 'tls', state: tlsState, message, detail: tlsState === 'none' ? null : detailOf(first, 'tls') };
  const httpFault = failedBy('HttpFailed');
  const state = httpFault ? broken : 'ok';
  return [tcp, tls, { link: 'http', state, message: reachable.message, detail: detailOf(httpFault ?? first, 'http') }];
}

function dnsDetail({ dns }: EndpointFacts): string | null {
  const answer = dns[0]?.detail.answers.find(({ values }) => values.length > 0);
  return answer === undefined ? null : `${answer.type} ${answer.values.join(' ')}`;
}

/** Who said where the name leads. */
const ways = {
  servers: "where the zone's servers lead",
  resolver: 'where its resolver leads',
  contract: 'where the contract says, since nobody answers for the name',
} as const satisfies Record<EndpointObserved['detail']['resolvedBy'], string>;

const milliseconds = (value: number): string => (value < 1 ? 'under 1 ms' : `${Math.round(value)} ms`);

function detailOf({ source, detail }: EndpointObserved, layer: 'tcp' | 'tls' | 'http'): string {
  const spent = { tcp: detail.tcpMilliseconds, tls: detail.tlsMilliseconds, http: detail.httpMilliseconds }[layer];
  const what = { tcp: source, tls: detail.tls?.protocol ?? null, http: detail.httpStatus === null ? null : `status ${detail.httpStatus}` }[
    layer
  ];
  return [what, spent === null ? null : `in ${milliseconds(spent)}`].filter((part) => part !== null).join(' ') || source;
}
