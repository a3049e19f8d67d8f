import { randomUUID } from 'node:crypto';
import type { Operation } from '@hostmaster/core/contract/operation';
import type { ZoneTrial } from '@hostmaster/core/contract/zone';
import { zoneNameOf } from '@hostmaster/core/dns/zone-name';
import { HostmasterError, type Violation } from '@hostmaster/core/errors';
import { authorize } from '@hostmaster/core/policy/authorize';
import { startOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { SealingCtx } from '../context.ts';
import { presentOperation } from '../operation/present.ts';
import { readWorkforce } from '../operation/workforce.ts';
import { consumeLimit } from '../rate-limit/consume.ts';
import { parseOwnDomain, refuse } from '../violation.ts';
import { agreeingServers, connectionColumns } from './settings.ts';

/** Each trial connects to whatever server was typed, and takes a worker's time. */
const asksPerPerson = { limit: 20, windowSeconds: 60 };

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

  // Named before it is stored: the secret is sealed for this trial, and opens for no zone.
  const id = randomUUID();
  const connected = await connectionColumns(ctx, id, connection);
  const now = ctx.clock.now();
  const workforce = await readWorkforce(ctx.db);
  return transact(ctx.db, async (tx) => {
    await consumeLimit({ db: tx, clock: ctx.clock }, { key: `check:trial:${ctx.actor.id}`, ...asksPerPerson });
    const wish = { kind: 'zone', purpose: 'test', subject: `trial:${id}`, reason: 'A worker takes it next.' } as const;
    const operation = await startOperation(tx, wish, now);
    if (operation === null) throw new HostmasterError('internal', 'A trial that nobody else knows of is under way already.');
    const data = { id, operationId: operation.id, apex, view, ...connected, servers, createdAt: now };
    await tx.connectionTrial.create({ data, select: { id: true } });
    const { kind, settings } = { kind: connected.provider, settings: connected.connection };
    await audit(
      tx,
      ctx,
      'zone.try',
      { id, name: apex },
      { view, connection: { kind, settings }, servers: servers.map((server) => ({ ...server })) },
      now,
    );
    return presentOperation(operation, workforce);
  });
}
