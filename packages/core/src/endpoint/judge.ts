// The judge of what the outside world answered: every answer is kept as a fact beside what was expected of it, and what it
// means is said here alone. Reconciling, the periodic look, conditions, findings and pages all ask this file.
import { isLaterSerial } from '../dns/serial.ts';
import { connectionRefused, type ZoneCut } from '../probe/prober.ts';
import type { DnsAnswer, DnsObservationDetail, EndpointObservationDetail } from './observation.ts';

/** What can be wrong with a name server's answer, the deepest first. Stable: alerts and clients are keyed by it. */
export const dnsFaults = [
  'ServerUnreachable',
  'NameDelegated',
  'NameRedirected',
  'ServerRefused',
  'ServerNotAuthoritative',
  'ServerAhead',
  'PrimaryDiffers',
  'ServerDisagrees',
  'TtlDiffers',
] as const;
export type DnsFault = (typeof dnsFaults)[number];

/** By what hides the name: no waiting mends it, and what one server answers so, the others will with the next transfer. */
const faultOfCut = { NS: 'NameDelegated', SOA: 'NameDelegated', DNAME: 'NameRedirected' } as const satisfies Record<
  ZoneCut['type'],
  DnsFault
>;
type CutFault = (typeof faultOfCut)[ZoneCut['type']];
export const isHidden = (reason: string | null): reason is CutFault => Object.values<string | null>(faultOfCut).includes(reason);

/** What no waiting mends: whoever reads of it reads the way out. */
export type LastingFault = CutFault | 'ServerAhead' | 'PrimaryDiffers';
export const isLasting = (reason: string | null): reason is LastingFault =>
  isHidden(reason) || reason === 'ServerAhead' || reason === 'PrimaryDiffers';

/** What can be wrong with the certificate on the wire; `NotReached`: none was seen, so nothing is known of it. */
export const certificateFaults = ['NotReached', 'OtherCertificateServed', 'ChainNotTrusted'] as const;
export type CertificateFault = (typeof certificateFaults)[number];

/** What keeps users from an answer, the outermost first. */
export const reachFaults = ['NoAddress', 'AddressForbidden', 'TcpFailed', 'TlsFailed', 'HttpFailed'] as const;
export type ReachFault = (typeof reachFaults)[number];

export type Verdict<Fault extends string> = {
  /** null: as expected. */
  readonly fault: Fault | null;
  /** What was seen, in one sentence without its full stop. */
  readonly sentence: string;
};

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);

/** Values are compared as sets: a server may answer them in any order. */
const sameValues = (a: readonly string[], b: readonly string[]): boolean => sameTexts([...a].sort(), [...b].sort());

/** Serials are compared as numbers: case, colons and leading zeros are a matter of who printed them. */
export const sameSerial = (a: string | null, b: string | null): boolean => a !== null && b !== null && plainSerial(a) === plainSerial(b);
const plainSerial = (serial: string): string =>
  serial
    .replaceAll(':', '')
    .replace(/^0+(?=.)/, '')
    .toUpperCase();

const short = (serial: string): string => (serial.length > 12 ? `${serial.slice(0, 12)}…` : serial);
const list = (values: readonly string[]): string => (values.length === 0 ? 'nothing' : values.join(' '));

function dnsFaultOf(answer: DnsAnswer): DnsFault | null {
  const fault = faultOfAnswer(answer);
  if (fault !== 'ServerDisagrees' && fault !== 'TtlDiffers') return fault;
  if (isAhead(answer)) return 'ServerAhead';
  return fault === 'ServerDisagrees' && isAsPrimary(answer) ? 'PrimaryDiffers' : fault;
}

/** A secondary takes no version of the zone that comes before its own (RFC 1034 §4.3.5): it follows a primary that was put back no more. */
const isAhead = ({ serial, primarySerial }: DnsAnswer): boolean =>
  serial !== null && primarySerial !== null && isLaterSerial(serial, primarySerial);

/** It has what the primary has, so that nothing is on its way there: what differs was changed at the primary. Of a name that goes, nobody has it put back. */
const isAsPrimary = ({ serial, primarySerial, withdrawn }: DnsAnswer): boolean =>
  withdrawn === null && serial !== null && serial === primarySerial;

function faultOfAnswer(answer: DnsAnswer): DnsFault | null {
  if (answer.error !== null || answer.rcode === null) return 'ServerUnreachable';
  // Where a delegation, a zone of its own or a DNAME came later, nobody sees what the zone holds: of a name that is to go, that is as it should be.
  if (answer.cut !== null) return answer.withdrawn === null ? faultOfCut[answer.cut.type] : null;
  if (answer.rcode !== 'NOERROR' && answer.rcode !== 'NXDOMAIN') return 'ServerRefused';
  if (answer.withdrawn !== null) return stillThere(answer).length > 0 ? 'ServerDisagrees' : null;
  if (!answer.authoritative) return 'ServerNotAuthoritative';
  // A server that denies the name while it should hold something disagrees, whatever it lists.
  if (!sameValues(answer.values, answer.expected) || (answer.rcode === 'NXDOMAIN' && answer.expected.length > 0)) return 'ServerDisagrees';
  return answer.expectedTtl === null || (answer.ttl === answer.expectedTtl && answer.otherTtl === null) ? null : 'TtlDiffers';
}

const stillThere = ({ values, withdrawn }: DnsAnswer): string[] => values.filter((value) => withdrawn?.includes(value));

const dnsSentences: { readonly [F in DnsFault]: (answer: DnsAnswer) => string } = {
  ServerUnreachable: ({ server, error }) => `${server} does not answer: ${error ?? 'no answer'}`,
  NameDelegated: ({ server, cut }) =>
    cut?.type === 'SOA'
      ? `${server} answers from ${cut.name}, a zone of its own, and what the zone above it holds there is not seen`
      : `${server} refers onward: ${cut?.name} is delegated to ${list(cut?.leadsTo ?? [])}, and what its zone holds there is not seen`,
  NameRedirected: ({ server, cut }) =>
    `${server} answers from a DNAME: every name below ${cut?.name} leads below ${list(cut?.leadsTo ?? [])}, and what its zone holds there is not seen`,
  ServerRefused: ({ server, rcode }) => `${server} answers ${rcode}`,
  ServerNotAuthoritative: ({ server }) => `${server} does not answer with authority for the zone`,
  ServerAhead: (answer) => {
    const { server, serial, primarySerial } = answer;
    const differs = dnsSentences[sameValues(answer.values, answer.expected) ? 'TtlDiffers' : 'ServerDisagrees'](answer);
    return `${differs}; ${server} is ahead of the primary, serial ${serial} against ${primarySerial}, and takes nothing from it`;
  },
  PrimaryDiffers: (answer) => `${dnsSentences.ServerDisagrees(answer)}, and so does the primary`,
  ServerDisagrees: (answer) => {
    const { server, type, rcode, values, expected, withdrawn } = answer;
    if (withdrawn !== null) return `${server} still answers ${type} ${list(stillThere(answer))}`;
    const said = rcode === 'NXDOMAIN' ? `${rcode} for ${type}` : `${type} ${list(values)}`;
    return `${server} answers ${said}, expected ${list(expected)}`;
  },
  TtlDiffers: ({ server, type, ttl, otherTtl, expectedTtl }) =>
    otherTtl === null
      ? `${server} answers the right ${type} with another TTL (${ttl ?? 'none'}, expected ${expectedTtl ?? 'any'})`
      : `${server} answers the right ${type} with several TTLs within one set (${ttl} and ${otherTtl}, expected ${expectedTtl ?? 'any'})`,
};

/** One answer of one name server. */
export function judgeAnswer(answer: DnsAnswer): Verdict<DnsFault> {
  const fault = dnsFaultOf(answer);
  if (fault !== null) return { fault, sentence: dnsSentences[fault](answer) };
  const from = isOfAnotherZone(answer) ? ` from ${answer.cut?.name}, a zone of its own` : '';
  return { fault, sentence: `${answer.server} answers ${answer.type} ${list(answer.values)}${from}` };
}

/** Whether the server answered from a zone that was split off that of the name: what is there is not the name's. */
export const isOfAnotherZone = ({ cut }: DnsAnswer): boolean => cut?.type === 'SOA';

/** All answers of one name server: the first that is wrong speaks for it. */
export function judgeServer({ answers }: DnsObservationDetail): Verdict<DnsFault> {
  const verdicts = answers.map(judgeAnswer);
  return verdicts.find(({ fault }) => fault !== null) ?? verdicts[0] ?? { fault: null, sentence: 'Nothing was asked' };
}

/** Of the servers that are wrong, the one that speaks for all. */
export const spokesman = <T extends { readonly verdict: Verdict<DnsFault> }>(wrong: readonly T[]): T | undefined =>
  wrong.find(({ verdict }) => isHidden(verdict.fault)) ?? wrong.find(({ verdict }) => isLasting(verdict.fault)) ?? wrong[0];

/**
 * The certificate that one address presents.
 * @param source `address:port`
 * @param expectedSerial of the certificate that should be served; null where none should
 */
export function judgeCertificate(
  source: string,
  detail: EndpointObservationDetail,
  expectedSerial: string | null,
): Verdict<CertificateFault> {
  const { tls, error } = detail;
  if (expectedSerial === null) return { fault: null, sentence: 'No certificate is expected' };
  if (tls === null || tls.serial === null) return { fault: 'NotReached', sentence: `${source}: ${error ?? 'no certificate was seen'}` };
  if (!sameSerial(tls.serial, expectedSerial))
    return {
      fault: 'OtherCertificateServed',
      sentence: `${source} serves the certificate ${short(tls.serial)}, expected ${short(expectedSerial)}`,
    };
  if (tls.verifyError !== null)
    return { fault: 'ChainNotTrusted', sentence: `The chain that ${source} serves is not trusted: ${inWords(tls.verifyError)}` };
  return { fault: null, sentence: `${source} presents it over ${tls.protocol ?? 'TLS'}` };
}

/** What OpenSSL's codes mean for whoever runs the server. */
const distrust: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is signed by itself, as before one is installed',
  SELF_SIGNED_CERT_IN_CHAIN: 'it leads to a root that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'it leads to a root that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its intermediate is missing, or it leads to a root that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is served without its intermediate',
  CERT_HAS_EXPIRED: 'a certificate of it has expired',
  CERT_NOT_YET_VALID: 'a certificate of it is not valid yet',
  CERT_REVOKED: 'a certificate of it is revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for other names',
};
const inWords = (error: string): string => (Object.hasOwn(distrust, error) ? (distrust[error] ?? error) : error);

const faultOfLayer = { dns: 'NoAddress', guard: 'AddressForbidden', tcp: 'TcpFailed', tls: 'TlsFailed', http: 'HttpFailed' } as const;

/** "10.0.0.1:443" and "[2001:db8::1]:443" as "10.0.0.1 port 443" and "2001:db8::1 port 443". */
const placeOf = (source: string): string => source.replace(/^\[?(.*?)\]?:(\d+)$/, '$1 port $2');

/** Whether one address answers the health path, and what keeps it from that. */
export function judgeReach(source: string, detail: EndpointObservationDetail): Verdict<ReachFault> {
  const { failedLayer, error, httpStatus, httpMilliseconds } = detail;
  if (failedLayer === 'dns') return { fault: 'NoAddress', sentence: `${detail.address} has no address: ${error ?? 'none was found'}` };
  if (failedLayer === 'tcp' && error === connectionRefused)
    return { fault: 'TcpFailed', sentence: `Nothing listens on ${placeOf(source)} (${error})` };
  if (failedLayer !== null)
    return { fault: faultOfLayer[failedLayer], sentence: `${source}: ${error === null ? 'it failed' : inWords(error)}` };
  if (httpStatus === null || httpStatus >= 400)
    return { fault: 'HttpFailed', sentence: `${source} answered ${httpStatus === null ? 'nothing' : `with status ${httpStatus}`}` };
  return { fault: null, sentence: `${source} answered with status ${httpStatus} in ${Math.round(httpMilliseconds ?? 0)} ms` };
}

/** Faults by which a probe is led where nobody wanted the name to lead: others keep servers from leading it anywhere. */
const misleading: readonly (DnsFault | null)[] = ['NameDelegated', 'NameRedirected', 'ServerAhead', 'PrimaryDiffers', 'ServerDisagrees'];

/** Whether what was met outside may follow from what these servers answer, and not from what stands where the name should lead. */
export const misleads = (servers: readonly DnsObservationDetail[], { resolvedBy }: EndpointObservationDetail): boolean =>
  servers
    .map((server) => judgeServer(server).fault)
    .some((fault) => (resolvedBy === 'servers' ? misleading.includes(fault) : fault !== null && fault !== 'TtlDiffers'));

/** Everything about one address: an answer, and the certificate that was expected on the way to it. */
export const judgeAddress = (source: string, detail: EndpointObservationDetail): Verdict<CertificateFault | ReachFault> => {
  const reach = judgeReach(source, detail);
  const certificate = judgeCertificate(source, detail, detail.expectedSerial);
  return reach.fault !== null || certificate.fault === null ? reach : certificate;
};
