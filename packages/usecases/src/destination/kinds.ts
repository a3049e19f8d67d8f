import type { destinationKindList } from '@hostmaster/core/contract/destination';
import { describeSettings } from '@hostmaster/core/descriptor';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';

/** Every kind of destination that can be connected, as it describes itself. Errors: forbidden. */
export async function listDestinationKinds(ctx: Ctx): Promise<z.output<typeof destinationKindList>> {
  authorize(ctx.actor, 'destination.read');
  const rows = [...ctx.destinationKinds.values()].map((kind) => ({
    ...describeSettings(kind),
    checks: kind.checks.map(({ name, holds }) => ({ name, holds })),
  }));
  return { rows };
}
