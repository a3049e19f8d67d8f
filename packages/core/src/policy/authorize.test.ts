import { describe, expect, it } from 'vitest';
import { HostmasterError } from '../errors.ts';
import type { Answering } from './answerer.ts';
import { type Actor, actions, authorize, may, permissionOf } from './authorize.ts';
import type { OrganisationRole, Scope } from './roles.ts';

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
const security = person('security', ['security-reviewer']);
const platform = person('platform', ['platform-admin'], ['platform-edge']);
const auditor = person('auditor', ['auditor']);
const actors = { app, maintainer, security, platform, auditor };
type Who = keyof typeof actors;

const answering = { kind: 'person', id: 'somebody' } as const;
const own = { team: 'order-platform' };
const everybody: Who[] = ['app', 'maintainer', 'security', 'platform', 'auditor'];

describe('each action is for those whom the table names', () => {
  it.each<[string, (actor: Actor) => boolean, Who[]]>([
    ['request.create', (actor) => may(actor, 'request.create', own), ['app', 'maintainer']],
    ['request.check', (actor) => may(actor, 'request.check', own), ['app', 'maintainer']],
    ['request.read', (actor) => may(actor, 'request.read'), everybody],
    ['request.review by security', (actor) => may(actor, 'request.review', { answering, groups: ['security-reviewer'] }), ['security']],
    ['request.review by platform', (actor) => may(actor, 'request.review', { answering, groups: ['platform-admin'] }), ['platform']],
    [
      'request.review by a team',
      (actor) => may(actor, 'request.review', { answering, groups: ['team:order-platform'] }),
      ['app', 'maintainer'],
    ],
    ['request.review by nobody', (actor) => may(actor, 'request.review', { answering, groups: [] }), []],
    ['request.cancel', (actor) => may(actor, 'request.cancel', { ...own, answering }), ['app', 'maintainer', 'platform']],
    ['endpoint.read', (actor) => may(actor, 'endpoint.read'), everybody],
    ['certificate.read', (actor) => may(actor, 'certificate.read'), everybody],
    ['operation.read', (actor) => may(actor, 'operation.read'), everybody],
    ['operation.retry', (actor) => may(actor, 'operation.retry', own), ['app', 'maintainer', 'platform']],
    ['zone.read', (actor) => may(actor, 'zone.read'), everybody],
    ['zone.create', (actor) => may(actor, 'zone.create'), ['platform']],
    ['zone.update', (actor) => may(actor, 'zone.update'), ['platform']],
    ['zone.test', (actor) => may(actor, 'zone.test'), ['platform']],
    ['grant.read', (actor) => may(actor, 'grant.read'), everybody],
    ['grant.create', (actor) => may(actor, 'grant.create'), ['platform']],
    ['grant.revoke', (actor) => may(actor, 'grant.revoke'), ['platform']],
    ['reservation.read', (actor) => may(actor, 'reservation.read'), everybody],
    ['reservation.create', (actor) => may(actor, 'reservation.create'), ['platform']],
    ['reservation.remove', (actor) => may(actor, 'reservation.remove'), ['platform']],
    ['issuer.read', (actor) => may(actor, 'issuer.read'), everybody],
    ['team.read', (actor) => may(actor, 'team.read'), everybody],
    ['team.create', (actor) => may(actor, 'team.create'), ['platform']],
    ['team.change-members', (actor) => may(actor, 'team.change-members', own), ['maintainer', 'platform']],
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

  it('every action but one has a scope', () => {
    expect(actions.filter((action) => permissionOf(action).scope === null)).toEqual(['me.read']);
  });
});

describe('four eyes', () => {
  const review = (actor: Actor, answering: Answering) =>
    caught(() => authorize(actor, 'request.review', { answering, groups: ['security-reviewer'] })).code;

  it('nobody reviews what they answer for, neither themselves nor through a token of theirs', () => {
    expect(review(security, { kind: 'person', id: 'security' })).toBe('self-review');
    expect(review(token(security, ['reviews:write']), { kind: 'person', id: 'security' })).toBe('self-review');
  });

  it('nobody reviews what their team answers for, even with a token that does not speak for the team', () => {
    const colleague = person('sam', ['security-reviewer'], ['edge']);
    expect(review(colleague, { kind: 'team', id: 'edge' })).toBe('self-review');
    expect(review({ ...token(colleague, ['reviews:write']), teams: [] }, { kind: 'team', id: 'edge' })).toBe('self-review');
    expect(may(colleague, 'request.review', { answering: { kind: 'team', id: 'orders' }, groups: ['security-reviewer'] })).toBe(true);
    expect(may(colleague, 'request.review', { answering: { kind: 'person', id: 'edge' }, groups: ['security-reviewer'] })).toBe(true);
  });

  it('the system reviews nothing, and does everything else', () => {
    const system: Actor = { ...person('system'), kind: 'system' };
    expect(review(system, answering)).toBe('forbidden');
    expect(may(system, 'zone.update')).toBe(true);
  });
});
