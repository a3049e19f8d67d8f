import { expect, it } from 'vitest';
import { dependsOnWorkers } from './depends-on-workers';
import { pages } from './pages';

it('a missing worker is said on every page but the first one and those that people alone keep', () => {
  expect(pages.map(({ href }) => href).filter((href) => !dependsOnWorkers(href))).toEqual([
    '/',
    '/clusters',
    '/environments',
    '/people',
    '/teams',
    '/grants',
    '/reservations',
    '/exceptions',
    '/audit',
    '/account',
    '/tokens',
  ]);
  expect(dependsOnWorkers('/endpoints/01890a5d-ac96-774b-bcce-b302099a8057')).toBe(true);
  expect(dependsOnWorkers('/teams/payments')).toBe(false);
});
