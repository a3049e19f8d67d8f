// What tests of this package stand on: a database of their own, with one team, one zone and one endpoint in it.
import { createTestDatabase } from '@hostmaster/embedded/testing/database';
import { type Db, openDb } from '../client.ts';

export type Ground = {
  readonly db: Db;
  readonly url: string;
  /** As the portal and as the worker connect. */
  readonly webUrl: string;
  readonly workerUrl: string;
  /** As superuser, for what the application may not do. */
  readonly adminUrl: string;
  readonly teamId: string;
  readonly zoneId: string;
  readonly endpointId: string;
  close(): Promise<void>;
};

export async function createGround(): Promise<Ground> {
  const { url, webUrl, workerUrl, adminUrl, drop } = await createTestDatabase();
  const db = openDb(url);
  const team = await db.team.create({ data: { slug: 'platform', name: 'Platform' } });
  const zone = await db.zone.create({
    data: {
      apex: 'example.test',
      view: 'public',
      provider: 'rfc2136',
      connection: { primary: { address: '192.0.2.1', port: 53 } },
      servers: [],
      allowedRanges: [],
      ownerTeamId: team.id,
    },
  });
  const endpoint = await db.endpoint.create({
    data: {
      hostname: 'orders.example.test',
      view: 'public',
      skeleton: 'orders.example.test',
      zoneId: zone.id,
      teamId: team.id,
      environment: 'dev',
      state: 'pending',
      revision: 1,
    },
  });
  return {
    db,
    url,
    adminUrl,
    webUrl,
    workerUrl,
    teamId: team.id,
    zoneId: zone.id,
    endpointId: endpoint.id,
    close: async () => {
      await db.$disconnect();
      await drop();
    },
  };
}
