import type { CertificateRow } from '../contract/certificate.ts';
import type { Operation } from '../contract/operation.ts';
import type { Lane } from '../operation/lane.ts';
import { unfinishedStates } from '../operation/state.ts';
import type { DnsObserved, EndpointObserved } from './observation.ts';
import { type EndpointState, isLeaving } from './state.ts';

/** The newest operation, as far as it bears on the endpoint; times as dates. */
export type OperationFact = Pick<Operation, 'purpose' | 'state' | 'steps' | 'step' | 'reason' | 'movesNext' | 'error' | 'trail'> & {
  readonly lane: Lane;
  readonly since: Date;
  readonly nextAttempt: Date | null;
};

export type CertificateFact = {
  readonly serial: string;
  readonly state: CertificateRow['state'];
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly issuedAt: Date;
  /** Of a certificate alone whose key nobody took yet: when the last one ends whose key was taken; null where there is no such thing. */
  readonly takenEnds: Date | null;
};

/** A certificate that is valid still because its issuer refused for good to revoke it. */
export type NotRevokedFact = {
  readonly serial: string;
  readonly issuer: string;
  readonly refusal: string;
  readonly refusedAt: Date;
  readonly notAfter: Date;
};

/** Everything from which an endpoint's conditions, chain, findings and summary are derived. */
export type EndpointFacts = {
  readonly hostname: string;
  readonly state: EndpointState;
  readonly revision: {
    readonly number: number;
    readonly approvedAt: Date;
    /** The number of the request that it takes back; null for one that was approved. */
    readonly takesBack: number | null;
    /** Whether it wants nothing of the name any more. */
    readonly retires: boolean;
    /** Whether it wants a certificate alone: no record is ours, and nobody looks at what presents it. */
    readonly certificateOnly: boolean;
    /** What should exist in the zone; empty for a name that is being retired, and with a certificate alone. */
    readonly recordSets: readonly {
      readonly name: string;
      readonly type: string;
      readonly ttl: number;
      readonly values: readonly string[];
    }[];
    /** Whether the contract ends TLS anywhere. */
    readonly usesTls: boolean;
    /** Whether the requester has the key, so that nobody but their team can install the certificate. */
    readonly keyIsTheirs: boolean;
    /** Whether its team brings the certificates, so that nobody else can renew one. */
    readonly brought: boolean;
  };
  readonly operation: OperationFact | null;
  readonly dns: readonly DnsObserved[];
  readonly endpoint: readonly EndpointObserved[];
  /** The lineage's certificate that should be served: the newest issued one. */
  readonly certificate: CertificateFact | null;
  /** Why no internal CA may sign for it, or not for long any more; null where one may, or none needs to. */
  readonly signingError: string | null;
  /** Empty for an endpoint that does not leave. */
  readonly notRevoked: readonly NotRevokedFact[];
  /** When the endpoint is looked at again without anybody asking. */
  readonly nextCheckAt: Date | null;
  readonly now: Date;
};

/** Seeing the old certificate on the wire renews nothing. */
const stays: readonly OperationFact['purpose'][] = ['renewal', 'revocation', 'import'];

/**
 * Whether work says nothing about the endpoint any more. What was given up is past once everything was seen as approved
 * again, save what is about another certificate.
 */
export const isPast = (operation: OperationFact, state: EndpointState): boolean =>
  operation.state === 'succeeded' ||
  operation.state === 'superseded' ||
  (operation.state === 'failed' && state === 'live' && !stays.includes(operation.purpose));

export const isUnfinished = (operation: OperationFact | null): operation is OperationFact =>
  operation !== null && unfinishedStates.includes(operation.state);

/**
 * The step that met the error which the work has: a later try is at the steps before it for a while, and changes nothing about that. null
 * where there is none, or a try has got past it.
 */
export const failedStep = ({ error, trail }: OperationFact): string | null =>
  trail.findLast(({ state, message }) => (state === 'waiting' || state === 'failed') && message === error?.message)?.step ?? null;

/** Nothing should be there any more. */
export const wantsNothing = ({ state, revision }: EndpointFacts): boolean => isLeaving(state) || revision.retires;

/** Whether a server was asked for what the current revision wants: an answer to an earlier question says nothing about it. */
export function concernsCurrentRevision(facts: EndpointFacts, { detail: { answers } }: DnsObserved): boolean {
  const wanted = new Map(facts.revision.recordSets.filter(({ name }) => name === facts.hostname).map((set) => [set.type, set]));
  return (
    answers.every(({ type, expected, expectedTtl }) => {
      const set = wanted.get(type);
      const values = [...(set?.values ?? [])].sort();
      return [...expected].sort().join('\n') === values.join('\n') && (expectedTtl === null || expectedTtl === set?.ttl);
    }) && [...wanted.keys()].every((type) => answers.some((answer) => answer.type === type))
  );
}
