// What the policy stands on, as rows: one query for each part of the ground, all of those that are wanted sent as one
// statement, so that a decision costs one round trip and sees one moment. Each takes only the rows that concern the names
// of one request, along an index; none grows with the number of grants, zones or endpoints.
import { parseRange } from '@hostmaster/core/address/address';
import { parsePorts } from '@hostmaster/core/address/port';
import { tlsSource, view } from '@hostmaster/core/contract/endpoint';
import { reviewGroup } from '@hostmaster/core/contract/governance';
import { storedContract } from '@hostmaster/core/contract/stored-contract';
import { targetTypes } from '@hostmaster/core/dns/desired';
import { storedHostname } from '@hostmaster/core/hostname/parse-hostname';
import { silentSeconds } from '@hostmaster/core/operation/workforce';
import { sourcesBrought, sourcesMadeHere } from '@hostmaster/core/pki/source-traits';
import {
  type EndpointGround,
  emptyGround,
  type Ground,
  type GroundPart,
  type RecordSetGround,
  reservationKinds,
  type ZoneGround,
} from '@hostmaster/core/policy/ground';
import { requestKinds } from '@hostmaster/core/request/kind';
import { z } from 'zod';
import type { Reader } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';
import { standingOver } from './standing-certificate.ts';
import { countingSql, openSql, unretiredSql } from './state-lists.ts';
import { targetPathSql } from './target-path.ts';
import { ofDatabase } from './zone-record-set.ts';

/** By what the rows are found. */
export type GroundKeys = {
  readonly view: string;
  /** Slug. */
  readonly team: string;
  /** The names of the request; the first is the hostname, where that is well-formed. */
  readonly names: readonly string[];
  /** Every suffix that can cover one of them. */
  readonly suffixes: readonly string[];
  /** Every wildcard that could answer for one of them. */
  readonly wildcards: readonly string[];
  /** What the names read like. */
  readonly skeletons: readonly string[];
  /** The name that the target gives, or the slug of the cluster that it names; both null for addresses. */
  readonly target: string | null;
  readonly cluster: string | null;
  /** Fingerprint of the public key of the CSR; null where there is none. */
  readonly csrKey: string | null;
  /** The request that is decided again: neither it nor the endpoint that it made speaks against itself. */
  readonly requestId: string | null;
  readonly endpointId: string | null;
  readonly now: Date;
};

const hostname = z.string().transform(storedHostname);
const slugRow = z.object({ slug: z.string() }).transform(({ slug }) => slug);
const time = z.string().transform((text) => new Date(text));

const zone = z.object({
  id: z.string(),
  apex: hostname,
  view,
  environments: z.array(z.string()),
  ttlBounds: z.object({ min: z.number(), max: z.number() }),
  ownerTeam: z.string(),
  read: z.boolean(),
  givenUp: z.boolean(),
  reviewFirstExposure: z.boolean(),
  allowedRanges: z.array(z.string()).transform((texts) => texts.flatMap((text) => parseRange(text) ?? [])),
  provider: z.string(),
  servedPort: z.number(),
  allowedPorts: z.array(z.string()).transform((texts) => texts.flatMap((text) => parsePorts(text) ?? [])),
  servers: z.array(z.object({ name: z.string(), address: z.string(), port: z.number() })),
}) satisfies z.ZodType<ZoneGround>;
const endpoint = z.object({
  id: z.string(),
  hostname,
  name: hostname,
  view,
  zone: z.string().nullable(),
  certificateOnly: z.boolean(),
  team: z.string(),
  letGo: z.boolean(),
  givenBack: z.boolean(),
  heldBackUntil: time.nullable(),
  teamId: z.string(),
  state: z.string(),
  revision: z.number(),
}) satisfies z.ZodType<EndpointGround>;
const recordSet = z.object({
  name: hostname,
  type: z.string(),
  ttl: z.number(),
  values: z.array(z.string()),
  zone: z.string(),
  foreign: z.array(z.string()),
}) satisfies z.ZodType<RecordSetGround>;

const ground = z
  .object({
    zones: z.array(zone),
    grants: z.array(
      z.object({
        id: z.string(),
        team: z.string(),
        suffix: hostname,
        environments: z.array(z.string()),
        views: z.array(view),
        allowWildcard: z.boolean(),
        allowSuffixItself: z.boolean(),
        expiresAt: time.nullable(),
      }),
    ),
    reservations: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(reservationKinds),
        value: z.string(),
        skeleton: z.string(),
        group: reviewGroup,
        reason: z.string(),
      }),
    ),
    endpoints: z.array(endpoint),
    openRequests: z.array(
      z.object({
        id: z.string(),
        number: z.number(),
        kind: z.enum(requestKinds),
        hostname,
        names: z.array(hostname),
        view,
        team: z.string(),
      }),
    ),
    recordSets: z.array(recordSet),
    standingCertificates: z.array(
      z.object({ name: hostname, team: z.string(), hostname, endpoint: z.string(), until: time, refused: z.boolean() }),
    ),
    lookalikes: z.array(z.object({ hostname, skeleton: z.string(), team: z.string() })),
    namesBelow: z.array(z.object({ wildcard: hostname, team: z.string(), count: z.number(), names: z.array(z.string()) })),
    hostsBelow: z.array(z.object({ wildcard: hostname, count: z.number(), names: z.array(z.string()) })),
    exposedZones: z.array(z.object({ id: z.string() }).transform(({ id }) => id)),
    cluster: z
      .array(
        z.object({
          name: z.string(),
          hostname,
          environment: z.string(),
          takesPublicTraffic: z.boolean(),
          certificateLimit: z.number().nullable(),
          destination: z.string().nullable(),
          certificates: z.number(),
          holdsOwn: z.boolean(),
        }),
      )
      .transform(([found]) => found ?? null),
    targetPath: z.array(z.object({ names: z.array(z.string()), stands: z.boolean() })).transform(([found]) => found ?? null),
    teams: z.array(slugRow),
    environments: z.array(slugRow),
    connectedSources: z.array(z.object({ source: tlsSource }).transform(({ source }) => source)),
    signingSources: z.array(z.object({ source: tlsSource }).transform(({ source }) => source)),
    tlsProofs: z.array(z.object({ shown: z.boolean() })).transform(([found]) => found?.shown ?? false),
    compromisedKey: z.array(z.object({ serial: z.string(), since: time })).transform(([found]) => found ?? null),
    exceptions: z.array(z.object({ id: z.string(), rule: z.string(), hostname, reason: z.string(), until: time, by: z.string() })),
    inForce: z.array(z.object({ revision: z.number(), contract: storedContract })).transform(([found]) => found ?? null),
    approvals: z.array(
      z.object({
        number: z.number(),
        rule: z.string(),
        group: z.string(),
        reason: z.string(),
        by: z.string(),
        contract: storedContract,
      }),
    ),
  })
  .partial() satisfies z.ZodType<Partial<Ground>>;

/** The ground with what a plan needs to know besides of zones, endpoints and record sets. */
export type LoadedGround = Omit<Ground, 'zones' | 'endpoints' | 'recordSets'> & {
  readonly zones: readonly z.output<typeof zone>[];
  readonly endpoints: readonly z.output<typeof endpoint>[];
  readonly recordSets: readonly z.output<typeof recordSet>[];
};

const unloaded: LoadedGround = { ...emptyGround, zones: [], endpoints: [], recordSets: [] };

/** Loads those parts of the ground; the others are left empty. */
export async function loadGround(db: Reader, parts: Iterable<GroundPart>, keys: GroundKeys): Promise<LoadedGround> {
  const columns = [...new Set(parts)].map(
    (part) => Prisma.sql`coalesce((SELECT json_agg(r) FROM (${rows[part](keys)}) r), '[]') AS ${Prisma.raw(`"${part}"`)}`,
  );
  const [row] = await db.$queryRaw<unknown[]>`SELECT ${Prisma.join(columns)}`;
  return { ...unloaded, ...ground.parse(row) };
}

const nothingAsked: GroundKeys = {
  ...{ view: 'public', team: '', names: [], suffixes: [], wildcards: [], skeletons: [], target: null, cluster: null, csrKey: null },
  ...{ requestId: null, endpointId: null, now: new Date(0) },
};

type Means = Pick<LoadedGround, 'connectedSources' | 'tlsProofs'>;

/** The sources of certificates that an issuer is connected for, and whether an edge shows proofs, as the policy sees them. */
export const certificateMeans = (db: Reader): Promise<Means> => loadGround(db, ['connectedSources', 'tlsProofs'], nothingAsked);

const labelsOf = (names: readonly string[]): string[] => names.flatMap((name) => name.split('.'));
const tailsOf = (names: readonly string[]): string[] =>
  names.flatMap((name) => name.split('.').map((_, at, labels) => labels.slice(at).join('.')));
const distinct = (texts: readonly string[]): Prisma.Sql => Prisma.sql`${[...new Set(texts)]}::text[]`;
const wildcardsAmong = (names: readonly string[]): Prisma.Sql => distinct(names.filter((name) => name.startsWith('*.')));
const anyOf = (texts: readonly string[]): Prisma.Sql => Prisma.sql`ANY(${distinct(texts)})`;

/** Names below a wildcard that are told of each team; the others are counted. */
const mostBelow = 3;

/** Approvals that are loaded at most: an older one was of a name that is not as it was any more. */
const mostApprovals = 50;

/** Standing certificates that are loaded at most: one is enough to wait for. */
const mostStanding = 50;

/** Lookalikes that are loaded at most: one of another team is enough to speak of. */
const mostLookalikes = 50;

const rows: { readonly [P in GroundPart]: (keys: GroundKeys) => Prisma.Sql } = {
  teams: ({ team }) => Prisma.sql`SELECT slug FROM team WHERE slug = ${team}`,

  environments: () => Prisma.sql`SELECT slug FROM environment ORDER BY rank, slug`,

  zones: ({ suffixes }) => Prisma.sql`
    SELECT z.id, z.apex, z.view, z.environments, json_build_object('min', z.ttl_min, 'max', z.ttl_max) AS "ttlBounds", t.slug AS "ownerTeam",
           z.synced_at IS NOT NULL AS read, z.given_up_at IS NOT NULL AS "givenUp",
           z.review_first_exposure AS "reviewFirstExposure", z.allowed_ranges AS "allowedRanges", z.provider, z.served_port AS "servedPort", z.allowed_ports AS "allowedPorts", z.servers
      FROM zone z JOIN team t ON t.id = z.owner_team_id
     WHERE z.apex = ${anyOf(suffixes)}`,

  grants: ({ suffixes }) => Prisma.sql`
    SELECT g.id, t.slug AS team, g.suffix, g.environments, g.views, g.wildcard AS "allowWildcard", g.apex AS "allowSuffixItself",
           g.expires_at AS "expiresAt"
      FROM "grant" g JOIN team t ON t.id = g.team_id
     WHERE g.suffix = ${anyOf(suffixes)} AND g.revoked_at IS NULL
     ORDER BY g.created_at, g.id`,

  // Joined key by key: an OR of two lists reads the whole table, and compares each row with each key.
  reservations: ({ names, suffixes, skeletons }) => Prisma.sql`
    SELECT r.id, r.kind, r.value, r.skeleton, r."group", r.reason
      FROM reservation r
     WHERE r.id IN (SELECT held.id FROM unnest(${distinct([...names, ...suffixes, ...labelsOf(names)])}) key JOIN reservation held ON held.value = key
                    UNION ALL
                    SELECT held.id FROM unnest(${distinct([...tailsOf(skeletons), ...labelsOf(skeletons)])}) key JOIN reservation held ON held.skeleton = key)
     ORDER BY array_position(${[...reservationKinds]}::text[], r.kind::text), r.value`,

  // Of the revisions that somebody wants, the newest says whether the name should be there (reconcile/give-back.ts).
  endpoints: ({ names, wildcards, endpointId }) => Prisma.sql`
    SELECT e.id, e.hostname, n.name, e.view, e.zone_id AS zone, e.certificate_only AS "certificateOnly", t.slug AS team, h.hostname IS NULL OR h.held_back_until IS NOT NULL AS "letGo",
           e.state IN ${unretiredSql} AND coalesce((
             SELECT q.state = 'applied' AND q.kind = 'retire' FROM endpoint_revision r JOIN request q ON q.id = r.request_id
              WHERE r.endpoint_id = e.id AND r.number <= e.revision AND q.state IN ${countingSql}
              ORDER BY r.number DESC LIMIT 1), true) AS "givenBack",
           h.held_back_until AS "heldBackUntil", e.team_id AS "teamId", e.state, e.revision
      FROM (SELECT id, hostname AS name FROM endpoint WHERE hostname = ${anyOf(names)}
            UNION SELECT endpoint_id, hostname FROM held_name WHERE hostname = ${anyOf([...names, ...wildcards])}) n
      JOIN endpoint e ON e.id = n.id
      LEFT JOIN held_name h ON h.endpoint_id = n.id AND h.hostname = n.name
      JOIN team t ON t.id = coalesce(h.team_id, e.team_id)
     WHERE ${isNot(endpointId)}
     ORDER BY e.created_at, e.id, n.name`,

  // Of several that were made in one moment, none of which saw another, the first counts against the others and they not against it.
  openRequests: ({ names, requestId }) => Prisma.sql`
    SELECT q.id, q.number, q.kind, q.hostname, q.view, t.slug AS team,
           array_prepend(q.hostname, ARRAY(SELECT jsonb_array_elements_text(q.contract -> 'tls' -> 'extraNames'))) AS names
      FROM request q JOIN team t ON t.id = q.team_id
     WHERE q.state IN ${openSql}
       AND (${requestId}::uuid IS NULL OR q.number < (SELECT number FROM request WHERE id = ${requestId}::uuid))
       AND (q.hostname = ${anyOf(names)} OR q.contract -> 'tls' -> 'extraNames' ?| ${distinct(names)})`,

  // What a revision of the endpoint wanted since one last wanted no record, and was applied, is its own, also where a later one wants it gone.
  recordSets: ({ names, suffixes, wildcards }) => Prisma.sql`
    SELECT s.name, s.type, s.ttl, s.values, s.zone_id AS zone, ARRAY(
             SELECT value FROM unnest(s.values) value WHERE NOT EXISTS (
               SELECT 1 FROM endpoint e JOIN endpoint_revision r ON r.endpoint_id = e.id
                WHERE e.hostname = s.name ${ofDatabase} AND e.view = z.view AND e.state IN ${unretiredSql}
                  AND r.number > coalesce((SELECT max(gone.number) FROM endpoint_revision gone
                                            WHERE gone.endpoint_id = e.id AND gone.record_sets = '[]' AND gone.applied_at IS NOT NULL
                                              AND (gone.number < e.revision OR e.certificate_only)), 0)
                  AND r.record_sets @> jsonb_build_array(jsonb_build_object('name', s.name, 'type', s.type, 'values', jsonb_build_array(value)))
             )) AS "foreign"
      FROM zone_record_set s JOIN zone z ON z.id = s.zone_id
     WHERE z.apex = ${anyOf(suffixes)} AND s.name = ${anyOf([...names, ...suffixes, ...wildcards])}
     ORDER BY s.name, s.type`,

  standingCertificates: ({ names, team, now }) => Prisma.sql`
    SELECT s.name, t.slug AS team, e.hostname, e.id AS endpoint, s.not_after AS until, s.refused
      FROM (${standingOver(names, now)}) s JOIN team t ON t.id = s.team_id JOIN endpoint e ON e.id = s.endpoint_id
     WHERE t.slug <> ${team}
     ORDER BY s.refused, s.not_after DESC, s.id LIMIT ${mostStanding}`,

  lookalikes: ({ names, skeletons, team }) => Prisma.sql`
    SELECT h.hostname, h.skeleton, t.slug AS team
      FROM held_name h JOIN team t ON t.id = h.team_id
     WHERE h.skeleton = ${anyOf(skeletons)} AND NOT h.hostname = ${anyOf(names)} AND h.held_back_until IS NULL
     ORDER BY t.slug = ${team}, h.hostname LIMIT ${mostLookalikes}`,

  // A wildcard is asked for rarely; these two read every held name then, and every name of its zones.
  namesBelow: ({ names, team }) => Prisma.sql`
    SELECT w.name AS wildcard, t.slug AS team, count(DISTINCT h.hostname)::int AS count,
           (array_agg(DISTINCT h.hostname))[1:${mostBelow}::int] AS names
      FROM unnest(${wildcardsAmong(names)}) w(name)
      JOIN held_name h ON right(h.hostname, length(w.name) - 1) = substr(w.name, 2)
      JOIN team t ON t.id = h.team_id
     WHERE NOT h.hostname = ${anyOf(names)} AND h.held_back_until IS NULL AND t.slug <> ${team}
     GROUP BY w.name, t.slug ORDER BY w.name, t.slug`,

  hostsBelow: ({ names, suffixes }) => Prisma.sql`
    SELECT w.name AS wildcard, count(DISTINCT s.name)::int AS count, (array_agg(DISTINCT s.name))[1:${mostBelow}::int] AS names
      FROM unnest(${wildcardsAmong(names)}) w(name)
      JOIN zone z ON z.apex = ${anyOf(suffixes)} AND z.given_up_at IS NULL
      JOIN zone_record_set s ON s.zone_id = z.id AND right(s.name, length(w.name) - 1) = substr(w.name, 2)
                            AND s.type = ANY(${[...targetTypes]}::text[]) AND split_part(s.name, '.', 1) || substr(w.name, 2) = s.name
     WHERE s.name NOT LIKE '*.%'
       AND NOT EXISTS (SELECT 1 FROM endpoint e WHERE e.hostname = s.name ${ofDatabase} AND e.view = z.view AND e.state IN ${unretiredSql})
     GROUP BY w.name ORDER BY w.name`,

  exposedZones: ({ suffixes, team, endpointId }) => Prisma.sql`
    SELECT z.id
      FROM zone z
     WHERE z.apex = ${anyOf(suffixes)} AND z.review_first_exposure AND EXISTS (
             SELECT 1 FROM held_name h JOIN endpoint e ON e.id = h.endpoint_id JOIN team t ON t.id = h.team_id
              WHERE t.slug = ${team} AND e.view = 'public' AND h.held_back_until IS NULL AND ${isNot(endpointId)} AND ${standsIn('z')}
                AND NOT EXISTS (SELECT 1 FROM zone inner_zone WHERE inner_zone.view = z.view AND length(inner_zone.apex) > length(z.apex)
                                   AND ${standsIn('inner_zone')}))`,

  // Two more fields of the stored contract are read here, past core/contract/stored-contract.ts, which says so.
  cluster: ({ cluster, names: [first = null], view: of }) => Prisma.sql`
    SELECT c.slug AS name, c.hostname, c.environment, c.public AS "takesPublicTraffic", c.certificate_limit AS "certificateLimit",
           (SELECT d.slug FROM destination d WHERE d.id = c.destination_id) AS destination,
           count(e.id) FILTER (WHERE NOT (e.hostname = ${first} AND e.view::text = ${of})) AS certificates,
           coalesce(bool_or(e.hostname = ${first} AND e.view::text = ${of}), false) AS "holdsOwn"
      FROM cluster c
      LEFT JOIN endpoint_revision r ON r.contract -> 'target' ? 'cluster' AND r.contract -> 'target' ->> 'cluster' = c.slug
                                   AND r.contract -> 'tls' ->> 'termination' <> 'none'
      LEFT JOIN endpoint e ON e.id = r.endpoint_id AND e.revision = r.number AND e.state IN ${unretiredSql}
     WHERE c.slug = ${cluster}
     GROUP BY c.slug`,

  targetPath: (keys) => targetPathSql(keys, isNot(keys.endpointId)),

  // What is made here is part of every installation, before any of it is made, and what is brought needs nobody; another kind is connected where one of it signs leaves and is not stopped.
  connectedSources: () => Prisma.sql`
    SELECT s.source FROM unnest(${distinct(tlsSource.options)}) WITH ORDINALITY AS s(source, position)
     WHERE s.source = ANY(${[...sourcesMadeHere, ...sourcesBrought]}::text[]) OR EXISTS (SELECT 1 FROM issuer i WHERE i.kind = s.source AND i.profile IS NOT NULL AND i.stopped_at IS NULL)
     ORDER BY s.position`,

  signingSources: ({ names }) => Prisma.sql`
    SELECT s.source FROM unnest(${distinct(tlsSource.options)}) WITH ORDINALITY AS s(source, position)
     WHERE s.source = ANY(${[...sourcesMadeHere, ...sourcesBrought]}::text[])
        OR EXISTS (SELECT 1 FROM issuer i WHERE i.kind = s.source AND i.profile IS NOT NULL AND i.stopped_at IS NULL
                     AND NOT EXISTS (SELECT 1 FROM unnest(${distinct(names)}) n
                                      WHERE NOT EXISTS (SELECT 1 FROM unnest(i.permitted_suffixes) p WHERE n = p OR right(n, length(p) + 1) = '.' || p)))
     ORDER BY s.position`,

  // Of those that were seen with the one that was seen last: while none lives, what they had counts, since it is there again with them.
  tlsProofs: () => Prisma.sql`
    SELECT coalesce(bool_and(w.tls_proofs), false) AS shown FROM worker_heartbeat w
     WHERE w.last_seen_at > (SELECT max(last_seen_at) FROM worker_heartbeat) - make_interval(secs => ${silentSeconds})`,

  compromisedKey: ({ csrKey }) => Prisma.sql`
    SELECT c.serial, r.asked_at AS since
      FROM revocation_request r JOIN certificate c ON c.id = r.certificate_id
     WHERE r.compromised_key = ${csrKey}
     ORDER BY r.asked_at, r.id LIMIT 1`,

  exceptions: ({ names, now }) => Prisma.sql`
    SELECT x.id, x.rule, x.hostname, x.reason, x.until, x.by FROM policy_exception x
     WHERE x.hostname = ${anyOf(names)} AND x.until > ${now}::timestamptz`,

  // The last that was read back; where that was a retirement, the name was gone with it.
  inForce: ({ names: [first = null], view: of, endpointId }) => Prisma.sql`
    SELECT r.number AS revision, r.contract
      FROM endpoint e
      JOIN LATERAL (SELECT number, contract, retires FROM endpoint_revision
                     WHERE endpoint_id = e.id AND applied_at IS NOT NULL ORDER BY number DESC LIMIT 1) r ON NOT r.retires
     WHERE e.hostname = ${first} AND e.view::text = ${of} AND e.state IN ${unretiredSql} AND ${isNot(endpointId)}`,

  approvals: ({ names: [first = null], view: of, requestId }) => Prisma.sql`
    SELECT q.number, asked ->> 'rule' AS rule, asked ->> 'group' AS "group", asked ->> 'reason' AS reason, w.name AS by, q.contract
      FROM endpoint e
      JOIN request q ON q.hostname = e.hostname AND q.view = e.view AND q.team_id = e.team_id AND q.state = 'applied'
      JOIN review w ON w.request_id = q.id AND w.decision = 'approve' AND w.plan_hash = q.plan_hash
     CROSS JOIN LATERAL jsonb_array_elements(q.decision -> 'reviews') asked
     WHERE e.hostname = ${first} AND e.view::text = ${of} AND e.state IN ${unretiredSql} AND asked ->> 'group' = w."group"
       AND q.id IS DISTINCT FROM ${requestId}::uuid
       AND q.number > coalesce((SELECT max(gone.number) FROM request gone
                                 WHERE gone.hostname = e.hostname AND gone.view = e.view AND gone.kind = 'retire' AND gone.state = 'applied'), 0)
     ORDER BY q.number DESC LIMIT ${mostApprovals}`,
};

const standsIn = (zone: 'z' | 'inner_zone'): Prisma.Sql =>
  Prisma.raw(`(h.hostname = ${zone}.apex OR h.hostname LIKE '%.' || ${zone}.apex)`);

/** The endpoint that a request made is not held against that request. */
const isNot = (endpointId: string | null): Prisma.Sql => Prisma.sql`e.id IS DISTINCT FROM ${endpointId}::uuid`;
