// Every page that is reached by its name, once: the menu shows those of a group, the command box all of them, and who is
// not meant to see one is offered it by neither. The server decides again, whatever is offered here.
import type { Me } from '@hostmaster/core/contract/account';
import type { Route } from 'next';
import { isAuditor, isPlatform, mayReview } from '../account/roles';

export const groups = ['Work', 'Platform', 'Govern'] as const;

export type Page = {
  readonly href: Route;
  readonly label: string;
  /** Where it stands in the menu; only in the command box without. */
  readonly group?: (typeof groups)[number];
  /** Whom it is for; everybody without. */
  readonly isFor?: (me: Me) => boolean;
};

export const pages: readonly Page[] = [
  { href: '/requests/new', label: 'Request a name' },
  { href: '/', label: 'Home', group: 'Work' },
  { href: '/endpoints', label: 'Endpoints', group: 'Work' },
  { href: '/requests', label: 'Requests', group: 'Work' },
  { href: '/certificates', label: 'Certificates', group: 'Work' },
  { href: '/discovered', label: 'Discovered', group: 'Work' },
  { href: '/discovery-scopes', label: 'Where is looked' },
  { href: '/transparency-logs', label: 'Logs that are read' },
  { href: '/campaigns', label: 'Campaigns' },
  { href: '/campaigns/new', label: 'Replace or revoke many certificates', isFor: mayReview },
  { href: '/zones', label: 'Zones', group: 'Platform' },
  { href: '/zones/new', label: 'Connect a zone', isFor: isPlatform },
  { href: '/clusters', label: 'Clusters', group: 'Platform' },
  { href: '/destinations', label: 'Destinations', group: 'Platform' },
  { href: '/environments', label: 'Environments', group: 'Platform' },
  { href: '/issuers', label: 'Issuers', group: 'Platform' },
  { href: '/authority', label: 'Internal CA', group: 'Platform' },
  { href: '/issuers/new', label: 'Connect an issuer', isFor: isPlatform },
  { href: '/destinations/new', label: 'Connect a destination', isFor: isPlatform },
  { href: '/people', label: 'People', group: 'Govern', isFor: isPlatform },
  { href: '/teams', label: 'Teams', group: 'Govern' },
  { href: '/grants', label: 'Grants', group: 'Govern' },
  { href: '/reservations', label: 'Reservations', group: 'Govern' },
  { href: '/exceptions', label: 'Exceptions', group: 'Govern' },
  { href: '/audit', label: 'Audit', group: 'Govern', isFor: isAuditor },
  { href: '/trust', label: 'Trust our certificates' },
  { href: '/account', label: 'Your account' },
  { href: '/tokens', label: 'Tokens' },
];

export const pagesFor = (me: Me) => pages.filter(({ isFor }) => isFor === undefined || isFor(me));
