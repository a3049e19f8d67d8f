import { randomBytes } from 'node:crypto';
import { destinationKinds } from '@hostmaster/adapters/destinations/destination-kinds';
import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { issuerKinds } from '@hostmaster/adapters/issuers/issuer-kinds';
import { systemClock } from '@hostmaster/core/clock';
import { openDb } from '@hostmaster/db/client';
import { systemActor } from '@hostmaster/usecases/actor';
import { createPerson } from '@hostmaster/usecases/person/create';
import type { DemoAccess } from './announcement.ts';

/**
 * Without the demo nobody could sign in: the first start makes a platform admin, and later ones answer what it handed out.
 * @param known what an earlier start announced; null where it was lost, and then the password is lost with it.
 */
export async function prepareFirstAdmin(
  databaseUrl: string,
  publicUrl: string,
  known: DemoAccess['signIns'] | null,
): Promise<DemoAccess['signIns']> {
  const db = openDb(databaseUrl, { connections: 2 });
  try {
    if ((await db.person.count()) > 0) return known ?? [];
    const password = randomBytes(12).toString('base64url');
    const person = {
      account: 'admin',
      email: 'admin@localhost.localdomain',
      name: 'Administrator',
      password,
      roles: ['platform-admin' as const],
    };
    const ctx = {
      actor: systemActor,
      db,
      clock: systemClock,
      dnsProviders: dnsProviderKinds,
      issuerKinds,
      destinationKinds,
      installation: { publicUrl },
    };
    await createPerson(ctx, person);
    return [{ account: person.account, email: person.email, password, roles: person.roles }];
  } finally {
    await db.$disconnect();
  }
}
