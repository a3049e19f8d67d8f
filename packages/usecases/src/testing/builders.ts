// Rows for tests, with defaults for everything that a test does not care about. They write to the tables directly: what a
// test is about goes through use cases.
import type { Clock } from '@hostmaster/core/clock';
import type { Db } from '@hostmaster/db/client';
import { certificatesOn } from './certificates.ts';
import { endpointsOn } from './endpoints.ts';
import { organisationOn } from './organisation.ts';

export type Builders = ReturnType<typeof buildersOn>;

export function buildersOn(db: Db, clock: Clock) {
  const organisation = organisationOn(db, clock);
  return { ...organisation, ...endpointsOn(db, clock, () => organisation.person()), ...certificatesOn(db, clock) };
}
