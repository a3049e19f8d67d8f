// Who names a team or an environment that is not there is told that, and not that it was granted nothing.
import { endpointContract } from '@hostmaster/core/contract/endpoint';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setMember } from '../team/set-member.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { checkRequest } from './check.ts';
import { createRequest } from './create.ts';

let harness: Harness;
let member: Actor;
let programs: { reading: Actor; writing: Actor };
beforeAll(async () => {
  harness = await createHarness();
  const { build } = harness;
  const orders = await build.team('orders');
  await build.team('payments');
  await build.environments('dev');
  await build.zone({ apex: 'example.test', team: orders });
  await build.grant({ team: orders, suffix: 'dev.example.test' });
  member = await build.member(orders);
  programs = {
    reading: build.serviceOf(orders, 'requests:write', 'requests:read', 'teams:read'),
    writing: build.serviceOf(orders, 'requests:write', 'requests:read'),
  };
});
afterAll(() => harness.close());

const asked = (more: object) => {
  const contract = endpointContract.parse({
    hostname: 'a.dev.example.test',
    team: 'orders',
    target: { addresses: ['93.184.216.34'] },
    ...more,
  });
  return { kind: 'create' as const, contract };
};
const noTeam = {
  code: 'invalid-input',
  message: 'There is no team nobody.',
  violations: [{ rule: 'team-exists', path: 'contract.team', reason: 'There is no team nobody.' }],
};

describe.each([
  ['asking', createRequest],
  ['looking', checkRequest],
])('%s', (_, act) => {
  const refusal = (actor: Actor, more: object): Promise<unknown> =>
    act(harness.ctxFor(actor), asked(more)).then(
      () => null,
      (error: unknown) => error,
    );

  it('for a team that is not there says so, and of another that it is not theirs', async () => {
    expect(await refusal(member, { team: 'nobody' })).toMatchObject(noTeam);
    expect(await refusal(member, { team: 'payments' })).toMatchObject({ code: 'forbidden' });
    expect(await refusal(programs.reading, { team: 'nobody' })).toMatchObject(noTeam);
  });

  it('says the same of both to a token that may not read teams', async () => {
    for (const team of ['nobody', 'payments']) expect(await refusal(programs.writing, { team })).toMatchObject({ code: 'forbidden' });
  });
});

it('an environment that is not there is said to be that', async () => {
  const { decision } = await checkRequest(harness.ctxFor(member), asked({ environment: 'mars' }));
  expect(decision.violations).toEqual([
    {
      rule: 'environment-known',
      path: 'contract.environment',
      reason: 'There is no environment mars.',
      remedy: 'Give one of dev, or ask a platform admin to add the environment.',
    },
  ]);
});

it('members of a team that is not there are not found, whoever changes them', async () => {
  const change = { team: 'nobody', email: 'lee@example.test', role: 'member' as const };
  await expect(setMember(harness.ctxFor(member), change)).rejects.toMatchObject({ code: 'not-found', message: noTeam.message });
  await expect(setMember(harness.ctxFor(member), { ...change, team: 'payments' })).rejects.toMatchObject({ code: 'forbidden' });
});
