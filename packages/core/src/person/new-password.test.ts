import { describe, expect, it } from 'vitest';
import { newPassword, personalProblem } from './new-password.ts';

const ruleOf = (text: string): unknown => {
  const issue = newPassword.safeParse(text).error?.issues[0];
  return issue !== undefined && 'params' in issue ? issue.params?.rule : (issue?.code ?? null);
};

describe('a new password', () => {
  it.each([
    ['fifteen characters', 'abc def ghi jkl', null],
    ['fourteen', 'abc def ghi jk', 'password-length'],
    ['code points, not UTF-16 units', '🦊'.repeat(8), 'password-length'],
    ['composed and decomposed letters alike', 'ae\u0301'.repeat(5), 'password-length'],
    ['words of any script without digits or capitals', 'погода хорошая сегодня', null],
    ['a thousand bytes', `${'lorem ipsum dolor '.repeat(55)}sit`, null],
    ['more than 1,024 bytes', `${'ärger über öl '.repeat(80)}x`, 'password-length'],
    ['one of the commonest, however it is written', 'Correct Horse-Battery_Staple', 'password-common'],
    ['one piece over and over', 'abcabcabcabcabcabc', 'password-common'],
    ['the digits in a row', '123456789012345', 'password-common'],
    ['a single letter', 'aaaaaaaaaaaaaaaaaaaa', 'password-common'],
  ])('is judged by length and by what is guessed first: %s', (_, text, rule) => {
    expect(ruleOf(text)).toBe(rule);
  });

  it('is none of what is known of its person, in any case or punctuation', () => {
    const lee = { account: 'leechan', email: 'lee.chan.of.platform@example.org', name: 'Lee Alexander Chan' };
    for (const text of ['LEE alexander chan!', 'lee.chan.of.platform@example.org', 'lee chan of platform', 'leechan leechan'])
      expect(personalProblem(text, lee, 'password'), text).toMatchObject({ rule: 'password-personal', path: 'password' });
    expect(personalProblem('Lee Alexander Chan rides a blue bicycle', lee, 'password')).toBeNull();
    expect(personalProblem('four quiet yellow chairs', { ...lee, account: null, name: '…' }, 'password')).toBeNull();
  });
});
