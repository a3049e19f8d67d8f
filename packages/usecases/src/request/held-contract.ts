import type { RequestInput } from '@hostmaster/core/contract/request';
import type { AdmittedContract } from '@hostmaster/core/contract/stored-contract';
import { parseHostname } from '@hostmaster/core/hostname/parse-hostname';
import type { Reader } from '@hostmaster/db/client';
import { unretiredSql } from '@hostmaster/db/state-lists';
import { readContract } from '../stored-columns.ts';

/** What a retirement lets go is what the endpoint holds, and not what whoever asks says that it is. */
export async function letGoAsHeld(db: Reader, { kind, contract }: RequestInput): Promise<RequestInput['contract']> {
  const parsed = kind === 'retire' ? parseHostname(contract.hostname) : null;
  if (!parsed?.ok) return contract;
  const held = await heldContract(db, { hostname: parsed.hostname, view: contract.view });
  return held === null ? contract : { ...held, team: contract.team, justification: contract.justification };
}

/** The contract that should be true of an endpoint that is not retired; null where there is none. */
export async function heldContract(
  db: Reader,
  endpoint: Pick<RequestInput['contract'], 'hostname' | 'view'>,
): Promise<AdmittedContract | null> {
  const { hostname, view } = endpoint;
  const [row] = await db.$queryRaw<{ readonly contract: unknown }[]>`
    SELECT r.contract FROM endpoint e JOIN endpoint_revision r ON r.endpoint_id = e.id AND r.number = e.revision
     WHERE e.hostname = ${hostname} AND e.view = ${view}::view AND e.state IN ${unretiredSql}`;
  return row === undefined ? null : readContract(row.contract);
}
