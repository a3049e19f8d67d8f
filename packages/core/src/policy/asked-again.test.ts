// What somebody approved is asked for again exactly where a change touches what they approved.
import { describe, expect, it } from 'vitest';
import type { AdmittedContract } from '../contract/stored-contract.ts';
import { admittedOf } from './admitted.ts';
import { documentedRules } from './chains.ts';
import type { ApprovalGround } from './ground.ts';
import { type Ask, ask, askFor, endpoint, grant, grants, lookalike, recordSet, reservation, reviews, type World } from './testing/world.ts';

const hostname = 'login.prod.example.test';
const asked = 'login.prod.example.test is reserved: ours.';
const admitted = (contract: Ask = {}): AdmittedContract => {
  const made = admittedOf(askFor({ hostname, ...contract }), { environment: 'prod', servedPort: 443 });
  if (made === null) throw new TypeError('malformed');
  return made;
};
const approval = (more: Partial<ApprovalGround> = {}): ApprovalGround => ({
  number: 7,
  rule: 'reserved-name',
  group: 'security-reviewer',
  reason: asked,
  by: 'Sam Ito',
  contract: admitted(),
  ...more,
});
const world = (more: World = {}): World => ({
  endpoints: [endpoint(hostname, 'order-platform')],
  reservations: [reservation('exact', hostname)],
  inForce: { revision: 3, contract: admitted() },
  approvals: [approval()],
  ...more,
});
const change = { kind: 'change' } as const;
const again = (contract: Ask, more: World = {}) => reviews({ hostname, ...contract }, world(more), change);
const security = ['reserved-name by security-reviewer'];

describe('a change of a reserved name that was approved once', () => {
  it.each<[string, Ask]>([
    ['its port', { routing: { port: 80 } }],
    ['its health path', { routing: { healthPath: '/up' } }],
    ['the status that is expected', { routing: { expectedStatus: 204 } }],
    ['its owners', { owners: { app: 'orders', escalation: '#orders' } }],
    ['why it is needed', { justification: 'More visitors.' }],
    ['what follows from the name, written out', { environment: 'prod' }],
  ])('asks nobody again for %s', (_, contract) => {
    expect(again(contract)).toEqual([]);
    expect(ask({ hostname, ...contract }, world(), change).results).toContainEqual(
      expect.objectContaining({
        rule: 'reserved-name',
        outcome: 'pass',
        reason: `${asked} Approved by Sam Ito with request #7, and nothing that the review was about changes.`,
      }),
    );
  });

  it.each<[string, Ask]>([
    ['where it leads', { target: { addresses: ['127.0.0.2'] } }],
    ['its TTL', { ttl: 'cutover' }],
    ['where TLS ends', { tls: { termination: 'none' } }],
    ['who has its key', { tls: { key: 'rsa-2048' } }],
    ['a further name', { tls: { extraNames: ['www.prod.example.test'] } }],
    ['who may connect', { edge: { sources: 'any' } }],
    ['the service behind it', { routing: { backend: { service: 'other' } } }],
  ])('asks again for %s', (_, contract) => expect(again(contract)).toEqual(security));

  it('asks again for its environment', () => {
    const wide = [...grants, grant('order-platform', hostname, ['prod', 'staging'], { allowSuffixItself: true })];
    expect(again({ environment: 'staging' }, { grants: wide })).toEqual(security);
    expect(again({ environment: 'prod' }, { grants: wide })).toEqual([]);
  });
});

it('a review that was given while names began sentences with a capital counts on', () => {
  const before = approval({ reason: 'Login.prod.example.test is reserved: ours.' });
  expect(again({ routing: { port: 80 } }, { approvals: [before] })).toEqual([]);
});

describe('nobody is taken to have approved', () => {
  const port: Ask = { routing: { port: 80 } };
  it.each<[string, World]>([
    ['what was never reviewed: it was reserved later', { approvals: [] }],
    ['what another group is asked for', { approvals: [approval({ group: 'team:identity' })] }],
    ['what another rule asked for', { approvals: [approval({ rule: 'apex-review' })] }],
    ['what is asked for another reason', { approvals: [approval({ reason: 'It was reserved for another reason.' })] }],
    ['what was otherwise when they did', { approvals: [approval({ contract: admitted({ target: { addresses: ['127.0.0.9'] } }) })] }],
    ['what is not in force', { inForce: null }],
    ['what is otherwise now', { inForce: { revision: 4, contract: admitted({ target: { addresses: ['127.0.0.9'] } }) } }],
  ])('%s', (_, more) => expect(again(port, more)).toEqual(security));

  it('by one approval what two reservations ask for', () => {
    const two = [reservation('exact', hostname), reservation('label', 'login', { reason: 'passwords.' })];
    expect(again(port, { reservations: two })).toEqual(security);
  });

  it.each(['create', 'transfer', 'retire'] as const)('a %s by having approved a change', (kind) =>
    expect(reviews({ hostname, ...port }, { ...world(), endpoints: [] }, { kind })).toContain(security[0]),
  );

  it('that what somebody put there is overwritten', () => {
    const found = recordSet(hostname, 'A', { values: ['192.0.2.66'] });
    const { reason } = ask({ hostname }, world({ recordSets: [found] }), change).reviews[0] ?? { reason: '' };
    const approvals = [approval(), approval({ rule: 'changed-by-hand', group: 'platform-admin', reason })];
    expect(again(port, { recordSets: [found], approvals })).toEqual(['changed-by-hand by platform-admin']);
  });
});

it('a name that reads like another one is approved for what it reads like', () => {
  const reason = 'login.prod.example.test reads like 1ogin.prod.example.test of team billing.';
  const twin = { lookalikes: [lookalike('1ogin.prod.example.test', 'billing')], reservations: [] };
  expect(again({ routing: { port: 80 } }, { ...twin, approvals: [approval({ rule: 'lookalike-name', reason })] })).toEqual([]);
  expect(again({ routing: { port: 80 } }, twin)).toEqual(['lookalike-name by security-reviewer']);
});

it('a rule says what its review is about, and every other one asks with every change', () => {
  expect(documentedRules.filter(({ concerns }) => concerns !== 'everything').map(({ name }) => name)).toEqual([
    'kept-in-another-view',
    'certificate-stands',
    'reserved-name',
    'apex-review',
    'wildcard-review',
    'wildcard-shadowed',
    'tls-address',
    'tls-spiffe-id',
    'tls-long-life',
    'lookalike-name',
    'split-horizon',
    'first-public-exposure',
  ]);
});

describe('a name that goes', () => {
  it.each([
    [hostname, security],
    ['orders.prod.example.test', []],
  ])('%s is looked at by who looked at it when it came', (name, expected) => {
    const here = { ...world({ inForce: null, approvals: [] }), endpoints: [endpoint(name, 'order-platform')] };
    expect(reviews({ hostname: name }, here, { kind: 'retire' })).toEqual(expected);
  });

  it('goes whatever became of its grant', () => {
    const here = { ...world(), grants: [], reservations: [] };
    expect(ask({ hostname }, here, { kind: 'retire' }).outcome).toBe('allow');
  });
});
