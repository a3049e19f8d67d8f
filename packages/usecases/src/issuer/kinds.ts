import type { issuerKindList } from '@hostmaster/core/contract/issuer';
import { describeSettings } from '@hostmaster/core/descriptor';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';

/** Every kind of issuer that can be connected, as it describes itself. Errors: forbidden. */
export async function listIssuerKinds(ctx: Ctx): Promise<z.output<typeof issuerKindList>> {
  authorize(ctx.actor, 'issuer.read');
  const rows = [...ctx.issuerKinds.values()].map((kind) => ({
    ...describeSettings(kind),
    capabilities: kind.capabilities,
    checks: kind.checks.map(({ name, holds }) => ({ name, holds })),
    provesInDns: kind.provesInDns !== false,
  }));
  return { rows };
}
