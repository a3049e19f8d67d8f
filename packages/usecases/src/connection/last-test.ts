// The last connection test of what is connected (an issuer, a destination), as it is shown beside it: the operation says what each check
// found.
import type { ConnectionTest } from '@hostmaster/core/contract/described';
import type { Reader } from '@hostmaster/db/client';
import { newestOf } from '@hostmaster/db/newest-operation';
import { z } from 'zod';
import { timestampOf } from '../timestamp.ts';

/** What a test that ended has found of which version of it. */
const found = z.object({ ok: z.boolean(), version: z.number().int() }).nullable().catch(null);

/** @param prefix how the subjects of the tests of such things begin */
export const connectionTests = (prefix: string) => {
  /** The subject of the tests of one. */
  const testOf = (id: string): string => `${prefix}${id}`;
  return {
    testOf,

    /** Which one a subject names; null where that is one that is tried before it is kept. */
    testedId: (subject: string): string | null => (subject.startsWith(prefix) ? subject.slice(prefix.length) : null),

    /** How the last test of one is answered, given the version of it that there is now. */
    async lastTests(db: Reader, ids: readonly string[]): Promise<(id: string, version: number) => ConnectionTest | null> {
      const operations = new Map((await newestOf(db, ids.map(testOf))).map((each) => [each.subject, each]));
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
    },
  };
};
