import { operation } from '@hostmaster/core/contract/operation';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Findings } from './findings';

const id = '01890a5d-ac96-774b-bcce-b302099a8057';
const at = '2026-11-20T12:00:00Z';
const ended = (state: 'succeeded' | 'failed' | 'running', more: object) =>
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
    finishedAt: state === 'running' ? null : at,
    ...more,
  });
const mend = 'Change where it is kept.';
const besides = { prefix: 'server ', holds: 'Every server is authoritative' };
const read = (of: ReturnType<typeof ended>, checks: Parameters<typeof Findings>[0]['checks'] = []) =>
  renderToStaticMarkup(<Findings operation={of} checks={checks} besides={besides} mend={mend} />);

it('a connection that does not work says where it is mended, one that works does not', () => {
  const check = { check: 'soa', message: 'Silent.', remedy: null };
  expect(read(ended('succeeded', { result: { ok: false, checks: [{ ...check, ok: false }] } }))).toContain(mend);
  expect(read(ended('failed', { error: { code: 'key-unreadable', message: 'No.', remedy: 'Do.' } }))).toContain(mend);
  expect(read(ended('succeeded', { result: { ok: true, checks: [{ ...check, ok: true }] } }))).not.toContain(mend);
});

it('while it runs, everything that it tries is waited for, the servers too until each has said something', () => {
  const checks = [
    { name: 'soa', holds: 'The primary answers' },
    { name: 'update', holds: 'The key may update' },
  ];
  const said = (step: string) => ({ step, state: 'done', message: 'It does.', at });
  const begun = read(ended('running', { trail: [said('soa')] }), checks);
  for (const one of ['The primary answers', 'The key may update', 'Every server is authoritative']) expect(begun).toContain(one);
  const asked = read(ended('running', { trail: [said('soa'), said('update'), said('server ns1.example.test')] }), checks);
  expect(asked).toContain('Server ns1.example.test');
  expect(asked).not.toContain('Every server');
});

it('a check that was not tried is neither a yes nor a no, and says why', () => {
  const message = 'Not tried, since this did not pass: It is reached.';
  const trail = [{ step: 'nonce', state: 'skipped', message, at }];
  const found = read(ended('succeeded', { trail, result: { ok: false, checks: [{ check: 'nonce', ok: null, message, remedy: null }] } }));
  expect(found).toContain(message);
  expect(found).toContain('text-none');
  expect(found).not.toMatch(/text-ok|text-bad/);
});
