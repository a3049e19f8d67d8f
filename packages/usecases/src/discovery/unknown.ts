import type { home } from '@hostmaster/core/contract/account';
import { countDiscovered } from '@hostmaster/db/discovered';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';

type Need = z.output<typeof home>['needsMe'][number];

const mostCounted = 1000;

/** What is served, or stands in a log and can be, and was neither issued here nor said to be in order: one thing for those who can say something of it, however many. */
export async function unknownNeed({ db, actor, clock }: Ctx): Promise<Need[]> {
  if (!actor.roles.some((role) => role === 'security-reviewer' || role === 'platform-admin')) return [];
  const count = await countDiscovered(db, { verdict: 'unknown', served: true }, mostCounted, clock.now());
  if (count === 0) return [];
  const many =
    count === mostCounted ? `${mostCounted} certificates or more were` : count === 1 ? 'A certificate was' : `${count} certificates were`;
  return [
    {
      kind: 'discovered',
      id: 'unknown',
      title: `${many} found that Hostmaster did not issue`,
      text: 'Have each name asked for here, import its certificate, or say that it is in order.',
      since: null,
    },
  ];
}
