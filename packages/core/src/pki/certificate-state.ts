// The life of one certificate, from its order to its end. The table is the only place that knows what may follow what;
// "served" is only ever entered by an observation of the certificate on the wire. That one has expired is not a state:
// it follows from notAfter and the time (renewal.ts).
import { HostmasterError } from '../errors.ts';

export const certificateStates = ['ordered', 'issued', 'served', 'superseded', 'revoked', 'failed'] as const;
export type CertificateState = (typeof certificateStates)[number];

/** What can happen: the issuer signed; a probe saw it; a successor took over; somebody revoked it; the issuer refused for good. */
export const certificateEvents = ['issue', 'observe', 'supersede', 'revoke', 'fail'] as const;
export type CertificateEvent = (typeof certificateEvents)[number];

const transitions = {
  ordered: { issue: 'issued', supersede: 'superseded', fail: 'failed' },
  issued: { observe: 'served', supersede: 'superseded', revoke: 'revoked' },
  served: { supersede: 'superseded', revoke: 'revoked' },
  // A superseded certificate is still valid, so it can be revoked, and it can be back on the wire after a rollback.
  superseded: { observe: 'served', revoke: 'revoked' },
  revoked: {},
  failed: {},
} as const satisfies Record<CertificateState, Partial<Record<CertificateEvent, CertificateState>>>;

const table: Record<CertificateState, Partial<Record<CertificateEvent, CertificateState>>> = transitions;

/** The state that follows, or null where the event cannot happen in this state. */
export function nextCertificateState(state: CertificateState, event: CertificateEvent): CertificateState | null {
  return table[state][event] ?? null;
}

/** The state that follows. Errors: conflict where the event cannot happen. */
export function advanceCertificate(state: CertificateState, event: CertificateEvent): CertificateState {
  const next = nextCertificateState(state, event);
  if (next === null) throw new HostmasterError('conflict', `A certificate that is ${state} cannot ${event}.`);
  return next;
}

/** Ordered or in use: a successor would take its place. */
export const isStanding = (state: CertificateState): boolean => nextCertificateState(state, 'supersede') !== null;

/** Whether it is or may be on the wire. */
export const isInUse = (state: CertificateState): boolean => state === 'issued' || state === 'served';

/** The table as a Mermaid state diagram, for the documentation. */
export function certificateStateDiagram(): string {
  const lines = certificateStates.flatMap((from) =>
    certificateEvents.flatMap((event) => {
      const to = nextCertificateState(from, event);
      return to === null ? [] : [`  ${from} --> ${to}: ${event}`];
    }),
  );
  const ends = certificateStates.filter((state) => Object.keys(table[state]).length === 0).map((state) => `  ${state} --> [*]`);
  return ['stateDiagram-v2', '  [*] --> ordered', ...lines, ...ends, ''].join('\n');
}
