// What to offer to whom, and what roles are called; the server decides again, whatever is offered here.
import { reviewingRoles } from '@hostmaster/core/policy/review-group';
import type { OrganisationRole } from '@hostmaster/core/policy/roles';

type Holder = { readonly roles: readonly OrganisationRole[] };

export const isPlatform = (me: Holder): boolean => me.roles.includes('platform-admin');
export const isSecurity = (me: Holder): boolean => me.roles.includes('security-reviewer');
export const isAuditor = (me: Holder): boolean => me.roles.includes('auditor');
export const mayReview = (me: Holder): boolean => reviewingRoles.some((role) => me.roles.includes(role));

export const roleWords = {
  'platform-admin': 'Platform admin',
  'security-reviewer': 'Security reviewer',
  auditor: 'Auditor',
} satisfies Record<OrganisationRole, string>;
