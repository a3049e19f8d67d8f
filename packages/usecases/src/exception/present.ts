import type { ExceptionRow } from '@hostmaster/core/contract/exception';
import type { Db } from '@hostmaster/db/client';
import { timestampOf } from '../timestamp.ts';

type Row = NonNullable<Awaited<ReturnType<Db['policyException']['findUnique']>>>;

export const presentException = ({ until, createdAt, ...row }: Row): ExceptionRow => ({
  ...row,
  until: timestampOf(until),
  createdAt: timestampOf(createdAt),
});
