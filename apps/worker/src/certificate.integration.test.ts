// Certificates on bad days: a CA key that cannot be read, an issuer that refuses, a worker that dies between order and
// signature, a key that never was here; and what happens to each without a human: renewal, supersession, revocation.

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { directoryDestination } from '@hostmaster/adapters/destinations/directory';
import { createCsr, generateKey } from '@hostmaster/adapters/keys/generate-key';
import { createSlowIssuer } from '@hostmaster/adapters/testing/slow-issuer';
import { type EndpointContractInput, endpointContract } from '@hostmaster/core/contract/endpoint';
import { errorTable } from '@hostmaster/core/error-table';
import { HostmasterError } from '@hostmaster/core/errors';
import { hostnameOf } from '@hostmaster/core/hostname/parse-hostname';
import { toPem } from '@hostmaster/core/pki/chain';
import type { CertificateIssuer } from '@hostmaster/core/pki/issuer';
import { hurryOperation } from '@hostmaster/db/operation';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { transact } from '@hostmaster/db/transaction';
import { chooseIssuer } from '@hostmaster/usecases/certificate/choose-issuer';
import type { WorkerCtx } from '@hostmaster/usecases/context';
import { coverZones } from '@hostmaster/usecases/issuer/cover-zones';
import { runOperation } from '@hostmaster/usecases/operation/run';
import { endpointSubject } from '@hostmaster/usecases/reconcile/start';
import { createRequest } from '@hostmaster/usecases/request/create';
import { startDueRenewals } from '@hostmaster/usecases/sweep/due-renewals';
import { publishDueCrls } from '@hostmaster/usecases/sweep/publish-crls';
import { listZones } from '@hostmaster/usecases/zone/list';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { intermediateFor } from './testing/issuers.ts';
import { connectAnew, heldAt, servedSerial, writeByHand } from './testing/outside.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

const run = promisify(execFile);
let world: World;
let n = 0;
beforeAll(async () => {
  world = await createWorld();
  await world.ask(`first.dev.${zoneApex}`);
  await world.runDue();
}, 60_000);
afterAll(() => world.close());

const fresh = (): string => {
  n += 1;
  return `c${n}.dev.${zoneApex}`;
};
const endpointOf = (hostname: string) => world.db.endpoint.findFirstOrThrow({ where: { hostname } });
const certificatesOf = (hostname: string) =>
  world.db.certificate.findMany({ where: { endpoint: { hostname } }, orderBy: { issuedAt: 'asc' } });
const ordersOf = (hostname: string) =>
  world.db.certificateOrder.findMany({ where: { endpoint: { hostname } }, orderBy: { createdAt: 'asc' } });
const fixedIn = (order: { readonly resume: unknown } | undefined) => z.object({ serial: z.string() }).parse(order?.resume).serial;
const operationOf = async (hostname: string) =>
  world.db.operation.findFirstOrThrow({
    where: { subject: endpointSubject({ hostname, view: 'public' }) },
    orderBy: { generation: 'desc' },
  });
const hurry = async (hostname: string) => {
  await transact(world.db, (tx) => hurryOperation(tx, endpointSubject({ hostname, view: 'public' })));
  await world.runDue();
};
const send = async (kind: 'create' | 'change' | 'retire', hostname: string, more: Partial<EndpointContractInput> = {}, ctx?: WorkerCtx) =>
  createRequest(ctx ?? (await world.as('app')), {
    kind,
    contract: endpointContract.parse({ hostname, team: 'order-platform', target: { addresses: ['127.0.0.1'] }, ...more }),
  });
const live = async (hostname: string, more: Partial<EndpointContractInput> = {}) => {
  await world.ask(hostname, more);
  await world.runDue();
  expect(await endpointOf(hostname)).toMatchObject({ state: 'live' });
};
const makeDue = async (hostname: string) => {
  const { id } = await endpointOf(hostname);
  const third = new Date(Date.now() + 29 * 86_400_000);
  await world.db.certificate.updateMany({
    where: { endpointId: id, state: 'served' },
    data: { notAfter: third, renewAfter: new Date(Date.now() - 1000) },
  });
};
const signingIssuer = () => world.db.issuer.findFirstOrThrow({ where: { kind: 'internal-ca' } });
const isWaitingFor = (code: string) => ({
  state: 'waiting',
  step: 'certificate-issued',
  nextAttemptAt: expect.any(Date),
  error: { code, message: expect.any(String), remedy: expect.any(String) },
});

describe('a CA key that cannot be read', () => {
  test.each([
    ['because it was damaged', { keyCiphertext: Buffer.from('rubbish') }],
    ['because another key wrapped it', { keyId: 'another' }],
  ])('%s is waited for, and the same certificate is signed once it can be read', async (_, damage) => {
    const hostname = fresh();
    const { id, keyCiphertext, keyId } = await signingIssuer();
    await world.db.issuer.update({ where: { id }, data: damage });
    await world.ask(hostname);
    await world.runDue();
    expect(await operationOf(hostname)).toMatchObject(isWaitingFor('key-unreadable'));
    const [ordered] = await ordersOf(hostname);
    expect([ordered?.state, await certificatesOf(hostname)]).toEqual(['open', []]);
    await hurry(hostname);
    expect(await ordersOf(hostname)).toHaveLength(1);
    await world.db.issuer.update({ where: { id }, data: { keyCiphertext, keyId } });
    await hurry(hostname);
    expect(await endpointOf(hostname)).toMatchObject({ state: 'live' });
    expect(await ordersOf(hostname)).toMatchObject([{ state: 'issued' }]);
    expect(await certificatesOf(hostname)).toMatchObject([{ state: 'served', serial: fixedIn(ordered) }]);
    expect(await servedSerial(world, hostname)).toBe(fixedIn(ordered));
  });

  test('does not keep other issuers from publishing their revocations', async () => {
    const root = await world.db.issuer.findUniqueOrThrow({ where: { slug: 'root' } });
    await world.db.issuer.update({ where: { id: root.id }, data: { keyCiphertext: Buffer.from('rubbish') } });
    await world.db.issuer.updateMany({ data: { crl: null } });
    expect(await publishDueCrls(world.worker)).toBe(1);
    expect((await signingIssuer()).crl).not.toBeNull();
    await world.db.issuer.update({ where: { id: root.id }, data: { keyCiphertext: root.keyCiphertext } });
    expect(await publishDueCrls(world.worker)).toBe(1);
  });
});

test('a worker that dies between order and signature: another one signs the same serial, and the dead one writes nothing', async () => {
  const hostname = fresh();
  await world.ask(hostname);
  let wake = (): void => {};
  const asleep = new Promise<void>((resolve) => {
    wake = resolve;
  });
  let fellAsleep = (): void => {};
  const sleeping = new Promise<void>((resolve) => {
    fellAsleep = resolve;
  });
  const sleeper: WorkerCtx = {
    ...world.worker,
    issuer: async (row) => {
      const issuer = await world.worker.issuer(row);
      return {
        ...issuer,
        issue: async (...asked) => {
          fellAsleep();
          await asleep;
          return issuer.issue(...asked);
        },
      };
    },
  };
  const { id } = await operationOf(hostname);
  const slept = runOperation(sleeper, { operationId: id });
  await sleeping;
  const [ordered] = await ordersOf(hostname);
  expect(ordered?.state).toBe('open');
  expect(await runOperation(world.worker, { operationId: id })).toEqual({ state: 'not-ours' });
  await world.db.operation.update({ where: { id }, data: { leasedUntil: new Date(0) } });
  expect(await runOperation(world.worker, { operationId: id })).toEqual({ state: 'succeeded' });
  const after = await Promise.all([operationOf(hostname), certificatesOf(hostname), world.db.auditEvent.count()]);
  wake();
  expect(await slept).toEqual({ state: 'not-ours' });
  expect(await Promise.all([operationOf(hostname), certificatesOf(hostname), world.db.auditEvent.count()])).toEqual(after);
  expect(after[1]).toMatchObject([{ state: 'served', serial: fixedIn(ordered) }]);
});

describe("the requester's own key", () => {
  test('is never here: nothing is delivered, the team is named, and it goes live once they installed the certificate', async () => {
    const hostname = fresh();
    const key = await generateKey('ecdsa-p256');
    const csr = toPem(await createCsr(key, [hostname]), 'CERTIFICATE REQUEST');
    await world.ask(hostname, { tls: { csr } });
    await world.runDue();
    const waiting = await operationOf(hostname);
    expect(waiting).toMatchObject({ state: 'waiting', step: 'certificate-served', movesNext: 'order-platform', error: null });
    expect(waiting.reason).toContain('order-platform installs the certificate');
    expect(await servedSerial(world, hostname)).toBeNull();
    const [certificate] = await certificatesOf(hostname);
    expect(certificate).toMatchObject({ state: 'issued' });
    expect(await ordersOf(hostname)).toMatchObject([{ state: 'issued', keyId: null, keyCiphertext: null }]);
    const privateKeyPem = toPem(key.pkcs8, 'PRIVATE KEY');
    const files = { fullchainPem: certificate?.chainPem ?? '', privateKeyPem };
    await directoryDestination(join(world.folder, 'edge')).deliver({ hostname, ...files });
    await hurry(hostname);
    expect(await endpointOf(hostname)).toMatchObject({ state: 'live' });
    expect(await certificatesOf(hostname)).toMatchObject([{ state: 'served' }]);
  });
});

describe('renewal', () => {
  test('happens without a human: a new certificate on the wire, the old one superseded, all of it in the audit trail', async () => {
    const hostname = fresh();
    await live(hostname);
    const [old] = await certificatesOf(hostname);
    expect(await startDueRenewals(world.worker, 10)).toBe(0);
    await makeDue(hostname);
    expect(await startDueRenewals(world.worker, 10)).toBe(1);
    expect(await startDueRenewals(world.worker, 10)).toBe(0);
    await world.runDue();
    const [before, renewed] = await certificatesOf(hostname);
    expect([before?.state, renewed?.state]).toEqual(['superseded', 'served']);
    expect(renewed?.serial).not.toBe(old?.serial);
    const [first, second] = await ordersOf(hostname);
    expect(second?.keyCiphertext).not.toEqual(first?.keyCiphertext);
    expect(await servedSerial(world, hostname)).toBe(renewed?.serial);
    expect(await operationOf(hostname)).toMatchObject({ state: 'succeeded', requestId: null });
    expect(await world.db.auditEvent.count({ where: { action: 'certificate.issue', subject: hostname } })).toBe(2);
    expect(await startDueRenewals(world.worker, 10)).toBe(0);
  });

  test('does not depend on the zone: drift stays as it is, and an unreachable name server keeps nothing waiting', async () => {
    const hostname = fresh();
    await live(hostname);
    await writeByHand(world, hostname, [{ type: 'A', ttl: 60, values: ['127.0.0.1', '127.0.0.9'] }]);
    const { connection } = await world.db.zone.findFirstOrThrow();
    await connectAnew(world, { ...Object(connection), primary: { address: '127.0.0.1', port: 1 } });
    await makeDue(hostname);
    await startDueRenewals(world.worker, 10);
    await world.runDue();
    await connectAnew(world, Object(connection));
    expect((await certificatesOf(hostname)).map(({ state }) => state)).toEqual(['superseded', 'served']);
    expect((await heldAt(world, hostname))[0]?.values).toEqual(['127.0.0.1', '127.0.0.9']);
  });

  test('that is refused for good is not begun again at every sweep', async () => {
    const hostname = fresh();
    await live(hostname);
    await makeDue(hostname);
    await startDueRenewals(world.worker, 10);
    const { id } = await operationOf(hostname);
    const wrong = await intermediateFor(world, ['example.org']);
    const issuer = await signingIssuer();
    await world.db.issuer.update({
      where: { id: issuer.id },
      data: wrong,
    });
    expect(await runOperation(world.worker, { operationId: id })).toEqual({ state: 'failed' });
    const { chainPem, keyId, keyCiphertext } = issuer;
    await world.db.issuer.update({ where: { id: issuer.id }, data: { chainPem, keyId, keyCiphertext } });
    expect(await operationOf(hostname)).toMatchObject({ step: 'certificate-issued', error: { code: 'issuer-refused' } });
    expect((await ordersOf(hostname)).map(({ state }) => state)).toEqual(['issued', 'refused']);
    expect(await world.view(hostname)).toMatchObject({ summary: expect.stringContaining('may not issue') });
    expect(await startDueRenewals(world.worker, 10)).toBe(0);
    await world.db.operation.update({ where: { id }, data: { finishedAt: new Date(Date.now() - 600_000) } });
    expect(await startDueRenewals(world.worker, 10)).toBe(1);
    await world.runDue();
    expect(await servedSerial(world, hostname)).toBe((await certificatesOf(hostname)).find(({ state }) => state === 'served')?.serial);
  });
});

describe('an issuer that others run', () => {
  /** The world's worker, whose issuer of leaves answers only when it is asked again. */
  const foreign = async (turns: number, retryAfterSeconds: number | null = null) => {
    const slow = createSlowIssuer(await world.worker.issuer(await signingIssuer()), turns, retryAfterSeconds);
    let later = 0;
    const worker: WorkerCtx = {
      ...world.worker,
      clock: { now: () => new Date(Date.now() + later) },
      issuer: async (row) => (row.kind === 'internal-ca' ? slow : world.worker.issuer(row)),
    };
    /** A run that somebody hurried. @param seconds how much later it is than it was. */
    const runOnce = async (hostname: string, seconds = 0) => {
      later += seconds * 1000;
      await transact(world.db, (tx) => hurryOperation(tx, endpointSubject({ hostname, view: 'public' })));
      return runOperation(worker, { operationId: (await operationOf(hostname)).id });
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
        issuerId: issuer.id,
        names: [hostname],
        keyAlgorithm: 'ecdsa-p384',
        csr: Buffer.from('csr'),
        keyLabel: 'none',
        resume: {},
      },
    });
    await send('retire', hostname);
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
      const worker: WorkerCtx = {
        ...world.worker,
        issuer: async (row) => (row.kind === 'internal-ca' ? issuer : world.worker.issuer(row)),
      };
      await send('retire', hostname);
      const run = async () => {
        await transact(world.db, (tx) => hurryOperation(tx, endpointSubject({ hostname, view: 'public' })));
        return runOperation(worker, { operationId: (await operationOf(hostname)).id });
      };
      return { hostname, told, run };
    };

    test('for good: the name ends all the same, and its page says which certificate is valid still, why, by whom and until when', async () => {
      const { hostname, told, run } = await retiring();
      expect(await run()).toEqual({ state: 'succeeded' });
      expect(told).toHaveBeenCalledOnce();
      const [certificate] = await certificatesOf(hostname);
      expect(certificate).toMatchObject({ state: 'superseded', revokedAt: null, revocationRefusal: 'It issued no such certificate.' });
      expect(await endpointOf(hostname)).toMatchObject({ state: 'retired', quarantineEnds: expect.any(Date) });
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
      await send('retire', hostname);
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
        reason: expect.stringMatching(/is not revoked yet: It does not answer\. Internal CA is asked again until .* expires on \d{4}-/),
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
      await world.db.certificate.updateMany({ where: { endpoint: { hostname } }, data: { notAfter: new Date(Date.now() - 1000) } });
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
    expect(await servedSerial(world, hostname)).toBeNull();
    await world.runDue();
  });
});

describe('the end of a name', () => {
  const revokedIn = async (): Promise<string> => {
    const { crl } = await signingIssuer();
    const path = join(world.folder, 'list.crl');
    await writeFile(path, crl ?? '');
    return (await run('openssl', ['crl', '-inform', 'DER', '-in', path, '-noout', '-text'])).stdout;
  };

  test('takes records, certificate and every delivered name with it, and holds the name back from others', async () => {
    const hostname = fresh();
    const extra = fresh();
    await live(hostname, { tls: { extraNames: [extra] } });
    expect(await servedSerial(world, extra)).not.toBeNull();
    const [certificate] = await certificatesOf(hostname);
    // Whoever retires it need not remember the extra names.
    await send('retire', hostname);
    await world.runDue();
    expect(await endpointOf(hostname)).toMatchObject({ state: 'retired', quarantineEnds: expect.any(Date) });
    expect(await heldAt(world, hostname)).toEqual([]);
    expect([await servedSerial(world, hostname), await servedSerial(world, extra)]).toEqual([null, null]);
    expect(await certificatesOf(hostname)).toMatchObject([{ state: 'revoked', revocationReason: 'cessationOfOperation' }]);
    await publishDueCrls(world.worker);
    expect(await revokedIn()).toContain(certificate?.serial);
    const platform = await world.as('platform');
    await expect(
      createRequest(platform, {
        kind: 'create',
        contract: endpointContract.parse({ hostname, team: 'platform-edge', environment: 'dev', target: { addresses: ['127.0.0.1'] } }),
      }),
    ).rejects.toMatchObject({
      code: 'policy-denied',
      violations: expect.arrayContaining([expect.objectContaining({ rule: 'quarantine' })]),
    });
    await live(hostname);
  });

  test('is ended once, also where the worker died after its last step', async () => {
    const hostname = fresh();
    await live(hostname);
    await send('retire', hostname);
    await world.runDue();
    const { id } = await operationOf(hostname);
    await behindTheBack(world.db).operation.update({
      where: { id },
      data: { state: 'running', finishedAt: null, leasedUntil: new Date(0) },
    });
    expect(await runOperation(world.worker, { operationId: id })).toEqual({ state: 'succeeded' });
    expect(await world.db.auditEvent.count({ where: { action: 'endpoint.retire', subject: hostname } })).toBe(1);
  });

  test('is published also where the revocation was committed after a list that is dated later', async () => {
    const hostname = fresh();
    await live(hostname);
    const [certificate] = await certificatesOf(hostname);
    await world.db.issuer.updateMany({ data: { crl: null } });
    await publishDueCrls(world.worker);
    expect(await publishDueCrls(world.worker)).toBe(0);
    await behindTheBack(world.db).certificate.update({
      where: { id: certificate?.id ?? '' },
      data: { state: 'revoked', revokedAt: new Date(Date.now() - 5000), revocationReason: 'superseded' },
    });
    expect(await publishDueCrls(world.worker)).toBe(1);
    expect(await revokedIn()).toContain(certificate?.serial);
    expect(await publishDueCrls(world.worker)).toBe(0);
  });
});

// The last: what it makes signs for every name from then on.
test('a zone that is connected later is covered by a CA of its own once it was read; choosing an issuer makes none', async () => {
  const issuers = () => world.db.issuer.findMany({ where: { kind: 'internal-ca' }, orderBy: { createdAt: 'asc' } });
  const [zone, before] = [await world.db.zone.findFirstOrThrow(), await issuers()];
  const { id: _, apex: __, ...like } = zone;
  await world.db.zone.create({ data: { ...like, apex: 'shop.test', servers: like.servers ?? [], connection: like.connection ?? {} } });
  await expect(chooseIssuer(world.worker, 'internal-ca', [hostnameOf('www.shop.test')])).rejects.toMatchObject({
    code: 'issuer-unavailable',
  });
  await expect(chooseIssuer(world.worker, 'internal-ca', [hostnameOf('www.elsewhere.test')])).rejects.toMatchObject({
    code: 'issuer-refused',
  });
  expect(await issuers()).toHaveLength(before.length);

  // A root that cannot sign: whoever waits for the certificate and whoever looks at the zone read why, whose it is and what mends it.
  const { id: rootId, keyCiphertext } = await world.db.issuer.findUniqueOrThrow({ where: { slug: 'root' } });
  await world.db.issuer.update({ where: { id: rootId }, data: { keyCiphertext: Buffer.from('rubbish') } });
  await coverZones(world.worker);
  const zones = async () => (await listZones(await world.as('platform'))).rows.map(({ apex, signingError }) => [apex, signingError]);
  const why = 'The root could not sign a CA for the zone: The key cannot be opened with the keys at hand.';
  const { remedy } = errorTable['key-unreadable'];
  expect(Object.fromEntries(await zones())).toEqual({
    [zoneApex]: null,
    'shop.test': { code: 'key-unreadable', message: why, remedy, movesNext: 'whoever runs Hostmaster' },
  });
  await expect(chooseIssuer(world.worker, 'internal-ca', [hostnameOf('www.shop.test')])).rejects.toMatchObject({
    code: 'key-unreadable',
    message: `No issuer of the kind internal-ca may sign for www.shop.test yet. ${why}`,
    movesNext: 'whoever runs Hostmaster',
  });
  await world.db.issuer.update({ where: { id: rootId }, data: { keyCiphertext } });

  await Promise.all([coverZones(world.worker), coverZones(world.worker)]);
  const after = await issuers();
  expect(after.slice(before.length)).toMatchObject([{ permittedSuffixes: [zoneApex, 'shop.test'].sort(), profile: 'server' }]);
  expect(await chooseIssuer(world.worker, 'internal-ca', [hostnameOf('www.shop.test')])).toMatchObject({ id: after.at(-1)?.id });
  await coverZones(world.worker);
  expect(await issuers()).toHaveLength(before.length + 1);
  expect(Object.fromEntries(await zones())).toEqual({ [zoneApex]: null, 'shop.test': null });
});
