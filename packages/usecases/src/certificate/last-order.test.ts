// Why a certificate is not issued, as its issuer says it: kept of whatever came of asking, and told to whoever may see the endpoint.
import { createSlowIssuer } from '@hostmaster/adapters/testing/slow-issuer';
import { HostmasterError } from '@hostmaster/core/errors';
import type { CertificateIssuer } from '@hostmaster/core/pki/issuer';
import type { OrderTrail } from '@hostmaster/core/pki/order-trail';
import { hurryOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runOperation } from '../operation/run.ts';
import { endpointSubject } from '../reconcile/start.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { lastOrderOf } from './last-order.ts';

let world: Reconciling;
let signing: CertificateIssuer;
beforeAll(async () => {
  world = await createReconciling();
  signing = await world.worker.issuer(await world.db.issuer.findFirstOrThrow({ where: { kind: 'internal-ca' } }));
});
afterAll(() => world.close());

const endpointOf = (hostname: string) => world.db.endpoint.findFirstOrThrow({ where: { hostname } });
const orderOf = async (hostname: string) => (await lastOrderOf(await world.as('app'), { id: (await endpointOf(hostname)).id })).order;
/** One run of the work on it, with this issuer of leaves. */
async function runWith(issuer: CertificateIssuer, hostname: string): Promise<void> {
  const subject = endpointSubject({ hostname, view: 'public' });
  await transact(world.db, (tx) => hurryOperation(tx, subject));
  const { id } = await world.db.operation.findFirstOrThrow({ where: { subject }, orderBy: { generation: 'desc' } });
  const worker = { ...world.worker, issuer: async (row: { kind: string }) => (row.kind === 'internal-ca' ? issuer : signing) };
  await runOperation(worker as typeof world.worker, { operationId: id });
}

const trail = (status: string, problem: string | null = null): OrderTrail => ({
  status,
  problem: null,
  authorizations: [{ name: `shop.dev.${zoneApex}`, status, challenges: [{ type: 'dns-01', status, problem }] }],
});

it('says what the issuer said last, what is waited for and where the order is found there', async () => {
  const hostname = `said.dev.${zoneApex}`;
  const slow = createSlowIssuer(signing, 2, 600);
  await world.ask(hostname);
  const telling: CertificateIssuer['issue'] = (order, resume, signal, saw) => {
    saw?.(trail('pending'));
    return slow.issue(order, resume, signal);
  };
  await runWith({ ...slow, issue: telling }, hostname);
  const at = world.clock.now();
  expect(await orderOf(hostname)).toMatchObject({
    state: 'open',
    issuer: expect.stringMatching(/^internal-ca/),
    names: [hostname],
    reference: expect.any(String),
    waitsFor: { message: 'The order was placed and is looked at.', movesNext: 'the issuer', askAgainAt: expect.any(String) },
    said: { at: at.toISOString(), ...trail('pending') },
    closedAt: null,
  });
  world.clock.advance(600_000);
  await runWith({ ...slow, issue: telling }, hostname);
  expect(await orderOf(hostname), 'and once it is issued, it waits for nothing').toMatchObject({ state: 'issued', waitsFor: null });
});

it('keeps what was said of an order that is refused, and says so', async () => {
  const hostname = `refused.dev.${zoneApex}`;
  await world.ask(hostname);
  const refusing: CertificateIssuer = {
    ...signing,
    issue: async (_, __, ___, saw) => {
      saw?.(trail('pending'));
      saw?.(trail('invalid', 'The CA found no record.'));
      throw new HostmasterError('issuer-refused', 'Refused.');
    },
  };
  await runWith(refusing, hostname);
  expect(await orderOf(hostname)).toMatchObject({
    state: 'refused',
    waitsFor: null,
    refusal: 'Refused.',
    said: trail('invalid', 'The CA found no record.'),
    closedAt: expect.any(String),
  });
});

it('shows each proof that stands for it, wherever the issuer looks', async () => {
  const hostname = `proved.dev.${zoneApex}`;
  await world.ask(hostname);
  await runWith({ ...signing, issue: () => Promise.reject(new HostmasterError('issuer-unavailable', 'It does not answer.')) }, hostname);
  const { id: orderId } = await world.db.certificateOrder.findFirstOrThrow({ where: { endpoint: { hostname } } });
  const { id: zoneId } = await world.db.zone.findFirstOrThrow({ where: { apex: zoneApex } });
  const putAt = world.clock.now();
  await world.db.dnsProof.create({ data: { orderId, zoneId, name: `_acme-challenge.${hostname}`, text: 'digest', putAt } });
  await world.db.httpProof.create({ data: { orderId, token: 'token', keyAuthorization: 'token.print', putAt } });
  await world.db.tlsProof.create({ data: { orderId, hostname, keyAuthorization: 'other.print', putAt } });
  const since = putAt.toISOString();
  expect(await orderOf(hostname)).toMatchObject({
    said: null,
    proofs: [
      { method: 'dns-01', where: `_acme-challenge.${hostname}`, value: 'digest', zone: zoneApex, putAt: since },
      { method: 'http-01', where: '/.well-known/acme-challenge/token', value: 'token.print', zone: null, putAt: since },
      { method: 'tls-alpn-01', where: hostname, value: 'other.print', zone: null, putAt: since },
    ],
  });
});

it('has nothing to tell where nothing was ordered, and of no endpoint', async () => {
  const hostname = `without.dev.${zoneApex}`;
  await world.ask(hostname, { tls: { termination: 'none' } });
  await world.runDue();
  expect(await orderOf(hostname)).toBeNull();
  const nobody = { id: '01990000-0000-7000-8000-000000000000' };
  await expect(lastOrderOf(await world.as('app'), nobody)).rejects.toMatchObject({ code: 'not-found' });
});
