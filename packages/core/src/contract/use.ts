// What stands on a managed thing, such as an environment: it is not removed while anything does.
import { z } from 'zod';
import { named, told } from './told.ts';

export const useKinds = ['cluster', 'endpoint', 'grant', 'request', 'zone'] as const;
export type UseKind = (typeof useKinds)[number];

/** How many things of one kind use it; kinds of which none does are left out. */
const use = named(
  'Use',
  z.object({
    what: told(z.enum(useKinds), 'The kind of thing that uses it.', 'endpoint'),
    total: told(z.number().int(), 'How many of them do.', 7),
  }),
  'How many things of one kind use something.',
);
export type Use = z.infer<typeof use>;
export const uses = told(z.array(use), 'What uses it, by kind; while anything does, it is not removed.');
