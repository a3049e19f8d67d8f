import { expect, it } from 'vitest';
import { dependsOnWorkers } from './depends-on-workers';
import { pages } from './pages';

it('a missing worker is said on the pages that show what workers do, and on no other', () => {
  expect(pages.map(({ href }) => href).filter(dependsOnWorkers)).toEqual([
    ...[
      '/requests/new',
      '/endpoints',
      '/requests',
      '/certificates',
      '/campaigns',
      '/campaigns/new',
      '/zones',
      '/zones/new',
      '/issuers',
      '/authority',
      '/issuers/new',
    ],
  ]);
  expect(dependsOnWorkers('/endpoints/01890a5d-ac96-774b-bcce-b302099a8057')).toBe(true);
});
