import { transact } from '@hostmaster/db/transaction';
import type { IssuerRow, WorkerCtx } from '../context.ts';

/** The issuer with the key of its account, which is made when it is first opened: of several workers the first one's counts. */
export async function withOwnKey(ctx: Pick<WorkerCtx, 'db' | 'keys'>, row: IssuerRow, context: string): Promise<IssuerRow> {
  if (row.keyCiphertext !== null) return row;
  const { keyId, ciphertext } = await ctx.keys.account(context);
  return transact(ctx.db, async (tx) => {
    await tx.issuer.updateMany({ where: { id: row.id, keyId: null }, data: { keyId, keyCiphertext: Buffer.from(ciphertext) } });
    return tx.issuer.findUniqueOrThrow({ where: { id: row.id } });
  });
}
