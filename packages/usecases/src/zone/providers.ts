import type { dnsProviderList } from '@hostmaster/core/contract/zone';
import { describeSettings } from '@hostmaster/core/descriptor';
import { authorize } from '@hostmaster/core/policy/authorize';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';

/** Every kind of provider that a zone can be connected to, as it describes itself. Errors: forbidden. */
export async function listDnsProviders(ctx: Ctx): Promise<z.output<typeof dnsProviderList>> {
  authorize(ctx.actor, 'zone.read');
  const rows = [...ctx.dnsProviders.values()].map((kind) => ({
    ...describeSettings(kind),
    capabilities: kind.capabilities,
    checks: kind.checks.map(({ name, holds }) => ({ name, holds })),
  }));
  return { rows };
}
