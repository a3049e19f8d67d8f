import { expect, it } from 'vitest';
import { overallOf } from './overall';

const clear = { attention: 0, underWay: 0, unseen: 0, checkedAt: '2026-11-20T14:02:31Z' };

it.each([
  [{}, 'ok', 'All clear'],
  [{ checkedAt: null }, 'none', 'Nothing was looked at yet'],
  [{ unseen: 1 }, 'wait', '1 endpoint was not looked at for 20 minutes'],
  [{ underWay: 2, unseen: 1 }, 'wait', '2 are being worked on'],
  [{ attention: 1 }, 'bad', '1 needs attention'],
  [{ attention: 1204, underWay: 1 }, 'bad', '1,204 need attention, 1 is being worked on'],
])('with %j it is said %s: “%s”, and “All clear” only where somebody looked and nothing is broken or waits', (more, state, text) => {
  expect(overallOf({ ...clear, ...more })).toEqual({ state, text });
});

it('while nobody looks, nothing is all clear', () => {
  expect(overallOf(clear, false)).toEqual({ state: 'wait', text: 'Nothing is known to be broken, and nobody looks' });
  expect(overallOf({ ...clear, attention: 1 }, false).text).toBe('1 needs attention');
});
