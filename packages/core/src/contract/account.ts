// The asker: who they are, what waits for them, their tokens.
import { z } from 'zod';
import { organisationRoles, scopes } from '../policy/roles.ts';
import { clusterChoice } from './cluster.ts';
import { slug, tlsSource } from './endpoint.ts';
import { environmentChoice } from './environment.ts';
import { membershipRole } from './membership.ts';
import { id, pageOf, timestamp } from './page.ts';
import { readableName } from './readable.ts';
import { named, told } from './told.ts';

export const organisationRole = named('OrganisationRole', z.enum(organisationRoles), 'What somebody may do in the whole organisation.');
export const scope = named('Scope', z.enum(scopes), 'What a token may do.');

const ownTeam = z.object({
  id,
  slug: told(z.string(), 'Short name of the team.', 'order-platform'),
  name: told(z.string(), 'Its name for people.', 'Order platform'),
  role: told(membershipRole, 'What the asker is in it.', 'maintainer'),
});

export const me = named(
  'Me',
  z.object({
    kind: told(z.enum(['person', 'service']), 'A person with a session, or a program with a token.', 'service'),
    id: told(z.string(), 'Identifier of the person or of the token.', '01890a5d-ac96-774b-bcce-b302099a8057'),
    name: told(z.string(), 'Name of the person; of a token with its owner.', 'Ada Park (token deploy pipeline)'),
    email: told(z.string().nullable(), 'E-mail address of a person; null for a token.', 'ada@example.test'),
    teams: told(z.array(ownTeam), 'The teams that the asker acts for.'),
    roles: told(z.array(organisationRole), 'What they may do in the whole organisation.', []),
    scopes: told(z.array(scope).nullable(), 'What the token may do; null for a session.', ['requests:read', 'requests:write']),
    environments: told(z.array(environmentChoice), 'The environments that there are to choose from.'),
    clusters: told(z.array(clusterChoice), 'The clusters that there are to choose from.'),
    sources: told(z.array(tlsSource), 'Sources of certificates that an issuer is connected for, or that need none.', ['internal-ca']),
    tlsProofs: told(z.boolean(), 'Whether an edge shows proofs of control in TLS handshakes (tls-alpn-01).', true),
  }),
  'Who asks, and what they may.',
);
export type Me = z.infer<typeof me>;

const count = z.number().int().nullable();

export const home = z
  .object({
    /** Things that wait for the asker, most urgent first. */
    needsMe: z.array(
      z.object({
        kind: z.enum(['worker', 'lane', 'review', 'request', 'endpoint', 'certificate', 'zone', 'issuer', 'campaign', 'discovered']),
        /** Of the thing that its kind says; of a certificate, the serial; of workers, `none` or the one that was seen last; of a lane, its name; of what was found, the verdict. */
        id: z.string(),
        title: z.string(),
        text: z.string(),
        /** Null where it never was otherwise. */
        since: timestamp.nullable(),
        /** Of an endpoint how many names the same cause holds up, itself among them; left out of other kinds. */
        names: z.number().int().optional(),
      }),
    ),
    /** Whether there may be more than is told: of each kind so many are. */
    moreNeeds: z.boolean(),
    /** Of the asker's teams; of the whole organisation for those with a role in it. Null where a token lacks the scope to read what is counted. */
    counts: z.object({
      endpoints: count,
      attention: count,
      /** Worked on, or waiting for it: what is broken meanwhile is not counted as broken yet. */
      underWay: count,
      /** Live, and not looked at lately. */
      unseen: count,
      reviews: count,
      openRequests: count,
      /** In use, with less than 14 days left, or the same share of a life under 90. */
      endingCertificates: count,
      /** Zones that could not be read the last time; of the whole organisation always. */
      failingZones: count,
    }),
    checkedAt: timestamp.nullable(),
    /** What the first name needs, of the whole organisation: a zone, and a grant that counts. Null where a token lacks the scope to read them. */
    there: z.object({ zones: z.boolean().nullable(), grants: z.boolean().nullable() }),
  })
  .meta({ id: 'Home' });

export const searchQuery = z.strictObject({ text: z.string().trim().min(1).max(253) });
export const searchResult = z.object({
  hits: z.array(
    z.object({
      kind: z.enum(['endpoint', 'request', 'certificate', 'zone', 'team']),
      /** Of a certificate, the serial; of a team, the slug. */
      id: z.string(),
      title: z.string(),
      text: z.string(),
    }),
  ),
});

const heldScopes = told(z.array(scope), 'What it may do.', ['requests:read', 'requests:write']);

export const tokenInput = named(
  'TokenInput',
  z.strictObject({
    name: told(readableName(100), 'What it is for.', 'deploy pipeline'),
    scopes: told(z.array(scope).min(1), 'What it may do: no more than its maker.', ['requests:read', 'requests:write']),
    teams: told(z.array(slug).max(20).default([]), 'The teams that it acts for, of those of its maker.', ['order-platform']),
    days: told(z.number().int().min(1).max(366).default(90), 'Days until it expires.', 90),
  }),
  'A token that is to be made.',
);
export type TokenInput = z.infer<typeof tokenInput>;
export const tokenRow = named(
  'Token',
  z.object({
    id,
    name: told(z.string(), 'What it is for.', 'deploy pipeline'),
    scopes: heldScopes,
    teams: told(z.array(z.string()), 'The teams that it acts for.', ['order-platform']),
    createdAt: told(timestamp, 'When it was made.'),
    expiresAt: told(timestamp, 'When it ends by itself.', '2027-02-18T14:02:31Z'),
    lastUsedAt: told(timestamp.nullable(), 'When it was last used, to the minute; null where it never was.'),
    revokedAt: told(timestamp.nullable(), 'When it was ended before its time; null where it was not.'),
  }),
  'A token as it is told of: what it is, and not the token itself.',
);
export const tokenPage = named('TokenPage', pageOf(tokenRow), 'Your tokens, the newest first.');
/** The only answer that ever holds the token itself. */
export const createdToken = named(
  'CreatedToken',
  tokenRow.extend({ token: told(z.string(), 'The token itself; no other answer ever holds it.', 'hm_EXAMPLE-not-a-token') }),
  'A token that was just made.',
);
