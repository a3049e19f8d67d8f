import { tellAction } from '@hostmaster/core/audit/actions';
import type { historyEntry } from '@hostmaster/core/contract/endpoint-view';
import { endpointHistory, type HistoryRow } from '@hostmaster/db/audit-history';
import type { Reader } from '@hostmaster/db/client';
import type { z } from 'zod';
import { timestampOf } from '../timestamp.ts';

const most = 50;

const present = (row: HistoryRow): z.output<typeof historyEntry> => ({
  at: timestampOf(row.at),
  actor: row.actor,
  action: row.action,
  text: tellAction(row.action, row.detail) ?? row.action,
});

/** The audit trail as far as it concerns an endpoint, the newest first. */
export const readHistory = async (db: Reader, endpointId: string): Promise<z.output<typeof historyEntry>[]> =>
  (await endpointHistory(db, endpointId, most)).map(present);
