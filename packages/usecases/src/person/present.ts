import type { PersonRow, personState } from '@hostmaster/core/contract/person';
import type { PersonRead } from '@hostmaster/db/person';
import type { z } from 'zod';
import { timestampOf, timestampOrNull } from '../timestamp.ts';

/** Derived, never stored. */
export function stateOf(person: Pick<PersonRead, 'disabled_at' | 'by_oidc' | 'by_password'>): z.output<typeof personState> {
  if (person.disabled_at !== null) return 'disabled';
  return person.by_oidc || person.by_password ? 'active' : 'invited';
}

export const presentPerson = (person: PersonRead): PersonRow => ({
  id: person.id,
  name: person.name,
  email: person.email,
  account: person.account,
  state: stateOf(person),
  roles: person.roles,
  teams: person.teams,
  signsInWith: [...(person.by_password ? (['password'] as const) : []), ...(person.by_oidc ? (['oidc'] as const) : [])],
  lastSignInAt: timestampOrNull(person.last_sign_in_at),
  createdAt: timestampOf(person.created_at),
  disabledAt: timestampOrNull(person.disabled_at),
});
