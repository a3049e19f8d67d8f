import type { reservationRow } from '@hostmaster/core/contract/governance';
import type { Db } from '@hostmaster/db/client';
import type { z } from 'zod';
import { timestampOf } from '../timestamp.ts';

type Row = NonNullable<Awaited<ReturnType<Db['reservation']['findUnique']>>>;

export const presentReservation = (row: Row): z.output<typeof reservationRow> => ({
  id: row.id,
  kind: row.kind,
  value: row.value,
  group: row.group,
  reason: row.reason,
  createdAt: timestampOf(row.createdAt),
});
