import { destinationKinds } from '@hostmaster/adapters/destinations/destination-kinds';
import { dnsProviderKinds } from '@hostmaster/adapters/dns/provider-kinds';
import { endpointContract } from '@hostmaster/core/contract/endpoint';
import { type ExceptionInput, exceptionInput } from '@hostmaster/core/contract/exception';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { documentedRules } from '@hostmaster/core/policy/chains';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { propose } from '../request/propose.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { endException } from './end.ts';
import { listExceptions } from './list.ts';
import { recordException } from './record.ts';

let harness: Harness;
let security: Actor;
let team: { readonly id: string; readonly slug: string };
beforeAll(async () => {
  harness = await createHarness();
  security = await harness.build.reviewer();
  team = await harness.build.team('orders');
  await harness.build.environments('dev');
  await harness.build.zone({ apex: 'example.test', team });
  await harness.build.grant({ team, suffix: 'dev.example.test' });
});
afterAll(() => harness.close());

const day = 86_400_000;
const ctx = () => harness.ctxFor(security);
const ahead = (milliseconds: number): string => new Date(harness.clock.now().getTime() + milliseconds).toISOString();
const input = (more: Partial<ExceptionInput> = {}): ExceptionInput =>
  exceptionInput.parse({ rule: 'wildcard-granted', hostname: '*.DEV.example.test.', reason: 'Agreed.', until: ahead(day), ...more });

async function denials(hostname: string): Promise<readonly string[]> {
  const { db, clock } = harness;
  const contract = endpointContract.parse({ hostname, team: team.slug, target: { addresses: ['192.0.2.10'] } });
  const { decision } = await propose({ db, clock, dnsProviders: dnsProviderKinds, destinationKinds }, { kind: 'create', contract });
  return decision.violations.map(({ rule }) => rule);
}

it('lifts its rule for its name until it is ended, and each step is written down with who took it', async () => {
  expect(await denials('*.dev.example.test')).toEqual(['wildcard-granted']);
  const made = await recordException(ctx(), input());
  expect(made).toMatchObject({ rule: 'wildcard-granted', hostname: '*.dev.example.test', until: ahead(day), by: security.name });
  expect(await denials('*.dev.example.test')).toEqual([]);
  expect(await denials('*.orders.dev.example.test')).toEqual(['wildcard-granted']);
  await expect(recordException(ctx(), input())).rejects.toMatchObject({ code: 'already-exists' });

  const platform = harness.ctxFor(await harness.build.platform());
  await endException(platform, made);
  expect(await denials('*.dev.example.test')).toEqual(['wildcard-granted']);
  await expect(endException(ctx(), made)).rejects.toMatchObject({ code: 'not-found' });
  expect((await listExceptions(ctx(), { limit: 50 })).rows).toEqual([{ ...made, until: ahead(0) }]);
  const events = await harness.db.auditEvent.findMany({ where: { subjectId: made.id }, orderBy: { seq: 'asc' } });
  const detail = { rule: 'wildcard-granted', reason: 'Agreed.', until: ahead(day) };
  expect(events).toMatchObject([
    { action: 'exception.create', actorId: security.id, subject: '*.dev.example.test', detail },
    { action: 'exception.end', actorId: platform.actor.id, subject: '*.dev.example.test', detail },
  ]);
});

it('lifts nothing any more once its day has come', async () => {
  await recordException(ctx(), input({ hostname: '*.old.dev.example.test', until: ahead(1_000) }));
  expect(await denials('*.old.dev.example.test')).toEqual([]);
  harness.clock.advance(1_000);
  expect(await denials('*.old.dev.example.test')).toEqual(['wildcard-granted']);
});

describe('is refused', () => {
  it('to everybody but security, and to a reviewer whose own team may claim the name', async () => {
    const { build } = harness;
    for (const actor of [await build.platform(), await build.maintainer(team), await build.auditor()])
      await expect(recordException(harness.ctxFor(actor), input({ hostname: '*.x.dev.example.test' }))).rejects.toMatchObject({
        code: 'forbidden',
      });
    const colleague = harness.ctxFor(await build.person([{ team }], ['security-reviewer']));
    await expect(recordException(colleague, input({ hostname: '*.x.dev.example.test' }))).rejects.toMatchObject({ code: 'self-review' });
    await expect(recordException(colleague, input({ hostname: '*.x.other.test' }))).resolves.toMatchObject({ by: colleague.actor.name });
    const other = await build.team();
    await build.grant({ team: other, suffix: 'y.dev.example.test' });
    await expect(recordException(colleague, input({ hostname: '*.y.dev.example.test' }))).resolves.toMatchObject({
      by: colleague.actor.name,
    });
    for (const actor of [await build.maintainer(team), await build.auditor()])
      await expect(endException(harness.ctxFor(actor), { id: other.id })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('for every rule that no exception lifts: the syntax of a name, its holder, what can be reached', async () => {
    const { rules } = await listExceptions(ctx(), { limit: 50 });
    const others = documentedRules.filter(({ name }) => rules.every((rule) => rule.name !== name));
    expect(others.map(({ name }) => name)).toEqual(expect.arrayContaining(['hostname-well-formed', 'name-taken', 'target-address']));
    for (const { name: rule } of [...others, { name: 'plan-safety' }])
      await expect(recordException(ctx(), input({ rule })), rule).rejects.toMatchObject({
        code: 'invalid-input',
        violations: [{ rule: 'rule-exceptable', path: 'rule' }],
      });
  });

  it('with everything that is wrong at once', async () => {
    for (const until of [ahead(0), ahead(367 * day)])
      await expect(recordException(ctx(), input({ rule: 'none', hostname: 'bad..name', until }))).rejects.toMatchObject({
        code: 'invalid-input',
        violations: [{ path: 'rule' }, { path: 'until' }, { path: 'hostname' }],
      });
  });
});
