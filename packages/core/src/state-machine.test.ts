import { expect, it } from 'vitest';
import { stateMachine } from './state-machine.ts';

const door = stateMachine({
  subject: 'door',
  states: ['open', 'shut', 'locked', 'walled'],
  events: ['push', 'turn', 'wall'],
  words: { push: 'be pushed', turn: 'be locked or unlocked', wall: 'be walled up' },
  beginnings: [{ state: 'shut', how: 'built' }],
  transitions: {
    open: { push: 'shut', wall: 'walled' },
    shut: { push: 'open', turn: 'locked', wall: 'walled' },
    locked: { turn: 'shut' },
    walled: {},
  },
});

it('a listed event leads on, any other is a conflict', () => {
  expect(door.next('shut', 'turn')).toBe('locked');
  expect(door.next('open', 'turn')).toBeNull();
  expect(door.advance('locked', 'turn')).toBe('shut');
  expect(() => door.advance('open', 'turn')).toThrowError(expect.objectContaining({ code: 'conflict' }));
});

it.each([
  ['open', 'turn', 'This door cannot be locked or unlocked: it is open.'],
  ['walled', 'turn', 'This door cannot be locked or unlocked any more: it is walled.'],
  ['walled', 'wall', 'This door is walled already.'],
] as const)('%s × %s is refused in words that a person would use', (state, event, message) => {
  expect(() => door.advance(state, event)).toThrow(message);
});

it('an event knows every state it starts from, by where it leads', () => {
  expect(door.moves('push')).toEqual([
    { from: ['shut'], to: 'open' },
    { from: ['open'], to: 'shut' },
  ]);
  expect(door.moves('wall')).toEqual([{ from: ['open', 'shut'], to: 'walled' }]);
});

it('a state is final where nothing can follow', () => {
  expect(door.states.filter(door.isFinal)).toEqual(['walled']);
});

it('the diagram has every beginning, every transition, every end, and nothing else', () => {
  expect(door.diagram().split('\n')).toEqual([
    'stateDiagram-v2',
    '  [*] --> shut: built',
    '  open --> shut: push',
    '  open --> walled: wall',
    '  shut --> open: push',
    '  shut --> locked: turn',
    '  shut --> walled: wall',
    '  locked --> shut: turn',
    '  walled --> [*]',
    '',
  ]);
});
