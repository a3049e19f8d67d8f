// The database spells its words a second time, in enums and checks: they are read from the migrated database and compared.
import { campaignActions, campaignStates } from '@hostmaster/core/campaign/state';
import { linkPurpose, signInMethod } from '@hostmaster/core/contract/person';
import { views } from '@hostmaster/core/dns/view';
import { observationKinds } from '@hostmaster/core/endpoint/observation';
import { endpointStates } from '@hostmaster/core/endpoint/state';
import { lanes } from '@hostmaster/core/operation/lane';
import { operationKinds, operationPurposes } from '@hostmaster/core/operation/purpose';
import { operationStates } from '@hostmaster/core/operation/state';
import { authorityActs } from '@hostmaster/core/pki/authority-change';
import { certificateStates } from '@hostmaster/core/pki/certificate-state';
import { revocationReasons } from '@hostmaster/core/pki/issuer';
import { orderStates } from '@hostmaster/core/pki/order-state';
import { rootStates } from '@hostmaster/core/pki/root-state';
import { askerKinds } from '@hostmaster/core/policy/answerer';
import { reservationKinds } from '@hostmaster/core/policy/ground';
import { reviewingRoles } from '@hostmaster/core/policy/review-group';
import { membershipRoles, organisationRoles } from '@hostmaster/core/policy/roles';
import { requestKinds } from '@hostmaster/core/request/kind';
import { reviewDecisions } from '@hostmaster/core/request/separation';
import { openRequestStates, requestStates } from '@hostmaster/core/request/state';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGround, type Ground } from './testing/ground.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await createGround();
});
afterAll(() => ground.close());

it('every enum of the database has exactly the words of its list, in its order', async () => {
  const rows = await ground.db.$queryRaw<{ name: string; words: string[] }[]>`
    SELECT t.typname AS name, array_agg(e.enumlabel::text ORDER BY e.enumsortorder) AS words
      FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.typname`;
  expect(Object.fromEntries(rows.map(({ name, words }) => [name, words]))).toEqual({
    asker_kind: askerKinds,
    certificate_state: certificateStates,
    endpoint_state: endpointStates,
    membership_role: membershipRoles,
    observation_kind: observationKinds,
    operation_kind: operationKinds,
    operation_lane: lanes,
    operation_purpose: operationPurposes,
    operation_state: operationStates,
    password_link_purpose: linkPurpose.options,
    request_kind: requestKinds,
    reservation_kind: reservationKinds,
    review_decision: reviewDecisions,
    sign_in_method: signInMethod.options,
    view: views,
  });
});

it('every check of the database holds its columns to exactly the words of its list', async () => {
  const rows = await ground.db.$queryRaw<{ columns: string; definition: string }[]>`
    SELECT c.conrelid::regclass || '.' || string_agg(a.attname, ' ' ORDER BY a.attname) AS columns, pg_get_constraintdef(c.oid) AS definition
      FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
     WHERE c.contype = 'c' AND c.connamespace = 'public'::regnamespace GROUP BY c.oid, c.conrelid`;
  const words = (definition: string) => [...definition.matchAll(/'([^']*)'/g)].map(([, word]) => word);
  expect(Object.fromEntries(rows.map(({ columns, definition }) => [columns, words(definition)]))).toEqual({
    'authority_change.act': authorityActs,
    // Sealed or read: no list.
    'brought_certificate.problems secret_ciphertext secret_key_id': [],
    'campaign.action': campaignActions,
    'campaign.state': campaignStates,
    'campaign.reason': Object.keys(revocationReasons),
    'campaign.action reason': ['revoke'],
    // Bounds, and who is to be there: no lists.
    'campaign.comment': [],
    'campaign.pace': [],
    'campaign.answering_person_id answering_team_id': [],
    'campaign.asker_id four_eyes started_at starter_id': [],
    // Whose key is here has always made a request.
    'certificate_order.csr key_id': [],
    'certificate_order.state': orderStates,
    'dns_proof.type': ['TXT', 'CNAME'],
    'issuer.state': rootStates,
    'person.roles': organisationRoles,
    // Only what is over goes on without its zone.
    'endpoint.state zone_id': endpointStates.filter((state) => state === 'retired'),
    'request.state zone_id': openRequestStates,
    'request.state superseded_by_id': requestStates.filter((state) => state === 'superseded'),
    // One of both answers: a check without words.
    'request.answering_person_id answering_team_id': [],
    'request.state': requestStates,
    'reservation.group': [...reviewingRoles, '^team:[a-z0-9]([a-z0-9-]*[a-z0-9])?$'],
    'revocation_request.reason': Object.keys(revocationReasons),
    // Bounds and a form, not lists.
    'revocation_request.comment': [],
    'revocation_request.compromised_key reason': ['keyCompromise', '^[0-9a-f]{64}$'],
    'service_token.roles': organisationRoles,
    // A bound, not a list.
    'session.browser': [],
  });
});

it('a word that is in no list is refused by the database itself', async () => {
  const person = { email: 'ada@example.test', name: 'Ada' };
  await expect(ground.db.person.create({ data: { ...person, roles: ['owner'] } })).rejects.toThrow('person_roles_word');
  await expect(ground.db.person.create({ data: { ...person, roles: ['auditor', 'security-reviewer'] } })).resolves.toMatchObject(person);
});
