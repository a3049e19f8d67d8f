// Where a name belongs: the stages of an organisation, such as dev, staging and prod.
import { z } from 'zod';
import { slug } from './endpoint.ts';
import { pageOf } from './page.ts';
import { readableName } from './readable.ts';
import { named, told } from './told.ts';
import { uses } from './use.ts';

const short = 'Short name of the environment.';
const order = 'Its place among the others on screen, the smallest first.';

/** Also the whole of what a change puts in place of what was there. */
export const environmentInput = named(
  'EnvironmentInput',
  z.strictObject({
    slug: told(slug, short, 'qa'),
    name: told(readableName(100, 'People read the name.'), 'Its name for people.', 'Quality assurance'),
    rank: told(z.number().int().min(0).max(10_000).default(0), order, 15),
  }),
  'An environment, whole.',
);
export type EnvironmentInput = z.infer<typeof environmentInput>;

export const environmentChoice = named(
  'EnvironmentChoice',
  z.object({
    slug: told(z.string(), short, 'qa'),
    name: told(z.string(), 'Its name for people.', 'Quality assurance'),
    rank: told(z.number().int(), order, 15),
  }),
  'An environment that there is to choose.',
);

export const environmentRow = named('Environment', environmentChoice.extend({ uses }), 'An environment with what stands in it.');
export type EnvironmentRow = z.infer<typeof environmentRow>;
export const environmentPage = named('EnvironmentPage', pageOf(environmentRow), 'Environments, in the order in which they are shown.');
export const environmentKey = z.strictObject({ slug: told(slug, short, 'qa') });
