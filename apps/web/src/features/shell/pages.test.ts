import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Me } from '@hostmaster/core/contract/account';
import { describe, expect, it } from 'vitest';
import { pages, pagesFor } from './pages';

const folder = join(import.meta.dirname, '../../app/(portal)');

/** "(detail)/zones/new/page.tsx" as "/zones/new"; pages of one thing, with its id in the address, are reached from lists. */
const addressed = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(sep))
  .filter((parts) => parts.at(-1) === 'page.tsx' && parts.every((part) => !part.startsWith('[')))
  .map((parts) => parts.slice(0, -1).filter((part) => !part.startsWith('(')))
  .map((parts) => `/${parts.join('/')}`);

const someone: Me = {
  kind: 'person',
  id: 'a',
  name: 'A',
  email: null,
  teams: [],
  roles: [],
  scopes: null,
  environments: [],
  clusters: [],
  sources: [],
  tlsProofs: false,
};
const offered = (roles: Me['roles']) => pagesFor({ ...someone, roles }).map(({ href }) => href);

describe('the list of pages', () => {
  it('holds every page that has an address of its own, once', () => {
    // One is for whoever has no account, too, and stands outside the portal.
    expect(pages.map(({ href }) => href).sort()).toEqual([...addressed, '/trust'].sort());
  });

  it('offers the audit trail to auditors, people and the connecting of zones to platform admins alone', () => {
    expect(offered(['auditor'])).not.toContain('/people');
    expect(offered(['platform-admin'])).toContain('/people');
    expect(offered([])).not.toContain('/audit');
    expect(offered([])).not.toContain('/zones/new');
    expect(offered(['auditor'])).toContain('/audit');
    expect(offered(['platform-admin'])).toContain('/zones/new');
  });
});
