// People: who there is, how they are let in, and what somebody does with their own account.
import { z } from 'zod';
import { newPassword } from '../person/new-password.ts';
import { membershipRoles } from '../policy/roles.ts';
import { organisationRole } from './account.ts';
import { slug } from './endpoint.ts';
import { breakRule } from './own-rule.ts';
import { id, pageOf, pageQuery, sortOrder, timestamp } from './page.ts';
import { readableName } from './readable.ts';

export const membershipRole = z.enum(membershipRoles);

/** Invited: somebody who cannot sign in yet. */
export const personState = z.enum(['invited', 'active', 'disabled']);
export const signInMethod = z.enum(['password', 'oidc']);
export const linkPurpose = z.enum(['invitation', 'reset']);

export const email = z.string().trim().toLowerCase().max(254).pipe(z.email('Give an e-mail address.'));
export const personName = readableName(100, 'Give a name.');
/** Without an @, so that it is nobody's e-mail address: either signs in. */
export const accountName = z
  .string()
  .trim()
  .toLowerCase()
  .max(63)
  .regex(/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/, 'Use letters, digits, and inner dots, hyphens and underscores.');

export const personRow = z
  .object({
    id,
    name: z.string(),
    email: z.string(),
    account: z.string().nullable(),
    state: personState,
    roles: z.array(organisationRole),
    teams: z.array(z.object({ slug: z.string(), name: z.string(), role: membershipRole })),
    /** None yet for somebody who was invited. */
    signsInWith: z.array(signInMethod),
    lastSignInAt: timestamp.nullable(),
    createdAt: timestamp,
    disabledAt: timestamp.nullable(),
  })
  .meta({ id: 'PersonRow' });
export type PersonRow = z.infer<typeof personRow>;

export const peopleQuery = z.strictObject({
  ...pageQuery,
  /** In the name, the e-mail address or the account. */
  search: z.string().max(254).optional(),
  state: personState.optional(),
  /** By name. */
  order: sortOrder.default('asc'),
});
export const peoplePage = pageOf(personRow).meta({ id: 'PeoplePage' });

export const sessionRow = z.object({
  id,
  startedAt: timestamp,
  endsAt: timestamp,
  /** Null where the session is older than this is kept. */
  method: signInMethod.nullable(),
  browser: z.string().nullable(),
});
/** One's own: which of them asks. */
export const ownSession = sessionRow.extend({ current: z.boolean() });
export const sessionList = z.object({ rows: z.array(ownSession) });

export const person = personRow
  .extend({
    sessions: z.array(sessionRow),
    /** The link that still sets a password; what it is was shown once. */
    link: z.object({ purpose: linkPurpose, createdAt: timestamp, expiresAt: timestamp }).nullable(),
  })
  .meta({ id: 'Person' });
export type Person = z.infer<typeof person>;

export const inviteInput = z.strictObject({
  email,
  name: personName,
  account: accountName.nullable().default(null),
  roles: z.array(organisationRole).max(10).default([]),
  teams: z
    .array(z.strictObject({ team: slug, role: membershipRole.default('member') }))
    .max(50)
    .default([])
    .superRefine((teams, context) => {
      teams.forEach(({ team }, index) => {
        if (teams.findIndex((other) => other.team === team) !== index)
          breakRule(context, { rule: 'repeated', reason: `${team} is named more than once.`, remedy: 'Name it once.' }, [String(index)]);
      });
    }),
});
export type InviteInput = z.infer<typeof inviteInput>;

/** The only answer that ever holds the link. */
export const passwordLink = z
  .object({ id, name: z.string(), email: z.string(), purpose: linkPurpose, link: z.url(), expiresAt: timestamp })
  .meta({ id: 'PasswordLink' });
export type PasswordLink = z.infer<typeof passwordLink>;

export const rolesInput = z.strictObject({ id, roles: z.array(organisationRole).max(10) });

export const setPasswordInput = z.strictObject({ token: z.string().max(200), password: newPassword });
/** What to sign in with from now on. */
export const setPasswordAnswer = z.object({ signIn: z.string() });
export const changePasswordInput = z.strictObject({
  current: z.string().min(1, 'Give your current password.').max(1024),
  password: newPassword,
});
/** How many other sessions ended. */
export const endedSessions = z.object({ ended: z.number().int() });

export const memberInput = z.strictObject({ slug, email, role: membershipRole });
export const formerMember = z.strictObject({ slug, email });
export const team = z
  .object({
    id,
    slug: z.string(),
    name: z.string(),
    members: z.array(z.object({ name: z.string(), email: z.string(), role: membershipRole, disabled: z.boolean() })),
    grantCount: z.number().int(),
    endpointCount: z.number().int(),
  })
  .meta({ id: 'TeamWithMembers' });
