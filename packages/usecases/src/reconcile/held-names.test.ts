// Every name of a contract is held as its hostname is: nobody else gets it, its certificate is served for it by whoever has
// it, and it is taken from where TLS ends, and revoked, when it goes.
import { createCsr, generateKey } from '@hostmaster/adapters/keys/generate-key';
import { type EndpointContractInput, endpointContract } from '@hostmaster/core/contract/endpoint';
import { hostnameOf } from '@hostmaster/core/hostname/parse-hostname';
import { toPem } from '@hostmaster/core/pki/chain';
import type { RequestKind } from '@hostmaster/core/request/kind';
import { dayOf } from '@hostmaster/core/said-time';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { recheckEndpoint } from '../endpoint/recheck.ts';
import { createGrant } from '../grant/create.ts';
import { runOperation } from '../operation/run.ts';
import { cancelRequest } from '../request/cancel.ts';
import { createRequest } from '../request/create.ts';
import { reviewRequest } from '../request/review.ts';
import { startDueRenewals } from '../sweep/due-renewals.ts';
import { zoneApex } from '../testing/demo.ts';
import { address } from '../testing/outside.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';

let world: Reconciling;
let n = 0;
beforeAll(async () => {
  world = await createReconciling();
  const grant = { team: 'payments', suffix: 'dev.example.test', environments: ['dev'], views: ['public' as const] };
  await createGrant(await world.as('platform'), { ...grant, wildcard: false, apex: false, reason: 'Shares the suffix' });
}, 60_000);
afterAll(() => world.close());

const fresh = (): string => {
  n += 1;
  return `h${n}.dev.${zoneApex}`;
};

const contract = (team: string, hostname: string, more: Partial<EndpointContractInput> = {}) =>
  endpointContract.parse({ hostname, team, environment: 'dev', target: { addresses: ['127.0.0.1'] }, ...more });
const ask = async (by: string, kind: RequestKind, wanted: ReturnType<typeof contract>) => {
  const request = await createRequest(await world.memberOf(by), { kind, contract: wanted });
  if (request.state === 'approved') await world.runDue();
  return request;
};
const extras = (...extraNames: string[]) => ({ tls: { extraNames } });
const certificatesOf = (hostname: string) =>
  world.db.certificate.findMany({ where: { endpoint: { hostname } }, orderBy: [{ issuedAt: 'asc' }, { id: 'asc' }] });
const statesOf = async (hostname: string) =>
  (await certificatesOf(hostname)).map(({ state, revocationReason }) =>
    revocationReason === null ? state : `${state}: ${revocationReason}`,
  );

describe('an extra name', () => {
  test('is held as a hostname is: another team does not get it, and gets it once it was let go and is not held back', async () => {
    const [hostname, extra] = [fresh(), fresh()];
    await ask('order-platform', 'create', contract('order-platform', hostname, extras(extra)));
    await expect(ask('payments', 'create', contract('payments', extra))).rejects.toMatchObject({
      violations: [{ rule: 'name-taken', reason: `${extra} is held by team order-platform (as an extra name of ${hostname}).` }],
    });
    await ask('order-platform', 'change', contract('order-platform', hostname));
    await expect(ask('payments', 'create', contract('payments', extra))).rejects.toMatchObject({ violations: [{ rule: 'quarantine' }] });
    await world.db.heldName.updateMany({
      where: { hostname: extra },
      data: { heldBackUntil: new Date(world.clock.now().getTime() - 1000) },
    });
    await ask('payments', 'create', contract('payments', extra));
    expect(await statesOf(extra)).toEqual(['served']);
  });

  test('that a change leaves out is served no more, and its certificate is revoked once the new one is seen', async () => {
    const [hostname, extra] = [fresh(), fresh()];
    await ask('order-platform', 'create', contract('order-platform', hostname, extras(extra)));
    expect(await world.servedSerial(extra)).not.toBeNull();
    await ask('order-platform', 'change', contract('order-platform', hostname));
    expect(await statesOf(hostname)).toEqual(['revoked: cessationOfOperation', 'served']);
    expect(await world.servedSerial(extra)).toBeNull();
    expect(await world.servedSerial(hostname)).toBe((await certificatesOf(hostname))[1]?.serial);
  });

  test('that a change leaves out is served no more, also where the key is the team’s from then on', async () => {
    const [hostname, extra] = [fresh(), fresh()];
    await ask('order-platform', 'create', contract('order-platform', hostname, extras(extra)));
    expect(await world.servedSerial(extra)).not.toBeNull();
    const csr = toPem(await createCsr(await generateKey('ecdsa-p256'), [hostnameOf(hostname)]), 'CERTIFICATE REQUEST');
    await ask('order-platform', 'change', contract('order-platform', hostname, { tls: { csr } }));
    expect(await world.servedSerial(extra)).toBeNull();
  });

  test('that a change leaves out is revoked once another certificate is issued, though the team never installs that one', async () => {
    const [hostname, extra] = [fresh(), fresh()];
    const key = await generateKey('ecdsa-p256');
    const csrOf = async (...names: string[]) => toPem(await createCsr(key, names.map(hostnameOf)), 'CERTIFICATE REQUEST');
    const both = { csr: await csrOf(hostname, extra), extraNames: [extra] };
    await ask('order-platform', 'create', contract('order-platform', hostname, { tls: both }));
    expect(await statesOf(hostname)).toEqual(['issued']);
    await ask('order-platform', 'change', contract('order-platform', hostname, { tls: { csr: await csrOf(hostname) } }));
    expect(await statesOf(hostname)).toEqual(['revoked: cessationOfOperation', 'issued']);
  });

  test('that a change adds leaves the older certificate to expire: whoever has its key has all of its names', async () => {
    const hostname = fresh();
    await ask('order-platform', 'create', contract('order-platform', hostname));
    await ask('order-platform', 'change', contract('order-platform', hostname, extras(fresh())));
    expect(await statesOf(hostname)).toEqual(['superseded', 'served']);
  });

  test('is served with the certificate of the endpoint whose hostname it is, and with the other one once that is retired', async () => {
    const [hostname, extra] = [fresh(), fresh()];
    await ask('order-platform', 'create', contract('order-platform', hostname, extras(extra)));
    const [covering] = await certificatesOf(hostname);
    await ask('order-platform', 'create', contract('order-platform', extra));
    const [own] = await certificatesOf(extra);
    expect(await world.servedSerial(extra)).toBe(own?.serial);
    await ask('order-platform', 'change', contract('order-platform', hostname, { ...extras(extra), ttl: 300 }));
    expect(await world.servedSerial(extra)).toBe(own?.serial);
    await ask('order-platform', 'retire', contract('order-platform', extra));
    await world.runDue();
    expect(await world.servedSerial(extra)).toBe(covering?.serial);
  });

  test('that moved to another endpoint of the team is not taken from it when the first one ends', async () => {
    const [first, second, extra] = [fresh(), fresh(), fresh()];
    await ask('order-platform', 'create', contract('order-platform', first, extras(extra)));
    await ask('order-platform', 'change', contract('order-platform', first));
    await ask('order-platform', 'create', contract('order-platform', second, extras(extra)));
    const [moved] = await certificatesOf(second);
    await ask('order-platform', 'retire', contract('order-platform', first));
    expect(await world.servedSerial(extra)).toBe(moved?.serial);
  });
});

test('an extra name at which somebody has put records since its zone was read is on no certificate', async () => {
  const [hostname, extra] = [fresh(), fresh()];
  await world.writeByHand(extra, [address('192.0.2.99')]);
  const { id } = await ask('order-platform', 'create', contract('order-platform', hostname, extras(extra)));
  await world.runDue();
  expect(await certificatesOf(hostname)).toEqual([]);
  expect(await world.seen({ id })).toMatchObject({
    state: 'stale',
    summary: expect.stringContaining(`No certificate is ordered: ${extra} has records that Hostmaster did not write (A).`),
  });
  expect(await world.heldAt(hostname), 'what was begun is given back').toEqual([]);
  await expect(
    ask('order-platform', 'create', contract('order-platform', hostname, extras(extra))),
    'known from then on',
  ).rejects.toMatchObject({ violations: [{ rule: 'name-taken' }] });
  expect(await world.heldAt(extra)).toHaveLength(1);
});

test('an extra name that another team asked for in the same moment is on the certificate of whoever was given it', async () => {
  const [hostname, extra] = [fresh(), fresh()];
  const hands = behindTheBack(world.db).request;
  const other = await createRequest(await world.memberOf('payments'), { kind: 'create', contract: contract('payments', extra) });
  await hands.update({ where: { id: other.id }, data: { state: 'rejected' } });
  const wanted = contract('order-platform', hostname, extras(extra));
  const first = await createRequest(await world.memberOf('order-platform'), { kind: 'create', contract: wanted });
  const { id: operationId } = await world.db.operation.findFirstOrThrow({ where: { requestId: first.id } });
  // Admitted before the other one is there, and at its certificate after it.
  world.secondStands();
  await runOperation(world.worker, { operationId });
  await hands.update({ where: { id: other.id }, data: { state: 'approved' } });
  world.secondAnswers();
  await world.db.operation.update({ where: { id: operationId }, data: { nextAttemptAt: null } });
  await runOperation(world.worker, { operationId });
  expect(await statesOf(hostname)).toEqual(['served']);
  await world.runDue();
  expect(await world.seen(other)).toMatchObject({ state: 'stale' });
});

test('a retirement lets go what the endpoint holds, whatever names whoever asks for it lists', async () => {
  const [thrown, theirs, extra] = [fresh(), fresh(), fresh()];
  await ask('payments', 'create', contract('payments', theirs, extras(extra)));
  const [held] = await certificatesOf(theirs);
  await ask('order-platform', 'create', contract('order-platform', thrown));
  const retired = await ask('order-platform', 'retire', contract('order-platform', thrown, extras(theirs, extra)));
  expect(retired.contract.tls.extraNames).toEqual([]);
  expect([await world.servedSerial(theirs), await world.servedSerial(extra)]).toEqual([held?.serial, held?.serial]);
  expect(await statesOf(theirs)).toEqual(['served']);
});

/** As an older release did it: another team has the name, and the certificate that covers it stands still. */
const lose = async (hostname: string, extra: string, to: string) => {
  const where = { endpoint: { hostname }, state: 'served' as const };
  await world.db.heldName.deleteMany({ where: { hostname: extra } });
  const { notAfter } = await world.db.certificate.findFirstOrThrow({ where });
  await world.db.certificate.updateMany({ where, data: { notAfter: world.clock.now() } });
  await ask(to, 'create', contract(to, extra));
  await world.db.certificate.updateMany({ where, data: { notAfter } });
};

describe('a name that its holder let go', () => {
  const key = generateKey('ecdsa-p256');
  const own = async (...names: string[]) => ({
    csr: toPem(await createCsr(await key, names.map(hostnameOf)), 'CERTIFICATE REQUEST'),
    extraNames: names.slice(1),
  });
  /** Never live, since its team installs the certificate; a change without the extra name waits for a name server. */
  const lettingGo = async (hostname: string, extra: string) => {
    await ask('order-platform', 'create', contract('order-platform', hostname, { tls: await own(hostname, extra) }));
    world.secondStands();
    const change = await ask('order-platform', 'change', contract('order-platform', hostname, { tls: await own(hostname) }));
    await world.runDue();
    return change;
  };
  const cancel = async (id: string) => cancelRequest(await world.memberOf('order-platform'), { id, reason: 'Not like this.' });
  afterEach(() => world.secondAnswers());

  test('is given to nobody while a certificate for it stands, is given back by a cancellation, and is free once that is revoked', async () => {
    const [hostname, extra] = [fresh(), fresh()];
    const { id } = await lettingGo(hostname, extra);
    const theirs = contract('payments', fresh(), extras(extra));
    await expect(ask('payments', 'create', theirs)).rejects.toMatchObject({
      violations: [
        {
          rule: 'certificate-stands',
          path: 'contract.tls.extraNames.0',
          reason: expect.stringContaining(`Team order-platform let ${extra} go, and its certificate for it (of the endpoint ${hostname})`),
        },
      ],
    });
    await cancel(id);
    world.secondAnswers();
    await world.runDue();
    expect(await world.seen({ id })).toMatchObject({ state: 'cancelled', givingBack: { state: 'succeeded' } });
    expect(await statesOf(hostname)).toEqual(['issued']);
    await expect(ask('payments', 'create', theirs)).rejects.toMatchObject({ violations: [{ rule: 'name-taken' }] });

    await ask('order-platform', 'change', contract('order-platform', hostname, { tls: await own(hostname) }));
    expect(await statesOf(hostname)).toEqual(['revoked: cessationOfOperation', 'issued']);
    expect(await ask('payments', 'create', theirs)).toMatchObject({ state: 'approved' });
  });

  test('stays with whoever has it when the change is cancelled: that ends, says so, and no certificate of the first covers it', async () => {
    const [hostname, extra] = [fresh(), fresh()];
    const { id } = await lettingGo(hostname, extra);
    // Nobody may be given it while it stands, so that it stands again is what only an older release could leave behind.
    const where = { endpoint: { hostname } };
    const { notAfter } = await world.db.certificate.findFirstOrThrow({ where });
    await world.db.certificate.updateMany({ where, data: { notAfter: world.clock.now() } });
    world.secondAnswers();
    await world.db.operation.updateMany({ where: { endpoint: { hostname } }, data: { nextAttemptAt: new Date('2100-01-01T00:00:00Z') } });
    await ask('payments', 'create', contract('payments', extra));
    await cancel(id);
    await world.db.certificate.updateMany({ where, data: { notAfter } });
    await world.runDue();
    const told = await world.seen({ id });
    expect(told).toMatchObject({ state: 'cancelled', givingBack: { purpose: 'reversal' } });
    expect(JSON.stringify(await world.db.operation.findMany({ where: { requestId: id }, select: { trail: true } }))).toContain(
      `${extra} is left out: team payments has it by now.`,
    );
    const revision = await world.db.endpointRevision.findFirstOrThrow({ where: { endpoint: { hostname } }, orderBy: { number: 'desc' } });
    expect(revision.contract).toMatchObject({ tls: { extraNames: [] } });
    await startDueRenewals(world.worker, 10);
    await world.runLater();
    expect(await statesOf(hostname)).toEqual(['revoked: cessationOfOperation']);
    expect(await statesOf(extra)).toEqual(['served']);
  });

  test('before there was such a rule, is not covered by it for long: who has the name has the certificate revoked', async () => {
    const [hostname, extra] = [fresh(), fresh()];
    await ask('order-platform', 'create', contract('order-platform', hostname, extras(extra)));
    await lose(hostname, extra, 'payments');
    expect(await statesOf(hostname)).toEqual(['served']);
    await recheckEndpoint(await world.memberOf('payments'), {
      id: (await world.db.endpoint.findFirstOrThrow({ where: { hostname: extra } })).id,
    });
    await world.runDue();
    expect(await statesOf(hostname)).toEqual(['revoked: cessationOfOperation']);
    expect(await statesOf(extra)).toEqual(['served']);
  });
});

test('no certificate is ordered for a name that its endpoint does not hold any more, however it came to that', async () => {
  const [hostname, extra] = [fresh(), fresh()];
  await ask('order-platform', 'create', contract('order-platform', hostname, extras(extra)));
  await lose(hostname, extra, 'payments');
  const [theirs] = await certificatesOf(extra);
  await world.db.certificate.updateMany({
    where: { endpoint: { hostname } },
    data: { renewAfter: new Date(world.clock.now().getTime() - 1000) },
  });
  await startDueRenewals(world.worker, 10);
  await world.runDue();
  expect(await certificatesOf(hostname)).toHaveLength(1);
  expect(await world.servedSerial(extra)).toBe(theirs?.serial);
  expect(await world.db.operation.findFirstOrThrow({ where: { endpoint: { hostname } }, orderBy: { createdAt: 'desc' } })).toMatchObject({
    state: 'failed',
    error: { code: 'policy-denied', message: expect.stringContaining(`${extra} is held by team payments`) },
  });
});

describe('a key that another keeper’s takes the place of', () => {
  const csr = async (hostname: string) => ({
    csr: toPem(await createCsr(await generateKey('ecdsa-p256'), [hostnameOf(hostname)]), 'CERTIFICATE REQUEST'),
  });
  const days = (count: number) => world.clock.advance(count * 86_400_000);

  test('keeps its certificate while the team installs the other one, and not for longer than the plan says', async () => {
    const hostname = fresh();
    await ask('order-platform', 'create', contract('order-platform', hostname, { tls: await csr(hostname) }));
    const [old] = await certificatesOf(hostname);
    const { plan, id } = await ask('order-platform', 'change', contract('order-platform', hostname, { tls: await csr(hostname) }));
    expect(plan.notes).toContain(
      `Another certificate takes the place of serial ${old?.serial.slice(0, 8)}…, which is served until the new one is, and then is revoked; it is revoked 7 days after the new one is issued at the latest, whether that one is installed by then or not.`,
    );
    expect(await statesOf(hostname)).toEqual(['issued', 'issued']);
    const until = dayOf(new Date(((await certificatesOf(hostname))[1]?.issuedAt.getTime() ?? 0) + 7 * 86_400_000));
    expect((await world.seen({ id })).operation?.reason).toContain(
      `The one with the key before, serial ${old?.serial.slice(0, 8)}…, is revoked on ${until}, whether the new one is seen by then or not.`,
    );
    days(6);
    await world.runDue();
    expect(await statesOf(hostname)).toEqual(['issued', 'issued']);
    // A third key does not prolong what the first one was given.
    await ask('order-platform', 'change', contract('order-platform', hostname, { tls: await csr(hostname) }));
    days(1);
    await world.runDue();
    expect(await statesOf(hostname)).toEqual(['revoked: superseded', 'issued', 'issued']);
  });

  test('is ours: its certificate stays until the team’s own is seen, since nobody else can present it', async () => {
    const hostname = fresh();
    await ask('order-platform', 'create', contract('order-platform', hostname));
    await ask('order-platform', 'change', contract('order-platform', hostname, { tls: await csr(hostname) }));
    days(8);
    await world.runDue();
    expect(await statesOf(hostname)).toEqual(['served', 'issued']);
  });
});

describe('a transfer', () => {
  const transfer = async (hostname: string, more: Partial<EndpointContractInput> = {}) => {
    const asked = await ask('order-platform', 'transfer', contract('payments', hostname, more));
    const review = { id: asked.id, decision: 'approve' as const, reason: 'We take it.', planHash: asked.plan.hash };
    await reviewRequest(await world.memberOf('payments'), review);
    await world.runDue();
    return asked;
  };

  test('issues anew for the team that receives, and what the giver had is revoked, superseded certificates too', async () => {
    const [hostname, extra] = [fresh(), fresh()];
    await ask('order-platform', 'create', contract('order-platform', hostname));
    await ask('order-platform', 'change', contract('order-platform', hostname, extras(extra)));
    const asked = await transfer(hostname, extras(extra));
    expect(asked.plan.certificate).toMatchObject({ action: 'issue' });
    expect(await statesOf(hostname)).toEqual(['revoked: affiliationChanged', 'revoked: affiliationChanged', 'served']);
    expect(await world.db.heldName.findMany({ where: { endpoint: { hostname } }, include: { team: true } })).toMatchObject([
      { team: { slug: 'payments' } },
      { team: { slug: 'payments' } },
    ]);
  });

  test('revokes what the giver had once another is issued, whether that one is seen or not', async () => {
    const hostname = fresh();
    const csr = toPem(await createCsr(await generateKey('ecdsa-p256'), [hostnameOf(hostname)]), 'CERTIFICATE REQUEST');
    await ask('order-platform', 'create', contract('order-platform', hostname, { tls: { csr } }));
    const own = toPem(await createCsr(await generateKey('ecdsa-p256'), [hostnameOf(hostname)]), 'CERTIFICATE REQUEST');
    await transfer(hostname, { tls: { csr: own } });
    expect(await statesOf(hostname)).toEqual(['revoked: affiliationChanged', 'issued']);
  });

  test('revokes what the giver had after seven days at the latest, also where the receiver gets no certificate', async () => {
    const hostname = fresh();
    await ask('order-platform', 'create', contract('order-platform', hostname));
    const { id, plan } = await ask('order-platform', 'transfer', contract('payments', hostname));
    const signer = { kind: 'internal-ca' };
    await world.db.issuer.updateMany({ where: signer, data: { stoppedAt: world.clock.now() } });
    await reviewRequest(await world.memberOf('payments'), { id, decision: 'approve', reason: 'We take it.', planHash: plan.hash });
    await world.runDue();
    expect(await statesOf(hostname), 'it may go on for as long as it takes to install another').toEqual(['served']);
    world.clock.advance(7 * 86_400_000);
    await world.runLater();
    expect(await statesOf(hostname)).toEqual(['revoked: affiliationChanged']);
    await world.db.issuer.updateMany({ where: signer, data: { stoppedAt: null } });
    await world.runLater();
    expect(await statesOf(hostname)).toEqual(['revoked: affiliationChanged', 'served']);
  });

  test('does not take the giver’s own key along', async () => {
    const hostname = fresh();
    const key = await generateKey('ecdsa-p256');
    const made = async () => toPem(await createCsr(key, [hostnameOf(hostname)]), 'CERTIFICATE REQUEST');
    const csr = await made();
    await ask('order-platform', 'create', contract('order-platform', hostname, { tls: { csr } }));
    const refused = { violations: [{ rule: 'key-of-giver' }] };
    await expect(transfer(hostname, { tls: { csr } })).rejects.toMatchObject(refused);
    await expect(transfer(hostname, { tls: { csr: `${csr}\n\n` } }), 'the same in other words').rejects.toMatchObject(refused);
    await expect(transfer(hostname, { tls: { csr: await made() } }), 'another request with it').rejects.toMatchObject(refused);
    await ask('order-platform', 'change', contract('order-platform', hostname));
    await expect(transfer(hostname, { tls: { csr } }), 'one that it had before').rejects.toMatchObject(refused);
  });

  test('that waits keeps its names from being taken beside it, so that they can go back', async () => {
    const hostname = fresh();
    await ask('order-platform', 'create', contract('order-platform', hostname));
    world.secondStands();
    await transfer(hostname);
    expect(await world.db.endpoint.findFirst({ where: { hostname }, include: { team: true } })).toMatchObject({
      team: { slug: 'payments' },
    });
    await expect(ask('payments', 'create', contract('payments', fresh(), extras(hostname)))).rejects.toMatchObject({
      violations: [{ rule: 'name-taken', reason: expect.stringContaining(`${hostname} is on its way to team payments (request #`) }],
    });
    world.secondAnswers();
  });

  test('that is cancelled gives its name back, whatever the receiver had made of it meanwhile', async () => {
    const [hostname, other] = [fresh(), fresh()];
    await ask('order-platform', 'create', contract('order-platform', hostname));
    await ask('payments', 'create', contract('payments', other));
    world.secondStands();
    const { id } = await transfer(hostname);
    const { id: endpointId, teamId } = await world.db.endpoint.findFirstOrThrow({ where: { hostname: other } });
    // The policy has denied it since; an older release let it pass.
    await world.db.heldName.create({ data: { hostname, endpointId, teamId, skeleton: hostname } });
    await cancelRequest(await world.memberOf('order-platform'), { id, reason: 'Not like this.' });
    world.secondAnswers();
    await world.runDue();
    expect(await world.seen({ id })).toMatchObject({ state: 'cancelled', givingBack: { state: 'succeeded' } });
    expect(await world.db.heldName.findMany({ where: { hostname }, include: { team: true, endpoint: true } })).toMatchObject([
      { team: { slug: 'order-platform' }, endpoint: { hostname } },
    ]);
    expect(await statesOf(hostname)).toEqual(['served']);
  });

  test('of a name that another endpoint of the giver has as an extra name is refused, and says which', async () => {
    const [hostname, other] = [fresh(), fresh()];
    await ask('order-platform', 'create', contract('order-platform', hostname));
    await ask('order-platform', 'create', contract('order-platform', other, extras(hostname)));
    await expect(transfer(hostname)).rejects.toMatchObject({
      violations: [{ rule: 'name-taken', remedy: `Take it out of ${other} first, or transfer that, too.` }],
    });
  });
});
