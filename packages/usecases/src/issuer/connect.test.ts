import { issuerKinds } from '@hostmaster/adapters/issuers/issuer-kinds';
import {
  type IssuerChangeDraft,
  type IssuerDraft,
  issuerChangeOf,
  issuerInputOf,
  issuerKept,
  issuerKindList,
} from '@hostmaster/core/contract/issuer';
import { chainToPem, toPem } from '@hostmaster/core/pki/chain';
import { testAuthority } from '@hostmaster/core/pki/testing/authority';
import type { Actor } from '@hostmaster/core/policy/authorize';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.ts';
import { connectIssuer } from './connect.ts';
import { getIssuer } from './get.ts';
import { listIssuerKinds } from './kinds.ts';
import { listIssuers } from './list.ts';
import { removeIssuer } from './remove.ts';
import { resumeIssuer, stopIssuer } from './stop.ts';
import { updateIssuer } from './update.ts';

const kinds = [...issuerKinds.values()];
const directory = 'https://acme.example.test/directory';
const secret = Buffer.from('the secret of an external account').toString('base64url');
let harness: Harness;
let team: { id: string; slug: string };
let platform: Actor;
let root: Uint8Array;
let intermediate: Uint8Array;
beforeAll(async () => {
  harness = await createHarness();
  team = await harness.build.team('platform-edge');
  platform = await harness.build.platform();
  for (const apex of ['corp.test', 'other.test']) await harness.build.zone({ apex, team });
  ({ root, intermediate } = await testAuthority());
});
afterAll(() => harness.close());

let made = 0;
const draft = (more: Partial<IssuerDraft> = {}): IssuerDraft => ({
  slug: `ca-${++made}`,
  name: 'A CA',
  connection: { kind: 'acme', settings: { directory } },
  suffixes: ['Corp.Test.', 'dev.other.test', 'corp.test'],
  untested: true,
  ...more,
});
const ctx = () => harness.ctxFor(platform);
const connect = (more: Partial<IssuerDraft> = {}) => connectIssuer(ctx(), issuerInputOf(kinds).parse(draft(more)));
const change = (issuer: { id: string; version: number }, more: Partial<IssuerChangeDraft> = {}) =>
  updateIssuer(
    ctx(),
    issuerChangeOf(kinds).parse({
      id: issuer.id,
      version: issuer.version,
      name: 'A CA',
      suffixes: ['corp.test', 'dev.other.test'],
      untested: true,
      ...more,
    }),
  );
const rowOf = (id: string) => harness.db.issuer.findUniqueOrThrow({ where: { id } });
const told = (id: string) => harness.db.auditEvent.findFirstOrThrow({ where: { subjectId: id }, orderBy: { seq: 'desc' } });
const bound = (key: string) => ({ kind: 'acme', settings: { directory, externalKeyId: 'kid-1' }, secret: key });
const refused = async (work: Promise<unknown>) => {
  const { code, violations } = Object(await work.catch((reason: unknown) => reason));
  return [code, ...(violations ?? []).map(({ path, rule }: { path: string; rule: string }) => `${path} ${rule}`)];
};
/** An issuer of the internal CA, as a worker makes it. */
const internal = () =>
  harness.db.issuer.create({
    data: {
      slug: `internal-ca-${++made}`,
      kind: 'internal-ca',
      name: 'Internal CA',
      chainPem: chainToPem([intermediate]),
      permittedSuffixes: ['corp.test'],
      profile: 'server',
    },
  });

describe('connecting an issuer', () => {
  it('stores what was said in its canonical form, without a key, and answers it', async () => {
    const issuer = await connect({ slug: 'lets-encrypt', name: 'Let’s Encrypt', rootPem: `A comment.\n${toPem(root)}` });
    expect(issuerKept.parse(issuer)).toEqual(issuer);
    expect(issuer).toMatchObject({
      slug: 'lets-encrypt',
      kind: 'acme',
      name: 'Let’s Encrypt',
      connection: { kind: 'acme', settings: { directory, contact: '', externalKeyId: '' } },
      permittedSuffixes: ['corp.test', 'dev.other.test'],
      rootPem: toPem(root).trimEnd(),
      stoppedAt: null,
      version: 1,
    });
    const { tested, ...kept } = issuer;
    expect(tested).toBe(false);
    expect(await getIssuer(ctx(), issuer)).toEqual(kept);
    const row = await rowOf(issuer.id);
    expect(row).toMatchObject({ profile: 'server', chainPem: toPem(root), keyId: null, keyCiphertext: null, secretCiphertext: null });
    expect(await told(issuer.id)).toMatchObject({
      action: 'issuer.connect',
      subject: 'lets-encrypt',
      detail: { name: 'Let’s Encrypt', suffixes: ['corp.test', 'dev.other.test'], roots: [expect.stringMatching(/^[0-9a-f]{64}$/)] },
    });
  });

  it('keeps the secret out of every answer, the audit trail and the row', async () => {
    const issuer = await connect({ connection: bound(secret) });
    const row = await rowOf(issuer.id);
    expect(row.secretCiphertext).not.toBeNull();
    const everything = JSON.stringify(
      [issuer, await listIssuers(ctx(), { limit: 50 }), row, await harness.db.auditEvent.findMany({ select: { detail: true } })],
      (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value),
    );
    for (const form of [secret, Buffer.from(secret, 'base64url').toString('latin1')]) expect(everything).not.toContain(form);
    expect(JSON.stringify([issuer, await listIssuers(ctx(), { limit: 50 })])).not.toMatch(/cipher|secretKeyId|"keyId/);
  });

  it('takes the key id and the HMAC key of an external account together or not at all, and says at which field', () => {
    const paths = (connection: object) =>
      issuerInputOf(kinds)
        .safeParse({ ...draft(), connection })
        .error?.issues.map(({ path }) => path.join('.'));
    expect(paths({ ...bound(secret), secret: undefined })).toEqual(['connection.secret']);
    expect(paths({ kind: 'acme', settings: { directory }, secret })).toEqual(['connection.settings.externalKeyId']);
    expect(paths(bound('with/slash+plus'))).toEqual(['connection.secret']);
    expect(paths(bound(`${secret}=`))).toBeUndefined();
  });

  it('says of a Vault what has to be written into it for the names that it signs for, and takes a secret where it signs in with one', async () => {
    const settings = { address: 'https://vault.example.test:8200', role: 'web', signInAs: 'a-role-id' };
    const issuer = await connect({ connection: { kind: 'vault', settings, secret: 'a-secret-id' } });
    expect(issuer.setup.map(({ title }) => title)).toEqual(['What Hostmaster may do', 'Which certificates it may have signed']);
    expect(issuer.setup[1]?.command).toContain("'allowed_domains=corp.test,dev.other.test'");
    expect((await change(issuer, { suffixes: ['other.test'] })).setup[1]?.command).toContain("'allowed_domains=other.test'");
    expect(JSON.stringify(issuer)).not.toContain('a-secret-id');
    const paths = (connection: object) =>
      issuerInputOf(kinds)
        .safeParse({ ...draft(), connection: { kind: 'vault', ...connection } })
        .error?.issues.map(({ path }) => path.join('.'));
    const kubernetes = { ...settings, signIn: 'kubernetes', signInAs: 'hostmaster' };
    expect([paths({ settings }), paths({ settings: kubernetes, secret: 'x' })]).toEqual([['connection.secret'], ['connection.secret']]);
    expect([paths({ settings: kubernetes }), paths({ settings: { ...settings, signIn: 'token', signInAs: '' }, secret: 'hvs.x' })]).toEqual(
      [undefined, undefined],
    );
    expect(paths({ settings: { ...settings, signIn: 'token' }, secret: 'hvs.x' })).toEqual(['connection.settings.signInAs']);
    for (const odd of [
      { mount: 'a//b' },
      { mount: 'pki?x=1' },
      { mount: '../sys' },
      { role: 'a/b' },
      { role: 'a.' },
      { address: 'http://vault.example.test' },
      { address: 'https://a:b@vault.example.test' },
    ])
      expect(paths({ settings: { ...settings, ...odd }, secret: 'x' })).toEqual([`connection.settings.${Object.keys(odd)[0]}`]);
  });

  it('names everything that is wrong at once', async () => {
    const wrong = connect({ suffixes: ['corp.test', 'nowhere.test', '*.corp.test', 'com'], rootPem: toPem(intermediate) });
    expect(await refused(wrong)).toEqual([
      'invalid-input',
      'suffixes.1 suffix-within-zone',
      'suffixes.2 hostname-wildcard',
      'suffixes.3 public-suffix',
      'rootPem root-certificate',
    ]);
  });

  it.each([
    ['no PEM', () => 'no PEM'],
    ['a damaged certificate beside a whole one', () => `${toPem(root)}-----BEGIN CERTIFICATE-----\nMIIB\n`],
    ['five roots', () => toPem(root).repeat(5)],
    ['one that is not valid yet', async () => toPem((await testAuthority(['corp.test'], new Date('2027-01-01T00:00:00Z'))).root)],
    ['one that has expired', async () => toPem((await testAuthority(['corp.test'], new Date('1990-01-01T00:00:00Z'))).root)],
  ])('takes no root from %s', async (_, pem) => {
    expect(await refused(connect({ rootPem: await pem() }))).toEqual(['invalid-input', 'rootPem root-certificate']);
  });

  it('takes no name of what is made here, and no kind that is made here', () => {
    const refusedAt = (more: object) =>
      issuerInputOf(kinds)
        .safeParse({ ...draft(), ...more })
        .error?.issues.map(({ path }) => path.join('.'));
    for (const slug of ['root', 'internal-ca-7', 'Upper', '']) expect(refusedAt({ slug }), slug).toContain('slug');
    expect(refusedAt({ connection: { kind: 'internal-ca', settings: {} } })).toEqual(['connection.kind']);
  });

  it('of two of one short name connects one', async () => {
    const results = await Promise.allSettled([1, 2, 3].map(() => connect({ slug: 'raced' })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'already-exists' });
    await expect(connect({ slug: 'raced' })).rejects.toThrow('There is an issuer raced already.');
  });

  it('is made a form of: every kind describes itself, and none that is made here', async () => {
    const answer = await listIssuerKinds(harness.ctxFor(await harness.build.auditor()));
    expect(issuerKindList.parse(answer)).toEqual(answer);
    expect(answer.rows.map(({ kind, secretOptional }) => [kind, secretOptional])).toEqual([
      ['acme', true],
      ['vault', true],
      ['acm', false],
      ['key-vault', false],
    ]);
  });
});

describe('a change of an issuer', () => {
  it('takes everything that is said of it, and keeps what became of what in the audit trail', async () => {
    const issuer = await connect();
    const changed = await change(issuer, { name: 'Another CA', suffixes: ['other.test'], rootPem: toPem(root) });
    expect(changed).toMatchObject({ name: 'Another CA', permittedSuffixes: ['other.test'], connection: issuer.connection, version: 2 });
    expect((await told(issuer.id)).detail).toEqual({
      before: { name: 'A CA', suffixes: ['corp.test', 'dev.other.test'], roots: [] },
      after: { name: 'Another CA', suffixes: ['other.test'], roots: [expect.any(String)] },
      newSecret: false,
    });
  });

  it('leaves connection and secret alone where it does not say where the issuer is, and says a new secret alone', async () => {
    const issuer = await connect({ connection: bound(secret) });
    const { secretCiphertext } = await rowOf(issuer.id);
    expect(await change(issuer, { name: 'Renamed' })).toMatchObject({ connection: issuer.connection });
    expect((await rowOf(issuer.id)).secretCiphertext).toEqual(secretCiphertext);
    expect((await told(issuer.id)).detail).toEqual({ before: { name: 'A CA' }, after: { name: 'Renamed' }, newSecret: false });
    await change({ ...issuer, version: 2 }, { name: 'Renamed', connection: bound(Buffer.from('another secret').toString('base64url')) });
    expect((await rowOf(issuer.id)).secretCiphertext).not.toEqual(secretCiphertext);
    expect((await told(issuer.id)).detail).toEqual({ before: {}, after: {}, newSecret: true, tested: false });
  });

  it('that says what is said already raises no version and is not told of', async () => {
    const issuer = await connect();
    const events = () => harness.db.auditEvent.count({ where: { subjectId: issuer.id } });
    const before = await events();
    expect(await change(issuer)).toEqual({ ...issuer, tested: null });
    expect(await change(issuer, { connection: { kind: 'acme', settings: { directory } } })).toEqual({ ...issuer, tested: false });
    expect(await events()).toBe(before);
    expect(await change(issuer, { name: 'Another' })).toMatchObject({ version: 2 });
    await expect(change(issuer, { name: 'Another' })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('to another address takes no secret there that it was not given with', async () => {
    const issuer = await connect({ connection: bound(secret) });
    const elsewhere = { kind: 'acme', settings: { directory: 'https://elsewhere.example.test/directory' } };
    expect(await change(issuer, { connection: elsewhere })).toMatchObject({ connection: { settings: { externalKeyId: '' } } });
    expect(await rowOf(issuer.id)).toMatchObject({ secretKeyId: null, secretCiphertext: null });
  });

  it('holds what is said against the bounds of a new issuer', async () => {
    const issuer = await connect();
    expect(await refused(change(issuer, { suffixes: ['nowhere.test'], rootPem: 'x' }))).toEqual([
      'invalid-input',
      'suffixes.0 suffix-within-zone',
      'rootPem root-certificate',
    ]);
    expect(await rowOf(issuer.id)).toMatchObject({ version: 1 });
  });

  it('keeps the kind, by which contracts ask for it', async () => {
    const issuer = await connect();
    await harness.db.issuer.update({ where: { id: issuer.id }, data: { kind: 'vault' } });
    expect(await refused(change(issuer, { connection: { kind: 'acme', settings: { directory } } }))).toEqual([
      'invalid-input',
      'connection.kind issuer-kind',
    ]);
    await harness.db.issuer.update({ where: { id: issuer.id }, data: { kind: 'acme' } });
  });

  it('leads no order to a CA that knows nothing of it, and lets one that nothing was ordered from lead to another', async () => {
    const issuer = await connect();
    const elsewhere = { connection: { kind: 'acme', settings: { directory: 'https://elsewhere.example.test/directory' } } };
    const moved = await change(issuer, elsewhere);
    const team = await harness.build.team();
    const endpoint = await harness.build.endpoint({ hostname: 'ordered.corp.test', team, zone: await harness.build.zone({ team }) });
    const row = { names: [endpoint.hostname], keyAlgorithm: 'ecdsa-p256', csr: Buffer.from('csr'), keyLabel: 'a', resume: {} };
    await harness.db.certificateOrder.create({ data: { ...row, endpointId: endpoint.id, teamId: team.id, issuerId: issuer.id } });
    const back = { connection: { kind: 'acme', settings: { directory } } };
    expect(await refused(change(moved, back))).toEqual(['invalid-input', 'connection.settings.directory issuer-identity']);
    expect(await rowOf(issuer.id)).toMatchObject({ version: 2 });
    const contact = { directory: elsewhere.connection.settings.directory, contact: 'ca@example.com' };
    expect(await change(moved, { connection: { kind: 'acme', settings: contact } })).toMatchObject({ version: 3 });
  });

  it('of two that read the same issuer, the second is told and changes nothing', async () => {
    const issuer = await connect();
    const results = await Promise.allSettled(['one', 'two', 'three'].map((name) => change(issuer, { name })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' });
    await expect(change(issuer)).rejects.toThrow(`The issuer ${issuer.slug} was changed since version 1.`);
    await expect(change({ ...issuer, version: 9 })).rejects.toThrow(`The issuer ${issuer.slug} never had version 9; the newest is 2.`);
  });
});

describe('stopping an issuer', () => {
  it('is kept with its time, and taken back; each once', async () => {
    const issuer = await connect();
    expect(await stopIssuer(ctx(), issuer)).toMatchObject({ stoppedAt: harness.clock.now().toISOString(), version: 1 });
    expect(await told(issuer.id)).toMatchObject({ action: 'issuer.stop', subject: issuer.slug });
    await expect(stopIssuer(ctx(), issuer)).rejects.toThrow(`The issuer ${issuer.slug} was stopped already.`);
    expect(await resumeIssuer(ctx(), issuer)).toMatchObject({ stoppedAt: null });
    expect(await told(issuer.id)).toMatchObject({ action: 'issuer.resume', subject: issuer.slug });
    await expect(resumeIssuer(ctx(), issuer)).rejects.toThrow(`The issuer ${issuer.slug} is not stopped.`);
  });
});

describe('removing an issuer', () => {
  it('takes it with its secret, and its short name is free', async () => {
    const issuer = await connect({ slug: 'gone', connection: bound(secret) });
    await removeIssuer(ctx(), issuer);
    await expect(getIssuer(ctx(), issuer)).rejects.toMatchObject({ code: 'not-found' });
    expect(await told(issuer.id)).toMatchObject({ action: 'issuer.remove', subject: 'gone', detail: { name: 'A CA' } });
    await expect(connect({ slug: 'gone' })).resolves.toMatchObject({ slug: 'gone' });
  });

  it('is refused while an order is of it, with how many there are and what can be done', async () => {
    const issuer = await connect();
    const zone = await harness.db.zone.findFirstOrThrow({ where: { apex: 'corp.test' } });
    const [endpoint] = await harness.build.endpoints([{ hostname: 'orders.corp.test', team, zone }]);
    const order = {
      endpointId: endpoint?.id ?? '',
      teamId: team.id,
      issuerId: issuer.id,
      names: [],
      keyAlgorithm: 'ecdsa-p256',
      csr: Buffer.from(''),
      keyLabel: 'x',
      resume: {},
    };
    const { id } = await harness.db.certificateOrder.create({ data: order });
    await expect(removeIssuer(ctx(), issuer)).rejects.toMatchObject({
      code: 'in-use',
      message: `The issuer ${issuer.slug} has 1 order and 0 certificates, which are asked on and revoked through it.`,
      remedy:
        'Stop it: then nothing new is ordered from it. Orders that came to nothing are forgotten 30 days later; it can be removed then.',
    });
    await harness.db.certificateOrder.delete({ where: { id } });
    await removeIssuer(ctx(), issuer);
  });
});

describe('whatever is done to an issuer', () => {
  it('is for platform admins', async () => {
    const issuer = await connect();
    for (const actor of [await harness.build.maintainer(team), await harness.build.reviewer(), await harness.build.auditor()]) {
      const asked = harness.ctxFor(actor);
      const input = issuerChangeOf(kinds).parse({ id: issuer.id, version: 1, name: 'x', suffixes: ['corp.test'] });
      for (const tried of [
        () => connectIssuer(asked, issuerInputOf(kinds).parse(draft())),
        () => updateIssuer(asked, input),
        () => stopIssuer(asked, issuer),
        () => resumeIssuer(asked, issuer),
        () => removeIssuer(asked, issuer),
      ])
        await expect(tried()).rejects.toMatchObject({ code: 'forbidden' });
    }
  });

  it('is, of one that is made here, to stop and to resume it', async () => {
    const own = await internal();
    expect(await stopIssuer(ctx(), own)).toMatchObject({ connection: null, stoppedAt: harness.clock.now().toISOString() });
    expect(await resumeIssuer(ctx(), own)).toMatchObject({ stoppedAt: null });
  });

  it('is otherwise not done to one that is made here, nor to one that is not there', async () => {
    const own = await internal();
    for (const [id, code] of [
      [own.id, 'unsupported'],
      [platform.id, 'not-found'],
    ] as const)
      for (const tried of [() => change({ id, version: 1 }), () => removeIssuer(ctx(), { id })])
        await expect(tried()).rejects.toMatchObject({ code });
    for (const tried of [stopIssuer, resumeIssuer]) await expect(tried(ctx(), platform)).rejects.toMatchObject({ code: 'not-found' });
    expect(await getIssuer(ctx(), own)).toMatchObject({ connection: null });
  });
});
