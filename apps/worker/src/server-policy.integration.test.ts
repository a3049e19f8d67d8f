// Name servers that do not answer everybody alike, and keys that may not do everything: views chosen by the key, and a narrow update-policy.
import { issuerKinds } from '@hostmaster/adapters/issuers/issuer-kinds';
import { issuerTrialOf } from '@hostmaster/core/contract/issuer';
import { operation as operationOf } from '@hostmaster/core/contract/operation';
import { smallZone } from '@hostmaster/embedded/testing/dns-servers';
import { createProofs } from '@hostmaster/usecases/certificate/proofs';
import { tryIssuer } from '@hostmaster/usecases/issuer/try-connection';
import { getOperation } from '@hostmaster/usecases/operation/get';
import { testZone } from '@hostmaster/usecases/zone/test-connection';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { connectAnew, heldAt } from './testing/outside.ts';
import { createWorld, type World, zoneApex } from './testing/world.ts';

const result = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ check: z.string(), ok: z.boolean(), message: z.string(), remedy: z.string().nullable() })),
});
async function testConnection(world: World) {
  const { id } = await world.db.zone.findFirstOrThrow({ select: { id: true } });
  const begun = await testZone(await world.as('platform'), { id });
  await world.runDue();
  const ended = operationOf.parse(await getOperation(await world.as('platform'), { id: begun.id }));
  return { name: `hostmaster-test-${begun.id.slice(-12)}`, ...result.parse(ended.result) };
}
const connection = ({ server: { address, port }, tsig: { name, algorithm } }: World, more: object = {}) => ({
  primary: { address, port },
  tsig: { name, algorithm },
  ...more,
});

describe('where the view is chosen by the key', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ bind: { otherView: { [zoneApex]: smallZone(zoneApex) } } });
  }, 60_000);
  afterAll(() => world.close());

  test('a connection test that asks without it is red, says that the answer is that of another view, and what to set', async () => {
    const { ok, checks } = await testConnection(world);
    expect(ok).toBe(false);
    expect(checks.map((one) => [one.check, one.ok])).toEqual([
      ['soa', true],
      ['transfer', true],
      ['update', true],
      [`server ns1.${zoneApex}`, false],
    ]);
    expect(checks.at(-1)).toMatchObject({
      message: expect.stringContaining('did not answer with the test record'),
      remedy: expect.stringContaining('set the questions of the connection to "signed"'),
    });
  });

  test('asked with it, the test is green and a name goes live; without it, the name waits', async () => {
    await world.ask(`plain.dev.${zoneApex}`);
    await world.runDue();
    expect((await world.view(`plain.dev.${zoneApex}`)).state).not.toBe('live');

    await connectAnew(world, connection(world, { questions: 'signed' }));
    expect(await testConnection(world)).toMatchObject({ ok: true });
    await world.ask(`signed.dev.${zoneApex}`);
    await world.runDue();
    expect((await world.view(`signed.dev.${zoneApex}`)).state).toBe('live');
  });

  test('a name is looked up in the view of the key', async () => {
    const target = `signed.dev.${zoneApex}`;
    await world.ask(`alias.dev.${zoneApex}`, { target: { cname: target } });
    await world.runDue();
    expect((await world.view(`alias.dev.${zoneApex}`)).state).toBe('live');
  });
});

describe('where the key may write what requests write, below what is granted, and nothing else', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ bind: { updatePolicy: `grant hostmaster subdomain dev.${zoneApex} A AAAA CNAME;` } });
  }, 60_000);
  afterAll(() => world.close());

  test('the connection test is green, says where it may, and leaves nothing behind', async () => {
    const { ok, checks, name } = await testConnection(world);
    expect(checks.find(({ check }) => check === 'update')?.message).toMatch(/taken back below dev\.example\.test; below .*example\.test/);
    expect(ok).toBe(true);
    expect(await heldAt(world, `${name}.dev.${zoneApex}`)).toEqual([]);
  });

  test('a proof of control is refused, with the right that the key lacks', async () => {
    const hostname = `proved.dev.${zoneApex}`;
    await world.ask(hostname);
    await world.runDue();
    const { id } = await world.db.certificateOrder.findFirstOrThrow({ where: { endpoint: { hostname } } });
    const proof = { hostname, token: 'a', keyAuthorization: 'a.proof' };
    const put = createProofs(world.worker).put(id, { method: 'dns-01', httpPort: 80, tlsPort: 443 }, [proof], AbortSignal.timeout(10_000));
    await expect(put).rejects.toMatchObject({
      code: 'dns-refused',
      message: expect.stringContaining(`allowed to write TXT at _acme-challenge.${hostname}`),
    });
  });

  test('the test of an issuer is told so before anything is ordered, with the line of the configuration that lets proofs in', async () => {
    const issuer = { directory: 'https://localhost:1/directory', addresses: '127.0.0.0/8' };
    const input = issuerTrialOf([...issuerKinds.values()]).parse({ connection: { kind: 'acme', settings: issuer }, suffixes: [zoneApex] });
    const { id } = await tryIssuer({ ...(await world.as('platform')), sealer: world.keyStore }, input);
    await world.runDue();
    const { result } = await world.db.operation.findUniqueOrThrow({ where: { id } });
    const proof = Object(result).checks.find(({ check }: { check: string }) => check === `proof in ${zoneApex}`);
    expect(proof).toMatchObject({ ok: false, message: expect.stringContaining('REFUSED') });
    expect(proof.remedy).toContain('grant hostmaster zonesub A AAAA CNAME TXT;');
    expect(proof.remedy).toContain('delegate the challenge');
  });

  test('without such a grant it is red, and its remedy is the line of the configuration', async () => {
    await world.db.grant.updateMany({ where: { suffix: `dev.${zoneApex}` }, data: { revokedAt: new Date() } });
    const update = (await testConnection(world)).checks.find(({ check }) => check === 'update');
    expect(update).toMatchObject({ ok: false, remedy: expect.stringContaining('grant hostmaster zonesub A AAAA CNAME TXT;') });
    expect(update?.remedy).toContain(`grant hostmaster subdomain prod.${zoneApex} A AAAA CNAME TXT;`);
  });
});
