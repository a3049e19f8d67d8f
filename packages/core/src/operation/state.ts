// The life of an operation. Only db/operation.ts writes these states, each as a compare-and-set.
import { stateMachine } from '../state-machine.ts';

export const operationStates = ['pending', 'running', 'waiting', 'succeeded', 'failed', 'superseded'] as const;
export type OperationState = (typeof operationStates)[number];
export const operationEvents = ['claim', 'wait', 'succeed', 'fail', 'supersede'] as const;
export type OperationEvent = (typeof operationEvents)[number];

export const operationMachine = stateMachine({
  subject: 'operation',
  states: operationStates,
  events: operationEvents,
  words: {
    claim: 'be taken up',
    wait: 'wait',
    succeed: 'succeed',
    fail: 'fail',
    supersede: 'be superseded',
  },
  beginnings: [{ state: 'pending' }],
  transitions: {
    pending: { claim: 'running', supersede: 'superseded' },
    // A claim of a running operation takes over an expired lease.
    running: { claim: 'running', wait: 'waiting', succeed: 'succeeded', fail: 'failed', supersede: 'superseded' },
    waiting: { claim: 'running', supersede: 'superseded' },
    succeeded: {},
    failed: {},
    superseded: {},
  },
});

export const unfinishedStates = operationStates.filter((state) => !operationMachine.isFinal(state));
