import { once } from 'node:events';
import type { Server } from 'node:http';
import { systemClock } from '@hostmaster/core/clock';
import { type Db, openDb } from '@hostmaster/db/client';
import { createTestDatabase, type TestDatabase } from '@hostmaster/embedded/testing/database';
import { buildersOn } from '@hostmaster/usecases/testing/builders';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHealth } from './health.ts';

let database: TestDatabase;
let owner: Db;
let db: Db;
let server: Server;
let at = '';
beforeAll(async () => {
  database = await createTestDatabase();
  owner = openDb(database.url);
  db = openDb(database.workerUrl);
  server = await startHealth('127.0.0.1', 0, { db, lastSweep: () => null, counters: { jobs: 0, failed: 0 } });
  const address = server.address();
  at = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
  await Promise.all([owner.$disconnect(), db.$disconnect()]);
  await database.drop();
});

it('the metrics count the workers that work and those that fell silent', async () => {
  const { worker } = buildersOn(owner, systemClock);
  const workers = async () =>
    (await (await fetch(`${at}/metrics`)).text()).split('\n').filter((line) => line.startsWith('hostmaster_workers'));
  expect(await workers()).toEqual(['hostmaster_workers{state="working"} 0', 'hostmaster_workers{state="silent"} 0']);
  await worker();
  await worker(new Date('2026-11-20T12:00:00Z'));
  await worker(new Date('2026-11-20T13:00:00Z'));
  expect(await workers()).toEqual(['hostmaster_workers{state="working"} 1', 'hostmaster_workers{state="silent"} 2']);
});

it('the metrics say until when what is published of revocations holds', async () => {
  const issuer = { slug: 'internal-ca', kind: 'internal-ca', name: 'Internal CA', chainPem: '', permittedSuffixes: [], profile: 'server' };
  const [soon, later] = [new Date('2026-11-24T12:00:00Z'), new Date('2026-11-25T12:00:00Z')];
  const lists = [soon, later].map((nextUpdate, list) => ({ list, nextUpdate, refreshAt: nextUpdate, addresses: [] }));
  await owner.issuer.create({ data: { ...issuer, lists: { create: lists } } });
  const text = await (await fetch(`${at}/metrics`)).text();
  expect(text.split('\n').filter((line) => line.startsWith('hostmaster_revocation'))).toEqual([
    `hostmaster_revocation_until_timestamp_seconds{issuer="internal-ca",kind="crl"} ${soon.getTime() / 1000}`,
  ]);
});

it('the metrics count the campaigns that are open, by state', async () => {
  const person = await owner.person.create({ data: { name: 'Sam', email: 'sam@example.test', roles: [] } });
  const campaign = { action: 'replace', scope: {}, comment: 'x', pace: 60, asOf: new Date(), planned: 3, fourEyes: false };
  const asker = { askerKind: 'person' as const, askerId: person.id, askerName: 'Sam', answeringPersonId: person.id };
  for (const [index, state] of ['running', 'running', 'finished'].entries())
    await owner.campaign.create({ data: { ...campaign, ...asker, planHash: `x${index}`, state, movedAt: new Date(), movedBy: 'Sam' } });
  const text = await (await fetch(`${at}/metrics`)).text();
  expect(text.split('\n').filter((line) => line.startsWith('hostmaster_campaigns'))).toEqual([
    'hostmaster_campaigns{state="proposed"} 0',
    'hostmaster_campaigns{state="running"} 2',
    'hostmaster_campaigns{state="paused"} 0',
  ]);
});

it('the metrics say what the process takes', async () => {
  const text = await (await fetch(`${at}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
  expect(value('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
  expect(value('process_cpu_seconds_total')).toBeGreaterThan(0);
  expect(value('nodejs_eventloop_lag_max_seconds')).toBeGreaterThanOrEqual(0);
});
