// What people and their tokens can be allowed: the words that tables, schemas, forms and documents take from here.

/** Held in the whole organisation. */
export const organisationRoles = ['platform-admin', 'security-reviewer', 'auditor'] as const;
export type OrganisationRole = (typeof organisationRoles)[number];

/** Held in one team. */
export const membershipRoles = ['member', 'maintainer'] as const;
export type MembershipRole = (typeof membershipRoles)[number];

/** What a token may do; a session may do all that its person may. */
export const scopes = [
  'requests:read',
  'requests:write',
  'reviews:write',
  'endpoints:read',
  'certificates:read',
  'certificates:write',
  'zones:read',
  'zones:write',
  'issuers:write',
  'policy:read',
  'policy:write',
  'teams:read',
  'teams:write',
  'people:write',
  'audit:read',
  'operations:read',
  'tokens:write',
] as const;
export type Scope = (typeof scopes)[number];
