import { describe, expect, it } from 'vitest';
import { type Ask, ask, cluster, denials, endpoint, grant, grants, later, now, reviews, type World, zone } from '../testing/world.ts';

const dev = (environments: string[], more = {}) => grant('order-platform', 'dev.example.test', environments, more);

describe('grants deny', () => {
  it.each<[string, Ask, World, string[]]>([
    ['another environment than granted', { environment: 'prod' }, {}, ['environment-granted']],
    [
      'two grants that each cover a half',
      { environment: 'dev' },
      { grants: [dev(['dev'], { views: ['internal'] }), dev(['qa'])] },
      ['view-granted'],
    ],
    ['an environment that does not follow', {}, { grants: [dev(['dev', 'qa'])] }, ['environment-named']],
    ['a grant that has ended', {}, { grants: [dev(['dev'], { expiresAt: now })] }, ['suffix-granted']],
    [
      'a wildcard granted for another environment',
      { hostname: '*.dev.example.test', environment: 'dev' },
      { grants: [dev(['qa'], { allowWildcard: true }), dev(['dev'])] },
      ['wildcard-granted'],
    ],
    [
      'the suffix itself granted for another environment',
      { hostname: 'dev.example.test', environment: 'dev' },
      { grants: [dev(['qa'], { allowSuffixItself: true }), dev(['dev'])] },
      ['suffix-itself-granted'],
    ],
    [
      'the apex of a zone of another view',
      { hostname: 'dev.example.test' },
      { zones: [zone('example.test'), zone('dev.example.test', { view: 'internal' })] },
      ['apex-granted', 'suffix-itself-granted'],
    ],
    [
      'an apex below a suffix that is granted itself',
      { hostname: 'dev.example.test' },
      {
        zones: [zone('example.test'), zone('dev.example.test')],
        grants: [grant('order-platform', 'example.test', ['dev'], { allowSuffixItself: true })],
      },
      ['apex-granted'],
    ],
    ['the suffix itself, in no managed zone', { hostname: 'dev.example.test' }, { zones: [] }, ['managed-zone', 'suffix-itself-granted']],
  ])('%s', (_, contract, world, expected) => {
    expect(denials(contract, world)).toEqual(expected);
  });
});

describe('grants', () => {
  it('cover the suffix itself where one of them says so', () => {
    const itself = dev(['dev'], { allowSuffixItself: true });
    for (const all of [[itself], [dev(['dev']), itself], [itself, dev(['dev'])]])
      expect(ask({ hostname: 'dev.example.test' }, { grants: all }).outcome).toBe('allow');
  });

  it('of an apex are judged by one rule: that of the suffix itself says nothing there', () => {
    const world = { grants: [grant('order-platform', 'example.test', ['prod'])] };
    expect(denials({ hostname: 'example.test' }, world)).toEqual(['apex-granted']);
    const itself = { grants: [grant('order-platform', 'example.test', ['prod'], { allowSuffixItself: true })] };
    expect(ask({ hostname: 'example.test' }, itself).outcome).toBe('review');
  });

  it('say when one has ended, and of whom one is', () => {
    const [ended] = ask({}, { grants: [dev(['dev'], { expiresAt: now })] }).violations;
    expect(ended?.reason).toBe('The grant of dev.example.test to team order-platform ended on 20 Nov 2026.');
    const [other] = ask(
      {},
      { grants: [grant('billing', 'dev.example.test', ['dev'], {}), grant('identity', 'dev.example.test', [])] },
    ).violations;
    expect(other?.reason).toBe('Names below dev.example.test are granted to team billing, identity, not to team order-platform.');
    expect(ask({}, { grants: [] }).violations[0]?.reason).toBe('No suffix of orders.dev.example.test is granted to team order-platform.');
  });

  it('that ended are spoken of only where they were the own ones and of the name', () => {
    const others = grant('billing', 'dev.example.test', ['dev'], { expiresAt: now });
    const elsewhere = grant('order-platform', 'qa.example.test', ['dev'], { expiresAt: now });
    expect(ask({}, { grants: [others, elsewhere] }).violations).toMatchObject([
      { rule: 'suffix-granted', reason: 'No suffix of orders.dev.example.test is granted to team order-platform.' },
    ]);
  });

  it('of the most specific suffix count, whatever their order', () => {
    for (const all of [grants, grants.toReversed()])
      expect(denials({ hostname: 'x.admin.prod.example.test' }, { grants: all })).toEqual(['suffix-granted']);
  });

  it('that have not ended yet count', () => {
    expect(ask({}, { grants: [dev(['dev'], { expiresAt: later(1) })] }).outcome).toBe('allow');
  });

  it('fall back to the wider suffix when the more specific one has ended', () => {
    const ended = grant('identity', 'orders.dev.example.test', ['dev'], { expiresAt: later(-1) });
    expect(ask({}, { grants: [...grants, ended] }).outcome).toBe('allow');
  });

  it('let several teams share a suffix', () => {
    expect(ask({}, { grants: [...grants, grant('billing', 'dev.example.test', ['dev'])] }).outcome).toBe('allow');
  });

  it('cover extra names by the same rules', () => {
    expect(denials({ tls: { extraNames: ['www.dev.example.test', 'x.admin.prod.example.test', '*.dev.example.test'] } })).toEqual([
      'suffix-granted',
      'wildcard-granted',
    ]);
    expect(ask({ tls: { extraNames: ['www.dev.example.test'] } }).outcome).toBe('allow');
    expect(denials({ tls: { extraNames: ['ORDERS.dev.example.test.'] } })).toEqual(['names-distinct']);
    expect(reviews({ tls: { extraNames: ['login.dev.example.test'] } })).toEqual(['reserved-name by security-reviewer']);
  });
});

describe('the environment', () => {
  const two = [dev(['dev'], { views: ['internal'] }), dev(['qa'])];

  it("follows from the team's grants for the view that is asked for, not from those for another", () => {
    expect(ask({}, { grants: two }).facts.environment).toBe('qa');
    const zones = [zone('example.test', { view: 'internal' })];
    expect(ask({ view: 'internal' }, { grants: two, zones }).facts.environment).toBe('dev');
  });

  it('follows from the only grant even where that is for another view, which another rule denies', () => {
    const decision = ask({}, { grants: [dev(['dev'], { views: ['internal'] })] });
    expect(decision.facts.environment).toBe('dev');
    expect(decision.violations.map(({ rule }) => rule)).toEqual(['view-granted']);
  });

  it('follows from several grants that agree', () => {
    expect(ask({}, { grants: [dev(['dev']), dev(['dev'], { allowWildcard: true })] }).facts.environment).toBe('dev');
  });

  it("is never taken from another team's grant", () => {
    expect(ask({}, { grants: [grant('billing', 'dev.example.test', ['dev'])] }).facts.environment).toBeNull();
  });
});

describe('what is not there', () => {
  const held = { endpoints: [endpoint('orders.dev.example.test', 'order-platform')] };
  it.each<[string, Ask, World, string]>([
    ['a team', { team: 'nobody' }, held, 'There is no team nobody.'],
    [
      'a team, of an apex',
      { team: 'nobody', hostname: 'example.test' },
      { endpoints: [endpoint('example.test', 'order-platform')] },
      'There is no team nobody.',
    ],
    [
      'a team, of a wildcard',
      { team: 'nobody', hostname: '*.dev.example.test' },
      { endpoints: [endpoint('*.dev.example.test', 'order-platform')] },
      'There is no team nobody.',
    ],
    ['an environment', { environment: 'mars' }, held, 'There is no environment mars.'],
    [
      'an environment, in a zone of others and to a cluster',
      { environment: 'mars', target: { cluster: 'k8s-1' } },
      { ...held, zones: [zone('example.test', { environments: ['dev'] })], cluster },
      'There is no environment mars.',
    ],
  ])('is said to be that alone, and not to be granted nothing: %s', (_, contract, world, reason) => {
    const { violations, reviews } = ask(contract, world, { kind: 'transfer' });
    const ofIt = violations.filter(({ rule, reason }) => /grant|known|environment/.test(rule) || /nobody|mars/.test(reason));
    expect(ofIt.map(({ reason }) => reason)).toEqual([reason]);
    expect(reviews.filter(({ group }) => group.includes('nobody'))).toEqual([]);
  });

  it('is said with what there is', () => {
    expect(ask({ environment: 'mars' }).violations[0]?.remedy).toBe(
      'Give one of dev, qa, staging, prod, or ask a platform admin to add the environment.',
    );
  });
});
