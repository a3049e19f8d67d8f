// The asker: who they are, what waits for them, their tokens.
import { z } from 'zod';
import { membershipRoles, organisationRoles, scopes } from '../policy/roles.ts';
import { clusterChoice } from './cluster.ts';
import { slug, tlsSource } from './endpoint.ts';
import { environmentChoice } from './environment.ts';
import { id, timestamp } from './page.ts';
import { readableName } from './readable.ts';

export const organisationRole = z.enum(organisationRoles);
export const scope = z.enum(scopes);

export const me = z
  .object({
    kind: z.enum(['person', 'service']),
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    teams: z.array(z.object({ id, slug: z.string(), name: z.string(), role: z.enum(membershipRoles) })),
    roles: z.array(organisationRole),
    scopes: z.array(scope).nullable(),
    environments: z.array(environmentChoice),
    clusters: z.array(clusterChoice),
    /** Sources of certificates that an issuer is connected for. */
    sources: z.array(tlsSource),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof me>;

const count = z.number().int().nullable();

export const home = z
  .object({
    /** Things that wait for the asker, most urgent first. */
    needsMe: z.array(
      z.object({
        kind: z.enum(['worker', 'lane', 'review', 'request', 'endpoint', 'certificate', 'zone']),
        /** Of the thing that its kind says; of a certificate, the serial; of workers, `none` or the one that was seen last; of a lane, its name. */
        id: z.string(),
        title: z.string(),
        text: z.string(),
        /** Null where it never was otherwise. */
        since: timestamp.nullable(),
      }),
    ),
    /** Of the asker's teams; of the whole organisation for those with a role in it. Null where a token lacks the scope to read what is counted. */
    counts: z.object({
      endpoints: count,
      attention: count,
      reviews: count,
      openRequests: count,
      /** In use, with less than 14 days left. */
      endingCertificates: count,
      /** Zones that could not be read the last time; of the whole organisation always. */
      failingZones: count,
    }),
    checkedAt: timestamp.nullable(),
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

export const tokenInput = z.strictObject({
  name: readableName(100),
  scopes: z.array(scope).min(1),
  teams: z.array(slug).max(20).default([]),
  /** Days until it expires. */
  days: z.number().int().min(1).max(366).default(90),
});
export type TokenInput = z.infer<typeof tokenInput>;
export const tokenRow = z
  .object({
    id,
    name: z.string(),
    scopes: z.array(scope),
    teams: z.array(z.string()),
    createdAt: timestamp,
    expiresAt: timestamp,
    lastUsedAt: timestamp.nullable(),
    revokedAt: timestamp.nullable(),
  })
  .meta({ id: 'Token' });
export const tokenList = z.object({ rows: z.array(tokenRow) });
/** The only answer that ever holds the token itself. */
export const createdToken = tokenRow.extend({ token: z.string() }).meta({ id: 'CreatedToken' });
