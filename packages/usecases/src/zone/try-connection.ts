import type { Operation } from '@hostmaster/core/contract/operation';
import type { ZoneTrial } from '@hostmaster/core/contract/zone';
import { zoneNameOf } from '@hostmaster/core/dns/zone-name';
import type { Violation } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { beginTrial } from '../connection/try.ts';
import type { SealingCtx } from '../context.ts';
import { parseOwnDomain, refuse } from '../violation.ts';
import { agreeingServers, sealedForZone, triedZone } from './settings.ts';

/**
 * Has a worker test a connection before any zone is kept there: nothing is connected, and what was typed is thrown away with
 * the end of the test. Errors: forbidden, rate-limited, invalid-input with everything that is wrong.
 */
export async function tryConnection(ctx: SealingCtx, input: ZoneTrial): Promise<Operation> {
  authorize(ctx.actor, 'zone.test');
  const violations: Violation[] = [];
  const { view, connection } = input;
  const apex = zoneNameOf(input.apex) ?? parseOwnDomain(input.apex, 'apex', violations);
  const servers = agreeingServers(ctx, input.servers, connection, violations);
  refuse(violations);
  if (apex === null) throw new TypeError('unreachable: a violation was refused');
  return beginTrial(ctx, {
    ...triedZone(apex, view, servers, connection),
    act: 'zone.try',
    name: apex,
    said: { view, servers: servers.map((server) => ({ ...server })) },
    seal: (id) => sealedForZone(ctx, id, connection),
  });
}
