// An order is asked on until it is a certificate or is refused, and what was issued is revoked when its name ends: with an
// issuer that takes its time, is told of revocations, and may refuse both.
import { createCsr, generateKey } from '@hostmaster/adapters/keys/generate-key';
import { createSlowIssuer } from '@hostmaster/adapters/testing/slow-issuer';
import { day } from '@hostmaster/core/duration';
import { HostmasterError } from '@hostmaster/core/errors';
import { zoneOwner } from '@hostmaster/core/operation/moves-next';
import type { CertificateIssuer } from '@hostmaster/core/pki/issuer';
import { renewalDueAt } from '@hostmaster/core/pki/renewal';
import { awayIssuers } from '@hostmaster/db/away-issuers';
import { hurryOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { WorkerCtx } from '../context.ts';
import { runOperation } from '../operation/run.ts';
import { startDueRenewals } from '../sweep/due-renewals.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { endpointSubject } from './start.ts';

let world: Reconciling;
beforeAll(async () => {
  world = await createReconciling();
});
afterAll(() => world.close());

let n = 0;
const fresh = (): string => {
  n += 1;
  return `c${n}.dev.${zoneApex}`;
};
const ago = (milliseconds: number): Date => new Date(world.clock.now().getTime() - milliseconds);
const endpointOf = (hostname: string) => world.db.endpoint.findFirstOrThrow({ where: { hostname }, include: { names: true } });
const certificatesOf = (hostname: string) =>
  world.db.certificate.findMany({ where: { endpoint: { hostname } }, orderBy: { issuedAt: 'asc' } });
const ordersOf = (hostname: string) =>
  world.db.certificateOrder.findMany({ where: { endpoint: { hostname } }, orderBy: { createdAt: 'asc' } });
const operationOf = async (hostname: string) =>
  world.db.operation.findFirstOrThrow({
    where: { subject: endpointSubject({ hostname, view: 'public' }) },
    orderBy: { generation: 'desc' },
  });
const live = async (hostname: string) => {
  await world.ask(hostname);
  await world.runDue();
  expect(await endpointOf(hostname)).toMatchObject({ state: 'live' });
};
/** As if two thirds of its lifetime were over. */
const makeDue = async (hostname: string) => {
  const { id } = await endpointOf(hostname);
  await world.db.certificate.updateMany({ where: { endpointId: id, state: 'served' }, data: { renewAfter: ago(1000) } });
};
const signingIssuer = () => world.db.issuer.findFirstOrThrow({ where: { kind: 'internal-ca' } });
/** The worker, with this issuer of leaves. */
const workerWith = (issuer: CertificateIssuer): WorkerCtx => ({
  ...world.worker,
  issuer: async (row) => (row.kind === 'internal-ca' ? issuer : world.worker.issuer(row)),
});
const hurried = async (worker: WorkerCtx, hostname: string) => {
  await transact(world.db, (tx) => hurryOperation(tx, endpointSubject({ hostname, view: 'public' })));
  return runOperation(worker, { operationId: (await operationOf(hostname)).id });
};

describe('an issuer that others run and that cannot be asked', () => {
  const away = async () => (await awayIssuers(world.db)).map(({ name }) => name);
  const down: CertificateIssuer['issue'] = () => Promise.reject(new HostmasterError('issuer-unavailable', 'It does not answer.'));

  test('is noted with its order, whoever else may sign or not, and until it answers again', async () => {
    const hostname = fresh();
    const { authority: _, ...others } = await world.worker.issuer(await signingIssuer());
    await world.ask(hostname);
    await hurried(workerWith({ ...others, issue: down }), hostname);
    expect(await away()).toHaveLength(1);
    expect(await ordersOf(hostname)).toMatchObject([{ state: 'open', unavailableSince: expect.any(Date) }]);
    let meanwhile: Awaited<ReturnType<typeof operationOf>> | null = null;
    const watched: CertificateIssuer['issue'] = async (...asked) => {
      meanwhile = await operationOf(hostname);
      return others.issue(...asked);
    };
    await hurried(workerWith({ ...others, issue: watched }), hostname);
    const reason = expect.stringMatching(/ is asked where the order is\.$/);
    expect(meanwhile, 'and not what the step before has found').toMatchObject({ state: 'running', reason, nextAttemptAt: null });
    expect([await away(), (await ordersOf(hostname))[0]?.state]).toEqual([[], 'issued']);
  });

  test('before there is an order is noted, too; what a zone keeps it from is no fault of its', async () => {
    const hostname = fresh();
    await world.ask(hostname);
    const { authority: _, ...others } = await world.worker.issuer(await signingIssuer());
    const caa = (error: HostmasterError) => workerWith({ ...others, caa: () => Promise.reject(error) });
    await hurried(caa(new HostmasterError('issuer-unavailable', 'The CAA records keep it out.', { movesNext: zoneOwner })), hostname);
    expect([await away(), await ordersOf(hostname)]).toEqual([[], []]);
    await hurried(caa(new HostmasterError('issuer-unavailable', 'Its directory does not answer.')), hostname);
    expect(await away()).toHaveLength(1);
    await world.db.issuer.updateMany({ data: { unavailableSince: null } });
  });
});

describe('an issuer that others run', () => {
  /** The world's worker, whose issuer of leaves answers only when it is asked again. */
  const foreign = async (turns: number, retryAfterSeconds: number | null = null) => {
    const slow = createSlowIssuer(await world.worker.issuer(await signingIssuer()), turns, retryAfterSeconds);
    const worker = workerWith(slow);
    /** A run that somebody hurried. @param seconds how much later it is than it was. */
    const runOnce = async (hostname: string, seconds = 0) => {
      world.clock.advance(seconds * 1000);
      return hurried(worker, hostname);
    };
    return { slow, runOnce };
  };

  test('is waited for with its own words, asked on from what it said, and nothing is ordered twice', async () => {
    const hostname = fresh();
    const { slow, runOnce } = await foreign(3);
    await world.ask(hostname);
    for (const _ of [1, 2]) {
      expect(await runOnce(hostname)).toMatchObject({ state: 'waiting' });
      const wait = {
        state: 'waiting',
        step: 'certificate-issued',
        movesNext: 'the issuer',
        reason: 'The order was placed and is looked at.',
      };
      expect(await operationOf(hostname)).toMatchObject({ ...wait, nextAttemptAt: expect.any(Date), error: null });
      expect(await ordersOf(hostname)).toMatchObject([{ state: 'open', reference: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
      expect(await certificatesOf(hostname)).toEqual([]);
    }
    expect(await runOnce(hostname)).toEqual({ state: 'succeeded' });
    expect(slow.placed()).toBe(1);
    expect(await ordersOf(hostname)).toMatchObject([{ state: 'issued', closedAt: expect.any(Date) }]);
    const [certificate] = await certificatesOf(hostname);
    expect(certificate?.state).toBe('served');
    // Within the window that it asked for: half of the lifetime and a little more.
    const { notBefore, notAfter, renewAfter } = certificate ?? { notBefore: new Date(), notAfter: new Date(), renewAfter: new Date(0) };
    const share = (renewAfter.getTime() - notBefore.getTime()) / (notAfter.getTime() - notBefore.getTime());
    expect(share).toBeGreaterThanOrEqual(0.5);
    expect(share).toBeLessThanOrEqual(0.6);
  });

  test('is asked once about an order before the time that it named: not by the next step of a run, and not by whoever hurries it', async () => {
    const hostname = fresh();
    await live(hostname);
    await makeDue(hostname);
    await startDueRenewals(world.worker, 10);
    const { slow, runOnce } = await foreign(2, 600);
    for (const _ of ['the renewal, whose first step asks too', 'hurried']) {
      expect(await runOnce(hostname)).toMatchObject({ state: 'waiting' });
      expect([slow.placed(), slow.asked()]).toEqual([1, 1]);
      const { askAgainAt } = (await ordersOf(hostname)).at(-1) ?? {};
      const waits = await operationOf(hostname);
      expect(waits).toMatchObject({
        step: 'certificate-issued',
        movesNext: 'the issuer',
        reason: 'The order was placed and is looked at.',
      });
      expect(waits.nextAttemptAt?.getTime()).toBeGreaterThanOrEqual(askAgainAt?.getTime() ?? Number.POSITIVE_INFINITY);
    }
    expect(await runOnce(hostname, 601)).toEqual({ state: 'succeeded' });
    expect([slow.placed(), slow.asked()]).toEqual([1, 2]);
    expect((await certificatesOf(hostname)).map(({ state }) => state)).toEqual(['superseded', 'served']);
  });

  test('that names no time is asked once in a run all the same', async () => {
    const hostname = fresh();
    await live(hostname);
    await makeDue(hostname);
    await startDueRenewals(world.worker, 10);
    const { slow, runOnce } = await foreign(2);
    expect(await runOnce(hostname)).toMatchObject({ state: 'waiting' });
    expect(slow.asked()).toBe(1);
    expect(await runOnce(hostname)).toEqual({ state: 'succeeded' });
    expect(slow.asked()).toBe(2);
  });

  test.each([
    [
      'cannot say when it wants a renewal',
      async () => {
        throw new HostmasterError('issuer-unavailable', 'It does not answer.');
      },
    ],
    ['wants a renewal after the end', async () => ({ start: ago(-89 * day), end: ago(-1000 * day) })],
    ['wants a renewal at once, and of the next one, too', async () => ({ start: ago(day), end: ago(-day) })],
    ['wants a renewal in a window that ends before it begins', async () => ({ start: ago(-20 * day), end: ago(-10 * day) })],
  ])('that %s leaves that to the lifetime of the certificate', async (_, renewalWindow) => {
    const hostname = fresh();
    const { slow } = await foreign(1);
    await world.ask(hostname);
    expect(await hurried(workerWith({ ...slow, renewalWindow }), hostname)).toEqual({ state: 'succeeded' });
    const [certificate] = await certificatesOf(hostname);
    expect(certificate?.renewAfter).toEqual(certificate && renewalDueAt(certificate));
  });

  test.each([
    ['ends soon', day],
    ['has ended', -day],
  ])('that is away keeps no change of the records waiting, where the certificate in use %s', async (_, left) => {
    const hostname = fresh();
    await live(hostname);
    const { id } = await endpointOf(hostname);
    await world.db.certificate.updateMany({ where: { endpointId: id }, data: { renewAfter: ago(2 * day), notAfter: ago(-left) } });
    await world.send('change', hostname, { target: { addresses: ['127.0.0.2'] } });
    const { slow } = await foreign(1);
    const issue = async () => {
      throw new HostmasterError('issuer-unavailable', 'It does not answer.');
    };
    expect(await hurried(workerWith({ ...slow, issue }), hostname)).toMatchObject({ state: 'waiting' });
    expect(await world.heldAt(hostname)).toMatchObject([{ values: ['127.0.0.2'] }]);
    expect(await operationOf(hostname)).toMatchObject({ step: 'certificate-issued', error: { message: 'It does not answer.' } });
  });

  test('is told of what is revoked when the name ends, and an order that it still looks at is given up', async () => {
    const hostname = fresh();
    const { slow, runOnce } = await foreign(1);
    await world.ask(hostname);
    expect(await runOnce(hostname)).toEqual({ state: 'succeeded' });
    const [certificate] = await certificatesOf(hostname);
    const issuer = await signingIssuer();
    await world.db.certificateOrder.create({
      data: {
        endpointId: (await endpointOf(hostname)).id,
        teamId: (await endpointOf(hostname)).teamId,
        issuerId: issuer.id,
        names: [hostname],
        keyAlgorithm: 'ecdsa-p384',
        csr: Buffer.from('csr'),
        keyLabel: 'none',
        resume: {},
      },
    });
    await world.send('retire', hostname);
    expect(await runOnce(hostname)).toEqual({ state: 'succeeded' });
    expect([...slow.revoked]).toEqual([[certificate?.serial, 'cessationOfOperation']]);
    expect(await certificatesOf(hostname)).toMatchObject([{ state: 'revoked' }]);
    expect((await ordersOf(hostname)).map(({ state }) => state)).toEqual(['issued', 'abandoned']);
  });

  describe('and that refuses a revocation', () => {
    /** A live name whose certificate the issuer does not know, and a worker that runs its retirement. */
    const retiring = async (revoke?: CertificateIssuer['revoke']) => {
      const hostname = fresh();
      await live(hostname);
      const { slow } = await foreign(1);
      const issuer = revoke === undefined ? slow : { ...slow, revoke };
      const told = vi.spyOn(issuer, 'revoke');
      const worker = workerWith(issuer);
      await world.send('retire', hostname);
      const run = () => hurried(worker, hostname);
      return { hostname, told, run };
    };

    test('for good: the name ends all the same, and its page says which certificate is valid still, why, by whom and until when', async () => {
      const { hostname, told, run } = await retiring();
      expect(await run()).toEqual({ state: 'succeeded' });
      expect(told).toHaveBeenCalledOnce();
      const [certificate] = await certificatesOf(hostname);
      expect(certificate).toMatchObject({ state: 'superseded', revokedAt: null, revocationRefusal: 'It issued no such certificate.' });
      expect(await endpointOf(hostname)).toMatchObject({ state: 'retired', names: [{ heldBackUntil: expect.any(Date) }] });
      expect(await operationOf(hostname)).toMatchObject({ reason: expect.stringContaining('A certificate is not revoked') });
      const cause = expect.stringMatching(/is not revoked and stays valid until .* Internal CA refused: It issued no such certificate\.$/);
      const { findings, history, certificates, summary } = await world.view(hostname);
      expect(findings).toMatchObject([{ code: 'NotRevoked', cause, movesNext: 'whoever runs the issuer' }]);
      expect(summary).toEqual(cause);
      expect(certificates).toMatchObject([{ revocationRefused: { reason: 'It issued no such certificate.' } }]);
      expect(history.filter(({ action }) => action.startsWith('certificate.re'))).toMatchObject([
        { action: 'certificate.refuse-revocation', text: expect.stringContaining('It issued no such certificate.') },
      ]);
    });

    test('for good: is not asked again, and a name that comes back gets a certificate of its own', async () => {
      const { hostname, told, run } = await retiring();
      await run();
      await live(hostname);
      expect((await certificatesOf(hostname)).map(({ state }) => state)).toEqual(['superseded', 'served']);
      expect(await world.view(hostname)).toMatchObject({ findings: [], summary: 'Live' });
      await world.send('retire', hostname);
      expect(await run()).toEqual({ state: 'succeeded' });
      expect(told).toHaveBeenCalledTimes(2);
    });

    test('for now: it is waited for, with why, whose it is and when it is tried again, until it is revoked', async () => {
      let down = true;
      const { hostname, told, run } = await retiring(async () => {
        if (down) throw new HostmasterError('issuer-unavailable', 'It does not answer.', { retryAfter: 60 });
      });
      for (const _ of [1, 2]) expect(await run()).toMatchObject({ state: 'waiting' });
      const [certificate] = await certificatesOf(hostname);
      expect(certificate).toMatchObject({ state: 'served', revocationRefusal: null });
      expect(await operationOf(hostname)).toMatchObject({
        step: 'withdrawn',
        reason: expect.stringMatching(
          /is not revoked yet: It does not answer\. Internal CA is asked again until .* expires on \d+ \w+ \d{4}\.$/,
        ),
        movesNext: 'whoever runs Internal CA',
        nextAttemptAt: expect.any(Date),
        error: { code: 'issuer-unavailable' },
      });
      const { findings } = await world.view(hostname);
      expect(findings).toMatchObject([{ code: 'IssuerUnavailable', movesNext: 'whoever runs Internal CA' }]);
      down = false;
      expect(await run()).toEqual({ state: 'succeeded' });
      expect(told).toHaveBeenCalledTimes(3);
      expect(await certificatesOf(hostname)).toMatchObject([{ state: 'revoked' }]);
    });

    test('for now: the wait ends with the certificate, which nobody can use any more', async () => {
      const { hostname, run } = await retiring(async () => {
        throw new HostmasterError('issuer-unavailable', 'It does not answer.');
      });
      expect(await run()).toMatchObject({ state: 'waiting' });
      await world.db.certificate.updateMany({ where: { endpoint: { hostname } }, data: { notAfter: ago(1000) } });
      expect(await run()).toEqual({ state: 'succeeded' });
      expect(await endpointOf(hostname)).toMatchObject({ state: 'retired' });
    });
  });

  test('whose answer is a certificate for another key is refused, and nothing of it is delivered', async () => {
    const hostname = fresh();
    const issuer = await world.worker.issuer(await signingIssuer());
    const other = { id: 'other', names: [hostname], csr: await createCsr(await generateKey('ecdsa-p256'), [hostname]) };
    const lying: WorkerCtx = {
      ...world.worker,
      issuer: async () => ({ ...issuer, issue: (_, resume, signal) => issuer.issue(other, resume, signal) }),
    };
    await world.ask(hostname);
    const { id } = await operationOf(hostname);
    expect(await runOperation(lying, { operationId: id })).toEqual({ state: 'failed' });
    expect((await world.db.operation.findUniqueOrThrow({ where: { id } })).error).toMatchObject({
      code: 'issuer-refused',
      message: expect.stringContaining('for another key'),
    });
    expect(await ordersOf(hostname)).toMatchObject([{ state: 'refused' }]);
    expect(world.servedSerial(hostname)).toBeNull();
    await world.runDue();
  });
});
