import { describe, expect, it } from 'vitest';
import { issuerOperator, operator } from '../operation/moves-next.ts';
import { acmeErrorOf, acmeProblem, errorOfProblem, sayProblem } from './problem.ts';

const problem = (type: string, detail?: string, more: object = {}) =>
  acmeProblem.parse({ type: `urn:ietf:params:acme:error:${type}`, detail, ...more });

describe('what a CA says', () => {
  it.each([
    ['in its own words', problem('caa', 'CAA forbids it'), 'CAA forbids it.'],
    ['by the word of its type, where it has no other', problem('caa'), 'caa.'],
    ['as it stands, where the type is none of ACME’s', acmeProblem.parse({}), 'about:blank.'],
    [
      'with what it says of each name, three of them at most',
      problem('compound', 'Several', {
        subproblems: ['a', 'b', 'c', 'd'].map((value) => ({ detail: `no ${value}`, identifier: { type: 'dns', value } })),
      }),
      'Several. a: no a. b: no b. c: no c.',
    ],
    [
      'of names, too, by the type alone',
      problem('compound', 'Several', { subproblems: [{ type: 'urn:ietf:params:acme:error:dns' }] }),
      'Several. dns.',
    ],
  ])('is told %s', (_, said, expected) => expect(sayProblem(said)).toBe(expected));

  it('has the type of ACME without its prefix', () =>
    expect([acmeErrorOf(problem('caa')), acmeErrorOf({ type: 'x:y' })]).toEqual(['caa', 'x:y']));
});

describe('a problem becomes an error', () => {
  const of = (type: string, status = 403, retryAfter: number | null = null) =>
    errorOfProblem('Some CA', status, problem(type, 'So it is'), retryAfter);

  it.each([
    'badCSR',
    'rejectedIdentifier',
    'unsupportedIdentifier',
    'malformed',
    'invalidProfile',
    'alreadyReplaced',
    'badRevocationReason',
    'unauthorized',
  ])('for good: %s', (type) => expect(of(type)).toMatchObject({ code: 'issuer-refused', message: 'Some CA refused: So it is.' }));
  it.each([
    'accountDoesNotExist',
    'externalAccountRequired',
    'userActionRequired',
    'invalidContact',
    'unsupportedContact',
    'badPublicKey',
    'badSignatureAlgorithm',
  ])('of the account, for whoever connected it: %s', (type) =>
    expect(of(type, 400, 60)).toMatchObject({
      code: 'issuer-unavailable',
      movesNext: operator,
      retryAfter: 60,
      message: 'Some CA does not accept our account: So it is.',
    }),
  );
  it('of the rate, until the CA said', () =>
    expect(of('rateLimited', 429, 60)).toMatchObject({ code: 'issuer-unavailable', retryAfter: 60, movesNext: issuerOperator('Some CA') }));
  it.each([399, 500, 503])('not for good with status %i', (status) =>
    expect(of('rejectedIdentifier', status, 5)).toMatchObject({
      code: 'issuer-unavailable',
      retryAfter: 5,
      message: 'Some CA did not do it: So it is.',
    }),
  );
  it.each([400, 499])('for good with status %i', (status) => expect(of('rejectedIdentifier', status).code).toBe('issuer-refused'));
  it('that nobody knows is asked again', () =>
    expect(of('somethingNew')).toMatchObject({ code: 'issuer-unavailable', retryAfter: undefined }));
});
