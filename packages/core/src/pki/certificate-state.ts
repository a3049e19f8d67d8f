// The life of one certificate, from its order to its end. The table is the only place that knows what may follow what;
// "served" is only ever entered by an observation of the certificate on the wire. That one has expired is not a state:
// it follows from notAfter and the time (renewal.ts).
import { stateMachine } from '../state-machine.ts';

export const certificateStates = ['ordered', 'issued', 'served', 'superseded', 'revoked', 'failed'] as const;
export type CertificateState = (typeof certificateStates)[number];

/** What can happen: the issuer signed; a probe saw it; a successor took over; somebody revoked it; the issuer refused for good. */
export const certificateEvents = ['issue', 'observe', 'supersede', 'revoke', 'fail'] as const;
export type CertificateEvent = (typeof certificateEvents)[number];

export const certificateMachine = stateMachine({
  subject: 'A certificate',
  states: certificateStates,
  events: certificateEvents,
  beginnings: [{ state: 'ordered' }],
  transitions: {
    ordered: { issue: 'issued', supersede: 'superseded', fail: 'failed' },
    issued: { observe: 'served', supersede: 'superseded', revoke: 'revoked' },
    served: { supersede: 'superseded', revoke: 'revoked' },
    // A superseded certificate is still valid, so it can be revoked, and it can be back on the wire after a rollback.
    superseded: { observe: 'served', revoke: 'revoked' },
    revoked: {},
    failed: {},
  },
});

/** Ordered or in use: a successor would take its place. */
export const isStanding = (state: CertificateState): boolean => certificateMachine.next(state, 'supersede') !== null;

/** Whether it is or may be on the wire. */
export const isInUse = (state: CertificateState): boolean => state === 'issued' || state === 'served';
