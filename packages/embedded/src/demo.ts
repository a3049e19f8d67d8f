// The demo organisation of `npm start`, seeded once the worker has made its key: the zone's TSIG secret is sealed to it
// exactly as the portal seals what a platform admin enters.
import { randomBytes } from 'node:crypto';
import { destinationKinds } from '@hostmaster/adapters/destinations/destination-kinds';
import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { issuerKinds } from '@hostmaster/adapters/issuers/issuer-kinds';
import { createSealer } from '@hostmaster/adapters/keys/sealer';
import { systemClock } from '@hostmaster/core/clock';
import { openDb } from '@hostmaster/db/client';
import { workerKeys } from '@hostmaster/db/worker-key';
import { systemActor } from '@hostmaster/usecases/actor';
import { createDemoTokens, demoAccounts, renewDemoPasswords, requestDemoName, seedDemo } from '@hostmaster/usecases/installation/seed-demo';
import type { DemoAccess } from './announcement.ts';

export type DemoWorld = {
  readonly databaseUrl: string;
  readonly publicUrl: string;
  readonly zone: string;
  readonly nameserver: { readonly address: string; readonly port: number };
  readonly edgePort: number;
  readonly tsig: { readonly name: string; readonly algorithm: 'hmac-sha256'; readonly secret: string };
};

/**
 * Seeds the demo organisation where it is not there yet, and answers how to sign in.
 * @param known what an earlier start handed out; without it (start.json was lost) passwords and tokens are made anew.
 */
export async function prepareDemo(world: DemoWorld, known: DemoAccess | null): Promise<DemoAccess> {
  const db = openDb(world.databaseUrl, { connections: 3 });
  try {
    const [key] = await workerKeys.list(db);
    if (key === undefined) throw new Error('The worker has not made its key yet.');
    const ctx = {
      actor: systemActor,
      db,
      clock: systemClock,
      dnsProviders: dnsProviderKinds,
      issuerKinds,
      destinationKinds,
      installation: { publicUrl: world.publicUrl },
      sealer: await createSealer(key.publicKey),
    };
    const password = randomBytes(9).toString('base64url');
    const fresh = await seedDemo(ctx, {
      zone: world.zone,
      nameserver: world.nameserver,
      edgePort: world.edgePort,
      tsig: world.tsig,
      password,
    });
    if (!fresh && known !== null) return known;
    if (!fresh) await renewDemoPasswords(ctx, password);
    const access = {
      signIns: demoAccounts.map(({ account, email, roles }) => ({ account, email, password, roles: [...roles] })),
      tokens: await createDemoTokens(ctx),
    };
    // Two go live by themselves; the reserved one waits for security, so that the review queue shows what it is for.
    if (fresh) for (const name of ['shop.dev', 'basket.staging', 'login.staging']) await requestDemoName(ctx, `${name}.${world.zone}`);
    return access;
  } finally {
    await db.$disconnect();
  }
}
