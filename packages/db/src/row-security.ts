// Which rows the portal may read and write for whoever acts in its connection (acting.ts): what authorization says of rows,
// said once more beneath it and in the database's own terms, so that a use case that forgets to ask does no harm. Where a table
// has no row here, or a right is not named, the rights of access.ts alone count. What every signed-in person may read (names,
// requests, certificates, zones, the rules) is read by all.

import { unfinishedStates } from '@hostmaster/core/operation/state';
import { unrevokedStates } from '@hostmaster/core/pki/certificate-state';
import { rootKind, sourcesBrought, sourcesMadeHere } from '@hostmaster/core/pki/source-traits';
import { openRequestStates, type RequestState } from '@hostmaster/core/request/state';

const among = (states: readonly string[]) => `state IN (${states.map((state) => `'${state}'`).join(', ')})`;

/** Conditions in SQL. A subquery is asked once for a statement, and not once for a row. */
const nobody = '(SELECT acting()) IS NULL';
const somebody = '(SELECT acting()) IS NOT NULL';
const has = (role: string) => `(SELECT acting_has('${role}'))`;
const admin = has('platform-admin');
/** A token that manages zones or teams lets nobody in: that has a scope of its own. */
const overPeople = `(${admin} AND coalesce('people:write' = ANY ((SELECT acting_scopes())::text[]), true))`;
const self = (column: string) => `${column} = (SELECT acting_person())`;
/** Not by a token of theirs. */
const inPerson = `${self('person_id')} AND (SELECT acting_token()) IS NULL`;
const itself = `actor_id = (SELECT acting_id())`;
const teams = `(SELECT acting_teams('member', 'maintainer'))::uuid[]`;
const memberOf = (column: string) => `${column} = ANY (${teams})`;
const maintains = `team_id = ANY ((SELECT acting_teams('maintainer'))::uuid[])`;
/** True where one of them holds. */
const either = (...conditions: readonly string[]) => `(${conditions.join(' OR ')})`;
const answers = 'acting_answers_for(answering_person_id, answering_team_id)';
const ofEndpoint = `EXISTS (SELECT 1 FROM endpoint WHERE endpoint.id = endpoint_id AND ${memberOf('endpoint.team_id')})`;
// A transfer names the team that receives; the one that has the name may need it before that one answers.
const mayCancel = either(memberOf('team_id'), `kind = 'transfer' AND ${ofEndpoint}`, answers, admin);
// Four eyes: whoever answers for a request does not decide on it.
const mayReview = `(review_groups && (SELECT acting_groups())::text[] AND NOT ${answers})`;
const mayDecide = either(mayCancel, mayReview);
/** A request on the same endpoint that the actor may decide on: it takes the place of the work under way. */
const ofSuccessor = `EXISTS (SELECT 1 FROM request WHERE request.endpoint_id = operation.endpoint_id AND ${mayDecide})`;
const held = (column: string, by: string) => `(${by} IS NULL OR ${column} <@ ${by})`;
const ofRequest = (condition: string) => `EXISTS (SELECT 1 FROM request WHERE request.id = request_id AND ${condition})`;

/** Whoever asked for a certificate of the endpoint to be revoked sets the work on it going, also where the name is not their team's. */
const ofRevocation = `EXISTS (SELECT 1 FROM revocation_request JOIN certificate ON certificate.id = certificate_id
  WHERE certificate.endpoint_id = operation.endpoint_id AND certificate.${among(unrevokedStates)} AND asker_id = (SELECT acting_id()))`;
const maintained = `endpoint.team_id = ANY ((SELECT acting_teams('maintainer'))::uuid[])`;
const maintainsCertificate = `EXISTS (SELECT 1 FROM certificate JOIN endpoint ON endpoint.id = certificate.endpoint_id WHERE certificate.id = certificate_id AND ${maintained})`;
const maintainsEndpoint = `EXISTS (SELECT 1 FROM endpoint WHERE endpoint.id = endpoint_id AND ${maintained})`;
/** Work that hands a private key out is about the certificate. */
const ofKey = `(operation.kind = 'key' AND (SELECT acting_token()) IS NULL AND EXISTS (SELECT 1 FROM certificate JOIN endpoint ON endpoint.id = certificate.endpoint_id
  WHERE operation.subject = 'key-export:' || certificate.id AND ${maintained}))`;
const securityOrAdmin = either(has('security-reviewer'), admin);
const mayMove = either(ofRequest(mayDecide), ofEndpoint, ofSuccessor, `(${has('security-reviewer')} AND ${ofRevocation})`, ofKey, admin);
const ofCertificate = `EXISTS (SELECT 1 FROM certificate JOIN endpoint ON endpoint.id = endpoint_id WHERE certificate.id = certificate_id AND ${memberOf('endpoint.team_id')})`;

// Checks and refusals are counted for whoever asks, everything else before it is known who acts.
const counted = either(nobody, `key LIKE 'check:%'`, `key LIKE 'refusal:%'`);

/** One that others run: what is made here, or is known by what it signed, is the worker's alone. */
const connectedIssuer = `(${admin} AND kind NOT IN (${[...sourcesMadeHere, ...sourcesBrought, rootKind].map((kind) => `'${kind}'`).join(', ')}))`;

type Policies = { readonly [R in 'select' | 'insert' | 'update' | 'delete']?: string };

/** Longer than any lease: new work waits for what a run under way has sent, and for nothing else. */
const soon = (column: string) => `coalesce(${column}, now()) <= now() + interval '2 minutes'`;
const longestReason = 200;
const ofName = (row: string) => `operation.subject = 'endpoint:' || ${row}.view || ':' || ${row}.hostname`;
const newWork = `state = 'pending' AND lane = 'work' AND NOT hurried AND attempts = 0 AND fence = 0 AND trail = '[]'::jsonb
  AND ${soon('not_before')} AND next_attempt_at IS NOT DISTINCT FROM not_before AND length(reason) <= ${longestReason}
  AND generation = next_generation(subject)
  AND CASE
    WHEN kind = 'endpoint' AND purpose IN ('revision', 'cancellation', 'retirement', 'revocation', 'import', 'look') THEN coalesce(endpoint_id, request_id) IS NOT NULL
      AND (endpoint_id IS NULL OR EXISTS (SELECT 1 FROM endpoint WHERE endpoint.id = operation.endpoint_id AND ${ofName('endpoint')}))
      AND (request_id IS NULL OR EXISTS (SELECT 1 FROM request WHERE request.id = operation.request_id AND ${ofName('request')}))
    WHEN kind = 'zone' AND purpose = 'read' THEN subject = 'zone:' || zone_id
    WHEN kind = 'zone' AND purpose = 'test' THEN subject = 'zone-test:' || zone_id OR (zone_id IS NULL AND subject ~ '^trial:[0-9a-f-]{36}$')
    WHEN kind = 'key' AND purpose = 'export' THEN subject ~ '^key-export:[0-9a-f-]{36}$'
    WHEN kind = 'issuer' AND purpose = 'test' THEN subject ~ '^trial:[0-9a-f-]{36}$' OR EXISTS (SELECT 1 FROM issuer WHERE operation.subject = 'issuer-test:' || issuer.id)
    WHEN kind = 'issuer' AND purpose = 'rollover' THEN EXISTS (SELECT 1 FROM issuer WHERE operation.subject = 'account-key:' || issuer.id)
    WHEN kind = 'destination' AND purpose = 'test' THEN subject ~ '^trial:[0-9a-f-]{36}$' OR EXISTS (SELECT 1 FROM destination WHERE operation.subject = 'destination-test:' || destination.id)
    WHEN kind = 'authority' AND purpose = 'ceremony' THEN subject ~ '^authority:[0-9a-f-]{36}$'
    ELSE false END`;
const unfinished = among(unfinishedStates);
const open = among(openRequestStates);
const takenBack: readonly RequestState[] = ['cancelled', 'superseded'];

/** By table, for the portal. An update says which rows and what they may become, where that is more. */
export const rowSecurity: Readonly<Record<string, Policies & { readonly becomes?: string }>> = {
  team: { insert: admin },
  person: { insert: either(nobody, overPeople), update: either(nobody, overPeople) },
  membership: { insert: either(maintains, admin), update: either(maintains, admin), delete: either(maintains, admin) },
  // An administrator lets people in by a link and writes nobody's password.
  password: { select: either(nobody, inPerson), insert: either(nobody, inPerson), update: either(nobody, inPerson) },
  password_link: {
    select: either(nobody, self('person_id'), overPeople),
    insert: overPeople,
    update: either(nobody, self('person_id'), overPeople),
    // No link comes to life again.
    becomes: 'coalesce(used_at, ended_at) IS NOT NULL',
  },
  session: {
    select: either(nobody, self('person_id'), overPeople),
    insert: nobody,
    update: either(nobody, self('person_id'), overPeople),
    becomes: 'revoked_at IS NOT NULL',
  },
  service_token: {
    select: either(nobody, self('owner_id'), admin),
    // Nobody hands on more than they hold, or for longer; what a token makes ends with it.
    insert: `${self('owner_id')} AND maker_id IS NOT DISTINCT FROM (SELECT acting_token()) AND expires_at <= coalesce((SELECT acting_token_end()), 'infinity') AND ${held('scopes', '(SELECT acting_scopes())::text[]')} AND NOT EXISTS (SELECT 1 FROM unnest(roles) AS role WHERE NOT acting_has(role))`,
    // One that was revoked stays so: nobody touches it any more.
    update: `revoked_at IS NULL AND ${either(nobody, self('owner_id'), admin)}`,
    becomes: either(nobody, self('owner_id'), admin),
  },
  // Whoever does not see the token does not see its teams.
  token_team: {
    select: 'EXISTS (SELECT 1 FROM service_token WHERE service_token.id = token_id)',
    insert: `${memberOf('team_id')} AND EXISTS (SELECT 1 FROM service_token WHERE service_token.id = token_id AND ${self('owner_id')})`,
  },
  rate_limit: { select: counted, insert: counted, update: counted, delete: nobody },
  idempotency_key: {
    select: either(nobody, itself),
    insert: either(nobody, itself),
    update: either(nobody, itself),
    delete: either(nobody, itself),
  },
  environment: { insert: admin, update: admin, delete: admin },
  cluster: { insert: admin, update: admin, delete: admin },
  zone: { insert: admin, update: admin, delete: admin },
  // What is made here is stopped and resumed, and a trigger says that nothing else of it changes.
  issuer: { insert: `(${connectedIssuer} AND state = 'active')`, update: admin, delete: connectedIssuer },
  destination: { insert: admin, update: admin, delete: admin },
  delivery: { delete: `(${admin} AND destination_id IS NOT NULL)` },
  discovery_scope: { insert: admin, update: admin, delete: admin },
  discovered_certificate: { update: securityOrAdmin },
  transparency_log: { insert: admin, update: admin, delete: admin },
  connection_trial: { insert: admin },
  authority_change: { insert: admin },
  // What is sealed is seen by whoever it is for, and opens in their browser alone; that a key has left, by everybody.
  key_export: {
    select: `taken_at IS NOT NULL OR ${self('asker_id')}`,
    insert: `${self('asker_id')} AND (SELECT acting_token()) IS NULL AND ${maintainsCertificate}`,
    update: `${self('asker_id')} AND (SELECT acting_token()) IS NULL AND taken_at IS NULL AND sealed IS NOT NULL`,
    becomes: 'taken_at IS NOT NULL',
  },
  key_proof: { insert: `EXISTS (SELECT 1 FROM key_export WHERE key_export.id = export_id AND ${self('asker_id')} AND taken_at IS NULL)` },
  brought_certificate: { insert: `asker_id = (SELECT acting_id()) AND ${maintainsEndpoint}`, delete: maintainsEndpoint },
  // Whoever fetches the roots is nobody; from where, those who run Hostmaster see.
  bundle_fetch: { select: either(nobody, admin), insert: nobody, update: nobody },
  grant: { insert: admin, update: admin },
  reservation: { insert: admin, delete: admin },
  policy_exception: { insert: has('security-reviewer'), update: either(has('security-reviewer'), admin) },
  // A transfer names the team that receives; the one that holds the name gives it.
  request: {
    insert: `CASE WHEN kind = 'transfer' THEN ${ofEndpoint} ELSE ${memberOf('team_id')} END AND asker_id = (SELECT acting_id()) AND ${answers}
      AND state = CASE WHEN cardinality(review_groups) = 0 THEN 'approved' ELSE 'in-review' END`,
    // What is over is written no more.
    update: `${open} AND ${mayDecide}`,
    becomes: `CASE WHEN ${among(takenBack)} THEN ${mayCancel} ELSE ${mayReview} END`,
  },
  revocation_request: { insert: `asker_id = (SELECT acting_id()) AND ${either(ofCertificate, has('security-reviewer'), admin)}` },
  campaign: {
    insert: `${securityOrAdmin} AND asker_id = (SELECT acting_id()) AND ${answers} AND starter_id IS NOT DISTINCT FROM (CASE WHEN four_eyes THEN NULL ELSE asker_id END)
      AND state = CASE WHEN four_eyes THEN 'proposed' ELSE 'running' END`,
    // What is over is written no more, and who answers for what two people are needed for is not the second.
    update: `${securityOrAdmin} AND state IN ('proposed', 'running', 'paused')`,
    becomes: `NOT four_eyes OR state IN ('proposed', 'stopped') OR starter_id <> asker_id`,
  },
  dismissal: { select: self('person_id'), insert: self('person_id') },
  review: {
    insert: `${self('reviewer_id')} AND "group" = ANY ((SELECT acting_groups())::text[]) AND ${ofRequest(mayReview)}`,
    delete: ofRequest(mayReview),
  },
  operation: {
    insert: `${newWork} AND ${mayMove}`,
    update: `${unfinished} AND ${mayMove}`,
    becomes: either(
      `${unfinished} AND ${soon('next_attempt_at')} AND ${soon('leased_until')}`,
      `state = 'superseded' AND length(reason) <= ${longestReason}`,
    ),
  },
  outbox: { insert: somebody },
  // What befell a name is for all; who signed in, who gave what to whom, for auditors and for whoever did it.
  audit_event: {
    select: either(`subject_kind IN ('endpoint', 'request', 'certificate')`, itself, has('auditor')),
    insert: either(nobody, itself),
  },
};

const commands = ['select', 'insert', 'update', 'delete'] as const;

function policiesOf(table: string, web: string, worker: string): string[] {
  const own = rowSecurity[table] ?? {};
  return [
    `CREATE POLICY worker ON "${table}" TO ${worker} USING (true) WITH CHECK (true)`,
    ...commands.map((command) => {
      const condition = own[command] ?? 'true';
      const using = command === 'insert' ? '' : ` USING (${condition})`;
      const check = command === 'insert' ? condition : command === 'update' ? (own.becomes ?? condition) : null;
      return `CREATE POLICY web_${command} ON "${table}" FOR ${command.toUpperCase()} TO ${web}${using}${check === null ? '' : ` WITH CHECK (${check})`}`;
    }),
  ];
}

/** The statements that put the policies in the place of those that are there. The owner of the tables is held by none. */
export const rowSecurityStatements = (
  existing: readonly { readonly table: string; readonly policy: string }[],
  { web, worker }: { readonly web: string; readonly worker: string },
): readonly string[] => [
  ...existing.map(({ table, policy }) => `DROP POLICY "${policy}" ON "${table}"`),
  ...Object.keys(rowSecurity).flatMap((table) => [`ALTER TABLE "${table}" ENABLE ROW LEVEL SECURITY`, ...policiesOf(table, web, worker)]),
];
