import { id } from '@hostmaster/core/contract/page';
import type { Violation } from '@/lib/problem';
import { routeOf } from '@/lib/routes';
import { TextLink } from './link';

const words = { endpoint: 'Open the endpoint', request: 'Open the request', zone: 'Open the zone', team: 'Team' } as const;
const kinds = ['endpoint', 'request', 'zone', 'team'] as const;

/** Links to what a denial is about: who has the name, what asks for it, whom to ask. */
export function About({ evidence }: Pick<Violation, 'evidence'>) {
  const links = kinds.flatMap((kind) => {
    const value = evidence?.[kind];
    // A team is named by its slug, everything else by its id.
    return typeof value !== 'string' || value === '' || (kind !== 'team' && !id.safeParse(value).success) ? [] : [{ kind, value }];
  });
  if (links.length === 0) return null;
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-0.5">
      {links.map(({ kind, value }) => (
        <TextLink key={kind} href={routeOf({ kind, id: value })}>
          {kind === 'team' ? `${words.team} ${value}` : words[kind]}
        </TextLink>
      ))}
    </p>
  );
}
