// An endpoint as it is answered: its contract, what was observed, and what follows from both.
import { z } from 'zod';
import { dnsFaults } from '../endpoint/judge.ts';
import { conditionReasons, findingCodes } from '../endpoint/reasons.ts';
import { revisionStandings } from '../endpoint/revision-standing.ts';
import { endpointStates } from '../endpoint/state.ts';
import { certificate } from './certificate.ts';
import { completedContract, slug, view } from './endpoint.ts';
import { operation } from './operation.ts';
import { id, pageOf, pageQuery, type SortOrder, sortOrder, timestamp } from './page.ts';
import { fieldChange, plan, recordSet, requestReference, requestState } from './request.ts';

export const conditionTypes = [
  'Admitted',
  'RecordsApplied',
  'RecordsVerified',
  'CertificateIssued',
  'CertificateServed',
  'Reachable',
] as const;
export const condition = z
  .object({
    type: z.enum(conditionTypes),
    status: z.enum(['true', 'false', 'unknown']),
    /** A stable code. */
    reason: z.enum(conditionReasons),
    message: z.string(),
    since: timestamp.nullable(),
    nextAttempt: timestamp.nullable(),
  })
  .meta({ id: 'Condition' });
export type Condition = z.infer<typeof condition>;

/** The chain Name → DNS → TCP → TLS → HTTP: shape and word on every row and page. */
export const chainLinks = ['name', 'dns', 'tcp', 'tls', 'http'] as const;
export const chainLink = z
  .object({
    link: z.enum(chainLinks),
    state: z.enum(['ok', 'wait', 'bad', 'none']),
    message: z.string(),
    detail: z.string().nullable(),
  })
  .meta({ id: 'ChainLink' });
export type ChainLink = z.infer<typeof chainLink>;

export const endpointState = z.enum(endpointStates);

export const endpointRow = z
  .object({
    id,
    hostname: z.string(),
    unicode: z.string(),
    view,
    team: z.string(),
    environment: z.string(),
    zone: z.string(),
    state: endpointState,
    /** The deepest cause of what is not as it should be, or "Live". */
    summary: z.string(),
    chain: z.array(chainLink),
    certificate: z
      .object({ serial: z.string(), notAfter: timestamp, daysLeft: z.number().int(), lifetimeLeft: z.number(), urgency: z.string() })
      .nullable(),
    changedAt: timestamp,
    checkedAt: timestamp.nullable(),
  })
  .meta({ id: 'EndpointRow' });
export type EndpointRow = z.infer<typeof endpointRow>;

export const endpointSort = z.enum(['hostname', 'changed', 'expiry']);
/** The order of each sort where none is asked for: names from a, the last changed first, the first to expire first. */
export const endpointSortOrders = { hostname: 'asc', changed: 'desc', expiry: 'asc' } as const satisfies Record<
  z.infer<typeof endpointSort>,
  SortOrder
>;
export const endpointsQuery = z.strictObject({
  ...pageQuery,
  search: z.string().max(253).optional(),
  team: slug.optional(),
  environment: slug.optional(),
  view: view.optional(),
  zone: z.string().max(253).optional(),
  state: endpointState.optional(),
  /** Only endpoints that need attention: degraded, or on their way and stopped. */
  attention: z.stringbool().or(z.boolean()).optional(),
  /** Only endpoints of the asker's teams. */
  mine: z.stringbool().or(z.boolean()).optional(),
  sort: endpointSort.default('hostname'),
  /** The sort's own where left out. Endpoints without a certificate come last, however the others are sorted by expiry. */
  order: sortOrder.optional(),
});
export const endpointPage = pageOf(endpointRow)
  .extend({ attention: z.number().int(), checkedAt: timestamp.nullable() })
  .meta({ id: 'EndpointPage' });

export const serverAnswer = z
  .object({
    server: z.string(),
    address: z.string(),
    type: z.string(),
    rcode: z.string().nullable(),
    values: z.array(z.string()),
    ttl: z.number().int().nullable(),
    serial: z.number().int().nullable(),
    milliseconds: z.number(),
    /** What is wrong with it, as a stable code; null where it is as expected. */
    fault: z.enum(dnsFaults).nullable(),
    error: z.string().nullable(),
    observedAt: timestamp,
  })
  .meta({ id: 'ServerAnswer' });

export const finding = z
  .object({
    /** A stable code: what alerts and clients are keyed by. */
    code: z.enum(findingCodes),
    layer: z.enum(chainLinks),
    cause: z.string(),
    evidence: z.string(),
    remedy: z.string(),
    since: timestamp.nullable(),
    movesNext: z.string(),
  })
  .meta({ id: 'Finding' });

export const historyEntry = z.object({ at: timestamp, actor: z.string(), action: z.string(), text: z.string() });

export const endpointQuery = z.strictObject({ id });

export const endpointRevision = z
  .object({
    number: z.number().int(),
    contract: completedContract,
    recordSets: z.array(recordSet),
    plan,
    /** What it says otherwise than the one before it that was in the zone; null where none was. */
    contractChanges: z.array(fieldChange).nullable(),
    /** What it was made for. */
    request: requestReference.extend({ state: requestState }),
    /** Whether nothing of that request is wanted any more: Hostmaster made this revision to take it back, and nobody approved it. */
    takesBack: z.boolean(),
    standing: z.enum(revisionStandings),
    approvedAt: timestamp,
  })
  .meta({ id: 'EndpointRevision' });
export const endpointRevisions = z.object({ rows: z.array(endpointRevision) });

export const endpointDetail = endpointRow
  .extend({
    contract: completedContract,
    revision: z.number().int(),
    /** The request that the revision takes back; null for one that was approved. */
    takesBack: requestReference.nullable(),
    liveSince: timestamp.nullable(),
    conditions: z.array(condition),
    findings: z.array(finding),
    recordSets: z.array(recordSet),
    answers: z.array(serverAnswer),
    certificates: z.array(certificate),
    operation: operation.nullable(),
    history: z.array(historyEntry),
    /** Until then a name that was let go is held back for the team that had it; null where it is not, or no more. */
    heldBackUntil: timestamp.nullable(),
    /** Request that is open for this name now, if any. */
    openRequestId: id.nullable(),
    /** `restore`: ask again for a name that is retired. */
    permissions: z.object({ change: z.boolean(), retire: z.boolean(), restore: z.boolean(), recheck: z.boolean() }),
  })
  .meta({ id: 'Endpoint' });
export type EndpointDetail = z.infer<typeof endpointDetail>;
