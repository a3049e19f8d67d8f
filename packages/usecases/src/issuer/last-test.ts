// The last connection test of issuers, as it is shown beside them: the operation says what each check found.
import type { IssuerRow } from '@hostmaster/core/contract/issuer';
import type { Reader } from '@hostmaster/db/client';
import { newestOf } from '@hostmaster/db/newest-operation';
import { z } from 'zod';
import { timestampOf } from '../timestamp.ts';

const subjectPrefix = 'issuer-test:';
/** The subject of the tests of an issuer. */
export const testOf = (issuerId: string): string => `${subjectPrefix}${issuerId}`;
/** The issuer that a subject names; null where that is one that is tried before it is kept. */
export const issuerOf = (subject: string): string | null =>
  subject.startsWith(subjectPrefix) ? subject.slice(subjectPrefix.length) : null;

/** What a test that ended has found of which version of the issuer. */
const found = z.object({ ok: z.boolean(), version: z.number().int() }).nullable().catch(null);

/** By issuer: how its last test is answered, given the version of the issuer that there is now. */
export async function lastTests(db: Reader, issuerIds: readonly string[]): Promise<(id: string, version: number) => IssuerRow['lastTest']> {
  const operations = new Map((await newestOf(db, issuerIds.map(testOf))).map((each) => [each.subject, each]));
  return (id, version) => {
    const operation = operations.get(testOf(id));
    if (operation === undefined) return null;
    const result = found.parse(operation.result);
    return {
      operationId: operation.id,
      // One that came to nothing, as where the secret cannot be opened, shows no connection that works.
      ok: operation.finishedAt === null ? null : (result?.ok ?? false),
      at: timestampOf(operation.finishedAt ?? operation.createdAt),
      changedSince: result !== null && result.version !== version,
    };
  };
}
