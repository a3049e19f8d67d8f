import { noLogKey, type TransparencyLogInput, type TransparencyLogRow } from '@hostmaster/core/contract/transparency';
import { HostmasterError } from '@hostmaster/core/errors';
import { mostLogs } from '@hostmaster/core/operation/limits';
import { authorize } from '@hostmaster/core/policy/authorize';
import { parseLogKey } from '@hostmaster/core/transparency/log-key';
import { transact } from '@hostmaster/db/transaction';
import { audit } from '../audit/write.ts';
import type { Ctx } from '../context.ts';
import { presentLog, readLog } from './log-columns.ts';

/** Has workers read a log, from the end that it has now. Errors: forbidden, invalid-input (the key), already-exists (the address), quota-reached. */
export async function connectLog(ctx: Ctx, { address, kind, publicKey }: TransparencyLogInput): Promise<TransparencyLogRow> {
  authorize(ctx.actor, 'discovery.manage');
  const now = ctx.clock.now();
  const key = parseLogKey(publicKey);
  if (key === null) throw new HostmasterError('invalid-input', noLogKey.reason, { violations: [{ ...noLogKey, path: 'publicKey' }] });
  return transact(ctx.db, async (tx) => {
    if ((await tx.transparencyLog.count({ where: { address } })) > 0)
      throw new HostmasterError('already-exists', `The log ${address} is read already.`);
    if ((await tx.transparencyLog.count()) >= mostLogs)
      throw new HostmasterError('quota-reached', `There are ${mostLogs} logs, and workers read no more.`, {
        remedy: 'Remove one that takes no entries any more.',
      });
    const data = { address, kind, publicKey: Uint8Array.from(key.spki), createdAt: now, nextReadAt: now };
    const { id } = await tx.transparencyLog.create({ data, select: { id: true } });
    await audit(tx, ctx, 'discovery.connect-log', { id, name: address }, { kind }, now);
    return presentLog(await readLog(tx, id));
  });
}
