import { expect, it } from 'vitest';
import { groupsOf, groupWords } from './review-group.ts';
import type { OrganisationRole } from './roles.ts';

it('a group is called the same everywhere: a role by who holds it, a team by its name', () => {
  expect(['security-reviewer', 'platform-admin', 'team:payments'].map(groupWords)).toEqual(['security', 'the platform admins', 'payments']);
});

it('somebody speaks for the roles of theirs that review and for their teams, never for a role by a team of its name', () => {
  const of = (roles: OrganisationRole[], ...slugs: string[]) => groupsOf({ roles, teams: slugs.map((slug) => ({ slug })) });
  expect(of(['auditor', 'platform-admin'], 'edge')).toEqual(['platform-admin', 'team:edge']);
  expect(of([], 'security-reviewer')).toEqual(['team:security-reviewer']);
});
