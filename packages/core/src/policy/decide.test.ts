import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpointContract } from '../contract/endpoint.ts';
import { hostnameOf, parseHostname } from '../hostname/parse-hostname.ts';
import { type RequestKind, requestKinds } from '../request/kind.ts';
import { askedOf } from './asked.ts';
import { chains, documentedRules } from './chains.ts';
import { decide } from './decide.ts';
import { exceptableRules } from './exceptable.ts';
import { emptyGround, type PolicyException } from './ground.ts';
import {
  type Ask,
  ask,
  askFor,
  cluster,
  denials,
  endpoint,
  grant,
  grants,
  groundOf,
  later,
  lookalike,
  now,
  reservation,
  reviews,
  zone,
} from './testing/world.ts';
import { policyVersion } from './version.ts';

describe('the journeys', () => {
  it('allows a granted dev name without anybody, and finds its environment', () => {
    const decision = ask({});
    expect(decision).toMatchObject({ outcome: 'allow', violations: [], reviews: [] });
    expect(decision.results.every(({ outcome }) => outcome === 'pass')).toBe(true);
    expect(decision.facts).toMatchObject({
      name: { hostname: 'orders.dev.example.test', unicode: 'orders.dev.example.test' },
      zone: { id: 'zone-example.test', apex: 'example.test', ownerTeam: 'platform-edge' },
      granted: { suffix: 'dev.example.test', team: 'order-platform', until: null },
      environment: 'dev',
    });
  });

  it('says by which grant: the own one, or else one of those who hold the suffix; none while the name is malformed', () => {
    const shared = [
      grant('billing', 'dev.example.test', ['dev']),
      grant('order-platform', 'dev.example.test', ['dev'], { expiresAt: later(1) }),
    ];
    expect(ask({}, { grants: shared }).facts.granted).toEqual({ suffix: 'dev.example.test', team: 'order-platform', until: later(1) });
    expect(ask({}, { grants: shared.slice(0, 1) }).facts.granted).toMatchObject({ team: 'billing' });
    const malformed = ask({ hostname: 'bad..name', tls: { extraNames: ['www.dev.example.test'] } });
    expect(malformed.facts).toEqual({ name: null, zone: null, wildcard: null, granted: null, environment: null });
    expect(malformed.policyVersion).toBe(policyVersion);
  });

  it("has a reserved label reviewed by its group, with the reservation's reason", () => {
    const decision = ask({ hostname: 'login.prod.example.test' });
    expect(decision.outcome).toBe('review');
    expect(decision.reviews).toEqual([
      { rule: 'reserved-name', group: 'security-reviewer', reason: 'The label login is reserved: people type their password there.' },
    ]);
  });

  it('denies a name below a more specific suffix of another team, and names that team', () => {
    const decision = ask({ hostname: 'admin.prod.example.test' });
    expect(decision.outcome).toBe('deny');
    expect(decision.violations.map(({ rule }) => rule)).toEqual(['suffix-granted']);
    expect(decision.violations[0]?.reason).toContain('identity');
    expect(denials({ hostname: 'x.admin.prod.example.test' })).toEqual(['suffix-granted']);
  });

  it.each<[string, string, string[]]>([
    ['the apex', 'example.test', ['suffix-granted', 'apex-granted']],
    ['a wildcard', '*.dev.example.test', ['wildcard-granted']],
    ['a foreign suffix', 'orders.example.com', ['managed-zone', 'suffix-granted']],
    ['a suffix that only ends alike', 'orders.evilexample.test', ['managed-zone', 'suffix-granted']],
    ['a malformed name', 'bad..name', ['hostname-empty-label']],
    ['mixed scripts', 'pаypal.dev.example.test', ['hostname-mixed-script']],
    ['a look-alike', 'раурау.dev.example.test', ['hostname-confusable']],
    ['the suffix itself', 'dev.example.test', ['suffix-itself-granted']],
    ['a public suffix', 'github.io', ['managed-zone', 'public-suffix', 'suffix-granted']],
    ['a wildcard below a public suffix', '*.co.uk', ['managed-zone', 'public-suffix', 'suffix-granted', 'wildcard-granted']],
  ])('denies %s', (_, hostname, expected) => {
    expect(denials({ hostname })).toEqual(expected);
  });

  it('reports several problems at once, each with reason, remedy and field', () => {
    const decision = ask({
      hostname: '*.other.example.test',
      ttl: 5,
      target: { addresses: ['10.0.0.1', '0.0.0.0'] },
      tls: { source: 'acm', termination: 'ingress', extraNames: ['bad..name'] },
    });
    expect(decision.violations.map(({ rule, path }) => `${rule} ${path}`)).toEqual([
      'hostname-empty-label tls.extraNames.0',
      'suffix-granted hostname',
      'wildcard-granted hostname',
      'target-address target.addresses.0',
      'target-address target.addresses.1',
      'ttl-bounds ttl',
      'tls-source-serves-termination tls.source',
    ]);
    for (const { reason, remedy } of decision.violations) expect(reason !== '' && remedy !== '').toBe(true);
  });

  it('lets a rule pass only where it found nothing and could be judged', () => {
    const outcomesOf = (rule: string, contract: Ask) => ask(contract).results.flatMap((one) => (one.rule === rule ? [one.outcome] : []));
    expect(outcomesOf('target-address', {})).toEqual(['pass']);
    expect(outcomesOf('target-address', { target: { addresses: ['10.0.0.1', '0.0.0.0'] } })).toEqual(['deny', 'deny']);
    expect(outcomesOf('reserved-name', { hostname: 'login.dev.example.test' })).toEqual(['review']);
    expect(outcomesOf('target-address', { hostname: 'bad..name' })).toEqual(['not-judged']);
  });

  it.each(['bad..name', '-a_b.x', '1.2.3.4', '☃.test', 'pаypal.test', '', 'a'.repeat(1000)])(
    'denies %s under the codes that the form shows',
    (hostname) => {
      const parsed = parseHostname(hostname);
      if (parsed.ok) throw new TypeError('should not parse');
      const contract = { ...askFor({ hostname: 'x' }).contract, hostname };
      const decision = decide(askedOf({ kind: 'create', actorTeam: 'order-platform', contract, now }), groundOf());
      expect(decision.violations).toEqual(parsed.violations);
      expect(decision.results.some(({ outcome }) => outcome === 'not-judged')).toBe(true);
    },
  );
});

describe('change, transfer and retire', () => {
  const mine = { endpoints: [endpoint('orders.dev.example.test', 'order-platform')] };
  const theirs = { endpoints: [endpoint('orders.dev.example.test', 'billing')] };

  it.each<RequestKind>(['change', 'retire'])('%s is for the team that holds the endpoint', (kind) => {
    expect(ask({}, mine, { kind }).outcome).toBe('allow');
    expect(denials({}, {}, { kind })).toEqual(['endpoint-exists']);
    expect(denials({}, theirs, { kind })).toContain('endpoint-owned');
    expect(denials({}, mine, { kind, actorTeam: 'billing' })).toContain('acting-team');
  });

  it('retiring needs no grant any more', () => {
    expect(ask({}, { ...mine, grants: [] }, { kind: 'retire' }).outcome).toBe('allow');
    expect(denials({}, { ...mine, grants: [] }, { kind: 'change' })).toEqual(['suffix-granted']);
  });

  it('retiring is decided on the endpoints alone, where the world says nothing else', () => {
    expect(Object.values(emptyGround).flat()).toEqual([null, null, false, null, null]);
    expect(decide(askFor({}, { kind: 'retire' }), { ...emptyGround, ...mine }).outcome).toBe('allow');
  });

  it('a transfer is accepted by the team that receives, which needs the grant', () => {
    const world = { ...mine, grants: [...grants, grant('billing', 'dev.example.test', ['dev'])] };
    const transfer = { kind: 'transfer' } as const;
    expect(reviews({ team: 'billing' }, world, transfer)).toEqual(['transfer-accepted by team:billing']);
    expect(denials({ team: 'billing' }, mine, transfer)).toEqual(['suffix-granted']);
    const [ungranted] = ask({ team: 'billing' }, mine, transfer).violations;
    expect(ungranted?.remedy, 'nobody can choose another name for what is there').toBe(
      'Ask a platform admin to grant dev.example.test, or orders.dev.example.test itself, to team billing.',
    );
    expect(denials({}, mine, transfer)).toEqual(['transfer-accepted']);
    expect(denials({ team: 'billing' }, { ...theirs, grants: world.grants }, transfer)).toContain('endpoint-owned');
  });
});

describe('a recorded exception', () => {
  const heldBack = { endpoints: [endpoint('orders.dev.example.test', 'billing', { letGo: true, heldBackUntil: later(1) })] };
  const exception: PolicyException = {
    id: 'x1',
    rule: 'quarantine',
    hostname: hostnameOf('orders.dev.example.test'),
    reason: 'Both teams agreed on the handover.',
    until: later(1),
    by: 'Pat Novak',
  };

  it('lifts the denial of its rule for its name, and the decision says so', () => {
    const decision = ask({}, { ...heldBack, exceptions: [exception] });
    expect(decision.outcome).toBe('allow');
    expect(decision.results.find(({ rule }) => rule === 'quarantine')).toEqual({
      rule: 'quarantine',
      outcome: 'pass',
      reason: expect.stringContaining('was let go by team billing'),
      exception,
    });
    expect(decision.results.filter((result) => result.exception !== null)).toHaveLength(1);
  });

  it.each<[string, Partial<PolicyException>]>([
    ['has ended', { until: now }],
    ['is for another name', { hostname: hostnameOf('other.dev.example.test') }],
    ['is for another rule', { rule: 'zone-environment' }],
  ])('lifts nothing when it %s', (_, more) => {
    expect(denials({}, { ...heldBack, exceptions: [{ ...exception, ...more }] })).toEqual(['quarantine']);
  });

  it('never lifts a rule that no exception can lift', () => {
    expect(exceptableRules.map(({ name }) => name).sort()).toEqual([
      'apex-granted',
      'cluster-certificates',
      'cluster-environment',
      'cluster-exposure',
      'environment-granted',
      'kept-in-another-view',
      'lookalike-name',
      'quarantine',
      'suffix-itself-granted',
      'view-granted',
      'wildcard-granted',
      'zone-environment',
    ]);
    const taken = { endpoints: [endpoint('orders.dev.example.test', 'billing')] };
    expect(denials({}, { ...taken, exceptions: [{ ...exception, rule: 'name-taken' }] })).toEqual(['name-taken']);
  });

  it('of every rule there is leaves the syntax of a name, its holder and what can be reached as they are', () => {
    const all = (hostname: string) =>
      documentedRules.map(({ name: rule }): PolicyException => ({ ...exception, rule, hostname: hostnameOf(hostname) }));
    const name = 'orders.dev.example.test';
    expect(denials({ hostname: 'bad..name' }, { exceptions: all('bad.name') })).toEqual(['hostname-empty-label']);
    expect(denials({ target: { addresses: ['169.254.169.254'] } }, { exceptions: all(name) })).toEqual(['target-address']);
    expect(denials({ target: { cluster: 'nowhere' } }, { cluster: null, exceptions: all(name) })).toEqual(['cluster-known']);
    const held = { endpoints: [endpoint(name, 'billing')], exceptions: all(name) };
    expect(denials({}, held)).toEqual(['name-taken']);
  });

  it('lifts denials alone: what somebody must look at is looked at', () => {
    const lookalikes = [lookalike('0rders.dev.example.test', 'billing')];
    const exceptions = [{ ...exception, rule: 'lookalike-name' }];
    expect(reviews({}, { lookalikes, exceptions })).toEqual(['lookalike-name by security-reviewer']);
  });

  it('is for no malformed name', () => {
    const world = { cluster: { ...cluster, takesPublicTraffic: false }, exceptions: [{ ...exception, rule: 'cluster-exposure' }] };
    expect(denials({ hostname: 'bad..name', target: { cluster: 'k8s-1' } }, world)).toEqual(['hostname-empty-label', 'cluster-exposure']);
  });

  it('of an extra name lifts nothing from the hostname', () => {
    const kept = { zones: [zone('example.test', { environments: ['prod'] })] };
    const exceptions = [{ ...exception, rule: 'zone-environment', hostname: hostnameOf('www.dev.example.test') }];
    const decision = ask({ tls: { extraNames: ['www.dev.example.test'] } }, { ...kept, exceptions });
    expect(decision.violations).toMatchObject([{ rule: 'zone-environment', path: 'environment' }]);
    expect(decision.results.filter((result) => result.exception !== null)).toHaveLength(1);
  });
});

describe('any contract gets an answer', () => {
  it('never throws, denies exactly when there is a violation, and answers by every rule of the chain', () => {
    const hostname = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        'orders.dev.example.test',
        '*.dev.example.test',
        'example.test',
        'login.prod.example.test',
        'a.b',
        'com',
        'bad..name',
      ),
    );
    fc.assert(
      fc.property(
        hostname,
        fc.array(hostname, { maxLength: 3 }),
        fc.constantFrom(...requestKinds),
        fc.constantFrom('public', 'internal', 'partner'),
        fc.oneof(
          fc.record({ cname: hostname }),
          fc.constant({ cluster: 'k8s-1' as string }),
          fc.constant({ addresses: ['127.0.0.1', '::1', '0.0.0.0'] as string[] }),
        ),
        (name, extraNames, kind, view, target) => {
          const base = endpointContract.parse({ hostname: 'x', team: 'order-platform', target: { addresses: ['127.0.0.1'] }, view });
          const contract = { ...base, hostname: name, target, tls: { ...base.tls, extraNames } };
          const reservations = [reservation('label', 'login'), reservation('suffix', 'prod.example.test')];
          const ground = groundOf({ cluster, reservations });
          const decision = decide(askedOf({ kind, actorTeam: 'order-platform', contract, now }), ground);
          expect(decision.outcome === 'deny').toBe(decision.violations.length > 0);
          expect(decision.outcome === 'allow').toBe(decision.violations.length === 0 && decision.reviews.length === 0);
          expect(decision.violations.length).toBe(decision.results.filter(({ outcome }) => outcome === 'deny').length);
          expect(decision.results.length).toBeGreaterThanOrEqual(chains[kind].length);
        },
      ),
      { numRuns: 500 },
    );
  });
});
