// Rows for tests, with defaults for everything that a test does not care about. They write to the tables directly: what a
// test is about goes through use cases.
import { randomUUID } from 'node:crypto';
import type { Clock } from '@hostmaster/core/clock';
import type { Db } from '@hostmaster/db/client';
import { certificatesOn } from './certificates.ts';
import { endpointsOn } from './endpoints.ts';
import { organisationOn } from './organisation.ts';

/** Of a worker that works for as long as a test may take. */
const farFuture = new Date('2100-01-01T00:00:00Z');

export type Builders = ReturnType<typeof buildersOn>;

export function buildersOn(db: Db, clock: Clock) {
  const organisation = organisationOn(db, clock);
  const worker = (lastSeenAt = farFuture, tlsProofs = false) =>
    db.workerHeartbeat.create({ data: { id: randomUUID(), host: 'worker-host', pid: 4711, lastSeenAt, tlsProofs } });
  /** No worker has been seen since then. */
  const silence = (since: Date) => db.workerHeartbeat.updateMany({ data: { lastSeenAt: since } });
  return { ...organisation, ...endpointsOn(db, clock, () => organisation.person()), ...certificatesOn(db, clock), worker, silence };
}
