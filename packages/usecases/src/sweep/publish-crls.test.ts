import type { CrlDraft } from '@hostmaster/core/pki/crl';
import { completeList, listAddress, listsOf, shardOf } from '@hostmaster/core/pki/crl-shard';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { transact } from '@hostmaster/db/transaction';
import { beforeEach, describe, expect, it } from 'vitest';
import { publishAtOnce } from '../certificate/publish-at-once.ts';
import { authorityOn } from '../testing/authority.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { publishDueCrls } from './publish-crls.ts';

const day = 86_400_000;
const minute = 60_000;
const all = listsOf(true).length;

let harness: Harness;
let ca: Awaited<ReturnType<typeof authorityOn>>;
let drafts: CrlDraft[];
let whileSigning: () => Promise<unknown>;
beforeEach(async (test) => {
  harness = await createHarness();
  test.onTestFinished(() => harness.close());
  ca = await authorityOn(harness);
  drafts = [];
  whileSigning = async () => {};
  const { authority } = await ca.issuer();
  const signCrl = async (draft: CrlDraft) => {
    drafts.push(draft);
    await whileSigning();
    return authority?.signCrl(draft) ?? new Uint8Array();
  };
  ca.change({ authority: { signCrl } });
});

/** Certificates of the issuer that are revoked, by their serials. */
async function revoked(notAfter: Date, serials: readonly (string | undefined)[] = [undefined]) {
  const team = await harness.build.team();
  const zone = await harness.build.zone({ team });
  const endpoint = await harness.build.endpoint({ hostname: `n.${zone.apex}`, team, zone });
  const made = await harness.build.certificates(
    serials.map((serial) => ({
      ...{ endpoint, state: 'revoked' as const, notBefore: new Date(notAfter.getTime() - 90 * day), notAfter },
      ...(serial === undefined ? {} : { serial }),
    })),
  );
  await harness.db.issuer.updateMany({ data: ca.row });
  const data = { revokedAt: new Date(harness.clock.now().getTime() - 3_600_000), revocationReason: 'superseded' };
  await behindTheBack(harness.db).certificate.updateMany({ where: { serial: { in: made } }, data });
  return made;
}
/** As a worker revokes it. */
const revoke = async (serial: string) => {
  const { id, issuerId } = await harness.db.certificate.findFirstOrThrow({ where: { serial } });
  await transact(harness.db, async (tx) => {
    await behindTheBack(harness.db).certificate.updateMany({ where: { id }, data: { state: 'revoked', revokedAt: harness.clock.now() } });
    await publishAtOnce(tx, { id, serial, issuerId }, harness.clock.now());
  });
};
const publish = async () => {
  drafts = [];
  expect(await publishDueCrls(ca.ctx)).toBe(drafts.length);
  return drafts;
};
const after = async (days: number): Promise<CrlDraft | undefined> => {
  harness.clock.advance(days * day);
  return (await publish()).find(({ addresses }) => addresses === null);
};
const later = (days: number): Date => new Date(harness.clock.now().getTime() + days * day);
const serialsOf = (draft: CrlDraft | undefined): string[] | undefined => draft?.revoked.map(({ serial }) => serial);
const rowOf = (list: number) => harness.db.revocationList.findFirstOrThrow({ where: { list } });

describe('a list', () => {
  it('begins in the past, for clocks that run behind, and names what is revoked until a regular one after its end did', async () => {
    const now = harness.clock.now().getTime();
    const [serial] = await revoked(later(4));
    const first = await after(0);
    expect(first?.thisUpdate).toEqual(new Date(now - 5 * minute));
    expect(first?.nextUpdate).toEqual(new Date(now - 5 * minute + 7 * day));
    expect(serialsOf(first)).toEqual([serial]);
    expect(await after(3.4)).toBeUndefined();
    expect(serialsOf(await after(0.2))).toEqual([serial]);
    // It ended at 4 days: this is the first regular list since.
    expect(serialsOf(await after(3.6))).toEqual([serial]);
    // Nobody published for long: it stood on a list after its end.
    expect(serialsOf(await after(8))).toEqual([]);
  });

  it('that comes late, long after the end of what is revoked, still names it once', async () => {
    const [serial] = await revoked(later(1));
    expect(serialsOf(await after(0))).toEqual([serial]);
    expect(serialsOf(await after(20))).toEqual([serial]);
    expect(serialsOf(await after(8))).toEqual([]);
  });
});

describe('a CA that signs leaves', () => {
  it('publishes a complete list and one for each shard, which name together what the complete one names', async () => {
    const serials = (
      await revoked(
        later(10),
        Array.from({ length: 60 }, () => undefined),
      )
    ).toSorted();
    const lists = await publish();
    expect(lists).toHaveLength(all);
    const [complete, ...shards] = lists;
    expect(serialsOf(complete)?.toSorted()).toEqual(serials);
    expect(shards.flatMap((each) => serialsOf(each) ?? []).toSorted()).toEqual(serials);
    for (const [index, shard] of shards.entries()) {
      expect(shard.addresses).toEqual([listAddress('http://pki.example.test/pki/internal-ca.crl', index + 1)]);
      for (const serial of serialsOf(shard) ?? []) expect(shardOf(serial)).toBe(index + 1);
    }
    expect(await publish()).toEqual([]);
  });

  it('publishes the two lists that name what was just revoked, and no other', async () => {
    const [, good = ''] = await revoked(later(10), ['AB'.repeat(16), `${'AB'.repeat(15)}07`]);
    await behindTheBack(harness.db).certificate.updateMany({ where: { serial: good }, data: { state: 'served', revokedAt: null } });
    await publish();
    await revoke(good);
    expect((await publish()).map(({ addresses }) => addresses?.[0] ?? 'complete')).toEqual([
      'complete',
      'http://pki.example.test/pki/internal-ca.8.crl',
    ]);
    expect([(await rowOf(completeList)).number, (await rowOf(8)).number, (await rowOf(9)).number]).toEqual([2, 2, 1]);
    expect(await publish()).toEqual([]);
  });

  it('publishes once more what was revoked while its list was signed', async () => {
    const [, good = ''] = await revoked(later(10), ['AB'.repeat(16), `${'AB'.repeat(15)}07`]);
    await behindTheBack(harness.db).certificate.updateMany({ where: { serial: good }, data: { state: 'served', revokedAt: null } });
    await publish();
    harness.clock.advance(4 * day);
    let done = false;
    whileSigning = async () => {
      if (!done) await revoke(good);
      done = true;
    };
    expect(serialsOf((await publish())[0])).not.toContain(good);
    expect((await publish()).map(serialsOf)).toEqual([expect.arrayContaining([good]), [good]]);
  });

  it('keeps a list that another worker published meanwhile', async () => {
    await revoked(later(10));
    await publish();
    harness.clock.advance(4 * day);
    whileSigning = async () => {
      whileSigning = async () => {};
      await publishDueCrls(ca.ctx);
    };
    await publishDueCrls(ca.ctx);
    const numbers = (await harness.db.revocationList.findMany()).map(({ number }) => number);
    expect(new Set(numbers)).toEqual(new Set([2]));
  });

  it('that is found at another address says so in the lists of its shards at once, and keeps the address that its certificates have', async () => {
    await revoked(later(10));
    await publish();
    ca.move('http://new.example.test');
    const moved = await publish();
    expect(moved).toHaveLength(all);
    expect(moved[7]?.addresses).toEqual(['http://pki.example.test/pki/internal-ca.7.crl', 'http://new.example.test/pki/internal-ca.7.crl']);
    expect(await publish()).toEqual([]);
  });

  it('whose lists were made before there were shards goes on with the number of the complete one', async () => {
    await revoked(later(10));
    const { id: issuerId } = await harness.db.issuer.findFirstOrThrow();
    await harness.db.revocationList.create({ data: { issuerId, list: completeList, number: 41, refreshAt: harness.clock.now() } });
    expect((await publish()).map(({ number }) => number)).toEqual([42, ...Array.from({ length: all - 1 }, () => 1)]);
  });

  it('whose key cannot be read is tried again', async () => {
    await revoked(later(10));
    const signCrl = () => Promise.reject(new Error('the key is away'));
    ca.change({ authority: { signCrl } });
    expect(await publishDueCrls(ca.ctx)).toBe(0);
    expect(ca.warnings).toEqual([expect.objectContaining({ issuer: 'internal-ca' })]);
    ca.change({});
    expect(await publishDueCrls(ca.ctx)).toBe(all);
  });
});

it('a CA that signs no leaves publishes the complete list alone', async () => {
  await revoked(later(10));
  ca.change({ authority: { ocsp: null } });
  expect(await publishDueCrls(ca.ctx)).toBe(1);
});
