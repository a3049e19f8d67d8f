import type { Tx } from './client.ts';
import type { View } from './generated/prisma/client.ts';
import { unfinishedSql } from './state-lists.ts';

/**
 * Holds an endpoint, where there is one, until the transaction ends, so that what is read of it next stays true. The work
 * on it first and then its row, in the order in which a worker writes them: otherwise each would wait for the other.
 */
export async function lockEndpoint(tx: Tx, hostname: string, view: View): Promise<void> {
  await tx.$executeRaw`
    SELECT 1 FROM operation o JOIN endpoint e ON e.id = o.endpoint_id
     WHERE e.hostname = ${hostname} AND e.view = ${view}::view AND o.state IN ${unfinishedSql} FOR UPDATE OF o`;
  await tx.$executeRaw`SELECT 1 FROM endpoint WHERE hostname = ${hostname} AND view = ${view}::view FOR UPDATE`;
}
