// What a password must be that somebody chooses: NIST SP 800-63B-4, section 3.1.1.2, for a password that is the only factor. At
// least 15 characters, each Unicode code point counted as one; no rules of composition; none that is commonly used or expected.
import { z } from 'zod';
import { breakRule } from '../contract/own-rule.ts';
import type { Violation } from '../errors.ts';

export const shortestPassword = 15;
/** Far beyond any phrase; it bounds what is hashed. */
const mostBytes = 1024;

/** The commonest of those that are long enough, without what they are varied by: case, spaces, punctuation. */
const commonest: ReadonlySet<string> = new Set([
  '0123456789abcdef',
  '1q2w3e4r5t6y7u8i',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv',
  '1qaz2wsx3edc4rfv5tgb',
  'abcdefghijklmno',
  'abcdefghijklmnop',
  'abcdefghijklmnopqrstuvwxyz',
  'asdfghjklqwertyuiop',
  'changemechangeme',
  'correcthorsebatterystaple',
  'iloveyousomuch1',
  'letmeinletmein1',
  'mypasswordispassword',
  'password1234567',
  'password12345678',
  'password123456789',
  'password1234567890',
  'passwordpassword1',
  'passwordpassword123',
  'qazwsxedcrfvtgb',
  'qazwsxedcrfvtgbyhnujm',
  'qwertyuiop12345',
  'qwertyuiop123456',
  'qwertyuiop1234567890',
  'qwertyuiopasdfgh',
  'qwertyuiopasdfghjkl',
  'qwertyuiopasdfghjklzxcvbnm',
  'thequickbrownfox',
  'zxcvbnmasdfghjkl',
  'zxcvbnmasdfghjklqwertyuiop',
]);

const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
const digits = '0123456789'.repeat(110);
/** The digits in a row, or one short piece over and over. */
const isPattern = (text: string): boolean => digits.includes(text) || /^(.{1,8})\1+.{0,3}$/su.test(text);

const remedy = 'Choose a few words that do not belong together, or let a password manager make one.';

/** A password to be set, as every form, door and command takes it. What it must not be like of its person, `personalProblem` says. */
export const newPassword = z.string().superRefine((text, context) => {
  const chosen = text.normalize('NFC');
  const short = [...chosen].length < shortestPassword;
  if (short)
    breakRule(context, {
      rule: 'password-length',
      reason: `A password has at least ${shortestPassword} characters.`,
      remedy: 'Several words make a long one that can be remembered.',
    });
  else if (new TextEncoder().encode(chosen).length > mostBytes)
    breakRule(context, { rule: 'password-length', reason: `A password has at most ${mostBytes} bytes.`, remedy: 'Choose a shorter one.' });
  else if (commonest.has(bare(chosen)) || isPattern(chosen.toLowerCase()))
    breakRule(context, { rule: 'password-common', reason: 'This password is among the first that are guessed.', remedy });
});

/** What of a person is known to others. */
export type KnownOf = { readonly account: string | null; readonly email: string; readonly name: string };

/** Refuses a password that is the person's account, e-mail address or name. @returns null where it is none of them */
export function personalProblem(password: string, { account, email, name }: KnownOf, path: string): Violation | null {
  const chosen = bare(password);
  const known = [account ?? '', email, email.split('@')[0] ?? '', name].map(bare);
  if (!known.some((text) => text !== '' && (chosen === text || chosen === text + text))) return null;
  return { rule: 'password-personal', path, reason: 'The password is the account, the e-mail address or the name itself.', remedy };
}
