import type { historyEntry } from '@hostmaster/core/contract/endpoint-view';
import { endpointHistory, type HistoryRow } from '@hostmaster/db/audit-history';
import type { Reader } from '@hostmaster/db/client';
import { z } from 'zod';
import { timestampOf } from '../timestamp.ts';

const most = 50;

const detail = z.object({ reason: z.string(), serial: z.string(), zone: z.string(), revision: z.number() }).partial();
type Detail = z.infer<typeof detail>;

const because = ({ reason }: Detail): string => (reason ? `: ${reason}` : '');

/** What each action did, in words; an action that is not here is told by its name. */
const texts: Readonly<Record<string, (about: Detail) => string>> = {
  'request.create': () => 'asked for it',
  'request.approve': (about) => `approved it${because(about)}`,
  'request.reject': (about) => `rejected it${because(about)}`,
  'request.cancel': (about) => `cancelled the request${because(about)}`,
  'request.stale': (about) => `found the plan out of date${because(about)}`,
  'request.fail': (about) => `gave the request up${because(about)}`,
  'records.apply': ({ zone }) => `changed the records${zone ? ` in ${zone}` : ''}`,
  'certificate.issue': ({ serial }) => `issued a certificate${serial ? ` (serial ${serial})` : ''}`,
  'certificate.revoke': ({ serial }) => `revoked a certificate${serial ? ` (serial ${serial})` : ''}`,
  'endpoint.live': () => 'saw every layer work: live',
  'endpoint.degraded': () => 'saw a layer fail: degraded',
  'endpoint.retire': () => 'saw the records gone: retired',
  'endpoint.recheck': () => 'asked for a check',
};

const present = (row: HistoryRow): z.output<typeof historyEntry> => ({
  at: timestampOf(row.at),
  actor: row.actor,
  action: row.action,
  text: texts[row.action]?.(detail.safeParse(row.detail).data ?? {}) ?? row.action,
});

/** The audit trail as far as it concerns an endpoint, the newest first. */
export const readHistory = async (db: Reader, endpointId: string): Promise<z.output<typeof historyEntry>[]> =>
  (await endpointHistory(db, endpointId, most)).map(present);
