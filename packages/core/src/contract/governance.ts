// Who may claim what: teams, grants, reservations.
import { z } from 'zod';
import { reservationKinds } from '../policy/ground.ts';
import { reviewingRoles } from '../policy/review-group.ts';
import { slug, view } from './endpoint.ts';
import { membershipRole } from './membership.ts';
import { givenTime, id, pageOf, pageQuery, searchText, sortOrder, timestamp } from './page.ts';
import { neededText, readableName, readableText } from './readable.ts';
import { named, told } from './told.ts';

export const teamInput = named(
  'TeamInput',
  z.strictObject({
    slug: told(slug, 'Short name of the team; it never changes.', 'payments'),
    name: told(readableName(100), 'Its name for people.', 'Payments'),
  }),
  'A team that is to be made.',
);

/** What every shape says of a team. */
export const aboutTeam = {
  id,
  slug: told(z.string(), 'Short name of the team.', 'payments'),
  name: told(z.string(), 'Its name for people.', 'Payments'),
  grantCount: told(z.number().int(), 'Grants that it has.', 2),
  endpointCount: told(z.number().int(), 'Endpoints that it holds.', 14),
};
const member = z.object({
  name: told(z.string(), 'Name of somebody in it.', 'Ada Park'),
  role: told(membershipRole, 'What they are in it.', 'maintainer'),
});
export const teamRow = named('Team', z.object({ ...aboutTeam, members: told(z.array(member), 'Who is in it.') }), 'A team.');
export const teamsQuery = z.strictObject({ ...pageQuery, search: searchText('the name or the short name', 'pay') });
export const teamPage = named('TeamPage', pageOf(teamRow), 'Teams, by short name.');
export const teamKey = z.strictObject({ slug: told(slug, 'Short name of the team.', 'payments') });

export const grantInput = named(
  'GrantInput',
  z.strictObject({
    team: told(slug, 'Short name of the team.', 'order-platform'),
    suffix: told(z.string().min(1).max(1024), 'The domain below which it may claim names.', 'dev.example.test'),
    environments: told(z.array(slug).min(1).max(20), 'The environments that those names may belong to.', ['dev']),
    views: told(z.array(view).min(1).default(['public']), 'To whom those names may be answered.', ['public']),
    wildcard: told(z.boolean().default(false), 'Whether it may ask for wildcards, which are reviewed.', false),
    apex: told(z.boolean().default(false), 'Whether it may ask for the domain itself, which is reviewed.', false),
    reason: told(readableText(500).optional(), 'Why it is granted.', 'Order services'),
    expiresAt: told(givenTime.optional(), 'When it ends by itself; names that are live stay.', '2027-06-30T00:00:00Z'),
  }),
  'A grant that is to be made.',
);
export type GrantInput = z.infer<typeof grantInput>;
/** What a grant is to say from now on; its team and suffix stay. What is left out gets its default again. */
export const grantChange = named(
  'GrantChange',
  grantInput.omit({ team: true, suffix: true }).extend({ id }),
  'What a grant is to say from now on.',
);
export type GrantChange = z.infer<typeof grantChange>;
export const grantCheckInput = named(
  'GrantCheckInput',
  grantInput.pick({ team: true, suffix: true, views: true }),
  'A grant that is thought of.',
);
const namesBelow = named(
  'NamesBelow',
  z.object({
    team: told(z.string(), 'Short name of the other team.', 'shop'),
    total: told(z.number().int(), 'How many names it has there.', 12),
    names: told(z.array(z.string()), 'The first few of them.', ['orders.dev.example.test']),
    losing: told(z.number().int(), 'How many of them the team may no longer change, since the most specific suffix counts.', 0),
  }),
  'Names of another team at a suffix or below it.',
);
export const grantCheck = named(
  'GrantCheck',
  z.object({
    outside: told(z.array(view), 'Views in which no connected zone holds the suffix, or a part of it.', []),
    below: told(z.array(namesBelow), 'Other teams whose names stand there.'),
  }),
  'What a grant would mean for others, and where it leads nowhere yet.',
);
export type GrantCheck = z.infer<typeof grantCheck>;
export const grantRow = named(
  'Grant',
  z.object({
    id,
    team: told(z.string(), 'Short name of the team.', 'order-platform'),
    suffix: told(z.string(), 'The domain below which it may claim names.', 'dev.example.test'),
    environments: told(z.array(z.string()), 'The environments that those names may belong to.', ['dev']),
    views: told(z.array(view), 'To whom those names may be answered.', ['public']),
    wildcard: told(z.boolean(), 'Whether it may ask for wildcards.', false),
    apex: told(z.boolean(), 'Whether it may ask for the domain itself.', false),
    reason: told(z.string().nullable(), 'Why it is granted; null where nobody said.', 'Order services'),
    expiresAt: told(timestamp.nullable(), 'When it ends by itself; null where it does not.', '2027-06-30T00:00:00Z'),
    createdAt: told(timestamp, 'When it was made.'),
  }),
  'A team may claim names below a domain.',
);
export const grantsQuery = z.strictObject({
  ...pageQuery,
  team: told(slug.optional(), 'Only those of this team.', 'order-platform'),
  zone: told(id.optional(), 'Only those that reach into this zone.'),
  search: searchText('the domain or the team', 'dev'),
  order: told(sortOrder.default('asc'), 'By suffix.', 'asc'),
});
export const grantPage = named('GrantPage', pageOf(grantRow), 'Grants, by suffix.');

const reservationKind = named(
  'ReservationKind',
  z.enum(reservationKinds),
  'Whether one name is reserved, a label wherever it stands, or everything below a domain.',
);
export const reviewGroup = z.union([z.enum(reviewingRoles), z.templateLiteral(['team:', slug]).check(z.maxLength(68))]);
export const reservationInput = named(
  'ReservationInput',
  z.strictObject({
    kind: told(reservationKind, 'What is reserved.', 'label'),
    value: told(z.string().min(1).max(1024), 'The name, the label or the domain.', 'login'),
    group: told(
      reviewGroup.default('security-reviewer'),
      'Who reviews: a role, or `team:` and the short name of a team.',
      'security-reviewer',
    ),
    reason: told(
      neededText(500, 'The reason is shown to whoever asks for the name.'),
      'Why; shown to whoever asks for the name.',
      'Sign-in pages are what phishing copies.',
    ),
  }),
  'A reservation that is to be made.',
);
export type ReservationInput = z.infer<typeof reservationInput>;
export const reservationRow = named(
  'Reservation',
  z.object({
    id,
    kind: told(reservationKind, 'What is reserved.', 'label'),
    value: told(z.string(), 'The name, the label or the domain.', 'login'),
    group: told(z.string(), 'Who reviews: a role, or `team:` and the short name of a team.', 'security-reviewer'),
    reason: told(z.string(), 'Why; shown to whoever asks for the name.', 'Sign-in pages are what phishing copies.'),
    createdAt: told(timestamp, 'When it was made.'),
  }),
  'Names that need a review.',
);
export const reservationsQuery = z.strictObject({ ...pageQuery, search: searchText('what is reserved or of the reason', 'login') });
export const reservationPage = named('ReservationPage', pageOf(reservationRow), 'Reservations, by what is reserved.');
