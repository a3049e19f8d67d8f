// The life of one certificate; what came before it is its order's (order-state.ts). The table is the only place that knows
// what may follow what; "served" is only ever entered by an observation of the certificate on the wire. That one has expired
// is not a state: it follows from notAfter and the time (renewal.ts).
import { stateMachine } from '../state-machine.ts';

export const certificateStates = ['issued', 'served', 'superseded', 'revoked'] as const;
export type CertificateState = (typeof certificateStates)[number];

/** What can happen: a probe saw it; a successor took over; somebody revoked it. */
export const certificateEvents = ['observe', 'supersede', 'revoke'] as const;
export type CertificateEvent = (typeof certificateEvents)[number];

export const certificateMachine = stateMachine({
  subject: 'certificate',
  states: certificateStates,
  events: certificateEvents,
  words: {
    observe: 'be seen served',
    supersede: 'be superseded',
    revoke: 'be revoked',
  },
  beginnings: [{ state: 'issued' }],
  transitions: {
    issued: { observe: 'served', supersede: 'superseded', revoke: 'revoked' },
    served: { supersede: 'superseded', revoke: 'revoked' },
    // A superseded certificate is still valid, so it can be revoked, and it can be back on the wire after a rollback.
    superseded: { observe: 'served', revoke: 'revoked' },
    revoked: {},
  },
});

/** In which it is valid until it expires. */
export const unrevokedStates: readonly CertificateState[] = certificateStates.filter((state) => state !== 'revoked');

/** Whether it is or may be on the wire. */
export const isInUse = (state: CertificateState): boolean => state === 'issued' || state === 'served';
