import { HostmasterError } from '@hostmaster/core/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorkerCtx } from '../context.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { proofFindings } from './proving-zones.ts';

let world: Reconciling;
let ownerTeamId: string;
beforeAll(async () => {
  world = await createReconciling();
  ({ ownerTeamId } = await world.db.zone.findFirstOrThrow());
});
afterAll(() => world.close());

/** A zone on the server of the other one, which the provider of these tests does not hold. */
const zone = async (apex: string, view: 'public' | 'internal' = 'public') => {
  const { id: _, ...other } = await world.db.zone.findFirstOrThrow({ where: { apex: zoneApex } });
  const row = { ...other, apex, view, ownerTeamId, connection: Object(other.connection), servers: Object(other.servers) };
  await world.db.zone.create({ data: { ...row, id: crypto.randomUUID() } });
};
const names = async (...suffixes: string[]) => (await proofFindings(world.worker, suffixes, 't1')).map(({ check, ok }) => [check, ok]);

describe('that proofs can be written is asked', () => {
  it('once for each domain that is signed for, in the zone that holds it, and says of one in no zone that it is in none', async () => {
    expect(await names(zoneApex, `dev.${zoneApex}`, 'nowhere.test')).toEqual([
      ['proof in nowhere.test', false],
      [`proof in ${zoneApex}`, true],
      [`proof in dev.${zoneApex}`, true],
    ]);
  });

  it('in the zones below a domain and of each view, too, and in none that was given up', async () => {
    await zone(`sub.${zoneApex}`);
    await zone(zoneApex, 'internal');
    await zone(`gone.${zoneApex}`);
    await world.db.zone.updateMany({ where: { apex: `gone.${zoneApex}` }, data: { givenUpAt: new Date() } });
    expect((await names(zoneApex)).map(([check]) => check).sort()).toEqual([
      `proof in ${zoneApex}`,
      `proof in ${zoneApex} (internal)`,
      `proof in sub.${zoneApex}`,
    ]);
    expect((await names(`a.sub.${zoneApex}`)).map(([check]) => check)).toContain(`proof in a.sub.${zoneApex}`);
    await world.db.zone.deleteMany({ where: { NOT: { apex: zoneApex, view: 'public' } } });
  });

  it('of a server that refuses: with the places that were tried, and what the key is to be allowed', async () => {
    const ctx: WorkerCtx = {
      ...world.worker,
      dnsProvider: (connection) => ({
        ...world.worker.dnsProvider(connection),
        apply: async () => {
          throw new HostmasterError('dns-refused', 'REFUSED.');
        },
      }),
    };
    const [finding] = await proofFindings(ctx, [zoneApex], 't1');
    expect(finding).toMatchObject({ ok: false, message: expect.stringContaining('A proof was tried below') });
    expect(finding?.remedy).toContain('zonesub A AAAA CNAME TXT;');
    expect(finding?.remedy).toContain('_acme-challenge.NAME CNAME');
  });

  it('of so many domains that a test ends', async () => {
    const many = Array.from({ length: 12 }, (_, n) => `t${n}.${zoneApex}`);
    expect((await names(...many)).at(-1)).toEqual(['proof elsewhere', null]);
  });
});
