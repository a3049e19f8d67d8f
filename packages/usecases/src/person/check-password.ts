import { type KnownOf, newPassword, personalProblem } from '@hostmaster/core/person/new-password';
import { refuse } from '../violation.ts';

/** Passes where somebody may choose the password. Errors: invalid-input. */
export function checkNewPassword(password: string, whose: KnownOf, path = 'password'): void {
  const issues = newPassword.safeParse(password).error?.issues ?? [];
  const broken = issues.map((issue) => ({
    rule: issue.code === 'custom' ? String(issue.params?.rule) : 'wrong-type',
    path,
    reason: issue.message,
    remedy: issue.code === 'custom' ? String(issue.params?.remedy) : 'Give a text.',
  }));
  const personal = personalProblem(password, whose, path);
  refuse(personal === null ? broken : [...broken, personal]);
}
