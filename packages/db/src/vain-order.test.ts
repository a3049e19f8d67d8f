// What came to nothing is forgotten in time, and nothing that somebody may still ask about.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { behindTheBack } from './testing/behind-the-back.ts';
import { createGround, type Ground } from './testing/ground.ts';
import { transact } from './transaction.ts';
import { forgetVain } from './vain-order.ts';

let ground: Ground;
let of: { readonly teamId: string; readonly issuerId: string };
let n = 0;
beforeAll(async () => {
  ground = await createGround();
  const { id: teamId } = await ground.db.team.create({ data: { slug: 'orders', name: 'Orders' } });
  const issuer = { slug: 'a-ca', kind: 'acme', name: 'A CA', chainPem: '', permittedSuffixes: ['example.test'], profile: 'server' };
  of = { teamId, issuerId: (await ground.db.issuer.create({ data: issuer })).id };
});
afterAll(() => ground.close());
beforeEach(async () => {
  await ground.db.certificateOrder.deleteMany();
});

const before = new Date('2026-11-20T12:00:00Z');
const [longAgo, lately] = [new Date('2026-11-01T12:00:00Z'), new Date('2026-11-21T12:00:00Z')];

const endpoint = async (state: 'live' | 'retired' = 'live'): Promise<string> => {
  n += 1;
  const name = `vain-${n}.example.test`;
  const data = { hostname: name, skeleton: name, view: 'public' as const, zoneId: ground.zoneId, teamId: of.teamId, environment: 'dev' };
  return (await behindTheBack(ground.db).endpoint.create({ data: { ...data, revision: 1, state } })).id;
};
const order = async (endpointId: string, state: string, closedAt: Date | null, createdAt = closedAt ?? longAgo): Promise<string> => {
  const asked = { names: [], keyAlgorithm: 'ecdsa-p256', csr: null, keyLabel: 'x', resume: {} };
  return (await behindTheBack(ground.db).certificateOrder.create({ data: { ...of, ...asked, endpointId, state, closedAt, createdAt } })).id;
};
const forget = (limit = 100) => transact(ground.db, (tx) => forgetVain(tx, { before, limit }));
const left = async () => (await ground.db.certificateOrder.findMany({ select: { id: true } })).map(({ id }) => id).sort();

it('orders that were refused or given up long ago go; the newest of a name, whose page tells of it, stays until that is retired', async () => {
  const [live, retired] = [await endpoint(), await endpoint('retired')];
  await order(live, 'refused', longAgo, new Date(longAgo.getTime() - 2000));
  await order(live, 'abandoned', longAgo, new Date(longAgo.getTime() - 1000));
  const newest = await order(live, 'refused', longAgo);
  await order(retired, 'refused', longAgo);
  // That somebody else has ordered since is nothing to this name.
  const elsewhere = await order(await endpoint(), 'issued', longAgo, lately);
  expect(await forget()).toBe(3);
  expect(await left()).toEqual([newest, elsewhere].sort());
});

it('what ended lately, may still become a certificate, is one, or has a proof in DNS or at an edge stays', async () => {
  const endpointId = await endpoint();
  const open = await order(endpointId, 'open', null);
  const issued = await order(endpointId, 'issued', longAgo);
  const recent = await order(endpointId, 'refused', lately, longAgo);
  const proved = await order(endpointId, 'refused', longAgo);
  const proof = { orderId: proved, zoneId: ground.zoneId, name: '_acme-challenge.example.test', text: 'x', putAt: longAgo };
  await ground.db.dnsProof.create({ data: proof });
  const shown = await order(endpointId, 'refused', longAgo);
  const atEdge = { orderId: shown, hostname: 'shown.example.test', keyAuthorization: 'x', putAt: longAgo };
  await behindTheBack(ground.db).tlsProof.create({ data: atEdge });
  const newest = await order(endpointId, 'open', null, lately);
  expect(await forget()).toBe(0);
  expect(await left()).toEqual([open, issued, recent, proved, shown, newest].sort());
  await ground.db.dnsProof.deleteMany();
  await ground.db.tlsProof.deleteMany();
});

it('no more at once than is asked for, the oldest first', async () => {
  const endpointId = await endpoint('retired');
  for (let hours = 3; hours > 0; hours -= 1) await order(endpointId, 'refused', new Date(longAgo.getTime() - hours * 3_600_000));
  const [, , youngest] = await ground.db.certificateOrder.findMany({ orderBy: { closedAt: 'asc' } });
  expect(await forget(2)).toBe(2);
  expect(await left()).toEqual([youngest?.id]);
});
