// Certificates of an hour and of two years, with a clock that is moved: each is renewed in time, whatever it is for, and the rows of
// short ones do not pile up.
import { X509Certificate } from 'node:crypto';
import type { EndpointContractInput } from '@hostmaster/core/contract/endpoint';
import { day, hour, minute } from '@hostmaster/core/duration';
import { defaultBackoff } from '@hostmaster/core/operation/backoff';
import { urgencyOf } from '@hostmaster/core/pki/renewal';
import { minuteOf } from '@hostmaster/core/said-time';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readHome } from '../account/home.ts';
import { startDueRenewals } from '../sweep/due-renewals.ts';
import { endedKeptDays, forgetEndedCertificates } from '../sweep/forget-ended.ts';
import { refreshOcsp } from '../sweep/refresh-ocsp.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';

let world: Reconciling;
beforeAll(async () => {
  world = await createReconciling();
});
afterAll(() => world.close());

const certificatesOf = (hostname: string) =>
  world.db.certificate.findMany({ where: { endpoint: { hostname } }, orderBy: { issuedAt: 'asc' } });
const newest = async (hostname: string) => {
  const found = (await certificatesOf(hostname)).at(-1);
  if (found === undefined) throw new TypeError(`no certificate of ${hostname}`);
  return found;
};
const endpoint = (hostname: string) => ({ endpoint: { hostname } });
const rowsOf = async (hostname: string) => ({
  certificates: await world.db.certificate.count({ where: endpoint(hostname) }),
  orders: await world.db.certificateOrder.count({ where: endpoint(hostname) }),
  renewals: await world.db.operation.count({ where: { ...endpoint(hostname), purpose: 'renewal' } }),
  responses: await world.db.ocspResponse.count({ where: { certificate: endpoint(hostname) } }),
});
/** What the sweeps of a worker do. */
const sweep = async (): Promise<number> => {
  const started = await startDueRenewals(world.worker, 100);
  if (started > 0) await world.runDue();
  await refreshOcsp(world.worker, 100);
  await forgetEndedCertificates(world.worker, 1000);
  return started;
};
const live = async (hostname: string, tls: EndpointContractInput['tls']) => {
  await world.ask(hostname, { tls });
  await world.runDue();
  expect(await world.db.endpoint.findFirstOrThrow({ where: { hostname } })).toMatchObject({ state: 'live' });
};

describe('a certificate of an hour', () => {
  const hostname = `hourly.dev.${zoneApex}`;

  test('is valid for an hour from when it is asked for, for clocks that run behind, too', async () => {
    await live(hostname, { hours: 1 });
    const { notBefore, notAfter, renewAfter, chainPem } = await newest(hostname);
    const { createdAt } = await world.db.certificateOrder.findFirstOrThrow({ where: endpoint(hostname) });
    expect([notBefore.getTime() - createdAt.getTime(), notAfter.getTime() - createdAt.getTime()]).toEqual([-5 * minute, hour - 1000]);
    expect(new Date(new X509Certificate(chainPem).validTo)).toEqual(notAfter);
    expect(notAfter.getTime() - renewAfter.getTime()).toBe((65 * minute) / 2);
    expect((await world.view(hostname)).conditions).toContainEqual(
      expect.objectContaining({ type: 'CertificateIssued', message: `Valid until ${minuteOf(notAfter)}.` }),
    );
  });

  test('is renewed for two days without ever being pressed, with one row of each kind and one event for each', async () => {
    const began = world.clock.now();
    for (let step = 0; step < (2 * day) / (10 * minute); step += 1) {
      world.clock.advance(10 * minute);
      await sweep();
      const { notBefore, notAfter, serial } = await newest(hostname);
      expect(urgencyOf({ notBefore, notAfter }, world.clock.now())).toBe('none');
      expect(world.servedSerial(hostname)).toBe(serial);
    }
    const made = (await certificatesOf(hostname)).length;
    expect(made).toBeGreaterThan(2 * 40);
    expect(made).toBeLessThan(2 * 55);
    // What answers for a certificate is gone with its end.
    expect(await rowsOf(hostname)).toEqual({ certificates: made, orders: made, renewals: made - 1, responses: expect.any(Number) });
    expect((await rowsOf(hostname)).responses).toBeLessThan(5);
    const events = await world.db.auditEvent.count({ where: { subject: hostname, at: { gt: began } } });
    expect(events).toBe(made - 1);
  });

  test('runs out while no worker is there, which is said, and is renewed as soon as one is; what ended a week ago is forgotten', async () => {
    const before = await rowsOf(hostname);
    const { serial, notAfter } = await newest(hostname);
    world.clock.set(new Date(notAfter.getTime() - 10 * minute));
    const { needsMe } = await readHome(await world.as('app'));
    expect(needsMe.find(({ id }) => id === serial)?.text).toBe('The certificate ends in 10 minutes and was not renewed.');
    world.clock.set(new Date(notAfter.getTime() + endedKeptDays * day));
    const over = await world.view(hostname);
    expect(over.conditions).toContainEqual(expect.objectContaining({ type: 'CertificateIssued', status: 'false', reason: 'Expired' }));
    expect(await sweep()).toBe(1);
    expect(world.servedSerial(hostname)).toBe((await newest(hostname)).serial);
    expect(before.certificates).toBeGreaterThan(80);
    expect(await rowsOf(hostname)).toEqual({ certificates: 1, orders: 1, renewals: 1, responses: 1 });
    expect(await world.db.auditEvent.count({ where: { subject: hostname, action: 'certificate.issue' } })).toBe(before.certificates + 1);
  });
});

test('what somebody did something with is not forgotten, and neither is what lived for longer than a week', async () => {
  const [short, long] = [`kept.dev.${zoneApex}`, `long.dev.${zoneApex}`];
  await live(short, { hours: 2 });
  await live(long, { days: 8 });
  const first = await newest(short);
  await world.db.revocationRequest.create({
    data: { certificateId: first.id, reason: 'superseded', comment: 'Asked.', askerId: 'x', askerName: 'x' },
  });
  for (let step = 0; step < 3; step += 1) {
    world.clock.advance(5 * day);
    await sweep();
  }
  world.clock.advance(30 * day);
  await sweep();
  const left = async (hostname: string) => (await certificatesOf(hostname)).length;
  expect((await certificatesOf(short))[0]?.id).toBe(first.id);
  // The newest beside it.
  expect(await left(short)).toBe(2);
  expect(await left(long)).toBeGreaterThanOrEqual(4);
});

test('what proves control for its order in the directory of a worker is not forgotten before that took it back', async () => {
  const hostname = `proved.dev.${zoneApex}`;
  await live(hostname, { hours: 2 });
  const { id, orderId } = await newest(hostname);
  await world.db.tlsProof.create({ data: { orderId, hostname, keyAuthorization: 'token.print', putAt: world.clock.now() } });
  for (let step = 0; step < 3; step += 1) {
    world.clock.advance(5 * day);
    await sweep();
  }
  expect((await certificatesOf(hostname))[0]?.id).toBe(id);
  await world.db.tlsProof.deleteMany();
  await sweep();
  expect((await certificatesOf(hostname))[0]?.id).not.toBe(id);
});

describe('a certificate of two years', () => {
  const hostname = `printer.dev.${zoneApex}`;

  test('is asked of security, and is renewed when a third of it is left', async () => {
    const asked = await world.ask(hostname, { tls: { days: 730 } });
    expect(asked).toMatchObject({ state: 'in-review', plan: { certificate: { days: 730 } } });
    await world.decide('security', asked);
    await world.runDue();
    const { notBefore, notAfter, renewAfter } = await newest(hostname);
    expect(Math.round((notAfter.getTime() - notBefore.getTime()) / day)).toBe(730);
    expect(Math.round((notAfter.getTime() - renewAfter.getTime()) / day)).toBe(243);
    world.clock.set(new Date(renewAfter.getTime() - 1000));
    await sweep();
    expect(await certificatesOf(hostname)).toHaveLength(1);
    world.clock.advance(1000 + defaultBackoff.longest * 1000);
    await sweep();
    expect((await certificatesOf(hostname)).map(({ state }) => state)).toEqual(['superseded', 'served']);
  });

  test('that would outlive its CA ends with it, which the plan says', async () => {
    const { notAfter: end, name } = await signer();
    world.clock.set(new Date(end.getTime() - 400 * day));
    const other = `scanner.dev.${zoneApex}`;
    const asked = await world.ask(other, { tls: { days: 730 } });
    expect(asked.plan.notes).toContainEqual(expect.stringContaining(`${name} ends on `));
    expect(asked.plan.notes).toContainEqual(expect.stringContaining('before the 730 days are over'));
    await world.decide('security', asked);
    await world.runDue();
    expect((await newest(other)).notAfter).toEqual(end);
  });

  async function signer() {
    const { name, chainPem } = await world.db.issuer.findFirstOrThrow({ where: { kind: 'internal-ca' } });
    return { name, notAfter: new Date(new X509Certificate(chainPem).validTo) };
  }
});
