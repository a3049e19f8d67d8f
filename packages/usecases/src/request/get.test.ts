import { endpointContract } from '@hostmaster/core/contract/endpoint';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.ts';
import { cancelRequest } from './cancel.ts';
import { createRequest } from './create.ts';
import { getRequest } from './get.ts';

let harness: Harness;
let member: Actor;
let askers: Readonly<Record<string, Actor>>;
beforeAll(async () => {
  harness = await createHarness();
  const { build } = harness;
  const team = await build.team('orders');
  await build.zone({ apex: 'example.test', team });
  await build.environments('dev');
  await build.grant({ team, suffix: 'dev.example.test' });
  member = await build.member(team);
  askers = {
    'the person who asked': member,
    'another member of the team': await build.member(team),
    'a platform admin': await build.platform(),
    'somebody of another team': await build.member(await build.team()),
    'a reviewer': await build.reviewer(),
    'a token that may only read': await build.tokenOf(member, 'requests:read'),
    'a token that may ask': await build.tokenOf(member, 'requests:read', 'requests:write'),
  };
});
afterAll(() => harness.close());

it.each([
  ['the person who asked', true],
  ['another member of the team', true],
  ['a platform admin', true],
  ['somebody of another team', false],
  ['a reviewer', false],
  ['a token that may only read', false],
  ['a token that may ask', true],
])('cancelling is offered to those who may: %s', async (who, offered) => {
  const hostname = `${who.replaceAll(/\W/g, '-')}.dev.example.test`;
  const contract = endpointContract.parse({ hostname, team: 'orders', target: { addresses: ['192.0.2.9'] } });
  const { id } = await createRequest(harness.ctxFor(member), { kind: 'create', contract });
  const ctx = harness.ctxFor(askers[who] ?? member);
  expect((await getRequest(ctx, { id })).cancellable).toBe(offered);
  const cancelled = cancelRequest(ctx, { id });
  if (offered) expect(await cancelled).toMatchObject({ state: 'cancelled', cancellable: false });
  else await expect(cancelled).rejects.toMatchObject({ code: 'forbidden' });
});
