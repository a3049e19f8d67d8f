import { expect, it } from 'vitest';
import { firstStep } from './first-step';

const teams = [{ id: 'b', slug: 'orders', name: 'Orders', role: 'member' as const }];
const platform = ['platform-admin' as const];

it.each([
  ['a platform admin without a team adds one', { teams: [], roles: platform }, false, '/teams'],
  ['a platform admin with a team connects the first zone', { teams, roles: platform }, false, '/zones/new'],
  ['somebody else without a team is led nowhere', { teams: [], roles: [] }, true, null],
  ['somebody else without a zone is led nowhere', { teams, roles: [] }, false, null],
] as const)('%s', (_, me, zones, href) => {
  const step = firstStep({ teams: [...me.teams], roles: [...me.roles] }, zones);
  expect(step?.to?.href ?? null).toBe(href);
  expect(step?.text).toMatch(href === null ? /platform admin/ : /./);
});

it.each([true, null])('with a team, and zones or nothing known of them (%s), nothing is missing', (zones) => {
  expect(firstStep({ teams, roles: [] }, zones)).toBeNull();
});
