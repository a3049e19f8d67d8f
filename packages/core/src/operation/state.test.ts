import { describe, expect, it } from 'vitest';
import { operationState } from '../contract/operation.ts';
import { operationEvents as events, type OperationState, operationMachine, operationStates, unfinishedStates } from './state.ts';

const table: Readonly<Record<OperationState, readonly (OperationState | null)[]>> = {
  //           claim      wait       succeed      fail      supersede
  pending: ['running', null, null, null, 'superseded'],
  running: ['running', 'waiting', 'succeeded', 'failed', 'superseded'],
  waiting: ['running', null, null, null, 'superseded'],
  succeeded: [null, null, null, null, null],
  failed: [null, null, null, null, null],
  superseded: [null, null, null, null, null],
};

describe('the life of an operation', () => {
  it('a claim starts from every unfinished state and leads to running, as the claiming statement says it', () => {
    expect(operationMachine.moves('claim')).toEqual([{ from: unfinishedStates, to: 'running' }]);
  });

  it.each(Object.entries(table).flatMap(([state, next]) => next.map((to, index) => [state, events[index] ?? '', to] as const)))(
    '%s × %s → %s',
    (state, event, to) => {
      const from = operationState.parse(state);
      const known = events.find((one) => one === event);
      expect(known === undefined ? null : operationMachine.next(from, known)).toBe(to);
    },
  );

  it('knows every state of the contract, and leaves three of them unfinished', () => {
    expect([...operationStates].sort()).toEqual([...operationState.options].sort());
    expect([...unfinishedStates].sort()).toEqual(['pending', 'running', 'waiting']);
  });

  it('is drawn with every transition and no other', () => {
    const drawn = operationMachine.diagram().match(/-->.*:/g) ?? [];
    expect(drawn).toHaveLength(
      Object.values(table)
        .flat()
        .filter((to) => to !== null).length,
    );
    expect(operationMachine.diagram()).toMatch(/^stateDiagram-v2\n {2}\[\*\] --> pending\n/);
  });
});
