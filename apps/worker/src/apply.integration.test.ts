// Applying on bad days: the name server is gone, slow, broken, refuses the key, lies or lags, or somebody was faster. Each
// ends in a clear error or in a wait with a reason and a next attempt, and what waits goes on by itself.
import { randomBytes } from 'node:crypto';
import { createRfc2136Provider } from '@hostmaster/adapters/dns/rfc2136';
import { systemClock } from '@hostmaster/core/clock';
import { rcodes } from '@hostmaster/core/dns/wire/codes';
import { hurryOperation } from '@hostmaster/db/operation';
import { transact } from '@hostmaster/db/transaction';
import { recheckEndpoint } from '@hostmaster/usecases/endpoint/recheck';
import { endpointSubject } from '@hostmaster/usecases/reconcile/start';
import { getRequest } from '@hostmaster/usecases/request/get';
import { startDueRenewals } from '@hostmaster/usecases/sweep/due-renewals';
import { intermediateFor } from '@hostmaster/usecases/testing/issuers';
import { connectZone } from '@hostmaster/usecases/zone/connect';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DnsFront, forward, isUpdate, startDnsFront } from './testing/dns-front.ts';
import { address, connectAnew, heldAt, writeByHand } from './testing/outside.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

let world: World;
/** Before the primary, and before what the zone lists as its second server. */
let primary: DnsFront;
let second: DnsFront;
let n = 0;
/** Past the worker's limits. */
const providerThrough = ({ address, port }: DnsFront) =>
  createRfc2136Provider({ zone: zoneApex, server: { address, port }, tsig: world.tsig, clock: systemClock });
const connectionTo = ({ address, port }: DnsFront, key = world.tsig.name) => ({
  primary: { address, port },
  tsig: { name: key, algorithm: world.tsig.algorithm },
});
beforeAll(async () => {
  world = await createWorld();
  primary = await startDnsFront(world.server, world.tsig);
  second = await startDnsFront(world.server, world.tsig);
  await connectAnew(world, connectionTo(primary));
  await world.db.zone.updateMany({
    data: {
      servers: [
        { name: 'ns1', address: world.server.address, port: world.server.port },
        { name: 'ns2', address: second.address, port: second.port },
      ],
    },
  });
}, 60_000);
afterEach(async () => {
  primary.behave(forward);
  second.behave(forward);
  await primary.start();
});
afterAll(async () => {
  await Promise.all([primary.stop(), second.stop()]);
  await world.close();
});

const fresh = (): string => {
  n += 1;
  return `a${n}.dev.${zoneApex}`;
};
const seen = async (id: string) => getRequest(await world.as('app'), { id });
const operationOf = async (id: string) => {
  const { operation } = await seen(id);
  if (operation === null) throw new Error('no operation');
  return operation;
};
/** Runs what is due until the request is applied and its name live, without anybody asking for it. */
const untilLive = async (hostname: string) =>
  expect
    .poll(
      async () => {
        await world.runDue();
        return (await world.db.endpoint.findFirstOrThrow({ where: { hostname } })).state;
      },
      { timeout: 20_000, interval: 50 },
    )
    .toBe('live');
/** Makes the waiting work due at once, so that a test need not sit out the backoff. */
const hurry = async (hostname: string) => {
  await transact(world.db, (tx) => hurryOperation(tx, endpointSubject({ hostname, view: 'public' })));
  await world.runDue();
};
const waitingWith = (code: string | null, step: string) => ({
  state: 'waiting',
  step,
  nextAttempt: expect.any(String),
  reason: expect.stringMatching(/.{20}/),
  error: code === null ? null : { code, message: expect.any(String), remedy: expect.stringMatching(/.{20}/) },
});

describe('somebody was faster', () => {
  test('a record that appeared at the name makes the request stale, in words; once it is gone the name can be had', async () => {
    const hostname = fresh();
    const request = await world.ask(hostname);
    await writeByHand(world, hostname, [{ type: 'CNAME', ttl: 300, values: ['elsewhere.example.org'] }]);
    await world.runDue();
    const stale = await seen(request.id);
    expect(stale).toMatchObject({ state: 'stale', operation: { state: 'failed', step: 'records-applied', error: { code: 'plan-stale' } } });
    expect(stale.summary).toContain(`${hostname} CNAME: planned on nothing, found 300 CNAME elsewhere.example.org`);
    expect(await heldAt(world, hostname)).toMatchObject([{ type: 'CNAME' }]);
    await expect(world.ask(hostname)).rejects.toMatchObject({
      code: 'policy-denied',
      violations: expect.arrayContaining([expect.objectContaining({ reason: expect.stringContaining('did not write') })]),
    });
    await writeByHand(world, hostname, []);
    await world.db.zoneRecordSet.deleteMany({ where: { name: hostname } });
    await world.ask(hostname);
    await untilLive(hostname);
  });

  test('a record that appears between the look and the write is refused by the server itself, and told the same way', async () => {
    const hostname = fresh();
    const request = await world.ask(hostname);
    // A colleague writes while the UPDATE is on its way; its prerequisites then no longer hold.
    primary.behave(async (asked): Promise<'forward'> => {
      if (isUpdate(asked)) await writeByHand(world, hostname, [address('192.0.2.66')]);
      return 'forward' as const;
    });
    await world.runDue();
    const stale = await seen(request.id);
    expect(stale).toMatchObject({ state: 'stale' });
    expect(stale.summary).toContain('found 60 A 192.0.2.66');
    expect(await heldAt(world, hostname)).toMatchObject([{ values: ['192.0.2.66'] }]);
  });
});

describe('the key', () => {
  const reseal = (secret: string, name = world.tsig.name) => connectAnew(world, connectionTo(primary, name), secret);
  afterEach(() => reseal(world.tsig.secret));

  test.each([
    ['another secret', () => reseal(randomBytes(32).toString('base64')), 'BADSIG'],
    ['a name that the server does not know', () => reseal(world.tsig.secret, 'nobody'), 'BADKEY'],
  ])(
    '%s is waited out with dns-bad-key, whose it is and what to check, and the request goes on once it is mended',
    async (_, spoil, said) => {
      const hostname = fresh();
      await spoil();
      const request = await world.ask(hostname);
      await world.runDue();
      expect(await seen(request.id)).toMatchObject({
        state: 'approved',
        summary: expect.stringContaining(said),
        cancellable: true,
        operation: {
          ...waitingWith('dns-bad-key', 'records-applied'),
          movesNext: 'the owner of the zone',
          error: { code: 'dns-bad-key', remedy: expect.stringContaining('secret') },
        },
      });
      await reseal(world.tsig.secret);
      await untilLive(hostname);
    },
  );

  test('a secret that cannot be opened waits for whoever keeps the keys, and goes on once it can', async () => {
    const hostname = fresh();
    const zone = await world.db.zone.findFirstOrThrow();
    await world.db.zone.update({ where: { id: zone.id }, data: { secretCiphertext: Buffer.from('rubbish') } });
    const request = await world.ask(hostname);
    await world.runDue();
    expect(await operationOf(request.id)).toMatchObject(waitingWith('key-unreadable', 'records-applied'));
    await reseal(world.tsig.secret);
    await untilLive(hostname);
  });
});

describe('the name server', () => {
  test('gets four calls at a time, however many are to be made', async () => {
    const held: (() => void)[] = [];
    primary.behave(async (asked): Promise<'forward'> => {
      if (isUpdate(asked)) await new Promise<void>((resolve) => held.push(resolve));
      return 'forward';
    });
    const names = Array.from({ length: 10 }, fresh);
    const zone = await world.db.zone.findFirstOrThrow();
    const signal = AbortSignal.timeout(20_000);
    const applied = names.map(async (name) => {
      const after = { name, type: 'TXT' as const, ttl: 60, values: ['"one of many"'] };
      await (await connectZone(world.worker, zone)).apply([{ name, type: 'TXT', before: null, after }], signal);
    });
    for (let left = names.length; left > 0; left -= 1) {
      await expect.poll(() => held.length).toBe(Math.min(4, left));
      // Whatever was sent before this question has arrived before its answer.
      await providerThrough(primary).readName(zoneApex, signal);
      expect(held).toHaveLength(Math.min(4, left));
      held.shift()?.();
    }
    await Promise.all(applied);
  });

  test('that is down is waited for, visibly, and the name goes live once it is back, without anybody asking', async () => {
    const hostname = fresh();
    await primary.stop();
    const request = await world.ask(hostname);
    await world.runDue();
    const first = await operationOf(request.id);
    expect(first).toMatchObject({ ...waitingWith('dns-unreachable', 'records-applied'), attempts: 1 });
    expect(first.trail.at(-1)).toMatchObject({ step: 'records-applied', state: 'waiting' });
    expect(await world.view(hostname)).toMatchObject({ summary: first.reason });
    await hurry(hostname);
    const later = await operationOf(request.id);
    expect(later).toMatchObject({ ...waitingWith('dns-unreachable', 'records-applied'), attempts: 2, since: first.since });
    await primary.start();
    await untilLive(hostname);
    expect(await operationOf(request.id)).toMatchObject({ state: 'succeeded', error: null });
  });

  test('that is slow past every deadline is waited for, and what it may have applied is not applied twice', async () => {
    const hostname = fresh();
    primary.behave((asked) => (isUpdate(asked) ? 'silence' : 'forward'));
    const request = await world.ask(hostname);
    await world.runDue();
    expect(await operationOf(request.id)).toMatchObject(waitingWith('dns-unreachable', 'records-applied'));
    // It did apply it; only its answer was lost.
    await writeByHand(world, hostname, [address('127.0.0.1')]);
    primary.behave(forward);
    await untilLive(hostname);
    expect((await operationOf(request.id)).trail.find(({ step }) => step === 'records-applied')?.message).toContain('read back');
    expect(await world.db.auditEvent.count({ where: { action: 'records.apply', subject: hostname } })).toBe(1);
  });

  test.each([
    ['questions', () => rcodes.SERVFAIL],
    ['updates', (asked: Parameters<typeof isUpdate>[0]) => (isUpdate(asked) ? rcodes.SERVFAIL : 'forward')],
  ] as const)('that answers SERVFAIL to %s is waited for', async (_, rule) => {
    const hostname = fresh();
    primary.behave(rule);
    const request = await world.ask(hostname);
    await world.runDue();
    expect(await operationOf(request.id)).toMatchObject(waitingWith('dns-server-failed', 'records-applied'));
    primary.behave(forward);
    await untilLive(hostname);
  });

  test('that answers REFUSED to the update, as a frozen zone does, is waited for, and the request says so', async () => {
    const hostname = fresh();
    primary.behave((asked) => (isUpdate(asked) ? rcodes.REFUSED : 'forward'));
    const request = await world.ask(hostname);
    await world.runDue();
    expect(await seen(request.id)).toMatchObject({
      state: 'approved',
      summary: expect.stringContaining('REFUSED'),
      operation: {
        ...waitingWith('dns-refused', 'records-applied'),
        movesNext: 'the owner of the zone',
        error: { code: 'dns-refused', remedy: expect.stringContaining('update policy') },
      },
    });
    primary.behave(forward);
    await untilLive(hostname);
  });

  test('that lies is found out: NOERROR without the records is never "verified"', async () => {
    const hostname = fresh();
    primary.behave((asked) => (isUpdate(asked) ? rcodes.NOERROR : 'forward'));
    const request = await world.ask(hostname);
    await world.runDue();
    const lied = await operationOf(request.id);
    expect(lied).toMatchObject(waitingWith('dns-not-applied', 'records-applied'));
    expect(lied.trail.some(({ step, state }) => step === 'records-verified' && state === 'done')).toBe(false);
    expect(await world.db.auditEvent.count({ where: { action: 'records.apply', subject: hostname } })).toBe(0);
    primary.behave(forward);
    await untilLive(hostname);
  });

  test('that lags is named and waited for; nothing later begins before it agrees', async () => {
    const hostname = fresh();
    second.behave(() => rcodes.NXDOMAIN);
    const request = await world.ask(hostname);
    await world.runDue();
    const waiting = await operationOf(request.id);
    expect(waiting).toMatchObject({ ...waitingWith(null, 'records-verified'), movesNext: 'the name servers' });
    expect(waiting.reason).toMatch(/^1 of 2 servers agree\. ns2 does not answer with authority/);
    expect(await world.db.certificate.count({ where: { names: { has: hostname } } })).toBe(0);
    second.behave(forward);
    await untilLive(hostname);
  });

  test('that lags does not keep a certificate in use from its renewal', async () => {
    const hostname = fresh();
    await world.ask(hostname);
    await untilLive(hostname);
    const endpoint = await world.db.endpoint.findFirstOrThrow({ where: { hostname } });
    second.behave(() => rcodes.REFUSED);
    await recheckEndpoint(await world.as('app'), { id: endpoint.id });
    await world.runDue();
    await world.db.certificate.updateMany({ where: { endpointId: endpoint.id }, data: { renewAfter: new Date(Date.now() - 1000) } });
    // A look that waits for the lagging server gives way to it.
    expect(await startDueRenewals(world.worker, 10)).toBe(1);
    await world.runDue();
    expect(await world.db.operation.findFirst({ where: { endpointId: endpoint.id }, orderBy: { generation: 'desc' } })).toMatchObject({
      state: 'succeeded',
      purpose: 'renewal',
    });
    expect(await world.db.certificate.count({ where: { endpointId: endpoint.id, state: { in: ['served', 'superseded'] } } })).toBe(2);
    second.behave(forward);
    await untilLive(hostname);
  });
});

test('records that a failed request wrote are taken back, and the name is free', async () => {
  const hostname = fresh();
  const request = await world.ask(hostname);
  second.behave(() => rcodes.NXDOMAIN);
  await world.runDue();
  expect(await heldAt(world, hostname)).toHaveLength(1);
  // The CA that is chosen next says that it may sign here, but its certificate does not: a permanent refusal.
  const { id } = await world.db.issuer.create({
    data: {
      slug: 'wrong',
      kind: 'internal-ca',
      name: 'Wrong CA',
      permittedSuffixes: [zoneApex],
      profile: 'server',
      ...(await intermediateFor(world, ['example.org'])),
      createdAt: new Date(Date.now() + 1000),
    },
  });
  // It would give way to another one that may sign.
  const stopOthers = (stoppedAt: Date | null) =>
    world.db.issuer.updateMany({ where: { kind: 'internal-ca', id: { not: id } }, data: { stoppedAt } });
  await stopOthers(new Date());
  second.behave(forward);
  await hurry(hostname);
  expect(await seen(request.id)).toMatchObject({ state: 'failed' });
  expect(await operationOf(request.id)).toMatchObject({ state: 'failed', step: 'certificate-issued', error: { code: 'issuer-refused' } });
  await world.runDue();
  expect(await heldAt(world, hostname)).toEqual([]);
  expect(await world.db.endpoint.findFirst({ where: { hostname }, include: { names: true } })).toMatchObject({
    state: 'retired',
    names: [],
  });
  await world.db.certificateOrder.deleteMany({ where: { issuerId: id } });
  await world.db.issuer.delete({ where: { id } });
  await stopOthers(null);
  await world.ask(hostname);
  await untilLive(hostname);
});
