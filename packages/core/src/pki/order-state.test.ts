import { expect, it } from 'vitest';
import { type OrderEvent, type OrderState, orderEvents, orderMachine, orderStates } from './order-state.ts';

const allowed: Record<OrderState, Partial<Record<OrderEvent, OrderState>>> = {
  open: { issue: 'issued', refuse: 'refused', abandon: 'abandoned' },
  issued: {},
  refused: {},
  abandoned: {},
};

it.each(orderStates.flatMap((state) => orderEvents.map((event) => [state, event] as const)))(
  '%s × %s leads where the table says, or is a conflict',
  (state, event) => {
    const expected = allowed[state][event] ?? null;
    expect(orderMachine.next(state, event)).toBe(expected);
    if (expected === null) expect(() => orderMachine.advance(state, event)).toThrow(/^This order (is|cannot be) /);
  },
);

it('an order begins open, and ends once it is anything else', () => {
  expect(orderMachine.beginnings).toEqual([{ state: 'open' }]);
  expect(orderStates.filter(orderMachine.isFinal)).toEqual(['issued', 'refused', 'abandoned']);
});
