import type { Violation } from '@hostmaster/core/errors';
import type { Reader } from '@hostmaster/db/client';
import { holdEnvironments } from '@hostmaster/db/uses';

/** Says which of the environments there are not. Inside a transaction, none of the others is removed until it ends. */
export async function unknownEnvironments(db: Reader, slugs: readonly string[], path: string): Promise<Violation[]> {
  const known = await holdEnvironments(db, slugs);
  const unknown = [...new Set(slugs)].filter((slug) => !known.includes(slug));
  if (unknown.length === 0) return [];
  const all = await db.environment.findMany({ select: { slug: true }, orderBy: [{ rank: 'asc' }, { slug: 'asc' }] });
  return [
    {
      rule: 'environment-exists',
      path,
      reason: `There is no environment ${unknown.join(', ')}.`,
      remedy: all.length === 0 ? 'Make an environment first.' : `Choose among ${all.map(({ slug }) => slug).join(', ')}.`,
    },
  ];
}
