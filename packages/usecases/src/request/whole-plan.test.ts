// The plan is whole: every field of the contract that changes, against what is in force; what becomes of the certificate; what a
// CSR asks for in vain. And what changes nothing is no request.

import { destinationKinds } from '@hostmaster/adapters/destinations/destination-kinds';
import { memoryProvider } from '@hostmaster/adapters/dns/memory';
import { createCsr, generateKey } from '@hostmaster/adapters/keys/generate-key';
import { type EndpointContractInput, endpointContract } from '@hostmaster/core/contract/endpoint';
import { byKind } from '@hostmaster/core/descriptor';
import { toPem } from '@hostmaster/core/pki/chain';
import type { RequestKind } from '@hostmaster/core/request/kind';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.ts';
import { nowhere, propose } from './propose.ts';

let harness: Harness;
let team: { readonly id: string; readonly slug: string };
let zone: { readonly id: string; readonly apex: string };
let n = 0;
beforeAll(async () => {
  harness = await createHarness();
  const { build, db } = harness;
  team = await build.team('orders');
  await build.environments('dev');
  zone = await build.zone({ apex: 'example.test', team });
  await db.zone.update({ where: { id: zone.id }, data: { provider: 'memory', connection: {} } });
  await build.grant({ team, suffix: 'dev.example.test' });
});
afterAll(() => harness.close());

/** Asks for O=Example in its subject, keyUsage and tlsfeature=status_request: `openssl req -new -config …`. */
const wished = {
  hostname: 'wished.dev.example.test',
  csr: `-----BEGIN CERTIFICATE REQUEST-----
MIIBRjCB7gIBADA0MRAwDgYDVQQKDAdFeGFtcGxlMSAwHgYDVQQDDBd3aXNoZWQu
ZGV2LmV4YW1wbGUudGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABFRcLHSp
LDnLHCS1Lx08RfaG3xOXl959ydp8UGCtI8RFLnTAJIW9Mug9Yyer3DSzU1d07ehx
HKb4AULUOAQudiGgWDBWBgkqhkiG9w0BCQ4xSTBHMCIGA1UdEQQbMBmCF3dpc2hl
ZC5kZXYuZXhhbXBsZS50ZXN0MA4GA1UdDwEB/wQEAwIHgDARBggrBgEFBQcBGAQF
MAMCAQUwCgYIKoZIzj0EAwIDRwAwRAIgE3+dPGr4Kv6o/EyPRmB0+Ht8IYAmIeby
mmhQCnWJHeYCIF0mhjZ7CTK8Pbfzj5IgDLa0YHDz/J1I321tqYBnS9mE
-----END CERTIFICATE REQUEST-----`,
};

const target = { addresses: ['192.0.2.10'] };

/** A live name whose records are as they should be, with a certificate that its contract wants. */
async function live() {
  n += 1;
  const { build, db, clock } = harness;
  const endpoint = await build.endpoint({ hostname: `n${n}.dev.example.test`, team, zone });
  const row = { zoneId: zone.id, name: endpoint.hostname, type: 'A', ttl: 60, observedAt: clock.now() };
  await db.zoneRecordSet.create({ data: { ...row, values: target.addresses } });
  const [serial = ''] = await build.certificates([{ endpoint }]);
  await db.certificateOrder.updateMany({ where: { endpointId: endpoint.id }, data: { keyId: 'a', keyCiphertext: Buffer.from('sealed') } });
  return { ...endpoint, serial };
}

async function proposed(hostname: string, more: Partial<EndpointContractInput> = {}, kind: RequestKind = 'change') {
  const { db, clock } = harness;
  const contract = endpointContract.parse({ hostname, team: team.slug, environment: 'dev', target, routing: { port: 443 }, ...more });
  return propose({ db, clock, dnsProviders: byKind([memoryProvider(new Map())]), destinationKinds }, { kind, contract });
}
async function planned(...asked: Parameters<typeof proposed>) {
  const { completed, decision } = await proposed(...asked);
  if (completed === null) throw new Error(decision.violations.map(({ reason }) => reason).join(' '));
  return completed.plan;
}

describe('the contract in a plan', () => {
  it('is held against the revision in force, though no record changes, and its hash covers it', async () => {
    const { hostname } = await live();
    const port = await planned(hostname, { routing: { port: 8443 } });
    expect(port).toMatchObject({
      changes: [],
      contract: { against: 1, changes: [{ field: 'routing.port', before: '443', after: '8443' }] },
    });
    const path = await planned(hostname, { routing: { port: 8443, healthPath: '/up' } });
    expect(path.contract?.changes.map(({ field }) => field)).toEqual(['routing.port', 'routing.healthPath']);
    expect(path.hash).not.toBe(port.hash);
  });

  it('is made anew where what is in force changed meanwhile', async () => {
    const { id, hostname } = await live();
    const asked = { routing: { port: 8443 } };
    const before = await planned(hostname, asked);
    await harness.build.revise(id, { owners: { escalation: '#orders' } });
    expect(await planned(hostname, asked), 'what was not read back yet is not in force').toEqual(before);
    await behindTheBack(harness.db).endpointRevision.updateMany({ where: { endpointId: id }, data: { appliedAt: harness.clock.now() } });
    const after = await planned(hostname, asked);
    expect(after.contract).toEqual({
      against: 2,
      changes: [
        { field: 'routing.port', before: '443', after: '8443' },
        { field: 'owners.escalation', before: '#orders', after: null },
      ],
    });
    expect(after.hash).not.toBe(before.hash);
  });

  it('of a name that is new is all that is said, what follows from the organisation too', async () => {
    const { contract } = await planned('new.dev.example.test', {}, 'create');
    expect(contract).toMatchObject({ against: null });
    expect(contract?.changes).toContainEqual({ field: 'environment', before: null, after: 'dev' });
    expect(contract?.changes).toContainEqual({ field: 'target.addresses', before: null, after: '192.0.2.10' });
  });

  it('says nothing of where a name leads while nobody said it', async () => {
    const { hostname } = await live();
    const { db, clock } = harness;
    const input = endpointContract.parse({ hostname, team: team.slug, environment: 'dev', target, routing: { port: 8443 } });
    const asked = { kind: 'change' as const, contract: { ...input, target: nowhere } };
    const { completed } = await propose({ db, clock, dnsProviders: byKind([memoryProvider(new Map())]), destinationKinds }, asked);
    expect(completed?.plan.contract?.changes.map(({ field }) => field)).toEqual(['routing.port']);
  });

  it('says of a change that undo leads back, and of a new name, which has nothing to go back to, that retiring does', async () => {
    const { hostname } = await live();
    const { notes } = await planned(hostname, { target: { addresses: ['192.0.2.77'] } });
    expect(notes).toContain("Undo restores exactly today's records.");
    const fresh = await planned('undone.dev.example.test', {}, 'create');
    expect(fresh.notes).toContain('Retiring the name takes them away again.');
    expect(fresh.notes.join()).not.toContain('Undo');
  });

  it('goes with its name', async () => {
    const { hostname } = await live();
    expect(await planned(hostname, {}, 'retire')).toMatchObject({ contract: null });
  });
});

describe('a change that changes nothing', () => {
  it('is refused, and what could be meant is said', async () => {
    const { hostname } = await live();
    const { decision, completed } = await proposed(hostname, { justification: 'Again.' });
    expect(completed).toBeNull();
    expect(decision.outcome).toBe('deny');
    expect(decision.violations).toMatchObject([
      { rule: 'nothing-changes', reason: expect.stringContaining('revision 1'), remedy: expect.stringContaining('Check now') },
    ]);
  });

  it('is none where the records are not as they should be', async () => {
    const { hostname } = await live();
    await behindTheBack(harness.db).zoneRecordSet.updateMany({ where: { name: hostname }, data: { ttl: 30 } });
    expect(await planned(hostname)).toMatchObject({ changes: [{ before: { ttl: 30 }, after: { ttl: 60 } }], contract: { changes: [] } });
  });

  it('is none where no certificate is as it should be', async () => {
    const { id, hostname } = await live();
    await behindTheBack(harness.db).certificate.updateMany({ where: { endpointId: id }, data: { state: 'revoked' } });
    expect(await planned(hostname)).toMatchObject({ changes: [], certificate: { action: 'issue' } });
  });

  it('is none where something else is underway', async () => {
    const { id, hostname } = await live();
    await harness.build.revise(id, { owners: { escalation: '#orders' } });
    expect((await proposed(hostname)).decision.outcome).toBe('allow');
  });

  it('is none where the name is leaving', async () => {
    const { id, hostname } = await live();
    await behindTheBack(harness.db).endpoint.update({ where: { id }, data: { state: 'retiring' } });
    expect((await proposed(hostname)).decision.outcome).toBe('allow');
  });
});

describe('what becomes of the certificate', () => {
  const extra = () => ({ extraNames: [`extra${n}.dev.example.test`] });

  it('is that it stays', async () => {
    const { hostname } = await live();
    expect((await planned(hostname, { routing: { port: 8443 } })).notes).toContain('The certificate stays as it is.');
  });

  it('is that another one takes its place, and what then becomes of it', async () => {
    const { hostname, serial } = await live();
    const said = `Another certificate takes the place of serial ${serial.slice(0, 8)}…, which is served until the new one is, and then`;
    const { notes, certificate } = await planned(hostname, { tls: extra() });
    expect(certificate).toMatchObject({ action: 'issue' });
    expect(notes).toContainEqual(expect.stringMatching(new RegExp(`^${said} stays valid until \\d+ \\w+ 2027`)));
    expect(notes).not.toContain('The certificate stays as it is.');
  });

  it('is that it waits, where so many were ordered of late that the next one does, and until when', async () => {
    const { id, hostname } = await live();
    const said = expect.stringMatching(
      /^5 certificates of it were ordered within an hour: this one is ordered at .+ UTC, and not before\.$/,
    );
    const wider = [hostname, `extra${n}.dev.example.test`];
    for (let made = 0; made < 5; made += 1) {
      expect((await planned(hostname, { tls: extra() })).notes).not.toContainEqual(said);
      await harness.build.certificates([{ endpoint: { id, hostname }, notBefore: harness.clock.now() }]);
      await behindTheBack(harness.db).certificateOrder.updateMany({ where: { endpointId: id }, data: { names: wider } });
      await behindTheBack(harness.db).certificate.updateMany({ where: { endpointId: id }, data: { names: [hostname] } });
    }
    const { notes, certificate } = await planned(hostname, { tls: { ...extra(), key: 'ecdsa-p384' } });
    expect(certificate).toMatchObject({ action: 'issue' });
    expect(notes).toContainEqual(said);
  });

  it('is said of a way back too: what was superseded does not come back', async () => {
    const { id, hostname, serial } = await live();
    const name = `extra${n}.dev.example.test`;
    await harness.build.revise(id, { tls: { extraNames: [name], key: 'ecdsa-p256' } });
    await behindTheBack(harness.db).endpointRevision.updateMany({ where: { endpointId: id }, data: { appliedAt: harness.clock.now() } });
    await behindTheBack(harness.db).certificate.updateMany({ where: { endpointId: id }, data: { state: 'superseded' } });
    const [wider = ''] = await harness.build.certificates([{ endpoint: { id, hostname } }]);
    await behindTheBack(harness.db).certificateOrder.updateMany({
      where: { certificate: { serial: wider } },
      data: { names: [hostname, name], keyId: 'b', keyCiphertext: Buffer.from('sealed') },
    });
    const { notes } = await planned(hostname);
    expect(notes).toContain(
      `Another certificate takes the place of serial ${wider.slice(0, 8)}…, which is served until the new one is, and is revoked as soon as that is issued.`,
    );
    expect(notes.join()).not.toContain(serial.slice(0, 8));
  });

  it('is that it goes where TLS ends nowhere any more', async () => {
    const { hostname } = await live();
    expect(await planned(hostname, { tls: { termination: 'none' } })).toMatchObject({
      certificate: null,
      notes: expect.arrayContaining(['The certificate is revoked and no longer served.']),
    });
  });
});

it('what a CSR asks for beside names and a key is said, and not taken in silence', async () => {
  const hostname = 'wishes.dev.example.test';
  const csr = toPem(await createCsr(await generateKey('ecdsa-p256'), [hostname]), 'CERTIFICATE REQUEST');
  const plain = await planned(hostname, { tls: { csr } }, 'create');
  expect(plain.notes.join()).not.toContain('Not taken from it');
  const { notes } = await planned(wished.hostname, { tls: { csr: wished.csr } }, 'create');
  expect(notes).toContain(
    'Of the CSR, the names and the key count. Not taken from it, because the profile of the certificate decides: key usage, TLS feature (OCSP must-staple), organization in the subject.',
  );
});

it('how long a certificate is valid is said where it is signed here, and left to a CA of others', async () => {
  const connected = { slug: 'some-ca', kind: 'acme', name: 'Some CA', chainPem: '', permittedSuffixes: [zone.apex], profile: 'server' };
  await harness.db.issuer.create({ data: connected });
  const { certificate: own } = await planned('own.dev.example.test', {}, 'create');
  const { certificate: theirs } = await planned('theirs.dev.example.test', { tls: { source: 'acme', challenge: 'dns-01' } }, 'create');
  expect([own?.days, theirs?.days]).toEqual([90, null]);
});
