import type { OrganisationRole } from './roles.ts';

/** The organisation roles that review. A team can review too. */
export const reviewingRoles = ['security-reviewer', 'platform-admin'] as const satisfies readonly OrganisationRole[];

/** Who must look at a request: those with the role, or any member of the team (`team:<slug>`). */
export type ReviewGroup = (typeof reviewingRoles)[number] | `team:${string}`;

const words: Readonly<Record<(typeof reviewingRoles)[number], string>> = {
  'security-reviewer': 'security',
  'platform-admin': 'the platform admins',
};

const isReviewingRole = (text: string): text is (typeof reviewingRoles)[number] => reviewingRoles.some((role) => role === text);

/** A group as people call it, within a sentence. */
export const groupWords = (group: string): string => (isReviewingRole(group) ? words[group] : group.replace(/^team:/, ''));

export const teamGroup = (slug: string): ReviewGroup => `team:${slug}`;

/** The groups that somebody speaks for: of their roles those that review, and each of their teams. */
export const groupsOf = ({
  roles,
  teams,
}: {
  readonly roles: readonly OrganisationRole[];
  readonly teams: readonly { readonly slug: string }[];
}): readonly ReviewGroup[] => [...reviewingRoles.filter((role) => roles.includes(role)), ...teams.map(({ slug }) => teamGroup(slug))];
