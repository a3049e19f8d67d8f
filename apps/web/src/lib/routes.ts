// Where each kind of thing has its page. Use cases answer with a kind and an id; what that is in the portal's address is
// said here and nowhere else, and a new kind does not compile without its line.
import type { home, searchResult } from '@hostmaster/core/contract/account';
import type { Route } from 'next';
import type { z } from 'zod';

/** Of what has a page: who works is said on the first page alone. */
type Kind =
  | Exclude<z.output<typeof home>['needsMe'][number]['kind'], 'worker' | 'lane'>
  | z.output<typeof searchResult>['hits'][number]['kind'];

/** Checked by the compiler against the pages that there are. */
type Address =
  | Route<`/${'endpoints' | 'requests' | 'certificates' | 'zones' | 'teams' | 'campaigns'}/${string}`>
  | Route<'/issuers'>
  | Route<`/discovered?${string}`>;

const addresses: { readonly [K in Kind]: (id: string) => Address } = {
  endpoint: (id) => `/endpoints/${id}`,
  request: (id) => `/requests/${id}`,
  review: (id) => `/requests/${id}`,
  certificate: (serial) => `/certificates/${serial}`,
  zone: (id) => `/zones/${id}`,
  // What is made here has no page of its own.
  issuer: () => '/issuers',
  campaign: (id) => `/campaigns/${id}`,
  // All of them: one is found with others.
  discovered: (verdict) => `/discovered?verdict=${verdict}`,
  team: (slug) => `/teams/${slug}`,
};

export const routeOf = ({ kind, id }: { kind: Kind; id: string }): Address => addresses[kind](encodeURIComponent(id));
