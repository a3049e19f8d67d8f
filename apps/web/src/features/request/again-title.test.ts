import { expect, it } from 'vitest';
import { againTitle } from './again-title';

it('what waits still is corrected, what is over is asked for again', () => {
  expect(againTitle({ cancellable: true, unicode: 'a.example.test' })).toBe('Correct the request for a.example.test');
  expect(againTitle({ cancellable: false, unicode: 'a.example.test' })).toBe('Ask again for a.example.test');
});
