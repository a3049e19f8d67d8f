import type { GrantInput } from '@hostmaster/core/contract/governance';
import type { Violation } from '@hostmaster/core/errors';
import type { Tx } from '@hostmaster/db/client';
import { unknownEnvironments } from '../environment/known.ts';

/** What a grant covers and when it ends, as it is stored. What is wrong is added to the list. */
export async function grantColumns(tx: Tx, input: Omit<GrantInput, 'team' | 'suffix'>, now: Date, violations: Violation[]) {
  const environments = [...new Set(input.environments)];
  violations.push(...(await unknownEnvironments(tx, environments, 'environments')));
  const expiresAt = input.expiresAt === undefined ? null : new Date(input.expiresAt);
  if (expiresAt !== null && expiresAt <= now)
    violations.push({
      rule: 'expiry-ahead',
      path: 'expiresAt',
      reason: 'The grant would have ended already.',
      remedy: 'Choose a time ahead.',
    });
  const { views, wildcard, apex, reason = null } = input;
  return { environments, views: [...new Set(views)], wildcard, apex, reason, expiresAt };
}
