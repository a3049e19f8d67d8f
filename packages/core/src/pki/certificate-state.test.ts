import { expect, it } from 'vitest';
import {
  type CertificateEvent,
  type CertificateState,
  certificateEvents,
  certificateMachine,
  certificateStates,
  isInUse,
} from './certificate-state.ts';

const allowed: Record<CertificateState, Partial<Record<CertificateEvent, CertificateState>>> = {
  issued: { observe: 'served', supersede: 'superseded', revoke: 'revoked' },
  served: { supersede: 'superseded', revoke: 'revoked' },
  superseded: { observe: 'served', revoke: 'revoked' },
  revoked: {},
};

const pairs = certificateStates.flatMap((state) => certificateEvents.map((event) => [state, event] as const));

it.each(pairs)('%s × %s leads where the table says, or is a conflict', (state, event) => {
  const expected = allowed[state][event] ?? null;
  expect(certificateMachine.next(state, event)).toBe(expected);
  if (expected === null) expect(() => certificateMachine.advance(state, event)).toThrow(/^This certificate (is|cannot be) /);
  else expect(certificateMachine.advance(state, event)).toBe(expected);
});

it('the only way to be served is to have been observed', () => {
  expect(pairs.filter(([state, event]) => certificateMachine.next(state, event) === 'served').map(([, event]) => event)).toEqual([
    'observe',
    'observe',
  ]);
});

it('in use is what may be on the wire', () => {
  expect(certificateStates.filter(isInUse)).toEqual(['issued', 'served']);
});

it('the diagram has a line for every transition and marks the ends', () => {
  const diagram = certificateMachine.diagram();
  for (const [state, event] of pairs) {
    const to = certificateMachine.next(state, event);
    if (to !== null) expect(diagram).toContain(`${state} --> ${to}: ${event}`);
  }
  expect(diagram).toContain('revoked --> [*]');
  expect(diagram).toContain('[*] --> issued');
});
