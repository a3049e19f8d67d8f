import { describe, expect, it } from 'vitest';
import { endpointEvents, endpointMachine, endpointStates } from './state.ts';

/** Every pair that leads somewhere; all others must not. */
const leads: Record<string, string> = {
  'pending observe-healthy': 'live',
  'pending observe-broken': 'pending',
  'pending revise': 'pending',
  'pending retire': 'retiring',
  'pending give-back': 'degraded',
  'live observe-healthy': 'live',
  'live observe-broken': 'degraded',
  'live revise': 'pending',
  'live retire': 'retiring',
  'live give-back': 'degraded',
  'degraded observe-healthy': 'live',
  'degraded observe-broken': 'degraded',
  'degraded revise': 'pending',
  'degraded retire': 'retiring',
  'degraded give-back': 'degraded',
  'retiring revise': 'pending',
  'retiring retire': 'retiring',
  'retiring observe-gone': 'retired',
  'retiring give-back': 'degraded',
  'retired reclaim': 'pending',
};

describe('the states of an endpoint', () => {
  it.each(endpointStates.flatMap((state) => endpointEvents.map((event) => [state, event] as const)))('%s, %s', (state, event) => {
    const next = leads[`${state} ${event}`] ?? null;
    expect(endpointMachine.next(state, event)).toBe(next);
    if (next === null) expect(() => endpointMachine.advance(state, event)).toThrowError(expect.objectContaining({ code: 'conflict' }));
    else expect(endpointMachine.advance(state, event)).toBe(next);
  });

  it('become live by an observation and by nothing else', () => {
    const ways = Object.entries(leads).filter(([, to]) => to === 'live');
    expect(ways.every(([way]) => way.endsWith('observe-healthy'))).toBe(true);
  });

  it('are drawn from the table', () => {
    const drawn = endpointMachine.diagram().split('\n');
    expect(drawn[0]).toBe('stateDiagram-v2');
    for (const [way, to] of Object.entries(leads)) expect(drawn).toContain(`  ${way.replace(' ', ` --> ${to}: `)}`);
  });
});
