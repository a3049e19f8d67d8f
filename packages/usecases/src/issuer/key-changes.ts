import type { IssuerRow } from '@hostmaster/core/contract/issuer';
import type { Reader } from '@hostmaster/db/client';
import { newestOf } from '@hostmaster/db/newest-operation';
import { timestampOf } from '../timestamp.ts';

const prefix = 'account-key:';
/** The subject of the work that has the account of an issuer known by another key. */
export const rolloverOf = (id: string): string => `${prefix}${id}`;
/** Which issuer a subject names. */
export const rolledOver = (subject: string): string => subject.slice(prefix.length);

/** How the last change of the key of each account is answered. */
export async function lastKeyChanges(db: Reader, ids: readonly string[]): Promise<(id: string) => IssuerRow['keyChange']> {
  const operations = new Map((await newestOf(db, ids.map(rolloverOf))).map((each) => [each.subject, each]));
  return (id) => {
    const operation = operations.get(rolloverOf(id));
    if (operation === undefined) return null;
    const { id: operationId, state, reason, createdAt, finishedAt } = operation;
    return {
      operationId,
      state: finishedAt === null ? 'under-way' : state === 'succeeded' ? 'changed' : 'failed',
      reason,
      at: timestampOf(finishedAt ?? createdAt),
    };
  };
}
