// Where aliases lead: into another zone that Hostmaster keeps, of which the resolver here knows nothing, and nowhere. On BIND, with views
// chosen by the key.
import { randomBytes, randomUUID } from 'node:crypto';
import { hurryOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { type DnsServer, smallZone, startDnsServer } from '@hostmaster/embedded/testing/dns-servers';
import { endpointSubject } from '@hostmaster/usecases/reconcile/start';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { address, writeByHand } from './testing/outside.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

const apex = 'inner.test';
const tsig = { name: 'inner-key', algorithm: 'hmac-sha256' as const, secret: randomBytes(32).toString('base64') };
let world: World;
let inner: DnsServer;
beforeAll(async () => {
  world = await createWorld();
  inner = await startDnsServer('bind', {
    zones: { [apex]: `${smallZone(apex)}app IN CNAME lb\nlb IN A 127.0.0.1\nback IN CNAME end.dev.${zoneApex}.\n` },
    tsig,
    bind: { otherView: { [apex]: smallZone(apex) } },
  });
  const { ownerTeamId } = await world.db.zone.findFirstOrThrow({ where: { apex: zoneApex } });
  const id = randomUUID();
  const { keyId, ciphertext } = await world.keyStore.seal(Buffer.from(tsig.secret, 'base64'), `zone:${id}:tsig`);
  const { address, port } = inner;
  await world.db.zone.create({
    data: {
      ...{ id, apex, view: 'public', provider: 'rfc2136', ownerTeamId, servers: [{ name: 'inner', address, port }] },
      connection: { primary: { address, port }, tsig: { name: tsig.name, algorithm: tsig.algorithm }, questions: 'signed' },
      ...{ secretKeyId: keyId, secretCiphertext: Buffer.from(ciphertext) },
    },
  });
}, 60_000);
afterAll(async () => {
  await inner.stop();
  await world.close();
});

test('it is followed at the servers of that zone, with its key, and the name goes live', async () => {
  const hostname = `alias.dev.${zoneApex}`;
  await world.ask(hostname, { target: { cname: `app.${apex}` } });
  await world.runDue();
  expect((await world.view(hostname)).state).toBe('live');
});

test('and from there back into its own', async () => {
  for (const [hostname, target] of [
    [`end.dev.${zoneApex}`, { addresses: ['127.0.0.1'] }],
    [`round.dev.${zoneApex}`, { cname: `back.${apex}` }],
  ] as const) {
    await world.ask(hostname, { target: 'cname' in target ? target : { addresses: [...target.addresses] } });
    await world.runDue();
    expect((await world.view(hostname)).state).toBe('live');
  }
});

test('an alias to a name of its own zone that has no address waits for the team, and says so; once it has one, it goes live', async () => {
  const [hostname, target] = [`early.dev.${zoneApex}`, `target.dev.${zoneApex}`];
  const { id } = await world.ask(hostname, { target: { cname: target } });
  await world.runDue();
  expect((await world.seen({ id })).operation).toMatchObject({
    state: 'waiting',
    step: 'certificate-served',
    movesNext: 'order-platform',
    reason: `${hostname} has no address: its own name servers answer with none.`,
  });
  expect(await world.view(hostname)).toMatchObject({ findings: [{ code: 'NoAddress', layer: 'dns' }] });
  await writeByHand(world, target, [address('127.0.0.1')]);
  await transact(world.db, (tx) => hurryOperation(tx, endpointSubject({ hostname, view: 'public' })));
  await world.runDue();
  expect((await world.view(hostname)).state).toBe('live');
});
