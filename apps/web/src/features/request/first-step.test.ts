import { expect, it } from 'vitest';
import { firstStep } from './first-step';

const teams = [{ id: 'b', slug: 'orders', name: 'Orders', role: 'member' as const }];
const platform = ['platform-admin' as const];
const there = { zones: true, grants: true };

it.each([
  ['a platform admin without a team adds one', { teams: [], roles: platform }, { zones: false, grants: false }, '/teams'],
  ['a platform admin with a team connects the first zone', { teams, roles: platform }, { zones: false, grants: false }, '/zones/new'],
  ['a platform admin with a zone adds the first grant', { teams, roles: platform }, { zones: true, grants: false }, '/grants'],
  ['somebody else without a team is led nowhere', { teams: [], roles: [] }, there, null],
  ['somebody else without a zone is led nowhere', { teams, roles: [] }, { zones: false, grants: false }, null],
  ['somebody else without a grant is led nowhere', { teams, roles: [] }, { zones: true, grants: false }, null],
] as const)('%s', (_, me, of, href) => {
  const step = firstStep({ teams: [...me.teams], roles: [...me.roles] }, of);
  expect(step?.to?.href ?? null).toBe(href);
  expect(step?.text).toMatch(href === null ? /platform admin/ : /./);
});

it.each([there, { zones: null, grants: null }])('with a team, and all there or nothing known of it (%j), nothing is missing', (of) => {
  expect(firstStep({ teams, roles: [] }, of)).toBeNull();
});
