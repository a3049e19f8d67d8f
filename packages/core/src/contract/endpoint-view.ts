// An endpoint as it is answered: its contract, what was observed, and what follows from both.
import { z } from 'zod';
import { dnsFaults } from '../endpoint/judge.ts';
import { conditionReasons, findingCodes } from '../endpoint/reasons.ts';
import { revisionStandings } from '../endpoint/revision-standing.ts';
import { endpointStates } from '../endpoint/state.ts';
import { certificate, daysLeft, lifetimeLeft, urgency } from './certificate.ts';
import { broughtCertificate } from './certificate-import.ts';
import { completedContract, slug, view } from './endpoint.ts';
import { operation } from './operation.ts';
import { id, pageOf, pageQuery, type SortOrder, sortOrder, timestamp } from './page.ts';
import { fieldChange, plan, recordSet } from './plan.ts';
import { requestReference, requestState } from './request.ts';
import { named, told } from './told.ts';

export const conditionTypes = [
  'Admitted',
  'RecordsApplied',
  'RecordsVerified',
  'CertificateIssued',
  'CertificateServed',
  'Reachable',
] as const;
export const condition = named(
  'Condition',
  z.object({
    type: told(named('ConditionType', z.enum(conditionTypes), 'What can be so of an endpoint.'), 'What is so, or not.', 'RecordsVerified'),
    status: told(named('ConditionStatus', z.enum(['true', 'false', 'unknown']), 'Whether something is so.'), 'Whether it is so.', 'true'),
    reason: told(named('ConditionReason', z.enum(conditionReasons), 'Why a condition is as it is.'), 'Why, as a code that stays the same.'),
    message: told(z.string(), 'Why, in words.', 'Every server answers with the records.'),
    since: told(timestamp.nullable(), 'Since when; null where nobody knows.'),
    nextAttempt: told(timestamp.nullable(), 'When it is tried again; null where it does not wait for that.'),
  }),
  'Something that is so of an endpoint, or not, and why.',
);
export type Condition = z.infer<typeof condition>;

/** The chain Name → DNS → TCP → TLS → HTTP: shape and word on every row and page. */
export const chainLinks = ['name', 'dns', 'tcp', 'tls', 'http'] as const;
const linkName = named('ChainLinkName', z.enum(chainLinks), 'A link of the chain from a name to an answer over HTTP.');
export const chainLink = named(
  'ChainLink',
  z.object({
    link: told(linkName, 'Which link it is.', 'dns'),
    state: told(named('ChainLinkState', z.enum(['ok', 'wait', 'bad', 'none']), 'How a link of the chain is.'), 'How it is.', 'ok'),
    message: told(z.string(), 'How it is, in words.', 'All servers agree'),
    detail: told(z.string().nullable(), 'What more there is to say; null where there is nothing.', '2 of 2 servers'),
  }),
  'One link of the chain from a name to an answer over HTTP.',
);
export type ChainLink = z.infer<typeof chainLink>;

export const endpointState = named('EndpointState', z.enum(endpointStates), 'Where an endpoint is in its life.');

const shownCertificate = named(
  'CertificateSummary',
  z.object({
    serial: told(z.string(), 'Its serial number, as hexadecimal digits.', '4F0C3A9D51'),
    notAfter: told(timestamp, 'Until when it is valid.', '2026-12-20T14:02:31Z'),
    daysLeft,
    lifetimeLeft,
    urgency: told(urgency, 'How pressing it is that it ends.', 'none'),
  }),
  'The certificate in use, in short.',
);

export const endpointRow = named(
  'EndpointRow',
  z.object({
    id,
    hostname: told(z.string(), 'The name, as A-labels.', 'orders.dev.example.test'),
    unicode: told(z.string(), 'The name, as people read it.', 'orders.dev.example.test'),
    view: told(view, 'Who it is answered to.', 'public'),
    team: told(z.string(), 'Short name of the team that holds it.', 'order-platform'),
    environment: told(z.string(), 'Short name of the environment.', 'dev'),
    zone: told(z.string(), 'The zone that it stands in.', 'example.test'),
    state: told(endpointState, 'Where it is in its life.', 'live'),
    certificateOnly: told(
      z.boolean(),
      'Whether it has a certificate alone: no record is ours, and nobody looks at what presents it.',
      false,
    ),
    attention: told(z.boolean(), 'Whether it needs attention: degraded, or on its way and stopped.', false),
    summary: told(z.string(), 'The deepest cause of what is not as it should be, or "Live"; of a certificate alone "Issued".', 'Live'),
    chain: told(z.array(chainLink), 'From the name to HTTP, link by link.'),
    certificate: told(shownCertificate.nullable(), 'The certificate in use; null where there is none.'),
    changedAt: told(timestamp, 'When it last changed.'),
    checkedAt: told(timestamp.nullable(), 'When it was last looked at; null where it never was.'),
  }),
  'An endpoint as it stands in lists.',
);
export type EndpointRow = z.infer<typeof endpointRow>;

export const endpointSort = named('EndpointSort', z.enum(['hostname', 'changed', 'expiry']), 'What endpoints are sorted by.');
/** The order of each sort where none is asked for: names from a, the last changed first, the first to expire first. */
export const endpointSortOrders = { hostname: 'asc', changed: 'desc', expiry: 'asc' } as const satisfies Record<
  z.infer<typeof endpointSort>,
  SortOrder
>;
export const endpointsQuery = z.strictObject({
  ...pageQuery,
  search: told(z.string().max(253).optional(), 'A part of the name, or an address that records of the name hold.', 'orders'),
  team: told(slug.optional(), 'Only those that this team holds.', 'order-platform'),
  environment: told(slug.optional(), 'Only those in this environment.', 'dev'),
  view: told(view.optional(), 'Only those that are answered to these.', 'public'),
  zone: told(z.string().max(253).optional(), 'Only those in this zone.', 'example.test'),
  state: told(endpointState.optional(), 'Only those in this state.', 'live'),
  attention: told(z.boolean().optional(), 'Only those that need attention: degraded, or on their way and stopped.', true),
  like: told(id.optional(), 'Only those that the same cause holds up as this endpoint, and that the asker can mend or has to ask about.'),
  mine: told(z.boolean().optional(), "Only those of the asker's teams.", true),
  sort: told(endpointSort.default('hostname'), 'What they are sorted by.', 'hostname'),
  order: told(
    sortOrder.optional(),
    "The sort's own where left out. Endpoints without a certificate come last, however the others are sorted by expiry.",
    'asc',
  ),
});
export const endpointPage = named(
  'EndpointPage',
  pageOf(endpointRow).extend({
    attention: told(z.number().int(), 'How many of all of them are not as they should be.', 3),
    underWay: told(z.number().int(), 'How many of all of them are worked on, or wait for it, and may be broken meanwhile.', 1),
    unseen: told(z.number().int(), 'How many that are live nobody has looked at for twenty minutes.', 0),
    checkedAt: told(timestamp.nullable(), 'When any of them was last looked at; null where none was.'),
  }),
  'Endpoints.',
);

export const serverAnswer = named(
  'ServerAnswer',
  z.object({
    server: told(z.string(), 'Name of the server.', 'ns1.example.test'),
    address: told(z.string(), 'Address that was asked.', '192.0.2.53'),
    type: told(z.string(), 'Type that was asked for.', 'A'),
    rcode: told(z.string().nullable(), 'The response code (RFC 6895 §2.3); null where it did not answer.', 'NOERROR'),
    values: told(z.array(z.string()), 'What it answered.', ['192.0.2.10']),
    ttl: told(z.number().int().nullable(), 'For how many seconds the answer may be kept; null where there is none.', 300),
    serial: told(z.number().int().nullable(), 'Serial of its copy of the zone; null where it is not known.', 2026112001),
    milliseconds: told(z.number(), 'How long it took.', 4),
    fault: told(
      named('DnsFault', z.enum(dnsFaults), 'What can be wrong with the answer of a name server.').nullable(),
      'What is wrong with it, as a code that stays the same; null where it is as expected.',
    ),
    error: told(z.string().nullable(), 'What is wrong with it, in words; null where it answered.', 'It did not answer within 2 seconds.'),
    observedAt: told(timestamp, 'When it was asked.'),
  }),
  'What one authoritative server answered.',
);

export const finding = named(
  'Finding',
  z.object({
    code: told(named('FindingCode', z.enum(findingCodes), 'What can be wrong with an endpoint.'), 'What alerts and clients are keyed by.'),
    layer: told(linkName, 'The link of the chain that it is at.', 'dns'),
    cause: told(z.string(), 'What is wrong.', 'ns2.example.test still answers with the old address.'),
    evidence: told(z.string(), 'What was seen.', 'A 192.0.2.9, expected 192.0.2.10'),
    remedy: told(z.string(), 'What to do about it.', 'Wait for its next transfer, or notify it.'),
    since: told(timestamp.nullable(), 'Since when; null where nobody knows.'),
    movesNext: told(z.string(), 'Who moves next.', 'the owner of the zone'),
  }),
  'Something that is wrong with an endpoint, and what to do about it.',
);

const deliveredCertificate = named(
  'Delivery',
  z.object({
    hostname: told(z.string(), 'The name that it is served for.', 'orders.dev.example.test'),
    destination: told(
      z.string().nullable(),
      'Short name of the destination that it was handed to; null: the directory of the worker.',
      'k8s-2',
    ),
    place: told(z.string(), 'Where it is there: the Secret, with its namespace, or the folder.', 'orders/tls.orders.dev.example.test'),
    serial: told(
      z.string().nullable(),
      'Of the certificate of this endpoint that was last seen held there; null where it was none of its own.',
      '4F0C3A9D51',
    ),
    fingerprint: told(
      z.string().nullable(),
      'SHA-256 of the certificate that was last seen held there, lower-case hex; null where none was.',
      '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    ),
    reference: told(
      z.string().nullable(),
      'What it is called there, which stays when it is renewed: an ARN of ACM, the versionless id of a secret of Key Vault; null where the place says it.',
      'arn:aws:acm:eu-central-1:123456789012:certificate/7b1c7f7e-9d0c-4c4e-a5f5-6d2f4b7c1e11',
    ),
    usedBy: told(
      z.array(z.string()),
      'What the destination says uses it, by its own names, as it was last seen; empty where it says nothing of that.',
      ['arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188'],
    ),
    seenAt: told(timestamp, 'When it was last looked at.'),
    deliveredAt: told(timestamp.nullable(), 'When it was last put there; null where it was found there.'),
  }),
  'Where a certificate of an endpoint was handed to, and what was seen held there.',
);

export const historyEntry = named(
  'HistoryEntry',
  z.object({
    at: told(timestamp, 'When.'),
    actor: told(z.string(), 'Who did it.', 'Ada Park'),
    action: told(z.string(), 'What was done, as the audit trail calls it.', 'request.create'),
    text: told(z.string(), 'What was done, in words.', 'Asked for the name.'),
  }),
  'Something that befell an endpoint.',
);

export const endpointQuery = z.strictObject({ id });

export const endpointRevision = named(
  'EndpointRevision',
  z.object({
    number: told(z.number().int(), 'Its number, counted from 1.', 1),
    contract: told(completedContract, 'What was agreed.'),
    retires: told(z.boolean(), 'Whether it wants nothing of the name any more.', false),
    recordSets: told(z.array(recordSet), 'The records that follow from it.'),
    plan: told(plan, 'How it was to be reached.'),
    contractChanges: told(
      z.array(fieldChange).nullable(),
      'What it says otherwise than the one before it that was in the zone; null where none was.',
    ),
    request: told(requestReference.extend({ state: told(requestState, 'What became of it.', 'applied') }), 'What it was made for.'),
    takesBack: told(
      z.boolean(),
      'Whether nothing of that request is wanted any more: Hostmaster made this revision to take it back, and nobody approved it.',
      false,
    ),
    standing: told(named('RevisionStanding', z.enum(revisionStandings), 'How far a revision came.'), 'How far it came.'),
    approvedAt: told(timestamp, 'When it was decided on.'),
  }),
  'One revision of what was agreed about a name.',
);
export const endpointRevisions = named(
  'EndpointRevisions',
  z.object({ rows: told(z.array(endpointRevision), 'The newest first; those before the last 100 are not told.') }),
  'What was agreed about a name, over time.',
);

const mayDo = z.object({
  change: told(z.boolean(), 'Whether they may ask for a change.', true),
  retire: told(z.boolean(), 'Whether they may retire it.', true),
  restore: told(z.boolean(), 'Whether they may ask again for it, once it is retired.', false),
  recheck: told(z.boolean(), 'Whether they may have it looked at now.', true),
  import: told(z.boolean(), 'Whether they may import a certificate for it, where its contract says that its team brings one.', false),
});

export const endpointDetail = named(
  'Endpoint',
  endpointRow.extend({
    contract: told(completedContract, 'What was agreed last.'),
    revision: told(z.number().int(), 'Number of the revision that counts.', 1),
    takesBack: told(requestReference.nullable(), 'The request that the revision takes back; null for one that was approved.'),
    liveSince: told(timestamp.nullable(), 'Since when it is live; null where it is not.'),
    conditions: told(z.array(condition), 'What is so of it, step by step.'),
    findings: told(z.array(finding), 'What is wrong with it; empty where nothing is.'),
    retires: told(z.boolean(), 'Whether the revision in force wants nothing of the name any more.', false),
    recordSets: told(z.array(recordSet), 'The records that follow from the contract.'),
    answers: told(z.array(serverAnswer), 'What every authoritative server answered last.'),
    certificates: told(z.array(certificate), 'Its certificates, the newest first.'),
    brought: told(
      broughtCertificate.nullable(),
      'The certificate that its team brought last and that is not taken in; null where there is none.',
    ),
    deliveries: told(z.array(deliveredCertificate), 'Where its certificate was handed to, and what was seen held there.'),
    operation: told(operation.nullable(), 'The work on it; null where there never was any.'),
    history: told(z.array(historyEntry), 'What befell it last, the newest first.'),
    heldBackUntil: told(
      timestamp.nullable(),
      'Until then a name that was let go is held back for the team that had it; null where it is not, or no more.',
    ),
    openRequestId: told(id.nullable(), 'The request that is open for this name now; null where there is none.'),
    permissions: told(mayDo, 'What the asker may do with it.'),
  }),
  'An endpoint: what was agreed, what was seen, and what follows from both.',
);
export type EndpointDetail = z.infer<typeof endpointDetail>;
