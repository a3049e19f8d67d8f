// Who may claim what: teams, grants, reservations.
import { z } from 'zod';
import { reservationKinds } from '../policy/ground.ts';
import { reviewingRoles } from '../policy/review-group.ts';
import { membershipRoles } from '../policy/roles.ts';
import { slug, view } from './endpoint.ts';
import { givenTime, id, pageOf, pageQuery, sortOrder, timestamp } from './page.ts';
import { neededText, readableName, readableText } from './readable.ts';

export const teamInput = z.strictObject({ slug, name: readableName(100) });
export const teamRow = z
  .object({
    id,
    slug: z.string(),
    name: z.string(),
    members: z.array(z.object({ name: z.string(), role: z.enum(membershipRoles) })),
    grantCount: z.number().int(),
    endpointCount: z.number().int(),
  })
  .meta({ id: 'Team' });
export const teamList = z.object({ rows: z.array(teamRow) });

export const grantInput = z.strictObject({
  team: slug,
  suffix: z.string().min(1).max(1024),
  environments: z.array(slug).min(1).max(20),
  views: z.array(view).min(1).default(['public']),
  wildcard: z.boolean().default(false),
  apex: z.boolean().default(false),
  reason: readableText(500).optional(),
  expiresAt: givenTime.optional(),
});
export type GrantInput = z.infer<typeof grantInput>;
/** What a grant is to say from now on; its team and suffix stay. What is left out gets its default again. */
export const grantChange = grantInput.omit({ team: true, suffix: true }).extend({ id });
export type GrantChange = z.infer<typeof grantChange>;
export const grantCheckInput = grantInput.pick({ team: true, suffix: true, views: true });
/** What a grant would mean for others, and where it leads nowhere yet. */
export const grantCheck = z
  .object({
    /** Views in which no connected zone holds the suffix, or a part of it. */
    outside: z.array(view),
    /** Other teams whose names stand at the suffix or below it: how many, and the first few. */
    below: z.array(
      z.object({
        team: z.string(),
        total: z.number().int(),
        names: z.array(z.string()),
        /** How many of them the team may no longer change, since the most specific suffix counts. */
        losing: z.number().int(),
      }),
    ),
  })
  .meta({ id: 'GrantCheck' });
export type GrantCheck = z.infer<typeof grantCheck>;
export const grantRow = z
  .object({
    id,
    team: z.string(),
    suffix: z.string(),
    environments: z.array(z.string()),
    views: z.array(view),
    wildcard: z.boolean(),
    apex: z.boolean(),
    reason: z.string().nullable(),
    expiresAt: timestamp.nullable(),
    createdAt: timestamp,
  })
  .meta({ id: 'Grant' });
export const grantsQuery = z.strictObject({
  ...pageQuery,
  team: slug.optional(),
  search: z.string().max(253).optional(),
  /** By suffix. */
  order: sortOrder.default('asc'),
});
export const grantPage = pageOf(grantRow).meta({ id: 'GrantPage' });

export const reviewGroup = z.union([z.enum(reviewingRoles), z.templateLiteral(['team:', slug]).check(z.maxLength(68))]);
export const reservationInput = z.strictObject({
  kind: z.enum(reservationKinds),
  value: z.string().min(1).max(1024),
  group: reviewGroup.default('security-reviewer'),
  reason: neededText(500, 'The reason is shown to whoever asks for the name.'),
});
export type ReservationInput = z.infer<typeof reservationInput>;
export const reservationRow = z
  .object({
    id,
    kind: z.enum(reservationKinds),
    value: z.string(),
    group: z.string(),
    reason: z.string(),
    createdAt: timestamp,
  })
  .meta({ id: 'Reservation' });
export const reservationList = z.object({ rows: z.array(reservationRow) });
