// What is stored of a request can be read by every later release: the contract as it was completed, the plan as it was hashed.
import { type EndpointContractInput, endpointContract } from '@hostmaster/core/contract/endpoint';
import { planHash } from '@hostmaster/core/dns/plan';
import { causeChain } from '@hostmaster/core/errors';
import type { Actor } from '@hostmaster/core/policy/authorize';
import type { RequestKind } from '@hostmaster/core/request/kind';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getEndpoint } from './endpoint/get.ts';
import { listRevisions } from './endpoint/revisions.ts';
import { createRequest } from './request/create.ts';
import { readContract, readPlan } from './stored-columns.ts';
import { createHarness, type Harness } from './testing/harness.ts';

const below = 'dev.example.test';
const recorded = {
  routing: { expectedStatus: 204, api: 'ingress', className: 'nginx', backend: { namespace: 'orders', service: 'orders', port: 'http' } },
  edge: { httpsRedirect: true, tlsPolicy: { minVersion: '1.2' }, waf: 'enabled', sources: ['10.0.0.0/8'], auth: 'application' },
  owners: { app: 'orders', dns: 'edge', certificate: 'edge', rotation: 'edge', escalation: '#orders' },
} satisfies Partial<EndpointContractInput>;

let harness: Harness;
let member: Actor;
let endpoint: { readonly id: string; readonly hostname: string };
/** Its certificate is as its contract wants it. */
let served: { readonly id: string; readonly hostname: string };
beforeAll(async () => {
  harness = await createHarness();
  const { build } = harness;
  const team = await build.team('orders');
  await build.environments('dev');
  const zone = await build.zone({ apex: 'example.test', team });
  await build.grant({ team, suffix: below });
  member = await build.member(team);
  endpoint = await build.endpoint({ hostname: `old.${below}`, team, zone });
  served = await build.endpoint({ hostname: `served.${below}`, team, zone });
  await build.certificates([{ endpoint: served }]);
  await harness.db.certificateOrder.updateMany({ data: { keyId: 'a', keyCiphertext: Buffer.from('sealed') } });
});
afterAll(() => harness.close());

async function ask(kind: RequestKind, hostname: string, more: Partial<EndpointContractInput> = {}) {
  const contract = endpointContract.parse({ hostname, team: 'orders', target: { addresses: ['192.0.2.9'] }, ...more });
  const answer = await createRequest(harness.ctxFor(member), { kind, contract });
  const row = await harness.db.request.findUniqueOrThrow({ where: { id: answer.id } });
  return { answer, row };
}

describe('a contract', () => {
  it('is stored with everything written out, also what is recorded only, and answered as it is stored', async () => {
    const { answer, row } = await ask('create', `NEW.${below}.`, recorded);
    expect(row.contract).toEqual(answer.contract);
    expect(row.contract).toMatchObject({
      ...recorded,
      apiVersion: 'hostmaster/v1',
      hostname: `new.${below}`,
      environment: 'dev',
      view: 'public',
      ttl: 'service',
      tls: { termination: 'edge', source: 'internal-ca', challenge: 'none', key: 'ecdsa-p256', extraNames: [] },
      routing: { ...recorded.routing, port: 443, healthPath: '/health' },
    });
  });

  it('that was stored before there were versions is shown and changed like any other', async () => {
    await harness.db
      .$executeRaw`UPDATE endpoint_revision SET contract = contract - 'apiVersion' - 'edge' WHERE endpoint_id = ${endpoint.id}::uuid`;
    const ctx = harness.ctxFor(member);
    const { contract } = await getEndpoint(ctx, endpoint);
    expect(contract).toMatchObject({ apiVersion: 'hostmaster/v1', hostname: endpoint.hostname, edge: {} });
    expect((await listRevisions(ctx, endpoint)).rows).toEqual([expect.objectContaining({ contract })]);
    const { answer } = await ask('change', endpoint.hostname, { ...contract, target: { addresses: ['192.0.2.8'] } });
    expect(answer.contract).toEqual({ ...contract, target: { addresses: ['192.0.2.8'] } });
  });

  it('of a newer release is an error that names its version in the log, and is never read in part', () => {
    const read = () => readContract({ apiVersion: 'hostmaster/v2', hostname: 'a.test' });
    expect(read).toThrow(expect.objectContaining({ code: 'internal', message: 'The stored contract cannot be read.' }));
    try {
      read();
    } catch (error) {
      expect(causeChain(error).join()).toContain('hostmaster/v2');
    }
  });
});

describe('a plan', () => {
  it.each([
    ['that issues', 'create', (): string => `fresh.${below}`, 'issue'],
    ['that keeps', 'change', (): string => served.hostname, 'keep'],
  ] as const)('%s a certificate is stored as it was hashed', async (_, kind, hostname, action) => {
    const { answer, row } = await ask(kind, hostname());
    const plan = readPlan(row.plan);
    expect(plan).toEqual(answer.plan);
    expect(plan.certificate).toMatchObject({ action, names: [hostname()], source: 'internal-ca', key: 'ecdsa-p256', publicKey: null });
    expect(planHash(plan)).toBe(row.planHash);
  });

  it('that takes a certificate back is stored as it was hashed', async () => {
    const team = { id: member.teams[0]?.id ?? '', slug: 'orders' };
    const zone = await harness.db.zone.findFirstOrThrow({ select: { id: true, apex: true } });
    const { hostname } = await harness.build.endpoint({ hostname: `gone.${below}`, team, zone });
    const { row } = await ask('retire', hostname);
    expect(readPlan(row.plan).certificate).toMatchObject({ action: 'revoke', names: [hostname] });
    expect(planHash(readPlan(row.plan))).toBe(row.planHash);
  });

  it('of an earlier release said only what was to be issued, and nothing of the contract', () => {
    const certificate = {
      names: ['a.test'],
      issuer: 'Internal CA',
      profile: 'server',
      days: 90,
      key: 'ecdsa-p256',
      keyHolder: 'hostmaster',
    };
    const plan = { hash: 'h', zone: 'test', servers: [], changes: [], notes: [] };
    const read = { action: 'issue', source: 'internal-ca', publicKey: null };
    expect(readPlan({ ...plan, certificate })).toEqual({ ...plan, contract: null, certificate: { ...certificate, ...read } });
    expect(readPlan({ ...plan, certificate: null })).toEqual({ ...plan, contract: null, certificate: null });
  });
});
