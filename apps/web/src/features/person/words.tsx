import type { PersonRow } from '@hostmaster/core/contract/person';
import { type MembershipRole, membershipRoles, type OrganisationRole } from '@hostmaster/core/policy/roles';
import { Badge } from '@/components/ui/badge';
import { Status } from '@/components/ui/mark';
import { roleWords } from '@/features/account/roles';
import { optionsOf } from '@/lib/options';

const states = {
  invited: { mark: 'wait', word: 'Invited' },
  active: { mark: 'ok', word: 'Active' },
  disabled: { mark: 'none', word: 'Disabled' },
} as const satisfies Record<PersonRow['state'], unknown>;

export const stateOptions = (Object.keys(states) as PersonRow['state'][]).map((value) => ({ value, label: states[value].word }));

export function PersonState({ state }: { state: PersonRow['state'] }) {
  const { mark, word } = states[state];
  return <Status state={mark}>{word}</Status>;
}

export const methodWords = { password: 'Password', oidc: 'Identity provider' } as const;
export const teamRoleWords = { member: 'Member', maintainer: 'Maintainer' } as const satisfies Record<MembershipRole, string>;
export const teamRoleOptions = optionsOf(membershipRoles, teamRoleWords);

export const roleOptions = (Object.keys(roleWords) as OrganisationRole[]).map((value) => ({ value, label: roleWords[value] }));

export function Roles({ roles }: { roles: readonly OrganisationRole[] }) {
  if (roles.length === 0) return <span className="text-ink-3">no role</span>;
  return (
    <span className="flex flex-wrap gap-1">
      {roles.map((role) => (
        <Badge key={role}>{roleWords[role]}</Badge>
      ))}
    </span>
  );
}
