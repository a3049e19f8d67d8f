// The life of an operation. Only db/operation.ts writes these states, each as a compare-and-set.
export const operationStates = ['pending', 'running', 'waiting', 'succeeded', 'failed', 'superseded'] as const;
export type OperationState = (typeof operationStates)[number];
export type OperationEvent = 'claim' | 'wait' | 'succeed' | 'fail' | 'supersede';

/** state × event → state; what is not listed cannot happen. A claim of a running operation takes over an expired lease. */
export const operationTransitions: Readonly<Record<OperationState, Partial<Record<OperationEvent, OperationState>>>> = {
  pending: { claim: 'running', supersede: 'superseded' },
  running: { claim: 'running', wait: 'waiting', succeed: 'succeeded', fail: 'failed', supersede: 'superseded' },
  waiting: { claim: 'running', supersede: 'superseded' },
  succeeded: {},
  failed: {},
  superseded: {},
};

export const unfinishedStates = operationStates.filter((state) => Object.keys(operationTransitions[state]).length > 0);

/** The table as a Mermaid state diagram, for the documentation. */
export function operationStateDiagram(): string {
  const lines = operationStates.flatMap((from) =>
    Object.entries(operationTransitions[from]).map(([event, to]) => `  ${from} --> ${to}: ${event}`),
  );
  return ['stateDiagram-v2', '  [*] --> pending', ...lines, ''].join('\n');
}
