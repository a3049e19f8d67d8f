// A campaign from its plan to its end, with the rows of real Postgres, the internal CA, and an outside that answers as the test says.
import { randomUUID } from 'node:crypto';
import { createCsr, generateKey } from '@hostmaster/adapters/keys/generate-key';
import { revokedByOne } from '@hostmaster/core/campaign/state';
import {
  type CampaignDraft,
  campaign as campaignAnswer,
  campaignDraft,
  campaignPage,
  campaignPlan,
} from '@hostmaster/core/contract/campaign';
import { day, minute } from '@hostmaster/core/duration';
import { toPem } from '@hostmaster/core/pki/chain';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { readHome } from '../account/home.ts';
import type { Ctx } from '../context.ts';
import { startAskedRevocations } from '../sweep/asked-revocations.ts';
import { runCampaigns } from '../sweep/campaigns.ts';
import { startDueRenewals } from '../sweep/due-renewals.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { getCampaign, listCampaignCertificates, listCampaigns } from './list.ts';
import { planCampaign } from './plan.ts';
import { startCampaign, startProposedCampaign } from './start.ts';
import { pauseCampaign, resumeCampaign, setCampaignPace, stopCampaign } from './steer.ts';

let world: Reconciling;
beforeAll(async () => {
  world = await createReconciling();
});
afterAll(() => world.close());

let n = 0;
/** A suffix of its own for each test, so that one does not meet the certificates of another. */
const place = (): string => {
  n += 1;
  return `c${n}.dev.${zoneApex}`;
};
const comment = 'The CA is distrusted.';
const certificatesOf = (suffix: string) =>
  world.db.certificate.findMany({
    where: { endpoint: { hostname: { endsWith: suffix } } },
    orderBy: { issuedAt: 'asc' },
    include: { order: true },
  });
const live = async (suffix: string, count: number): Promise<string[]> => {
  const names = Array.from({ length: count }, (_, index) => `n${index}.${suffix}`);
  for (const name of names) await world.ask(name);
  await world.runDue();
  return names;
};
const drafted = (draft: z.input<typeof campaignDraft>): CampaignDraft => campaignDraft.parse(draft);
const plan = async (draft: z.input<typeof campaignDraft>, ctx?: Ctx) => planCampaign(ctx ?? (await world.as('security')), drafted(draft));
const start = async (draft: z.input<typeof campaignDraft>, ctx?: Ctx) => {
  const asker = ctx ?? (await world.as('security'));
  const { asOf, hash: planHash } = await planCampaign(asker, drafted(draft));
  return startCampaign(asker, { ...drafted(draft), comment, asOf, planHash });
};
const get = async ({ id }: { readonly id: string }) => getCampaign(await world.as('app'), { id });
const stagesOf = async (which: { readonly id: string }) =>
  Object.fromEntries((await get(which)).progress.stages.map(({ stage, count }) => [stage, count]));
/** What the sweeps of a worker do, and what they begin. */
const goOn = async (): Promise<number> => {
  const taken = await runCampaigns(world.worker);
  await startDueRenewals(world.worker, 100);
  await startAskedRevocations(world.worker, 100);
  await world.runDue();
  return taken;
};
const nextMinute = () => world.clock.advance(minute);

describe('a campaign that replaces', () => {
  test('ends though nobody sees where a certificate alone is installed: it waits for whoever has it', async () => {
    const suffix = place();
    await world.ask(`n0.${suffix}`, { target: { certificateOnly: true } });
    await world.runDue();
    world.clock.advance(1000);
    const started = await start({ action: 'replace', scope: { suffix: `*.${suffix}` }, pace: 2 });
    world.clock.advance(1000);
    await goOn();
    await goOn();
    expect(await stagesOf(started)).toEqual({ waiting: 1 });
    await goOn();
    expect(await get(started)).toMatchObject({ state: 'finished' });
  });

  test('is shown before it starts, replaces each certificate once at its pace, says how far it is, and ends', async () => {
    const suffix = place();
    await live(suffix, 5);
    const before = await certificatesOf(suffix);
    // As they are taken up: the first to expire first.
    const inTurn = before.toSorted((a, b) => a.notAfter.getTime() - b.notAfter.getTime() || (a.id < b.id ? -1 : 1));
    const last = inTurn.at(-1)?.names[0] ?? '';
    const draft = { action: 'replace' as const, scope: { suffix: `*.${suffix.toUpperCase()}` }, pace: 2 };
    const shown = await plan(draft);
    expect(campaignPlan.parse(shown)).toEqual(shown);
    expect(shown).toMatchObject({
      ...{ total: 5, teamCount: 1, teams: [{ team: 'order-platform', count: 5 }], requesterKeys: 0, others: 5 },
      ...{ minutes: 3, expiring: 0, fourEyes: false, warnings: [], issuers: [{ issuer: 'internal-ca-1', count: 5 }] },
    });
    const started = await start(draft);
    expect(campaignAnswer.parse(started)).toEqual(started);
    expect(started).toMatchObject({ state: 'running', planned: 5, startedBy: started.by, progress: { takenUp: 0, left: 5 } });
    // Of two workers each takes its turn: none takes what the other took.
    expect((await Promise.all([runCampaigns(world.worker), runCampaigns(world.worker)])).reduce((a, b) => a + b)).toBe(2);
    expect([await goOn(), await stagesOf(started)], 'no more in this minute').toEqual([0, { replaced: 2 }]);
    nextMinute();
    world.edgeStands(last, true);
    expect(await goOn()).toBe(1);
    expect(await goOn()).toBe(1);
    nextMinute();
    expect(await goOn()).toBe(1);
    expect(await get(started)).toMatchObject({ state: 'running', progress: { planned: 5, takenUp: 5, left: 0 } });
    expect(await stagesOf(started)).toEqual({ replaced: 4, issued: 1 });
    nextMinute();
    expect([await goOn(), (await get(started)).state], 'one is issued and not seen').toEqual([0, 'running']);
    world.edgeStands(last, false);
    await world.runLater();
    await goOn();
    expect(await get(started)).toMatchObject({
      state: 'finished',
      progress: { takenUp: 5, left: 0, skipped: 0, stages: [{ stage: 'replaced', count: 5 }] },
    });
    const after = await certificatesOf(suffix);
    expect(after).toHaveLength(10);
    for (const { id, order } of before) {
      const [own, ...others] = after.filter((one) => one.order.endpointId === order.endpointId);
      expect([own?.id, own?.state, others.map(({ state }) => state)]).toEqual([id, 'superseded', ['served']]);
    }
  });

  test('says in the history of each name who wanted it and why', async () => {
    const suffix = place();
    const [name = ''] = await live(suffix, 1);
    const { id } = await start({ action: 'replace', scope: { suffix } });
    await goOn();
    const { name: askedBy } = (await world.as('security')).actor;
    const [{ serial } = { serial: '' }] = await certificatesOf(suffix);
    const told = await world.db.auditEvent.findMany({ where: { subject: name, action: 'certificate.ask-replacement' } });
    expect(told.map(({ detail, actorKind }) => [detail, actorKind])).toEqual([[{ serial, comment, campaign: id, askedBy }, 'system']]);
    expect((await world.view(name)).history.map(({ text }) => text).join('\n')).toContain(
      `asked to replace a certificate (serial ${serial}): ${comment}, as ${askedBy} asked`,
    );
  });

  test('leaves alone what is issued after its plan was shown, what ended before its turn, and other names', async () => {
    const suffix = place();
    const names = await live(suffix, 3);
    const elsewhere = place();
    await live(elsewhere, 1);
    const security = await world.as('security');
    const draft = drafted({ action: 'replace', scope: { suffix }, pace: 1 });
    const { asOf, hash: planHash } = await planCampaign(security, draft);
    world.clock.advance(1000);
    await world.ask(`late.${suffix}`);
    await world.runDue();
    const started = await startCampaign(security, { ...draft, comment, asOf, planHash });
    expect(started.planned).toBe(3);
    await goOn();
    // One of the others was revoked meanwhile.
    const { rows } = await listCampaignCertificates(security, { id: started.id, limit: 1 });
    const ended = names.find((name) => name !== rows[0]?.hostname) ?? '';
    await behindTheBack(world.db).certificate.updateMany({
      where: { endpoint: { hostname: ended } },
      data: { state: 'revoked', revokedAt: asOf },
    });
    for (let round = 0; round < 4; round += 1) {
      nextMinute();
      await goOn();
    }
    expect(await get(started)).toMatchObject({ state: 'finished', progress: { planned: 3, takenUp: 2, left: 0, skipped: 1 } });
    expect(await certificatesOf(`late.${suffix}`)).toHaveLength(1);
    expect(await certificatesOf(elsewhere)).toHaveLength(1);
    expect(await certificatesOf(ended)).toHaveLength(1);
  });

  test('takes nothing up while it is paused, goes on where it was, changes its pace, and is stopped for good', async () => {
    const suffix = place();
    await live(suffix, 4);
    const started = await start({ action: 'replace', scope: { suffix }, pace: 1 });
    const platform = await world.as('platform');
    expect(await goOn()).toBe(1);
    nextMinute();
    expect(await pauseCampaign(platform, started)).toMatchObject({ state: 'paused', movedBy: platform.actor.name, endsAt: null });
    expect([await goOn(), await stagesOf(started)]).toEqual([0, { replaced: 1 }]);
    await expect(pauseCampaign(platform, started)).rejects.toMatchObject({ code: 'conflict', message: 'This campaign is paused already.' });
    expect(await setCampaignPace(platform, { id: started.id, pace: 30 })).toMatchObject({ state: 'paused', pace: 30 });
    await resumeCampaign(platform, started);
    expect(await goOn()).toBe(2);
    expect(await stopCampaign(platform, started)).toMatchObject({
      ...{ state: 'stopped', permissions: { start: false, pause: false, resume: false, stop: false } },
      progress: { takenUp: 3, left: 1, skipped: 0 },
    });
    nextMinute();
    expect(await goOn()).toBe(0);
    await expect(resumeCampaign(platform, started)).rejects.toMatchObject({ code: 'conflict' });
    await expect(setCampaignPace(platform, { id: started.id, pace: 1 })).rejects.toMatchObject({ code: 'conflict' });
    const told = await world.db.auditEvent.findMany({ where: { subjectId: started.id }, orderBy: { seq: 'asc' } });
    expect(told.map(({ action }) => action)).toEqual([
      ...['campaign.start', 'campaign.pause', 'campaign.set-pace', 'campaign.resume', 'campaign.stop'],
    ]);
  });

  test('names what failed and what is held up, with what is said of the work', async () => {
    const suffix = place();
    const [failed = '', held = ''] = await live(suffix, 2);
    const started = await start({ action: 'replace', scope: { suffix } });
    await runCampaigns(world.worker);
    await startDueRenewals(world.worker, 100);
    const about = (hostname: string) => ({ endpoint: { hostname }, purpose: 'renewal' as const });
    await behindTheBack(world.db).operation.updateMany({
      where: about(failed),
      data: { state: 'failed', reason: 'It was refused.', finishedAt: world.clock.now() },
    });
    await behindTheBack(world.db).operation.updateMany({
      where: about(held),
      data: { state: 'waiting', reason: 'The CA does not answer.', error: { code: 'issuer-unavailable' } },
    });
    expect(await stagesOf(started)).toEqual({ failed: 1, 'held-up': 1 });
    const app = await world.as('app');
    const page = await listCampaignCertificates(app, { id: started.id, limit: 50, stage: 'failed' });
    expect(page.rows).toMatchObject([{ hostname: failed, team: 'order-platform', stage: 'failed', message: 'It was refused.' }]);
    const all = await listCampaignCertificates(app, { id: started.id, limit: 1 });
    const rest = await listCampaignCertificates(app, { id: started.id, limit: 1, cursor: all.nextCursor ?? '' });
    expect([...all.rows, ...rest.rows].map(({ hostname }) => hostname).toSorted()).toEqual([failed, held]);
    expect(rest.nextCursor).toBeNull();
    await stopCampaign(await world.as('security'), started);
  });
});

describe('a campaign that revokes', () => {
  test('has each revoked with its reason once another is seen; a key of its requester is revoked at once and waits for their CSR', async () => {
    const suffix = place();
    await live(suffix, 2);
    const own = `own.${suffix}`;
    const csr = toPem(await createCsr(await generateKey('ecdsa-p256'), [own]), 'CERTIFICATE REQUEST');
    await world.ask(own, { tls: { csr } });
    await world.runDue();
    const draft = {
      action: 'revoke' as const,
      reason: 'keyCompromise' as const,
      scope: { suffix, team: 'order-platform', keyAlgorithm: 'ecdsa-p256' },
    };
    expect(await plan(draft)).toMatchObject({
      total: 3,
      requesterKeys: 1,
      fourEyes: false,
      warnings: [expect.stringContaining('bring a CSR')],
    });
    const started = await start(draft);
    await goOn();
    expect(await stagesOf(started)).toEqual({ revoked: 2, waiting: 1 });
    nextMinute();
    await goOn();
    expect((await get(started)).state, 'what waits for people keeps it from nothing').toBe('finished');
    const revoked = (await certificatesOf(suffix)).filter(({ state }) => state === 'revoked');
    expect(revoked.map(({ revocationReason }) => revocationReason)).toEqual(['keyCompromise', 'keyCompromise', 'keyCompromise']);
    const wishes = await world.db.revocationRequest.findMany({ where: { certificateId: { in: revoked.map(({ id }) => id) } } });
    const { actor } = await world.as('security');
    expect(wishes.map(({ comment: said, askerId, compromisedKey }) => [said, askerId, compromisedKey !== null])).toEqual(
      expect.arrayContaining([
        [comment, actor.id, false],
        [comment, actor.id, true],
      ]),
    );
    const another = toPem(await createCsr(await generateKey('ecdsa-p256'), [own]), 'CERTIFICATE REQUEST');
    await world.send('change', own, { tls: { csr: another } });
    await world.runDue();
    expect(await stagesOf(started)).toEqual({ revoked: 3 });
  });

  test('of more than a hundred certificates of other teams waits for a second person, who starts what was shown', async () => {
    const suffix = place();
    const team = await world.build.team(`many-${n}`);
    const zone = await world.db.zone.findFirstOrThrow({ where: { apex: zoneApex } });
    const names = Array.from({ length: revokedByOne + 1 }, (_, index) => ({ hostname: `m${index}.${suffix}`, team, zone }));
    const endpoints = await world.build.endpoints(names);
    await world.build.certificates(endpoints.map((endpoint) => ({ endpoint })));
    world.clock.advance(1000);
    const draft = { action: 'revoke' as const, reason: 'superseded' as const, scope: { suffix } };
    const [security, platform] = [await world.as('security'), await world.as('platform')];
    const own = { ...security, actor: { ...security.actor, teams: [{ id: team.id, slug: team.slug, role: 'member' as const }] } };
    expect(await plan(draft, own), 'of their own team').toMatchObject({ others: 0, fourEyes: false });
    const proposed = await start(draft, security);
    expect(proposed).toMatchObject({ state: 'proposed', fourEyes: true, startedBy: null, permissions: { start: false, stop: true } });
    expect(await goOn()).toBe(0);
    const { id, planHash } = proposed;
    const told = async (ctx: Ctx) => (await readHome(ctx)).needsMe.filter(({ kind }) => kind === 'campaign').map((need) => need.id);
    expect([await told(platform), await told(security), await told(await world.as('app'))]).toEqual([[id], [], []]);
    for (const pace of [1, 3000])
      await expect(setCampaignPace(security, { id, pace }), 'what the second person is shown stays').rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('stop it and plan another one'),
      });
    await expect(startProposedCampaign(security, { id, planHash })).rejects.toMatchObject({ code: 'self-review' });
    await expect(startProposedCampaign(await world.as('app'), { id, planHash })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(startProposedCampaign(platform, { id, planHash: 'another' })).rejects.toMatchObject({ code: 'plan-changed' });
    expect(await startProposedCampaign(platform, { id, planHash })).toMatchObject({
      state: 'running',
      startedBy: platform.actor.name,
      by: security.actor.name,
    });
    await expect(startProposedCampaign(platform, { id, planHash })).rejects.toMatchObject({ code: 'conflict' });
    expect((await setCampaignPace(security, { id, pace: 30 })).pace, 'whoever asked for it may slow it down').toBe(30);
    await expect(setCampaignPace(security, { id, pace: 31 })).rejects.toMatchObject({ code: 'self-review' });
    expect((await setCampaignPace(platform, { id, pace: 90 })).pace).toBe(90);
    await stopCampaign(security, { id });
  });

  test('of more than a hundred together needs a second person, however they are split, at once or by a token, within a day', async () => {
    const batch = async (count: number) => {
      const suffix = place();
      const team = await world.build.team(`split-${n}`);
      const zone = await world.db.zone.findFirstOrThrow({ where: { apex: zoneApex } });
      const endpoints = await world.build.endpoints(
        Array.from({ length: count }, (_, index) => ({ hostname: `m${index}.${suffix}`, team, zone })),
      );
      await world.build.certificates(endpoints.map((endpoint) => ({ endpoint })));
      return { action: 'revoke' as const, reason: 'superseded' as const, scope: { suffix } };
    };
    const drafts = [await batch(60), await batch(30), await batch(30), await batch(60)] as const;
    world.clock.advance(1000);
    const security = await world.as('security');
    const started = [await start(drafts[0], security), ...(await Promise.all([start(drafts[1], security), start(drafts[2], security)]))];
    expect(started.map(({ state }) => state).toSorted(), 'of two at once one is too many').toEqual(['proposed', 'running', 'running']);
    for (const { id } of started) await stopCampaign(security, { id });
    const again = await plan(drafts[3], security);
    expect([again.others, again.fourEyes], 'stopping takes nothing off').toEqual([60, true]);
    expect(again.warnings).toEqual([
      expect.stringContaining('bring a CSR'),
      expect.stringMatching(/^You began to revoke 9\d certificates alone within the last 24 hours\./),
    ]);
    const { id, teams } = security.actor;
    const answerer = { kind: 'person' as const, id, teamIds: teams.map((team) => team.id) };
    const token = { ...security, actor: { ...security.actor, kind: 'service' as const, id: 'token', answerer } };
    expect((await plan(drafts[3], token)).fourEyes).toBe(true);
    expect(await plan(drafts[3], await world.as('platform')), 'what others began is not theirs').toMatchObject({
      fourEyes: false,
      warnings: [expect.stringContaining('bring a CSR')],
    });
    const later = new Date(world.clock.now().getTime() + day + minute);
    expect((await plan(drafts[3], { ...security, clock: { ...security.clock, now: () => later } })).fourEyes).toBe(false);
  });
});

describe('what is started', () => {
  test('is started once, by however many people at once: the others are told which campaign their plan began', async () => {
    const suffix = place();
    await live(suffix, 1);
    const people = [await world.as('security'), await world.as('platform')] as const;
    const draft = drafted({ action: 'replace', scope: { suffix } });
    const { asOf, hash: planHash } = await planCampaign(people[0], draft);
    const input = { ...draft, comment, asOf, planHash };
    const tries = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => startCampaign(people[index % 2 === 0 ? 0 : 1], input)));
    const [begun, ...more] = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect([begun?.state, more]).toEqual(['running', []]);
    const told = { code: 'conflict', message: expect.stringContaining(`began the campaign ${begun?.id} already`) };
    expect(tries.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))).toEqual(Array(19).fill(expect.objectContaining(told)));
    await goOn();
    await expect(startCampaign(people[1], input), 'when it has done its work, too').rejects.toMatchObject(told);
    expect(await world.db.campaign.count({ where: { planHash } })).toBe(1);
    await stopCampaign(people[0], { id: begun?.id ?? '' }).catch(() => null);
    expect((await start({ ...draft, scope: { suffix } })).state, 'of another plan').toBe('running');
  });

  test('names what there is: everything else in a scope is refused together, each with what would mend it', async () => {
    const scope = {
      ...{ issuers: ['internal-ca-1', 'no-such-ca'], keyAlgorithm: 'rsa-9', team: 'nobody', environment: 'mars' },
      suffix: 'not a name',
    };
    const violations = expect.arrayContaining(
      [
        { rule: 'issuer-exists', path: 'scope.issuers', reason: 'There is no issuer no-such-ca.' },
        { rule: 'unknown-value', path: 'scope.keyAlgorithm' },
        { rule: 'team-exists', path: 'scope.team' },
        { rule: 'environment-exists', path: 'scope.environment' },
        { rule: 'hostname-syntax', path: 'scope.suffix' },
      ].map((each) => expect.objectContaining({ ...each, remedy: expect.stringMatching(/\.$/) })),
    );
    const draft = drafted({ action: 'replace', scope });
    await expect(plan(draft)).rejects.toMatchObject({ code: 'invalid-input', violations });
    const asOf = world.clock.now().toISOString();
    const unseen = { ...draft, comment, asOf, planHash: 'x' };
    await expect(startCampaign(await world.as('security'), unseen)).rejects.toMatchObject({ code: 'invalid-input', violations });
    for (const suffix of ['.nowhere.example.test', '*.nowhere.example.test', 'NOWHERE.example.test.'])
      expect((await plan({ action: 'replace', scope: { suffix } })).total).toBe(0);
  });

  test('of a root is what the CAs below it signed, and nothing of another one', async () => {
    const suffix = place();
    await live(suffix, 1);
    const { chainPem } = await world.db.issuer.findUniqueOrThrow({ where: { slug: 'root' } });
    const other = { slug: 'other-root', kind: 'internal-root', name: 'Other root', state: 'withdrawn', permittedSuffixes: [], chainPem };
    await behindTheBack(world.db).issuer.create({ data: other });
    const totalOf = async (issuers: string[]) => (await plan({ action: 'replace', scope: { suffix, issuers } })).total;
    expect([await totalOf(['root']), await totalOf(['other-root']), await totalOf(['other-root', 'internal-ca-1'])]).toEqual([1, 0, 1]);
    await world.db.issuer.delete({ where: { slug: 'other-root' } });
  });

  test('with keys that somebody took away is warned of', async () => {
    const suffix = place();
    await live(suffix, 3);
    const [taken, asked] = await certificatesOf(suffix);
    const { id: askerId } = (await world.as('app')).actor;
    const exported = async (certificateId: string, takenAt: Date | null) => {
      const work = { kind: 'key', purpose: 'export', subject: `key-export:${certificateId}`, state: 'succeeded' } as const;
      const { id: operationId } = await behindTheBack(world.db).operation.create({
        data: { ...work, step: 'sealed', reason: 'It is sealed.', movesNext: 'nobody', generation: 1, finishedAt: world.clock.now() },
      });
      const id = randomUUID();
      await world.db.keyExport.create({ data: { id, operationId, certificateId, askerId, recipient: 'x', takenAt } });
    };
    await exported(taken?.id ?? '', world.clock.now());
    await exported(asked?.id ?? '', null);
    expect((await plan({ action: 'replace', scope: { suffix } })).warnings).toEqual([
      'The private key of 1 certificate was taken away: whoever installed it has to install the new one.',
    ]);
  });

  test('is what was shown: another scope, an old plan and one from the future are refused, and so is nothing at all', async () => {
    const suffix = place();
    await live(suffix, 1);
    const security = await world.as('security');
    const draft = drafted({ action: 'replace', scope: { suffix } });
    const { asOf, hash: planHash } = await planCampaign(security, draft);
    const input = { ...draft, comment, asOf, planHash };
    await expect(startCampaign(security, { ...input, scope: { team: 'payments' } })).rejects.toMatchObject({ code: 'plan-changed' });
    await expect(startCampaign(security, { ...input, asOf: '2030-01-01T00:00:00.000Z' })).rejects.toMatchObject({ code: 'invalid-input' });
    world.clock.advance(61 * minute);
    await expect(startCampaign(security, input)).rejects.toMatchObject({ violations: [{ rule: 'campaign-times', path: 'asOf' }] });
    await expect(start({ action: 'replace', scope: { suffix: 'nowhere.example.test' } })).rejects.toMatchObject({ code: 'conflict' });
    expect((await plan({ action: 'replace', scope: { suffix: 'nowhere.example.test' } })).warnings).toEqual([
      'No valid certificate is in this scope.',
    ]);
  });

  test('is for security and platform admins, and for tokens with the scope; everybody reads it', async () => {
    const app = await world.as('app');
    const scope = { team: 'order-platform' };
    await expect(plan({ action: 'replace', scope }, app)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(start({ action: 'replace', scope }, app)).rejects.toMatchObject({ code: 'forbidden' });
    const security = await world.as('security');
    const token = { ...security, actor: { ...security.actor, scopes: ['certificates:read' as const] } };
    await expect(plan({ action: 'replace', scope }, token)).rejects.toMatchObject({ code: 'forbidden' });
    const page = await listCampaigns(app, { limit: 50 });
    expect(campaignPage.parse(page)).toEqual(page);
    expect(page.rows.length).toBeGreaterThan(3);
    for (const act of [pauseCampaign, resumeCampaign, stopCampaign]) {
      const [{ id } = { id: '' }] = page.rows;
      await expect(act(app, { id })).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  test.each([
    ['issuer', { issuers: ['internal-ca-1'] }, true],
    ['the root above its issuer', { issuers: ['root'] }, true],
    ['environment', { environment: 'dev' }, true],
    ['another key algorithm', { keyAlgorithm: 'rsa-2048' }, false],
    ['issued before', { issuedBefore: '2030-01-01T00:00:00Z' }, true],
    ['issued after', { issuedAfter: '2030-01-01T00:00:00Z' }, false],
  ])('is chosen by %s', async (_, more, found) => {
    const suffix = place();
    await live(suffix, 1);
    expect((await plan({ action: 'replace', scope: { suffix, ...more } })).total).toBe(found ? 1 : 0);
    const [{ serial } = { serial: '' }] = await certificatesOf(suffix);
    const copied = serial.toLowerCase().replace(/(..)(?=.)/g, '$1:');
    expect((await plan({ action: 'replace', scope: { serials: [copied, 'AB'], ...more } })).total).toBe(found ? 1 : 0);
  });

  test('with a stopped issuer, or more than can be taken up before they expire, is warned of', async () => {
    const suffix = place();
    await live(suffix, 2);
    await world.db.issuer.updateMany({ where: { kind: 'internal-ca' }, data: { stoppedAt: world.clock.now() } });
    await world.db.certificate.updateMany({
      where: { endpoint: { hostname: { endsWith: suffix } } },
      data: { notAfter: new Date(world.clock.now().getTime() + minute) },
    });
    const shown = await plan({ action: 'replace', scope: { suffix }, pace: 1 });
    expect(shown).toMatchObject({ issuers: [{ issuer: null, count: 2 }], expiring: 2 });
    expect(shown.warnings).toEqual([
      expect.stringMatching(/^No issuer may sign another one for 2 certificates now/),
      expect.stringMatching(/^2 certificates expire before/),
    ]);
    await world.db.issuer.updateMany({ data: { stoppedAt: null } });
  });
});
