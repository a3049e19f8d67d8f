// People: who there is, how they are let in, and what somebody does with their own account.
import { z } from 'zod';
import { newPassword } from '../person/new-password.ts';
import { organisationRole } from './account.ts';
import { slug } from './endpoint.ts';
import { aboutTeam } from './governance.ts';
import { membershipRole } from './membership.ts';
import { breakRule } from './own-rule.ts';
import { id, pageOf, pageQuery, sortOrder, timestamp } from './page.ts';
import { readableName } from './readable.ts';
import { named, told } from './told.ts';

/** Invited: somebody who cannot sign in yet. */
export const personState = named(
  'PersonState',
  z.enum(['invited', 'active', 'disabled']),
  'Whether somebody can sign in: not yet, yes, or no more.',
);
export const signInMethod = named('SignInMethod', z.enum(['password', 'oidc']), 'How somebody signs in.');
export const linkPurpose = named('LinkPurpose', z.enum(['invitation', 'reset']), 'Whether a link lets somebody in for the first time.');

export const email = z.string().trim().toLowerCase().max(254).pipe(z.email('Give an e-mail address.'));
export const personName = readableName(100, 'Give a name.');
/** Without an @, so that it is nobody's e-mail address: either signs in. */
export const accountName = z
  .string()
  .trim()
  .toLowerCase()
  .max(63)
  .regex(/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/, 'Use letters, digits, and inner dots, hyphens and underscores.');

const ownName = 'Name of the person.';
const address = 'E-mail address; it signs in.';
const account = 'Short name to sign in with; null where there is none.';
const roles = told(z.array(organisationRole), 'What they may do in the whole organisation.', ['security-reviewer']);
const inTeam = named(
  'OwnTeam',
  z.object({
    slug: told(z.string(), 'Short name of the team.', 'payments'),
    name: told(z.string(), 'Its name for people.', 'Payments'),
    role: told(membershipRole, 'What they are in it.', 'member'),
  }),
  'A team that somebody is in.',
);

export const personRow = named(
  'PersonRow',
  z.object({
    id,
    name: told(z.string(), ownName, 'Lee Chan'),
    email: told(z.string(), address, 'lee@example.org'),
    account: told(z.string().nullable(), account, 'lee'),
    state: told(personState, 'Whether they can sign in.', 'active'),
    roles,
    teams: told(z.array(inTeam), 'Their teams.'),
    signsInWith: told(z.array(signInMethod), 'How they sign in; nothing yet for somebody who was invited.', ['password']),
    lastSignInAt: told(timestamp.nullable(), 'When they last signed in; null where they never did.'),
    createdAt: told(timestamp, 'When they were added.'),
    disabledAt: told(timestamp.nullable(), 'When they were shut out; null where they are not.'),
  }),
  'Somebody as they stand in lists.',
);
export type PersonRow = z.infer<typeof personRow>;

export const peopleQuery = z.strictObject({
  ...pageQuery,
  search: told(z.string().max(254).optional(), 'A part of the name, the e-mail address or the account.', 'lee'),
  state: told(personState.optional(), 'Only those in this state.', 'invited'),
  order: told(sortOrder.default('asc'), 'By name.', 'asc'),
});
export const peoplePage = named('PeoplePage', pageOf(personRow), 'People, by name.');

export const sessionRow = named(
  'Session',
  z.object({
    id,
    startedAt: told(timestamp, 'When they signed in.'),
    endsAt: told(timestamp, 'When it ends by itself.', '2026-11-21T14:02:31Z'),
    method: told(signInMethod.nullable(), 'How they signed in; null where the session is older than this is kept.', 'password'),
    browser: told(z.string().nullable(), 'The browser, in words; null where it is not known.', 'Firefox on Linux'),
  }),
  'Somebody who is signed in, in one browser.',
);
/** One's own: which of them asks. */
export const ownSession = sessionRow.extend({ current: z.boolean() });
export const sessionList = z.object({ rows: z.array(ownSession) });

const openLink = z.object({
  purpose: told(linkPurpose, 'Whether it lets them in for the first time.', 'invitation'),
  createdAt: told(timestamp, 'When it was made.'),
  expiresAt: told(timestamp, 'When it ends.', '2026-11-27T14:02:31Z'),
});

export const person = named(
  'Person',
  personRow.extend({
    sessions: told(z.array(sessionRow), 'Where they are signed in.'),
    link: told(openLink.nullable(), 'The link that still sets a password; what it is was shown once.'),
  }),
  'Somebody, with their sessions.',
);
export type Person = z.infer<typeof person>;

export const inviteInput = named(
  'InviteInput',
  z.strictObject({
    email: told(email, address, 'lee@example.org'),
    name: told(personName, ownName, 'Lee Chan'),
    account: told(accountName.nullable().default(null), account, 'lee'),
    roles: told(z.array(organisationRole).max(10).default([]), 'What they may do in the whole organisation.', ['security-reviewer']),
    teams: told(
      z
        .array(
          z.strictObject({
            team: told(slug, 'Short name of the team.', 'payments'),
            role: told(membershipRole.default('member'), 'What they are in it.', 'member'),
          }),
        )
        .max(50)
        .default([])
        .superRefine((teams, context) => {
          teams.forEach(({ team }, index) => {
            if (teams.findIndex((other) => other.team === team) !== index)
              breakRule(context, { rule: 'repeated', reason: `${team} is named more than once.`, remedy: 'Name it once.' }, [
                String(index),
              ]);
          });
        }),
      'The teams that they are put into.',
    ),
  }),
  'Somebody who is to be let in.',
);
export type InviteInput = z.infer<typeof inviteInput>;

/** The only answer that ever holds the link. */
export const passwordLink = named(
  'PasswordLink',
  z.object({
    id: told(z.uuid(), 'Identifier of the person.', '01890a5d-ac96-774b-bcce-b302099a8057'),
    name: told(z.string(), ownName, 'Lee Chan'),
    email: told(z.string(), 'Their e-mail address.', 'lee@example.org'),
    purpose: told(linkPurpose, 'Whether it lets them in for the first time.', 'invitation'),
    link: told(
      z.url(),
      'The link itself; no other answer ever holds it.',
      'https://hostmaster.example.test/set-password#EXAMPLE-not-a-link',
    ),
    expiresAt: told(timestamp, 'When it ends.', '2026-11-27T14:02:31Z'),
  }),
  'A link by which somebody sets their password.',
);
export type PasswordLink = z.infer<typeof passwordLink>;

export const rolesInput = named(
  'RolesInput',
  z.strictObject({ id, roles: told(z.array(organisationRole).max(10), 'All that they may do from now on.', ['auditor']) }),
  'What somebody may do in the organisation from now on.',
);

export const setPasswordInput = z.strictObject({ token: z.string().max(200), password: newPassword });
/** What to sign in with from now on. */
/** `ended`: sessions that were open. */
export const setPasswordAnswer = z.object({ signIn: z.string(), ended: z.number().int() });
export const changePasswordInput = z.strictObject({
  current: z.string().min(1, 'Give your current password.').max(1024),
  password: newPassword,
});
export const endedSessions = named(
  'EndedSessions',
  z.object({ ended: told(z.number().int(), 'How many sessions ended.', 2) }),
  'How many sessions ended.',
);

const memberKey = {
  slug: told(slug, 'Short name of the team.', 'payments'),
  email: told(email, 'E-mail address of the person.', 'lee@example.org'),
};
export const memberInput = named(
  'Membership',
  z.strictObject({ ...memberKey, role: told(membershipRole, 'What they are in the team.', 'member') }),
  'What somebody is in a team.',
);
export const formerMember = z.strictObject(memberKey);
const teamMember = z.object({
  name: told(z.string(), ownName, 'Lee Chan'),
  email: told(z.string(), 'Their e-mail address.', 'lee@example.org'),
  role: told(membershipRole, 'What they are in the team.', 'member'),
  disabled: told(z.boolean(), 'Whether they are shut out.', false),
});
export const team = named(
  'TeamWithMembers',
  z.object({ ...aboutTeam, members: told(z.array(teamMember), 'Who is in it.') }),
  'A team with the addresses of its members.',
);
