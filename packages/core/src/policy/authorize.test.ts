import { describe, expect, it } from 'vitest';
import { HostmasterError } from '../errors.ts';
import type { ReviewableRequest } from '../request/separation.ts';
import { type Answering, answererOf, answersFor } from './answerer.ts';
import {
  type Action,
  type Actor,
  actions,
  authorize,
  authorizeAtDoor,
  may,
  permissionOf,
  rightsOf,
  rolesFor,
  scopesOf,
} from './authorize.ts';
import { type OrganisationRole, organisationRoles, type Scope, scopes } from './roles.ts';

const person = (id: string, roles: OrganisationRole[] = [], teams: string[] = []): Actor => ({
  kind: 'person',
  id,
  name: id,
  roles,
  teams: teams.map((slug) => ({ id: slug, slug, role: 'member' })),
  scopes: null,
});
const token = ({ id, name, teams, roles }: Actor, scopes: Scope[]): Actor => ({
  kind: 'service',
  id: `${id}-token`,
  name,
  teams,
  roles,
  scopes,
  answerer: { kind: 'person', id, teamIds: teams.map((team) => team.id) },
});

const app = person('app', [], ['order-platform']);
const maintainer: Actor = { ...app, id: 'maintainer', teams: [{ id: 't', slug: 'order-platform', role: 'maintainer' }] };
const reviewOf = (answering: Answering, ...reviewGroups: string[]): ReviewableRequest => ({
  state: 'in-review',
  answering,
  reviewGroups,
  reviews: [],
});
const security = person('security', ['security-reviewer']);
const platform = person('platform', ['platform-admin'], ['platform-edge']);
const auditor = person('auditor', ['auditor']);
const actors = { app, maintainer, security, platform, auditor };
type Who = keyof typeof actors;

const answering = { kind: 'person', id: 'somebody' } as const;
const own = { team: 'order-platform' };
const claimants = [{ id: 'order-platform', slug: 'order-platform' }];
const everybody: Who[] = ['app', 'maintainer', 'security', 'platform', 'auditor'];

describe('each action is for those whom the table names', () => {
  it.each<[string, (actor: Actor) => boolean, Who[]]>([
    ['request.create', (actor) => may(actor, 'request.create', own), ['app', 'maintainer']],
    ['request.check', (actor) => may(actor, 'request.check', own), ['app', 'maintainer']],
    ['request.read', (actor) => may(actor, 'request.read'), everybody],
    ['request.review by security', (actor) => may(actor, 'request.review', reviewOf(answering, 'security-reviewer')), ['security']],
    ['request.review by platform', (actor) => may(actor, 'request.review', reviewOf(answering, 'platform-admin')), ['platform']],
    [
      'request.review by a team',
      (actor) => may(actor, 'request.review', reviewOf(answering, 'team:order-platform')),
      ['app', 'maintainer'],
    ],
    ['request.review by nobody', (actor) => may(actor, 'request.review', reviewOf(answering)), []],
    ['request.cancel', (actor) => may(actor, 'request.cancel', { ...own, answering }), ['app', 'maintainer', 'platform']],
    [
      'request.cancel of what one asked for as a team that one has left',
      (actor) => may(actor, 'request.cancel', { team: 'payments', answering: { kind: 'person', id: 'app' } }),
      ['app', 'platform'],
    ],
    [
      'request.cancel of a transfer of what the team has',
      (actor) => may(actor, 'request.cancel', { team: 'payments', giver: own.team, answering }),
      ['app', 'maintainer', 'platform'],
    ],
    ['endpoint.read', (actor) => may(actor, 'endpoint.read'), everybody],
    ['certificate.read', (actor) => may(actor, 'certificate.read'), everybody],
    ['certificate.revoke', (actor) => may(actor, 'certificate.revoke', own), ['app', 'maintainer', 'security', 'platform']],
    ['certificate.revoke of another team', (actor) => may(actor, 'certificate.revoke', { team: 'payments' }), ['security', 'platform']],
    ['certificate.import', (actor) => may(actor, 'certificate.import', own), ['maintainer']],
    ['certificate.import of another team', (actor) => may(actor, 'certificate.import', { team: 'payments' }), []],
    ['certificate.export-key', (actor) => may(actor, 'certificate.export-key', own), ['maintainer']],
    ['certificate.export-key of another team', (actor) => may(actor, 'certificate.export-key', { team: 'payments' }), []],
    ['certificate.export-key by a token', (actor) => may(token(actor, [...scopes]), 'certificate.export-key', own), []],
    ['operation.read', (actor) => may(actor, 'operation.read'), everybody],
    ['campaign.read', (actor) => may(actor, 'campaign.read'), everybody],
    ['campaign.run', (actor) => may(actor, 'campaign.run'), ['security', 'platform']],
    ['campaign.start', (actor) => may(actor, 'campaign.start', { answering: { kind: 'person', id: 'platform' } }), ['security']],
    ['operation.retry', (actor) => may(actor, 'operation.retry', own), ['app', 'maintainer', 'platform']],
    ['zone.read', (actor) => may(actor, 'zone.read'), everybody],
    ['zone.create', (actor) => may(actor, 'zone.create'), ['platform']],
    ['zone.update', (actor) => may(actor, 'zone.update'), ['platform']],
    ['zone.test', (actor) => may(actor, 'zone.test'), ['platform']],
    ['grant.read', (actor) => may(actor, 'grant.read'), everybody],
    ['grant.create', (actor) => may(actor, 'grant.create'), ['platform']],
    ['grant.update', (actor) => may(actor, 'grant.update'), ['platform']],
    ['grant.revoke', (actor) => may(actor, 'grant.revoke'), ['platform']],
    ['reservation.read', (actor) => may(actor, 'reservation.read'), everybody],
    ['reservation.create', (actor) => may(actor, 'reservation.create'), ['platform']],
    ['reservation.remove', (actor) => may(actor, 'reservation.remove'), ['platform']],
    ['exception.read', (actor) => may(actor, 'exception.read'), everybody],
    ['exception.create', (actor) => may(actor, 'exception.create', { claimants }), ['security']],
    ['exception.end', (actor) => may(actor, 'exception.end'), ['security', 'platform']],
    ['environment.read', (actor) => may(actor, 'environment.read'), everybody],
    ['environment.create', (actor) => may(actor, 'environment.create'), ['platform']],
    ['environment.update', (actor) => may(actor, 'environment.update'), ['platform']],
    ['environment.remove', (actor) => may(actor, 'environment.remove'), ['platform']],
    ['cluster.read', (actor) => may(actor, 'cluster.read'), everybody],
    ['cluster.create', (actor) => may(actor, 'cluster.create'), ['platform']],
    ['cluster.update', (actor) => may(actor, 'cluster.update'), ['platform']],
    ['cluster.remove', (actor) => may(actor, 'cluster.remove'), ['platform']],
    ['destination.read', (actor) => may(actor, 'destination.read'), everybody],
    ['destination.connect', (actor) => may(actor, 'destination.connect'), ['platform']],
    ['destination.update', (actor) => may(actor, 'destination.update'), ['platform']],
    ['destination.test', (actor) => may(actor, 'destination.test'), ['platform']],
    ['destination.remove', (actor) => may(actor, 'destination.remove'), ['platform']],
    ['discovery.read', (actor) => may(actor, 'discovery.read'), everybody],
    ['discovery.manage', (actor) => may(actor, 'discovery.manage'), ['platform']],
    ['discovery.confirm', (actor) => may(actor, 'discovery.confirm'), ['security', 'platform']],
    ['issuer.read', (actor) => may(actor, 'issuer.read'), everybody],
    ['issuer.connect', (actor) => may(actor, 'issuer.connect'), ['platform']],
    ['issuer.update', (actor) => may(actor, 'issuer.update'), ['platform']],
    ['issuer.stop', (actor) => may(actor, 'issuer.stop'), ['platform']],
    ['issuer.test', (actor) => may(actor, 'issuer.test'), ['platform']],
    ['issuer.change-key', (actor) => may(actor, 'issuer.change-key'), ['platform']],
    ['issuer.remove', (actor) => may(actor, 'issuer.remove'), ['platform']],
    ['team.read', (actor) => may(actor, 'team.read'), everybody],
    ['team.create', (actor) => may(actor, 'team.create'), ['platform']],
    ['team.change-members', (actor) => may(actor, 'team.change-members', own), ['maintainer', 'platform']],
    ['team.change-members of another team', (actor) => may(actor, 'team.change-members', { team: 'payments' }), ['platform']],
    ['audit.read', (actor) => may(actor, 'audit.read'), ['auditor']],
    ['audit.verify', (actor) => may(actor, 'audit.verify'), ['auditor']],
    ['token.read', (actor) => may(actor, 'token.read'), everybody],
    [
      'token.create',
      (actor) => may(actor, 'token.create', { teams: ['order-platform'], scopes: ['requests:write'] }),
      ['app', 'maintainer'],
    ],
    ['token.create for reading the audit trail', (actor) => may(actor, 'token.create', { teams: [], scopes: ['audit:read'] }), ['auditor']],
    ['token.create for changing policy', (actor) => may(actor, 'token.create', { teams: [], scopes: ['policy:write'] }), ['platform']],
    ['token.revoke', (actor) => may(actor, 'token.revoke', { ownerId: 'app' }), ['app', 'platform']],
    ['me.read', (actor) => may(actor, 'me.read'), everybody],
    ['account.manage', (actor) => may(actor, 'account.manage'), everybody],
    ['account.manage by a token of everything', (actor) => may(token(actor, [...scopes]), 'account.manage'), []],
  ])('%s', (name, allowed, expected) => {
    expect(actions).toContain(name.split(' ')[0]);
    expect(everybody.filter((who) => allowed(actors[who]))).toEqual(expected);
  });
});

const caught = (act: () => void): HostmasterError => {
  try {
    act();
  } catch (error) {
    if (error instanceof HostmasterError) return error;
  }
  throw new Error('nothing was refused');
};

describe('a token holds its scopes and nothing more', () => {
  it('is refused an action without its scope, named in the message', () => {
    const error = caught(() => authorize(token(app, ['requests:read']), 'request.create', own));
    expect(error.code).toBe('forbidden');
    expect(error.message).toContain('requests:write');
  });

  it('is told that no token at all may do what needs a session', () => {
    expect(caught(() => authorize(token(app, [...scopes]), 'account.manage')).message).toContain('no token may do it');
  });

  it('still needs the role behind the scope', () => {
    const error = caught(() => authorize(token(app, ['zones:write']), 'zone.create'));
    expect(error.message).toContain('platform admin');
  });

  it('passes with both, and hands on no scope that it lacks', () => {
    expect(may(token(platform, ['zones:write']), 'zone.create')).toBe(true);
    const maker = token(maintainer, ['tokens:write', 'requests:read']);
    expect(may(maker, 'token.create', { teams: ['order-platform'], scopes: ['requests:read'] })).toBe(true);
    expect(may(maker, 'token.create', { teams: ['order-platform'], scopes: ['requests:write'] })).toBe(false);
  });

  it('carries of the roles behind it those alone that its scopes were made for', () => {
    const everything = { ...platform, roles: [...organisationRoles] };
    expect(rolesFor(everything, ['requests:read', 'requests:write', 'tokens:write'])).toEqual([]);
    expect(rolesFor(everything, ['teams:write'])).toEqual(['platform-admin']);
    expect(rolesFor(everything, ['people:write'])).toEqual(['platform-admin']);
    expect(rolesFor(everything, ['audit:read'])).toEqual(['auditor']);
    expect(rolesFor(everything, ['requests:read', 'audit:read', 'zones:write'])).toEqual(['platform-admin', 'auditor']);
    expect(rolesFor(app, [...scopes])).toEqual([]);
  });

  it('uses a role in the actions of the scope that it was made for with, and in no others', () => {
    const foreign = { team: 'payments', answering: { kind: 'person', id: 'somebody' } } as const;
    expect(may(platform, 'request.cancel', foreign)).toBe(true);
    expect(may(token(platform, ['requests:write', 'policy:write']), 'request.cancel', foreign)).toBe(false);
    expect(may(token(platform, ['requests:write', 'policy:write']), 'operation.retry', { team: 'payments' })).toBe(false);
    expect(may(token(platform, ['tokens:write', 'policy:write']), 'token.revoke', { ownerId: 'app' })).toBe(false);
  });

  it('lets nobody in with the scope for teams', () => {
    expect(
      may(
        token(
          platform,
          scopes.filter((scope) => scope !== 'people:write'),
        ),
        'person.manage',
      ),
    ).toBe(false);
    expect(may(token(platform, ['people:write']), 'person.manage')).toBe(true);
    expect(everybody.filter((who) => scopesOf(actors[who]).includes('people:write'))).toEqual(['platform']);
  });

  it('needs for each action exactly this scope', () => {
    const scopeOf: Readonly<Record<Action, Scope | 'session' | null>> = {
      'request.create': 'requests:write',
      'request.check': 'requests:read',
      'request.read': 'requests:read',
      'request.review': 'reviews:write',
      'request.cancel': 'requests:write',
      'endpoint.read': 'endpoints:read',
      'certificate.read': 'certificates:read',
      'certificate.revoke': 'certificates:write',
      'certificate.import': 'certificates:write',
      'certificate.export-key': 'session',
      'campaign.read': 'certificates:read',
      'campaign.run': 'certificates:write',
      'campaign.start': 'certificates:write',
      'operation.read': 'operations:read',
      'operation.retry': 'requests:write',
      'zone.read': 'zones:read',
      'zone.create': 'zones:write',
      'zone.update': 'zones:write',
      'zone.remove': 'zones:write',
      'zone.reread': 'zones:write',
      'zone.test': 'zones:write',
      'grant.read': 'policy:read',
      'grant.create': 'policy:write',
      'grant.update': 'policy:write',
      'grant.revoke': 'policy:write',
      'reservation.read': 'policy:read',
      'reservation.create': 'policy:write',
      'reservation.remove': 'policy:write',
      'exception.read': 'policy:read',
      'exception.create': 'reviews:write',
      'exception.end': 'reviews:write',
      'environment.read': 'policy:read',
      'environment.create': 'policy:write',
      'environment.update': 'policy:write',
      'environment.remove': 'policy:write',
      'cluster.read': 'policy:read',
      'cluster.create': 'policy:write',
      'cluster.update': 'policy:write',
      'cluster.remove': 'policy:write',
      'destination.read': 'certificates:read',
      'destination.connect': 'issuers:write',
      'destination.update': 'issuers:write',
      'destination.test': 'issuers:write',
      'destination.remove': 'issuers:write',
      'discovery.read': 'certificates:read',
      'discovery.manage': 'issuers:write',
      'discovery.confirm': 'certificates:write',
      'issuer.read': 'certificates:read',
      'issuer.connect': 'issuers:write',
      'issuer.update': 'issuers:write',
      'issuer.stop': 'issuers:write',
      'issuer.test': 'issuers:write',
      'issuer.change-key': 'issuers:write',
      'issuer.remove': 'issuers:write',
      'authority.manage': 'issuers:write',
      'team.read': 'teams:read',
      'team.create': 'teams:write',
      'team.change-members': 'teams:write',
      'person.manage': 'people:write',
      'account.manage': 'session',
      'audit.read': 'audit:read',
      'audit.verify': 'audit:read',
      'token.read': 'tokens:write',
      'token.create': 'tokens:write',
      'token.revoke': 'tokens:write',
      'me.read': null,
    };
    expect(Object.fromEntries(actions.map((action) => [action, permissionOf(action).scope]))).toEqual(scopeOf);
  });

  it('is handed all that it is given or nothing', () => {
    const maker = token(maintainer, ['tokens:write', 'requests:read']);
    const create = (teams: string[], scopes: Scope[]) => may(maker, 'token.create', { teams, scopes });
    expect(create(['order-platform'], ['requests:read', 'requests:write'])).toBe(false);
    expect(create(['order-platform', 'payments'], ['requests:read'])).toBe(false);
  });

  it('of an administrator is handed what its maker was made for, and no more', () => {
    const maker = token(platform, ['tokens:write', 'zones:write', 'requests:read']);
    const create = (...scopes: Scope[]) => may(maker, 'token.create', { teams: [], scopes });
    expect(create('zones:write')).toBe(true);
    expect(create('zones:write', 'requests:read')).toBe(true);
    expect(create('policy:write')).toBe(false);
  });

  it('is handed no scope that opens nothing to its maker', () => {
    expect(scopesOf(app)).not.toEqual(expect.arrayContaining(['policy:write']));
    for (const scope of ['policy:write', 'zones:write', 'issuers:write'] as const)
      expect(everybody.filter((who) => scopesOf(actors[who]).includes(scope))).toEqual(['platform']);
    expect(everybody.filter((who) => scopesOf(actors[who]).includes('audit:read'))).toEqual(['auditor']);
    expect(everybody.filter((who) => scopesOf(actors[who]).includes('teams:write'))).toEqual(['maintainer', 'platform']);
    expect(everybody.filter((who) => scopesOf(actors[who]).includes('requests:write'))).toEqual(everybody);
    expect(scopesOf(token(platform, ['zones:write', 'audit:read']))).toEqual(['zones:write']);
  });
});

describe('somebody', () => {
  it('holds their roles, and their place in each team, in words that change when any of it does', () => {
    expect(rightsOf(platform)).toEqual(['platform-admin', 'member of platform-edge']);
    expect(rightsOf(maintainer)).toEqual(['member of order-platform', 'maintainer of order-platform']);
  });

  it('answers for what they asked and for what their team asked, also behind a credential', () => {
    const asked = (kind: 'person' | 'team', id: string): Answering => ({ kind, id });
    expect(answersFor(answererOf(app), asked('person', 'app'))).toBe(true);
    expect(answersFor(answererOf(token(app, [])), asked('person', 'app'))).toBe(true);
    expect(answersFor(answererOf(token(app, [])), asked('person', 'app-token'))).toBe(false);
    expect(answersFor(answererOf(app), asked('team', 'order-platform'))).toBe(true);
    expect(answersFor(answererOf(app), asked('team', 'payments'))).toBe(false);
    expect(answersFor(answererOf({ ...person('system'), kind: 'system' }), asked('person', 'system'))).toBe(false);
  });
});

describe('a refusal', () => {
  it.each<[string, () => void, string]>([
    ['what it is for', () => authorize(app, 'zone.create'), 'zone.create is for a platform admin.'],
    ['the team', () => authorize(security, 'request.create', own), 'Its team: order-platform.'],
    [
      'the groups',
      () => authorize(app, 'request.review', reviewOf(answering, 'security-reviewer', 'platform-admin')),
      'It is for security and the platform admins to review.',
    ],
  ])('names %s', (_, act, text) => {
    const error = caught(act);
    expect(error.code).toBe('forbidden');
    expect(error.message).toContain(text);
  });

  it('says no more where there is no team and no group', () => {
    expect(caught(() => authorize(app, 'zone.create')).message).toMatch(/a platform admin\.$/);
    expect(caught(() => authorize(app, 'token.revoke', { ownerId: 'other' })).message).toMatch(/or a platform admin\.$/);
  });

  it('is an error of ours; any other fault is not taken for one', () => {
    const broken: Actor = {
      ...app,
      get teams(): never {
        throw new TypeError('broken');
      },
    };
    expect(() => may(broken, 'request.create', own)).toThrow(TypeError);
  });
});

describe('reading and writing', () => {
  it('by the organisation’s people is for platform admins', () => {
    expect(everybody.filter((who) => may(actors[who], 'person.manage'))).toEqual(['platform']);
  });

  it('without scopes is for a session; a token without any scope reads only itself', () => {
    expect(may(app, 'zone.read')).toBe(true);
    expect(may(token(app, []), 'zone.read')).toBe(false);
    expect(may(token(app, []), 'me.read')).toBe(true);
  });
});

describe('four eyes', () => {
  const review = (actor: Actor, answering: Answering) =>
    caught(() => authorize(actor, 'request.review', reviewOf(answering, 'security-reviewer'))).code;

  it('nobody reviews what they answer for, neither themselves nor through a token of theirs', () => {
    expect(review(security, { kind: 'person', id: 'security' })).toBe('self-review');
    expect(review(token(security, ['reviews:write']), { kind: 'person', id: 'security' })).toBe('self-review');
  });

  it('nobody reviews what their team answers for, even with a token that does not speak for the team', () => {
    const colleague = person('sam', ['security-reviewer'], ['edge']);
    expect(review(colleague, { kind: 'team', id: 'edge' })).toBe('self-review');
    expect(review({ ...token(colleague, ['reviews:write']), teams: [] }, { kind: 'team', id: 'edge' })).toBe('self-review');
    expect(may(colleague, 'request.review', reviewOf({ kind: 'team', id: 'orders' }, 'security-reviewer'))).toBe(true);
    expect(may(colleague, 'request.review', reviewOf({ kind: 'person', id: 'edge' }, 'security-reviewer'))).toBe(true);
  });

  it('nobody lifts a rule for a name that their own team may claim, even with a token that does not speak for the team or is the team’s', () => {
    const colleague = person('sam', ['security-reviewer'], ['edge']);
    const edge = [...claimants, { id: 'edge', slug: 'edge' }];
    const record = (actor: Actor) => caught(() => authorize(actor, 'exception.create', { claimants: edge })).code;
    expect(record(colleague)).toBe('self-review');
    expect(record({ ...token(colleague, ['reviews:write']), teams: [] })).toBe('self-review');
    const service: Actor = { ...colleague, kind: 'service', scopes: ['reviews:write'], answerer: { kind: 'team', id: 'edge' } };
    expect(record(service)).toBe('self-review');
    expect(may(colleague, 'exception.create', { claimants })).toBe(true);
  });

  it('a person cancels what they asked for; a token of theirs acts for its teams alone', () => {
    const asked = { team: 'elsewhere', answering: { kind: 'person', id: platform.id } } as const;
    const asker: Actor = { ...platform, roles: [], teams: [] };
    expect(may(asker, 'request.cancel', asked)).toBe(true);
    expect(may(token(asker, ['requests:write']), 'request.cancel', asked)).toBe(false);
    // What this very token asked for, such as a transfer to a team that it does not act for, it takes back.
    const made = token(asker, ['requests:write']);
    expect(may(made, 'request.cancel', { ...asked, askerId: made.id })).toBe(true);
  });

  it('the system reviews nothing, and does everything else', () => {
    const system: Actor = { ...person('system'), kind: 'system' };
    expect(review(system, answering)).toBe('forbidden');
    expect(may(system, 'zone.update')).toBe(true);
  });
});

describe('at the door, before anybody looks at what was sent,', () => {
  const refusedAtDoor = (actor: Actor, action: Action): boolean => {
    try {
      authorizeAtDoor(actor, action);
      return false;
    } catch (error) {
      if (error instanceof HostmasterError && error.code === 'forbidden') return true;
      throw error;
    }
  };

  it('a token without the scope of an action is refused, whatever the action', () => {
    for (const action of actions) expect(refusedAtDoor(token(platform, []), action), action).toBe(permissionOf(action).scope !== null);
  });

  it.each<[Action, Who[]]>([
    ['zone.remove', ['platform']],
    ['zone.read', everybody],
    ['audit.read', ['auditor']],
    ['exception.end', ['security', 'platform']],
    ['request.create', everybody],
    ['request.check', everybody],
    ['request.review', everybody],
    ['request.cancel', everybody],
    ['certificate.revoke', everybody],
    ['certificate.import', everybody],
    ['certificate.export-key', everybody],
    ['operation.retry', everybody],
    ['exception.create', everybody],
    ['team.change-members', everybody],
    ['token.create', everybody],
    ['token.revoke', everybody],
  ])('%s is refused to whom nothing that is sent could open it', (action, passed) => {
    expect((Object.keys(actors) as Who[]).filter((who) => !refusedAtDoor(actors[who], action))).toEqual(passed);
  });
});
