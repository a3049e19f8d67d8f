// Who is told when what is published of revocations is not renewed: monitoring, platform admins, and everybody on the page of the issuers.
import { home } from '@hostmaster/core/contract/account';
import { issuerPage } from '@hostmaster/core/contract/issuer';
import { completeList } from '@hostmaster/core/pki/crl-shard';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { noteAnswers, noteAway } from '@hostmaster/db/away-issuers';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { readHome } from '../account/home.ts';
import { listIssuers } from '../issuer/list.ts';
import { createHarness, type Harness, harnessStart } from '../testing/harness.ts';
import { readHealth } from './health.ts';

let harness: Harness;
let platform: Actor;
let member: Actor;
let issuerId = '';
const at = (hours: number): Date => new Date(harnessStart.getTime() + hours * 3_600_000);

beforeAll(async () => {
  harness = await createHarness();
  const team = await harness.build.team();
  [platform, member] = [await harness.build.platform(), await harness.build.member(team)];
  const zone = await harness.build.zone({ team });
  const endpoint = await harness.build.endpoint({ hostname: `n.${zone.apex}`, team, zone });
  await harness.build.certificates([{ endpoint }, { endpoint }]);
  issuerId = (await harness.db.issuer.findFirstOrThrow()).id;
});
afterAll(() => harness.close());
beforeEach(async () => {
  await harness.db.revocationList.deleteMany();
  await harness.db.ocspResponse.deleteMany();
  await harness.db.revocationList.createMany({
    data: [completeList, 7].map((list) => ({ issuerId, list, number: 3, nextUpdate: at(100), refreshAt: at(50), addresses: [] })),
  });
  const certificates = await harness.db.certificate.findMany({ select: { id: true } });
  await harness.db.ocspResponse.createMany({
    data: certificates.map(({ id: certificateId }) => ({ certificateId, issuerId, nextUpdate: at(96), refreshAt: at(48) })),
  });
});

const needs = async (actor: Actor) => {
  const answer = await readHome(harness.ctxFor(actor));
  expect(home.parse(answer)).toEqual(answer);
  return answer.needsMe.filter(({ kind }) => kind === 'issuer');
};
const shown = async () => {
  const page = await listIssuers(harness.ctxFor(member), { limit: 50 });
  expect(issuerPage.parse(page)).toEqual(page);
  return page.rows[0];
};

it('while everything is renewed in time nobody is told anything, and until when it holds stands with the issuer', async () => {
  expect(await readHealth(harness.worker)).toMatchObject({ status: 'ok', revocation: 'fresh' });
  expect(await needs(platform)).toEqual([]);
  expect(await shown()).toMatchObject({
    crlNumber: 3,
    revocation: { freshness: 'fresh', listsUntil: at(100).toISOString(), responsesUntil: at(96).toISOString(), signerUntil: null },
  });
});

it('a list that is not renewed is told to monitoring and to platform admins while it still holds', async () => {
  await harness.db.revocationList.updateMany({ where: { list: 7 }, data: { refreshAt: at(-2) } });
  expect(await readHealth(harness.worker)).toMatchObject({ status: 'degraded', revocation: 'late' });
  expect(await needs(platform)).toMatchObject([
    {
      id: issuerId,
      title: 'Revocations of internal-ca',
      text: 'Its CRLs have not been signed anew in time, and those that there are hold until 2026-11-24 16:00 UTC. Look why in the log of the workers.',
      since: at(-2).toISOString(),
    },
  ]);
  expect(await needs(member)).toEqual([]);
  expect(await shown()).toMatchObject({ revocation: { freshness: 'late' } });
});

it('OCSP responses count the same, and what is out of date is told for what it does', async () => {
  const { certificateId } = await harness.db.ocspResponse.findFirstOrThrow();
  await harness.db.ocspResponse.update({ where: { certificateId }, data: { refreshAt: at(-50), nextUpdate: at(-1) } });
  expect(await readHealth(harness.worker)).toMatchObject({ status: 'degraded', revocation: 'expired' });
  expect(await needs(platform)).toMatchObject([
    {
      text: 'Its OCSP responses have not been signed anew in time, and since 2026-11-20 11:00 UTC whoever checks its certificates refuses them, or does not see what is revoked. Look why in the log of the workers.',
    },
  ]);
  expect(await shown()).toMatchObject({ revocation: { freshness: 'expired', responsesUntil: at(-1).toISOString() } });
});

it('a list that was never made is told, too', async () => {
  await harness.db.revocationList.updateMany({ data: { number: 0, nextUpdate: null, refreshAt: at(-2) } });
  expect((await needs(platform))[0]?.text).toContain('and there are none yet.');
});

it('what others run and orders and zones wait for is told beside it, and does not call Hostmaster degraded', async () => {
  const answering = { state: 'answering' };
  expect(await readHealth(harness.worker)).toMatchObject({ status: 'ok', nameServers: answering, issuers: answering });
  await noteAway(harness.worker.db, issuerId, at(-2));
  await noteAway(harness.worker.db, issuerId, at(-1));
  await harness.db.zone.updateMany({ data: { syncError: 'The primary does not answer.' } });
  expect(await readHealth(harness.worker)).toMatchObject({
    status: 'ok',
    nameServers: { state: 'failing', unreadZones: 1 },
    issuers: { state: 'failing', unavailable: 1 },
  });
  expect(await needs(platform)).toMatchObject([
    {
      id: issuerId,
      title: expect.stringMatching(/cannot be asked$/),
      text: expect.stringContaining('Test its connection'),
      since: at(-2).toISOString(),
    },
  ]);
  expect(await needs(member)).toEqual([]);
  await harness.db.issuer.updateMany({ data: { stoppedAt: at(0) } });
  expect(await needs(platform), 'one that is stopped is asked for nothing').toEqual([]);
  await harness.db.issuer.updateMany({ data: { stoppedAt: null } });
  await noteAnswers(harness.worker.db, issuerId);
  await harness.db.zone.updateMany({ data: { syncError: null } });
  expect(await readHealth(harness.worker)).toMatchObject({ nameServers: answering, issuers: answering });
});

it('what is just due is not late: a sweep comes every few seconds', async () => {
  await harness.db.ocspResponse.updateMany({ data: { refreshAt: at(-0.9) } });
  expect(await readHealth(harness.worker)).toMatchObject({ status: 'ok' });
});

it('an issuer that publishes such things itself has nothing of it here', async () => {
  await harness.db.revocationList.deleteMany();
  expect(await shown()).toMatchObject({ revocation: null, crlNumber: 0, crlNextUpdate: null });
});
