// Where a name belongs: the stages of an organisation, such as dev, staging and prod.
import { z } from 'zod';
import { slug } from './endpoint.ts';
import { readableName } from './readable.ts';
import { use } from './use.ts';

/** Also the whole of what a change puts in place of what was there. */
export const environmentInput = z.strictObject({
  slug,
  name: readableName(100, 'People read the name.'),
  /** Order on screen, the smallest first. */
  rank: z.number().int().min(0).max(10_000).default(0),
});
export type EnvironmentInput = z.infer<typeof environmentInput>;

/** What there is to choose from. */
export const environmentChoice = z.object({ slug: z.string(), name: z.string(), rank: z.number().int() });

export const environmentRow = environmentChoice.extend({ uses: z.array(use) }).meta({ id: 'Environment' });
export type EnvironmentRow = z.infer<typeof environmentRow>;
export const environmentList = z.object({ rows: z.array(environmentRow) });
export const environmentKey = z.strictObject({ slug });
