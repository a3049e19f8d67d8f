// What stands on a managed thing, such as an environment: it is not removed while anything does.
import { z } from 'zod';

export const useKinds = ['cluster', 'endpoint', 'grant', 'request', 'zone'] as const;
export type UseKind = (typeof useKinds)[number];

/** How many things of one kind use it; kinds of which none does are left out. */
export const use = z.object({ what: z.enum(useKinds), total: z.number().int() });
export type Use = z.infer<typeof use>;
