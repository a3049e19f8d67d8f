import { expect, it } from 'vitest';
import { auditActions, auditActionWords, tellAction } from './actions.ts';

it('every action has words of its own for the filter, and none is said twice', () => {
  const names = auditActionWords.map((word) => auditActions[word].name);
  expect(names.filter((name) => !/^[A-Z][a-z]/.test(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

it('what concerns an endpoint is told in its history, and nothing else is', () => {
  const told = auditActionWords.filter((word) => tellAction(word, {}) !== null);
  const concerning = auditActionWords.filter((word) => ['certificate', 'endpoint', 'request'].includes(auditActions[word].subject));
  expect(told).toEqual(concerning);
  expect(told.filter((word) => tellAction(word, {}) === '')).toEqual([]);
});

it.each([
  ['request.approve', { number: 7, groups: ['security-reviewer'], reason: 'Fine.', planHash: 'h' }, 'approved it: Fine.'],
  ['request.cancel', { number: 7, reason: null }, 'cancelled the request'],
  ['request.fail', { code: 'internal', reason: 'The server refused.' }, 'gave the request up: The server refused.'],
  ['records.apply', { zone: 'example.test', changes: [] }, 'changed the records in example.test'],
  ['certificate.revoke', { serial: '0A', reason: 'retired' }, 'revoked a certificate (serial 0A): retired'],
  [
    'certificate.refuse-revocation',
    { serial: '0A', issuer: 'ca', code: 'issuer-refused', reason: 'It is not ours.', notAfter: '2026-12-01T00:00:00.000Z' },
    'could not revoke a certificate (serial 0A): It is not ours.',
  ],
  ['endpoint.live', { kept: 'by an older version' }, 'saw every layer work: live'],
  ['records.apply', null, 'changed the records'],
  ['toString', {}, null],
  ['no.such.action', {}, null],
])('%s with %j reads "%s"', (word, detail, sentence) => {
  expect(tellAction(word, detail)).toBe(sentence);
});
