// The switch of an issuer on every path by which a certificate is ordered or signed: none is while it is off, and all go on once it is
// on again. What ends certificates does not ask for it.

import { campaignDraft } from '@hostmaster/core/contract/campaign';
import type { EndpointContractInput } from '@hostmaster/core/contract/endpoint';
import { checkInput } from '@hostmaster/core/contract/request';
import { day } from '@hostmaster/core/duration';
import { HostmasterError } from '@hostmaster/core/errors';
import { operator } from '@hostmaster/core/operation/moves-next';
import { completeList } from '@hostmaster/core/pki/crl-shard';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readHome } from '../account/home.ts';
import { planCampaign } from '../campaign/plan.ts';
import { startCampaign } from '../campaign/start.ts';
import { revokeCertificate } from '../certificate/revoke.ts';
import type { WorkerCtx } from '../context.ts';
import { runOperation } from '../operation/run.ts';
import { checkRequest } from '../request/check.ts';
import { startAskedRevocations } from '../sweep/asked-revocations.ts';
import { runCampaigns } from '../sweep/campaigns.ts';
import { startDueRenewals } from '../sweep/due-renewals.ts';
import { publishDueCrls } from '../sweep/publish-crls.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { coverZones } from './cover-zones.ts';
import { resumeIssuer, stopIssuer } from './stop.ts';

let world: Reconciling;
beforeAll(async () => {
  world = await createReconciling();
});
afterAll(() => world.close());

let n = 0;
const fresh = (): string => {
  n += 1;
  return `s${n}.dev.${zoneApex}`;
};
const own = () => world.db.issuer.findFirstOrThrow({ where: { slug: 'internal-ca-1' } });
const stop = async (which: { id: string }) => stopIssuer(await world.as('platform'), which);
const resume = async (which: { id: string }) => resumeIssuer(await world.as('platform'), which);
afterEach(async () => {
  await world.db.issuer.updateMany({ data: { stoppedAt: null } });
  await world.runLater();
});

const signed = () => world.db.certificate.count();
const live = async (more: Partial<EndpointContractInput> = {}): Promise<string> => {
  const hostname = fresh();
  await world.ask(hostname, more);
  await world.runDue();
  return hostname;
};
const of = (hostname: string) => ({ endpoint: { hostname } });
const serialOf = async (hostname: string) =>
  (await world.db.certificate.findFirstOrThrow({ where: of(hostname), orderBy: { issuedAt: 'desc' } })).serial;
const sweep = async () => {
  await runCampaigns(world.worker);
  await startDueRenewals(world.worker, 100);
  await startAskedRevocations(world.worker, 100);
  await world.runDue();
};
const due = (hostname: string) =>
  world.db.certificate.updateMany({ where: of(hostname), data: { renewAfter: new Date(world.clock.now().getTime() - 1) } });

/** Each begins what orders a certificate while its issuer is stopped. */
const paths: Readonly<Record<string, (hostname: string) => Promise<unknown>>> = {
  'a request': () => world.ask(fresh()),
  'a change of the key': (hostname) => world.send('change', hostname, { tls: { key: 'rsa-3072' } }),
  'a change of the names': (hostname) => world.send('change', hostname, { tls: { extraNames: [`also.${hostname}`] } }),
  'a renewal': due,
  'a replacement by hand': async (hostname) =>
    revokeCertificate(await world.as('app'), { serial: await serialOf(hostname), reason: 'superseded', comment: 'x' }),
  'a campaign': async (hostname) => {
    const ctx = await world.as('security');
    const draft = campaignDraft.parse({ action: 'replace', scope: { suffix: hostname } });
    const { asOf, hash: planHash } = await planCampaign(ctx, draft);
    await startCampaign(ctx, { ...draft, comment: 'x', asOf, planHash });
  },
  'an order that is open': async (hostname) => {
    const issuer = await own();
    await resume(issuer);
    await due(hostname);
    await startDueRenewals(world.worker, 100);
    const unavailable = async () => {
      throw new HostmasterError('issuer-unavailable', 'It does not answer.');
    };
    const worker: WorkerCtx = { ...world.worker, issuer: async (row) => ({ ...(await world.worker.issuer(row)), issue: unavailable }) };
    const { id } = await world.db.operation.findFirstOrThrow({ where: { ...of(hostname), purpose: 'renewal' } });
    await runOperation(worker, { operationId: id });
    expect(await world.db.certificateOrder.count({ where: { ...of(hostname), state: 'open' } })).toBe(1);
    await stop(issuer);
  },
  'a successor of the CA': async () => {
    world.clock.advance(1825 * day - 100 * day);
    await coverZones(world.worker);
  },
};

const ends: Readonly<
  Record<string, readonly [end: (issuer: Awaited<ReturnType<typeof own>>) => Promise<unknown>, undo: () => Promise<unknown>]>
> = {
  stopped: [stop, async () => {}],
  'below a root that is withdrawn': [
    ({ rootId }) => behindTheBack(world.db).issuer.updateMany({ where: { id: rootId ?? '' }, data: { state: 'withdrawn' } }),
    () => behindTheBack(world.db).issuer.updateMany({ where: { state: 'withdrawn' }, data: { state: 'active' } }),
  ],
};

test.each(Object.entries(ends))(
  'a CA that is %s while it is waited for gives way at once to another one that may sign',
  async (_, [end, undo]) => {
    const hostname = await live();
    const { id: _id, createdAt, ...row } = await own();
    const another = {
      ...row,
      rootId: null,
      settings: {},
      slug: `internal-ca-9-${hostname.split('.')[0]}`,
      name: 'Another CA',
      createdAt: new Date(createdAt.getTime() - 1000),
    };
    const { id } = await world.db.issuer.create({ data: another });
    await due(hostname);
    await startDueRenewals(world.worker, 100);
    const issuer = await own();
    // It is stopped between the order and the question.
    const worker: WorkerCtx = {
      ...world.worker,
      keys: {
        ...world.worker.keys,
        generate: async (...wanted) => {
          await end(issuer);
          return world.worker.keys.generate(...wanted);
        },
      },
    };
    const operation = await world.db.operation.findFirstOrThrow({ where: { ...of(hostname), purpose: 'renewal' } });
    await runOperation(worker, { operationId: operation.id });
    await world.runDue();
    const orders = await world.db.certificateOrder.findMany({
      where: of(hostname),
      orderBy: { createdAt: 'asc' },
      select: { state: true, issuerId: true },
    });
    expect(orders.slice(1)).toEqual([
      { state: 'abandoned', issuerId: issuer.id },
      { state: 'issued', issuerId: id },
    ]);
    await undo();
    // Nothing else is to sign in the tests that follow.
    await world.db.issuer.updateMany({ where: { id }, data: { kind: 'acme', profile: null } });
  },
);

test('what waits for an issuer is told at once that it is stopped', async () => {
  const hostname = fresh();
  const unavailable = async () => {
    throw new HostmasterError('issuer-unavailable', 'It does not answer.');
  };
  const away: WorkerCtx = { ...world.worker, issuer: async (row) => ({ ...(await world.worker.issuer(row)), issue: unavailable }) };
  const { id: requestId } = await world.ask(hostname);
  const work = () => world.db.operation.findFirstOrThrow({ where: { requestId } });
  await runOperation(away, { operationId: (await work()).id });
  expect(await work()).toMatchObject({ state: 'waiting', step: 'certificate-issued', reason: expect.stringContaining('does not answer') });
  await world.db.outbox.deleteMany();
  await stop(await own());
  expect(await work()).toMatchObject({ nextAttemptAt: null });
  expect(await world.db.outbox.count()).toBe(1);
  await world.runDue();
  expect(await work()).toMatchObject({ state: 'waiting', reason: expect.stringContaining('is stopped') });
});

test('whoever is about to ask for a name is told that nobody signs its certificate, and not how soon it is live', async () => {
  const contract = { hostname: fresh(), team: 'order-platform', target: { addresses: ['127.0.0.1'] } };
  const told = async () => (await checkRequest(await world.as('app'), checkInput.parse({ kind: 'create', contract }))).leadTime;
  expect(await told()).toMatchObject({ seconds: expect.any(Number) });
  await stop(await own());
  expect(await told()).toEqual({
    seconds: null,
    text: expect.stringMatching(/^How long it takes is not known: .* is stopped: .* resumes it\.$/),
  });
});

describe('while the only CA that may sign is stopped', () => {
  test.each(Object.keys(paths))('%s has nothing signed, waits for a platform admin, and goes on once it is resumed', async (path) => {
    const hostname = await live();
    const issuer = await own();
    await stop(issuer);
    const before = [await signed(), await world.db.issuer.count()];
    await paths[path]?.(hostname);
    await sweep();
    await world.runLater();
    await sweep();
    expect([await signed(), await world.db.issuer.count()]).toEqual(before);
    const waiting = await world.db.operation.findMany({ where: { state: 'waiting' } });
    if (path === 'a successor of the CA') {
      const { needsMe } = await readHome(await world.as('platform'));
      expect(needsMe.map(({ kind, text }) => [kind, text])).toContainEqual(['zone', expect.stringContaining('is stopped')]);
    } else
      expect(waiting.map(({ reason, movesNext }) => [reason, movesNext])).toEqual([
        [expect.stringContaining('is stopped: nothing is ordered from it'), operator],
      ]);
    await resume(issuer);
    if (path === 'a successor of the CA') await coverZones(world.worker);
    else await world.runDue();
    expect([await signed(), await world.db.issuer.count()]).not.toEqual(before);
  });

  test('a certificate is revoked, a name is retired, and the list of both is published', async () => {
    const [kept, ended] = [await live(), await live()];
    const [one, other] = [await serialOf(kept), await serialOf(ended)];
    const issuer = await own();
    await stop(issuer);
    const published = async () =>
      (await world.db.revocationList.findUnique({ where: { issuerId_list: { issuerId: issuer.id, list: completeList } } }))?.number ?? 0;
    const before = await published();
    await revokeCertificate(await world.as('app'), { serial: one, reason: 'keyCompromise', comment: 'x' });
    await world.send('retire', ended);
    await world.runLater();
    const states = await world.db.certificate.findMany({ where: { serial: { in: [one, other] } }, select: { state: true } });
    expect(states.map(({ state }) => state)).toEqual(['revoked', 'revoked']);
    await publishDueCrls(world.worker);
    expect(await published()).toBeGreaterThan(before);
  });
});
