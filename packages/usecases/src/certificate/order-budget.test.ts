import { acme } from '@hostmaster/adapters/issuers/acme/acme';
import { issuerKinds } from '@hostmaster/adapters/issuers/issuer-kinds';
import { minute } from '@hostmaster/core/duration';
import { hostmaster } from '@hostmaster/core/operation/moves-next';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.ts';
import { requireBudget } from './order-budget.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.close());

let n = 0;
/** A CA with these limits, and endpoints with what was ordered from it for them so many minutes ago. */
async function ca(limits: object) {
  n += 1;
  const { db, build, clock } = harness;
  const settings = { ...acme.settings.parse({ directory: 'https://ca.example.net/directory' }), ...limits };
  const data = { slug: `ca-${n}`, kind: 'acme', name: 'Some CA', chainPem: '', permittedSuffixes: ['test'], settings };
  const issuer = await db.issuer.create({ data });
  const team = await build.team();
  const zone = await build.zone({ team });
  const endpoint = async (hostname: string) => (await build.endpoint({ hostname: `${hostname}.${zone.apex}`, team, zone })).id;
  const order = (endpointId: string, names: readonly string[], minutesAgo: number, state = 'issued') =>
    db.certificateOrder.create({
      data: {
        ...{ endpointId, teamId: team.id, issuerId: issuer.id, names: [...names], state, keyAlgorithm: 'ecdsa-p256' },
        ...{ csr: Buffer.from('x'), keyLabel: 'x', resume: {}, createdAt: new Date(clock.now().getTime() - minutesAgo * minute) },
      },
    });
  const asked = (endpointId: string, names: readonly string[]) =>
    requireBudget({ ...harness.worker, issuerKinds }, issuer, { endpointId, names });
  return { issuer, endpoint, order, asked, apex: zone.apex };
}

describe('what a CA takes within some time', () => {
  it('is ordered, and the next one waits until there is room, with the time', async () => {
    const { endpoint, order, asked, apex } = await ca({ accountOrders: 2 });
    const [a, b, c] = [await endpoint('a'), await endpoint('b'), await endpoint('c')];
    await order(a, [`a.${apex}`], 170);
    await expect(asked(c, [`c.${apex}`])).resolves.toBeUndefined();
    await order(b, [`b.${apex}`], 60, 'open');
    const told = { code: 'rate-limited', retryAfter: 600, movesNext: hostmaster };
    await expect(asked(c, [`c.${apex}`])).rejects.toMatchObject({
      ...told,
      message: expect.stringMatching(/^Some CA takes 2 orders within three hours, and so many were placed\. This one is placed at .+ UTC;/),
    });
  });

  it('is counted without what it refused, and without renewals, which are not held by it', async () => {
    const { endpoint, order, asked, apex } = await ca({ accountOrders: 2, domainOrders: 2 });
    const [a, b, c] = [await endpoint('a'), await endpoint('b'), await endpoint('c')];
    await order(a, [`a.${apex}`], 100);
    await order(a, [`a.${apex}`], 50);
    const refused = await order(b, [`b.${apex}`], 40, 'refused');
    await expect(asked(c, [`c.${apex}`])).resolves.toBeUndefined();
    // The CA had it, and counts what an account orders, whatever comes of it.
    await harness.db.certificateOrder.update({ where: { id: refused.id }, data: { reference: 'https://ca.example.net/order/1' } });
    await expect(asked(c, [`c.${apex}`])).rejects.toThrow('Some CA takes 2 orders within three hours');
    await harness.db.certificateOrder.update({ where: { id: refused.id }, data: { reference: null } });
    await order(c, [`c.${apex}`], 30);
    await expect(asked(b, [`b.${apex}`])).rejects.toMatchObject({ code: 'rate-limited' });
    await expect(asked(a, [`a.${apex}`])).resolves.toBeUndefined();
  });

  it('is counted for each registered domain, whatever its subdomain, and for no longer name that ends alike', async () => {
    const { endpoint, order, asked } = await ca({ domainOrders: 1 });
    const [a, b] = [await endpoint('a'), await endpoint('b')];
    await order(a, ['www.notexample.co.uk'], 60);
    await expect(asked(b, ['shop.example.co.uk'])).resolves.toBeUndefined();
    await order(a, ['pay.example.co.uk', 'pay.other.test'], 60);
    await expect(asked(b, ['*.shop.example.co.uk'])).rejects.toThrow('Some CA takes 1 order with names of example.co.uk within a week');
    await expect(asked(b, ['example.test', 'x.other.test'])).rejects.toThrow('with names of other.test');
    await expect(asked(b, ['elsewhere.co.uk'])).resolves.toBeUndefined();
  });

  it('is counted for the same names in any order, renewals too', async () => {
    const { endpoint, order, asked } = await ca({ sameOrders: 2 });
    const a = await endpoint('a');
    await order(a, ['a.example.test', 'b.example.test'], 7 * 24 * 60 - 10);
    await order(a, ['b.example.test', 'a.example.test'], 60);
    await expect(asked(a, ['a.example.test', 'b.example.test'])).rejects.toMatchObject({ code: 'rate-limited', retryAfter: 600 });
    await expect(asked(a, ['a.example.test'])).resolves.toBeUndefined();
    await expect(asked(a, ['a.example.test', 'b.example.test', 'c.example.test'])).resolves.toBeUndefined();
  });

  it('is not asked about where no limit is known, or of an issuer of a kind without any', async () => {
    const { endpoint, order, asked, issuer } = await ca({});
    const a = await endpoint('a');
    for (let count = 0; count < 3; count += 1) await order(a, ['a.example.test'], 1);
    await expect(asked(a, ['a.example.test'])).resolves.toBeUndefined();
    for (const kind of ['internal-ca', 'gone'])
      await expect(
        requireBudget({ ...harness.worker, issuerKinds }, { ...issuer, kind }, { endpointId: a, names: ['a.example.test'] }),
      ).resolves.toBeUndefined();
  });
});
