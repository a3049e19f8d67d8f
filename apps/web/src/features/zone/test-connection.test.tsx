import { operation } from '@hostmaster/core/contract/operation';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Findings } from './test-connection';

const id = '01890a5d-ac96-774b-bcce-b302099a8057';
const at = '2026-11-20T12:00:00Z';
const ended = (state: 'succeeded' | 'failed', more: object) =>
  operation.parse({
    id,
    kind: 'zone',
    purpose: 'test',
    subject: `zone-test:${id}`,
    generation: 1,
    state,
    steps: ['test'],
    step: 'test',
    reason: 'It ended.',
    movesNext: 'nobody',
    stalled: false,
    since: at,
    nextAttempt: null,
    notBefore: null,
    attempts: 1,
    progress: null,
    parentId: null,
    error: null,
    trail: [],
    result: null,
    createdAt: at,
    finishedAt: at,
    ...more,
  });
const mend = 'Change where it is kept.';
const read = (of: ReturnType<typeof ended>) => renderToStaticMarkup(<Findings operation={of} checks={[]} mend={mend} />);

it('a connection that does not work says where it is mended, one that works does not', () => {
  const check = { check: 'soa', message: 'Silent.', remedy: null };
  expect(read(ended('succeeded', { result: { ok: false, checks: [{ ...check, ok: false }] } }))).toContain(mend);
  expect(read(ended('failed', { error: { code: 'key-unreadable', message: 'No.', remedy: 'Do.' } }))).toContain(mend);
  expect(read(ended('succeeded', { result: { ok: true, checks: [{ ...check, ok: true }] } }))).not.toContain(mend);
});
