import type { Route } from 'next';

/** Where a platform admin does what others ask them for; the first word that is met. */
const places: readonly { readonly about: RegExp; readonly href: Route; readonly label: string }[] = [
  { about: /\bgrants?\b/i, href: '/grants', label: 'Grants' },
  { about: /\bcluster/, href: '/clusters', label: 'Clusters' },
  { about: /\bzone/, href: '/zones', label: 'Zones' },
  { about: /\b(People|role|invite|link)\b/, href: '/people', label: 'People' },
];

/** For a remedy that sends its reader to a platform admin: where one does that, null where it has no page; null for any other remedy. */
export function ownPlace(remedy: string): { readonly href: Route; readonly label: string } | { readonly href: null } | null {
  if (!/\ba platform admin\b/i.test(remedy)) return null;
  // What the admin is asked for stands behind the word.
  const asked = remedy.slice(remedy.search(/\ba platform admin\b/i));
  return places.find(({ about }) => about.test(asked)) ?? { href: null };
}
