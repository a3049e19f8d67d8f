// What there must be before a name can be asked for, and who brings it about: whoever may is led there, everybody else is told.
import type { home, Me } from '@hostmaster/core/contract/account';
import type { Route } from 'next';
import type { z } from 'zod';
import { isPlatform } from '@/features/account/roles';

export type FirstStep = {
  readonly title: string;
  readonly text: string;
  /** Where it is done; null where somebody else does it. */
  readonly to: { readonly href: Route; readonly label: string } | null;
};

/** Whether there is any of each; null while nobody knows. */
type There = z.output<typeof home>['there'];

/** Null where nothing is missing. */
export function firstStep(me: Pick<Me, 'teams' | 'roles'>, { zones, grants }: There): FirstStep | null {
  const platform = isPlatform(me);
  if (me.teams.length === 0)
    return {
      title: 'Names belong to teams, and you are in none',
      text: platform
        ? 'Whoever adds a team is its first maintainer; to one that is there you add yourself on its page.'
        : 'Ask a platform admin to add you to the team that will own the name.',
      to: platform ? { href: '/teams', label: 'Add a team' } : null,
    };
  if (zones === false)
    return {
      title: 'Names stand in zones, and none is connected',
      text: platform
        ? 'A zone is connected by its servers, a key that may change it, and the team that owns it.'
        : 'A platform admin connects the first one; then names can be asked for.',
      to: platform ? { href: '/zones/new', label: 'Connect a zone' } : null,
    };
  if (grants === false)
    return {
      title: 'Names are granted by suffix, and nothing is granted',
      text: platform
        ? 'A grant says which team may have names below which suffix, the owner of the zone too.'
        : 'A platform admin grants your team a suffix; then names below it can be asked for.',
      to: platform ? { href: '/grants', label: 'Add a grant' } : null,
    };
  return null;
}
