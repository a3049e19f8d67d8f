import { describe, expect, it } from 'vitest';
import { tokenInput } from './account.ts';
import { endpointContract } from './endpoint.ts';
import { environmentInput } from './environment.ts';
import { exceptionInput } from './exception.ts';
import { grantInput, reservationInput, teamInput } from './governance.ts';
import { madeReadable, readableName, readableText } from './readable.ts';
import { cancelInput, reviewInput } from './request.ts';

const unseen = [
  'a\u202eb',
  'a\u0007',
  'a\u2066b\u2069',
  'a\u200bb',
  'a\ufeffb',
  'a\u00adb',
  'a\u2028b',
  'a\u0085b',
  'a\u3164b',
  'a\u2800b',
  'a\ue000b',
  'a\u{e0041}b',
  'a\u200db',
  'a\u200c',
];
const names = ['Order platform', 'Équipe réseau', 'أحمد', 'می\u200cخواهم', '家 1号', '👩\u200d💻 on call', '❤\ufe0f', 'a\u00a0b'];

describe('a name that people read', () => {
  it.each(unseen)('holds nothing that is not seen: %j', (text) => {
    const { error } = readableName(100).safeParse(text);
    expect(error?.issues).toMatchObject([{ code: 'custom', params: { rule: 'unseen-character' } }]);
  });
  it.each(names)('is written in any script: %s', (text) => expect(readableName(100).parse(` ${text} `)).toBe(text));
  it.each(['a\nb', 'a\tb'])('is one line: %j', (text) => expect(readableName(100).safeParse(text).success).toBe(false));
  it.each(unseen)('of another directory loses what is not seen: %j', (text) => {
    expect(readableName(100).parse(madeReadable(`A${text}Z`))).toMatch(/^A.*Z$/);
  });
});

describe('text that people read', () => {
  it.each([...unseen, 'a\rb'])('holds nothing that is not seen: %j', (text) =>
    expect(readableText(100).safeParse(text).success).toBe(false),
  );
  it.each([...names, '', 'one\n\ttwo'])('may have lines: %j', (text) => expect(readableText(100).parse(text)).toBe(text));
  it('ends its lines in one way', () => expect(readableText(100).parse('one\r\ntwo\r\n')).toBe('one\ntwo\n'));
});

it.each([
  ['a token', tokenInput, 'name'],
  ['a team', teamInput, 'name'],
  ['an environment', environmentInput, 'name'],
  ['a grant', grantInput, 'reason'],
  ['a reservation', reservationInput, 'reason'],
  ['an exception', exceptionInput, 'reason'],
  ['a review', reviewInput, 'reason'],
  ['a cancellation', cancelInput, 'reason'],
  ['a contract', endpointContract, 'justification'],
] as const)('everything that somebody writes for others is such text in %s', (_, schema, field) => {
  const issuesOf = (value: string) =>
    schema.safeParse({ [field]: value }).error?.issues.filter(({ path }) => path.join('.') === field) ?? [];
  expect(issuesOf('a\u202eb')).toHaveLength(1);
  expect(issuesOf('Because.')).toEqual([]);
});

it('so is what an owner escalates to', () => {
  const { error } = endpointContract.safeParse({ owners: { escalation: 'a\u202eb' } });
  expect(error?.issues.map(({ path }) => path.join('.'))).toContain('owners.escalation');
});
