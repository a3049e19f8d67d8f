// From a log that somebody connects, over what a worker reads of it on the wire, to what is said of it and of what was found.

import { createTestCa } from '@hostmaster/adapters/testing/test-ca';
import { type FakeLog, logKeyPair, startFakeLog } from '@hostmaster/adapters/testing/transparency/fake-log';
import { certificateEntry, precertificateEntry, withTimestamps } from '@hostmaster/adapters/testing/transparency/submitted';
import { openLog } from '@hostmaster/adapters/transparency/open-log';
import { discoveredQuery } from '@hostmaster/core/contract/discovery';
import { transparencyLogInput } from '@hostmaster/core/contract/transparency';
import { day, hour } from '@hostmaster/core/duration';
import { mostLogs } from '@hostmaster/core/operation/limits';
import { chainToPem } from '@hostmaster/core/pki/chain';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { logKinds } from '@hostmaster/core/transparency/log';
import { transact } from '@hostmaster/db/transaction';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readHome } from '../account/home.ts';
import { forgetGone, goneKeptDays } from '../discovery/forget.ts';
import { getDiscovered } from '../discovery/get.ts';
import { listDiscovered } from '../discovery/list.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { connectLog } from './connect-log.ts';
import { keepCertificate } from './keep-certificate.ts';
import { getLog, listLogs } from './list-logs.ts';
import { readNextLog } from './read-logs.ts';
import { readLogNow } from './read-now.ts';
import { removeLog } from './remove-log.ts';

let harness: Harness;
let platform: Actor;
let team: { readonly id: string; readonly slug: string };
const ca = await createTestCa();
const pay = await ca.leaf(['pay.dev.example.test']);
const foreign = await ca.leaf(['shop.other.test', 'notexample.test']);
const elsewhere = await ca.leaf(['shop.other.test']);
const fakes: FakeLog[] = [];
const never = new AbortController().signal;

beforeAll(async () => {
  harness = await createHarness();
  platform = await harness.build.platform();
  team = await harness.build.team('orders');
  await harness.build.environments('dev');
  await harness.build.zone({ apex: 'example.test', team });
  await harness.build.grant({ team, suffix: 'dev.example.test' });
});
afterAll(() => harness.close());
beforeEach(async () => {
  await harness.db.transparencyLog.deleteMany();
  await harness.db.discoveredCertificate.deleteMany();
});
afterEach(async () => {
  await Promise.all(fakes.splice(0).map((fake) => fake.close()));
});

const ctx = () => harness.ctxFor(platform);
const silent = () => {};
const readCtx = () => ({
  ...harness.worker,
  random: () => 0.5,
  log: { info: silent, warn: silent, error: silent },
  transparencyLog: (log: Parameters<typeof openLog>[0]) => {
    const fake = fakes.find(({ address }) => address === log.address);
    return openLog(log, fake === undefined ? {} : { exchange: fake.exchange });
  },
});
const read = () => readNextLog(readCtx(), never);
/** Until no log is due. */
async function readAll(): Promise<void> {
  while (await read());
}
async function later(): Promise<void> {
  harness.clock.advance(2 * hour);
  await readAll();
}
const list = async (more: object = {}) => (await listDiscovered(ctx(), discoveredQuery.parse(more))).rows;
async function start(kind: (typeof logKinds)[number] = 'rfc6962') {
  const fake = await startFakeLog(kind);
  fakes.push(fake);
  const publicKey = Buffer.from(fake.publicKey).toString('base64');
  const connect = async () => (await connectLog(ctx(), transparencyLogInput.parse({ address: fake.address, kind, publicKey }))).id;
  return { fake, connect };
}
/** A log that was read to its end once, with an entry of before in it. */
async function connected(kind: (typeof logKinds)[number] = 'rfc6962') {
  const { fake, connect } = await start(kind);
  fake.entries.push(certificateEntry(foreign.der));
  const id = await connect();
  await readAll();
  return { fake, id };
}

describe.each(logKinds)('a log of kind %s', (kind) => {
  it('is read from the end that it had, to its end, and only what is under a zone is kept, once', async () => {
    const { fake, connect } = await start(kind);
    fake.entries.push(certificateEntry((await ca.leaf(['before.example.test'])).der));
    const id = await connect();
    await readAll();
    expect(await getLog(ctx(), { id })).toMatchObject({ firstEntry: 1, position: 1, treeSize: 1, fault: null, found: 0 });
    fake.entries.push(...Array.from({ length: 600 }, () => certificateEntry(elsewhere.der)));
    for (const at of [5, 300]) fake.entries[at] = certificateEntry(pay.der, ca.intermediate);
    await later();
    expect(await getLog(ctx(), { id })).toMatchObject({ firstEntry: 1, position: 601, treeSize: 601, found: 1, unreadable: 0 });
    expect(await list()).toMatchObject([
      { names: ['pay.dev.example.test'], verdict: 'unknown', served: 0, logs: 1, precertificate: false, owner: { team: 'orders' } },
    ]);
    const [row] = await list({ scope: id });
    expect((await getDiscovered(ctx(), { id: row?.id ?? '' })).inLogs).toMatchObject([{ log: fake.address, entry: 5 }]);
    const { needsMe } = await readHome(ctx());
    expect(needsMe.map(({ title }) => title)).toContain('A certificate was found that Hostmaster did not issue');
  });

  it('whose tree shrinks is not followed until it has grown again', async () => {
    const { fake, id } = await connected(kind);
    fake.claim({ size: 0 });
    await later();
    expect(await getLog(ctx(), { id })).toMatchObject({
      fault: 'Its tree has shrunk: it had 1 entries, and signs for 0.',
      treeSize: 1,
      forked: false,
    });
    fake.claim(null);
    await later();
    expect(await getLog(ctx(), { id })).toMatchObject({ fault: null });
  });

  it('that signs another tree of the same size is read no more', async () => {
    const { fake, id } = await connected(kind);
    fake.claim({ root: Buffer.alloc(32, 1) });
    await later();
    fake.claim(null);
    const asked = fake.asked.length;
    await later();
    expect(fake.asked).toHaveLength(asked);
    expect(await getLog(ctx(), { id })).toMatchObject({ forked: true, nextReadAt: null });
    await expect(readLogNow(ctx(), { id })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('that another key signs says so, and is asked less and less often', async () => {
    const { fake, id } = await connected(kind);
    fake.claim({ signing: logKeyPair() });
    const waits: number[] = [];
    for (let failed = 0; failed < 3; failed += 1) {
      await later();
      const { nextReadAt, fault, position } = await getLog(ctx(), { id });
      expect([fault, position]).toEqual(['The head of its tree is not signed by its key.', 1]);
      waits.push(Date.parse(nextReadAt ?? '') - harness.clock.now().getTime());
    }
    expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
    expect(new Set(waits).size).toBe(3);
  });

  it('passes over what cannot be read, and says how much', async () => {
    const { fake, id } = await connected(kind);
    fake.entries.push(certificateEntry(Buffer.from('no certificate of example.test')), certificateEntry(pay.der));
    await later();
    expect(await getLog(ctx(), { id })).toMatchObject({ position: 3, unreadable: 1, found: 1 });
  });
});

describe('a log', () => {
  it('is asked again when it says', async () => {
    const { fake, id } = await connected();
    fake.behave(() => ({ status: 503, headers: { 'retry-after': '7200' } }));
    await later();
    const { nextReadAt, fault } = await getLog(ctx(), { id });
    expect(fault).toBe('It answers 503.');
    expect(Date.parse(nextReadAt ?? '')).toBe(harness.clock.now().getTime() + 7_200_000);
  });

  it('that hands out nothing for ever, or more than was asked for, stays where it is', async () => {
    const { fake, id } = await connected();
    fake.entries.push(certificateEntry(pay.der));
    for (const sent of [[], [{}, {}]]) {
      fake.behave((path) => (path.includes('get-entries') ? { body: JSON.stringify({ entries: sent }) } : undefined));
      await later();
      const { fault, position } = await getLog(ctx(), { id });
      expect(fault).toMatch(/^It hands out/);
      expect(position).toBe(1);
    }
  });

  it('takes turns with others, however far behind one is', async () => {
    const [behind, other] = [await connected(), await connected()];
    behind.fake.entries.push(...Array.from({ length: 3000 }, () => certificateEntry(elsewhere.der)));
    other.fake.entries.push(certificateEntry(pay.der));
    harness.clock.advance(2 * hour);
    await read();
    harness.clock.advance(1000);
    await read();
    expect(await getLog(ctx(), { id: other.id })).toMatchObject({ position: 2 });
    expect((await getLog(ctx(), { id: behind.id })).position).toBeLessThan(3001);
    await readAll();
    expect((await getLog(ctx(), { id: behind.id })).position).toBe(3001);
  });

  it('finds a name under a zone among thousands, and keeps it before others', async () => {
    const many = Array.from({ length: 3000 }, (_, at) => `n${at}.t`);
    const { der } = await ca.leaf([...many, 'pay.example.test']);
    const { fake } = await connected();
    fake.entries.push(certificateEntry(der));
    await later();
    const [row] = await list();
    expect([row?.names[0], row?.names.length, row?.namesTotal]).toEqual(['pay.example.test', 100, 3001]);
  });

  it('is not reached where it leads to an address that is not public', async () => {
    const publicKey = Buffer.from((await start()).fake.publicKey).toString('base64');
    const { id } = await connectLog(ctx(), transparencyLogInput.parse({ address: 'https://127.0.0.1:9/', kind: 'rfc6962', publicKey }));
    await readAll();
    expect((await getLog(ctx(), { id })).fault).toContain('may not be reached');
  });
});

describe('a precertificate', () => {
  const issued = withTimestamps(pay.der);

  it('and its certificate are one, whichever is found first and wherever', async () => {
    const { fake } = await connected();
    fake.entries.push(precertificateEntry(pay.der, ca.intermediate));
    await later();
    expect(await list()).toMatchObject([{ precertificate: true, names: ['pay.dev.example.test'] }]);
    fake.entries.push(certificateEntry(issued), precertificateEntry(pay.der));
    await later();
    const { fingerprint } = describeCertificate(issued);
    expect(await list()).toMatchObject([{ precertificate: false, fingerprint, logs: 1 }]);
  });

  it('of what was found before is it', async () => {
    const { fake } = await connected();
    fake.entries.push(certificateEntry(issued), precertificateEntry(pay.der));
    await later();
    expect(await list()).toMatchObject([{ precertificate: false, logs: 1 }]);
  });

  it('of what is issued here afterwards is ours', async () => {
    const { fake } = await connected();
    fake.entries.push(precertificateEntry(pay.der));
    await later();
    const zone = await harness.db.zone.findFirstOrThrow();
    const endpoint = await harness.build.endpoint({ hostname: 'ours.dev.example.test', team, zone });
    await harness.build.certificates([{ endpoint }]);
    const { serial, fingerprint } = describeCertificate(issued);
    const data = { serial, fingerprint, chainPem: chainToPem([issued]) };
    await harness.db.certificate.updateMany({ where: { endpointId: endpoint.id }, data });
    await later();
    expect(await list()).toMatchObject([{ verdict: 'ours', precertificate: false, fingerprint }]);
  });

  it('of another certificate with its serial is not it', async () => {
    const { fake } = await connected();
    const facts = {
      subject: '',
      issuer: '',
      names: [],
      namesTotal: 0,
      notBefore: null,
      notAfter: null,
      keyAlgorithm: null,
      unreadable: null,
    };
    const { serial } = describeCertificate(pay.der);
    await transact(harness.worker.db, (tx) =>
      keepCertificate(tx as never, { facts: { ...facts, fingerprint: 'other', serial }, chain: [foreign.der] }, harness.clock.now()),
    );
    fake.entries.push(precertificateEntry(pay.der));
    await later();
    expect(await list({ served: false })).toHaveLength(2);
  });
});

it('what stands in a log is kept until long after its end', async () => {
  const { fake } = await connected();
  fake.entries.push(certificateEntry(pay.der));
  await later();
  harness.clock.advance((goneKeptDays + 5) * day);
  await forgetGone(harness.worker);
  expect(await list()).toEqual([]);
  expect(await list({ served: false })).toHaveLength(1);
  harness.clock.advance(60 * day);
  await forgetGone(harness.worker);
  expect(await list({ served: false })).toEqual([]);
});

describe('logs', () => {
  it.each([
    [{ address: 'http://ct.example.test/' }, 'log-address'],
    [{ address: 'https://me@ct.example.test/' }, 'log-address'],
    [{ address: 'https://ct.example.test/?x' }, 'log-address'],
    [{ address: 'https://169.254.169.254/' }, 'log-place'],
    [{ address: 'https://[::ffff:169.254.169.254]/' }, 'log-place'],
    [{ address: 'ct.example.test' }, undefined],
    [{ publicKey: 'x' }, 'log-key'],
    [{ kind: 'other' }, undefined],
  ])('are bounded: %j', (more, rule) => {
    const spki = logKeyPair().publicKey.export({ format: 'pem', type: 'spki' });
    const input = { address: 'https://ct.example.test/2026', kind: 'rfc6962', publicKey: String(spki) };
    expect(transparencyLogInput.parse(input).address).toBe('https://ct.example.test/2026/');
    const [issue] = transparencyLogInput.safeParse({ ...input, ...more }).error?.issues ?? [];
    expect(issue).toBeDefined();
    expect((issue as { params?: { rule?: string } }).params?.rule).toBe(rule);
  });

  it('are so many as workers read, and no more', async () => {
    const publicKey = logKeyPair().publicKey.export({ format: 'der', type: 'spki' });
    const at = (index: number) => `https://ct${index}.example.test/`;
    const row = { kind: 'rfc6962', publicKey: Uint8Array.from(publicKey), createdAt: new Date(), nextReadAt: new Date() };
    await harness.db.transparencyLog.createMany({
      data: Array.from({ length: mostLogs - 1 }, (_, index) => ({ ...row, address: at(index) })),
    });
    const one = (index: number) =>
      connectLog(ctx(), transparencyLogInput.parse({ address: at(index), kind: 'rfc6962', publicKey: publicKey.toString('base64') }));
    await one(mostLogs);
    await expect(one(mostLogs + 1)).rejects.toMatchObject({ code: 'quota-reached', remedy: expect.stringContaining('Remove one') });
  });

  it('are connected, read now and removed by platform admins alone, with an event', async () => {
    const { fake, connect } = await start();
    const id = await connect();
    await expect(connect()).rejects.toMatchObject({ code: 'already-exists' });
    const noKey = { address: 'https://ct.example.test/', kind: 'rfc6962' as const, publicKey: 'A'.repeat(124) };
    await expect(connectLog(ctx(), transparencyLogInput.parse(noKey))).rejects.toMatchObject({
      violations: [{ rule: 'log-key', path: 'publicKey' }],
    });
    for (const actor of [await harness.build.reviewer(), await harness.build.maintainer(team)]) {
      const other = harness.ctxFor(actor);
      await expect(readLogNow(other, { id })).rejects.toMatchObject({ code: 'forbidden' });
      await expect(removeLog(other, { id })).rejects.toMatchObject({ code: 'forbidden' });
      expect((await listLogs(other, { limit: 5 })).rows).toMatchObject([{ address: fake.address }]);
    }
    await readAll();
    const asked = fake.asked.length;
    await readLogNow(ctx(), { id });
    await readAll();
    expect(fake.asked.length).toBeGreaterThan(asked);
    await removeLog(ctx(), { id });
    await expect(getLog(ctx(), { id })).rejects.toMatchObject({ code: 'not-found' });
    const events = await harness.db.auditEvent.findMany({ where: { subjectId: id }, orderBy: { seq: 'asc' } });
    expect(events.map(({ action }) => action)).toEqual(['discovery.connect-log', 'discovery.read-log', 'discovery.remove-log']);
  });
});
