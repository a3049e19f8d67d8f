import { expect, it } from 'vitest';
import { wireOf } from './urgency';

const at = '2026-11-20T14:02:31Z';

it.each([
  ['issued', null, 'wait', 'Issued, not yet seen'],
  ['served', { ok: true, message: 'Presented at 192.0.2.10:443.', at }, 'ok', 'Seen on the wire'],
  ['served', { ok: false, message: 'Nothing answers.', at }, 'bad', 'Not seen on the wire'],
  ['served', null, 'none', 'Seen before, not looked for since'],
  ['superseded', null, 'none', 'Superseded'],
] as const)('a certificate that is %s and was last met as %j is shown %s: “%s”', (state, seen, mark, text) => {
  expect(wireOf({ state, seen, certificateOnly: false })).toEqual({ mark, text });
});

it('a certificate alone is not waited for', () => {
  expect(wireOf({ state: 'issued', seen: null, certificateOnly: true })).toEqual({ mark: 'ok', text: 'Issued' });
});
