import { certificatePage, type certificatesQuery, expiryBoard } from '@hostmaster/core/contract/certificate';
import { urgencies, urgencyOf } from '@hostmaster/core/pki/renewal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Ctx } from '../context.ts';
import { createHarness, type Harness, harnessStart } from '../testing/harness.ts';
import { readExpiryBoard } from './board.ts';
import { getCertificate } from './get.ts';
import { listCertificates } from './list.ts';

type Query = z.output<typeof certificatesQuery>;
const day = 86_400_000;
const at = (days: number) => new Date(harnessStart.getTime() + days * day);

/** Lifetime and days left: every urgency, long, short and very short lives, and the edges between them. */
const lives = [
  [90, 89],
  [90, 30],
  [90, 29.9],
  [90, 14],
  [90, 13.9],
  [90, 6.9],
  [90, 2.9],
  [90, 0],
  [90, -0.1],
  [398, 60],
  [398, 29],
  [47, 15.8],
  [47, 15.5],
  [47, 7],
  [6, 2.1],
  [6, 1.9],
  [6, 0.1],
] as const;

let harness: Harness;
let ctx: Ctx;
let serials: string[];
let endpoints: readonly { id: string; hostname: string }[];
beforeAll(async () => {
  harness = await createHarness();
  const team = await harness.build.team('orders');
  ctx = harness.ctxFor(await harness.build.member(team));
  const zone = await harness.build.zone({ apex: 'example.test', team });
  endpoints = await harness.build.endpoints(lives.map((_, index) => ({ hostname: `n${index}.example.test`, team, zone })));
  serials = await harness.build.certificates(
    lives.map(([lifetime, left], index) => ({
      endpoint: endpoints[index] ?? { id: '', hostname: '' },
      notBefore: new Date(at(left - lifetime).getTime() + 1000),
      notAfter: at(left),
      state: index % 2 === 0 ? ('served' as const) : ('issued' as const),
    })),
  );
  const [first] = endpoints;
  if (first) await harness.build.certificates((['superseded', 'revoked'] as const).map((state) => ({ endpoint: first, state })));
});
afterAll(() => harness.close());

/** What is stored of an address at which nothing listens. */
const nothing = {
  failedLayer: 'tcp',
  error: 'Connection refused',
  tcpMilliseconds: null,
  tlsMilliseconds: null,
  httpMilliseconds: null,
  tls: null,
  httpStatus: null,
  expectedSerial: null,
};

const list = (query: Partial<Query> = {}) => listCertificates(ctx, { limit: 50, current: true, order: 'asc', ...query });

describe('certificates', () => {
  it('in use are listed, the first to end first, and the others when asked for', async () => {
    const page = await list();
    expect(certificatePage.parse(page)).toEqual(page);
    expect(page.total).toBe(lives.length);
    expect(page.rows.map(({ notAfter }) => notAfter)).toEqual(page.rows.map(({ notAfter }) => notAfter).sort());
    expect((await list({ current: false })).total).toBe(lives.length + 2);
    for (const state of ['superseded', 'revoked'] as const) expect((await list({ state })).rows.map((row) => row.state)).toEqual([state]);
  });

  it('say whether they were on the wire when somebody last looked, and nothing where nobody did', async () => {
    const [first, second] = endpoints;
    if (first === undefined || second === undefined) throw new Error('no endpoints');
    const seenIn = async (id: string) =>
      (await list({ current: false })).rows.find((row) => row.endpointId === id && row.state === 'served')?.seen;
    expect(await seenIn(first.id)).toBeNull();
    const at = harness.clock.now().toISOString();
    await harness.build.observations([{ id: first.id, serial: serials[0] ?? null }]);
    const presented = { ok: true, message: 'Presented at 192.0.2.10:443.', at };
    expect(await seenIn(first.id)).toEqual(presented);
    expect((await getCertificate(ctx, { serial: serials[0] ?? '' })).seen).toEqual(presented);
    await harness.db.observation.updateMany({
      where: { endpointId: first.id, kind: 'endpoint' },
      data: { detail: { ...nothing, address: '192.0.2.10' } },
    });
    expect(await seenIn(first.id)).toEqual({ ok: false, message: '192.0.2.10:443: Connection refused.', at });
    await harness.db.observation.deleteMany({ where: { endpointId: first.id } });
  });

  it('come page by page, each once, from either end', async () => {
    const everyPage = async (order: Query['order']) => {
      const seen: string[] = [];
      let cursor: string | null | undefined;
      while (cursor !== null) {
        const page = await list({ limit: 3, order, ...(cursor ? { cursor } : {}) });
        seen.push(...page.rows.map(({ serial }) => serial));
        cursor = page.nextCursor;
      }
      return seen;
    };
    const ascending = await everyPage('asc');
    expect([...ascending].sort()).toEqual([...serials].sort());
    expect(await everyPage('desc')).toEqual(ascending.toReversed());
  });

  it.each(urgencies)('of urgency %s are counted, filtered and shown alike', async (urgency) => {
    const expected = (await list()).rows.filter(
      (row) => urgencyOf({ notBefore: new Date(row.notBefore), notAfter: new Date(row.notAfter) }, harnessStart) === urgency,
    );
    expect(expected.length).toBeGreaterThan(0);
    const { rows } = await list({ urgency });
    expect(rows).toEqual(expected);
    expect(rows.every((row) => row.urgency === urgency)).toBe(true);
    expect((await readExpiryBoard(ctx)).urgencies).toContainEqual({ urgency, count: expected.length });
  });

  it('are found by a part of a name or the beginning of a serial, literally', async () => {
    const [serial = ''] = serials;
    const found = async (search: string) => (await list({ search })).rows.length;
    expect(await found('N16.example')).toBe(1);
    expect(await found(serial.slice(0, 12).toLowerCase())).toBe(1);
    for (const search of ['%', '_', 'n_.example.test', '\\']) expect(await found(search), search).toBe(0);
    expect((await list({ team: 'nobody' })).rows).toEqual([]);
    expect((await list({ issuer: 'internal-ca', environment: 'dev' })).total).toBe(lives.length);
  });

  it('are read by their serial as people copy it, without key material', async () => {
    const [serial = ''] = serials;
    const pairs = serial.toLowerCase().match(/../g)?.join(':') ?? '';
    for (const form of [serial, serial.toLowerCase(), pairs, `00${serial}`])
      expect((await getCertificate(ctx, { serial: form })).serial).toBe(serial);
    expect((await getCertificate(ctx, { serial })).extensions.map((each) => each.length > 0)).not.toContain(false);
    expect(JSON.stringify(await getCertificate(ctx, { serial }))).not.toMatch(/cipher|csr/i);
    await expect(getCertificate(ctx, { serial: 'ABCDEF' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('refuse a hostile cursor, and one of the other order', async () => {
    const cursor = Buffer.from(JSON.stringify(['certificates-expiry-asc', 'infinity', 'x'])).toString('base64url');
    await expect(list({ cursor })).rejects.toMatchObject({ code: 'invalid-input' });
    const { nextCursor } = await list({ limit: 1 });
    await expect(list({ cursor: nextCursor ?? '', order: 'desc' })).rejects.toMatchObject({ code: 'invalid-input' });
  });
});

describe('the expiry board', () => {
  it('has every week of a year, and each bar leads to its certificates', async () => {
    const board = await readExpiryBoard(ctx);
    expect(expiryBoard.parse(board)).toEqual(board);
    expect(board.weeks).toHaveLength(53);
    expect(board.weeks[0]?.week).toBe('2026-11-16');
    expect(board.weeks.reduce((sum, { count }) => sum + count, 0)).toBe(
      lives.filter(([, left]) => at(left) >= new Date('2026-11-16')).length,
    );
    for (const { week, count } of board.weeks.filter((each) => each.count > 0)) expect((await list({ week })).total, week).toBe(count);
    expect(board.total).toBe(lives.length);
  });

  it('counts the lifetimes that browsers will refuse of public CAs alone', async () => {
    expect((await readExpiryBoard(ctx)).over47Days).toBe(0);
    await harness.db.issuer.updateMany({ data: { kind: 'public' } });
    expect((await readExpiryBoard(ctx)).over47Days).toBe(lives.filter(([lifetime]) => lifetime > 47).length);
    await harness.db.issuer.updateMany({ data: { kind: 'internal-ca' } });
  });

  it('counts what somebody renews by hand, and leads to each of both', async () => {
    await harness.db.certificateOrder.updateMany({ data: { keyId: 'ours', keyCiphertext: Buffer.from('wrapped') } });
    expect((await readExpiryBoard(ctx)).byHand).toBe(0);
    expect((await list({ byHand: true })).total).toBe(0);
    const [one, other] = await harness.db.certificate.findMany({ where: { state: 'served' }, orderBy: { id: 'asc' }, take: 2 });
    await harness.db.certificateOrder.updateMany({ where: { id: one?.orderId ?? '' }, data: { keyId: null, keyCiphertext: null } });
    const brought = await harness.db.issuer.create({ data: { slug: 'imported-1', kind: 'imported', name: 'Imported', chainPem: '' } });
    const issuerId = other?.issuerId ?? '';
    await harness.db.certificate.updateMany({ where: { id: other?.id ?? '' }, data: { issuerId: brought.id } });
    expect((await readExpiryBoard(ctx)).byHand).toBe(2);
    expect((await list({ byHand: true })).rows.map(({ id }) => id).sort()).toEqual([one?.id, other?.id].sort());
    await harness.db.certificate.updateMany({ where: { id: other?.id ?? '' }, data: { issuerId } });
    await harness.db.issuer.updateMany({ data: { kind: 'public' } });
    const { over47Days } = await readExpiryBoard(ctx);
    expect([over47Days, (await list({ over47Days: true })).total]).toEqual([over47Days, over47Days]);
    expect(over47Days).toBeGreaterThan(0);
    await harness.db.issuer.updateMany({ data: { kind: 'internal-ca' } });
  });

  it('costs two queries', async () => {
    expect(await harness.countQueries(() => readExpiryBoard(ctx))).toBe(2);
  });
});
