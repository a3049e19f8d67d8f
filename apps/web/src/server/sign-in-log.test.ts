import { fixedClock } from '@hostmaster/core/clock';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { createSignInLog } from './sign-in-log.ts';

it('a burst of what strangers send is told by its size, shortened and without a stack', () => {
  const lines: string[] = [];
  const clock = fixedClock(new Date('2026-01-01T00:00:00Z'));
  const note = createSignInLog(pino({ base: null }, { write: (line: string) => lines.push(line) }), clock);
  const told = () => lines.splice(0).map((line) => JSON.parse(line) as { code: string; tries: number });
  const error = new TypeError(`Invalid callback URL: javascript:${'a'.repeat(14_000)}`, { cause: new Error('b'.repeat(14_000)) });
  for (let tries = 0; tries < 250; tries += 1) note('INVALID_CALLBACK_URL_ERROR', error);
  note('OAUTH_CALLBACK_ERROR', new Error('The provider does not answer.'));
  note('NO_SECRET');
  expect(lines.join('').length).toBeLessThan(5_000);
  expect(lines.join('')).not.toContain('sign-in-log.test');
  expect(told()).toMatchObject([
    { code: 'INVALID_CALLBACK_URL_ERROR', tries: 1 },
    { code: 'INVALID_CALLBACK_URL_ERROR', tries: 10 },
    { code: 'INVALID_CALLBACK_URL_ERROR', tries: 100 },
    { code: 'OAUTH_CALLBACK_ERROR', tries: 1, causes: ['The provider does not answer.'] },
    { code: 'NO_SECRET', tries: 1, causes: [] },
  ]);
  clock.advance(300_000);
  note('INVALID_CALLBACK_URL_ERROR', error);
  expect(told()).toMatchObject([{ code: 'INVALID_CALLBACK_URL_ERROR', tries: 1 }]);
});
