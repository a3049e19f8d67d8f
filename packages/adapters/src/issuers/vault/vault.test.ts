import { systemClock } from '@hostmaster/core/clock';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { issuerConformance } from '@hostmaster/core/pki/issuer-conformance';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeVault, startFakeVault, usualRole, widerRole } from '../../testing/vault/fake-vault.ts';
import { failing, obtain, openVault, orderOf, settingsOf, signal, usualPolicy } from '../../testing/vault/ground.ts';
import { vault } from './vault.ts';

const suffixes = ['example.test'];
let fake: FakeVault;
beforeAll(async () => {
  fake = await startFakeVault({ suffixes });
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.seal(false);
  fake.behave(null);
  fake.auth.grant(usualPolicy());
  fake.pki.writeRole('web', usualRole(suffixes));
});

const own = await startFakeVault({ suffixes, roles: { web: widerRole(suffixes) } });
own.auth.grant(usualPolicy());
afterAll(() => own.close());
issuerConformance(
  { describe, it, expect },
  vault,
  async () => ({
    issuer: openVault(own),
    root: own.root,
    permittedSuffix: 'example.test',
    foreignSuffix: 'example.com',
    now: () => systemClock.now(),
  }),
  async () => settingsOf(own),
);

const callsOf = (path: RegExp) => fake.asked.filter((each) => path.test(`${each.method} ${each.path}`));

describe('signing in', () => {
  it.each<[string, () => Parameters<typeof openVault>[1]]>([
    ['AppRole', () => ({})],
    ['Kubernetes', () => ({ settings: { signIn: 'kubernetes', signInAs: fake.auth.kubernetesRole } })],
    ['a token', () => ({ settings: { signIn: 'token', signInAs: '' }, secret: fake.auth.token(usualPolicy()) })],
  ])('by %s does', async (_, opening) => {
    expect((await obtain(openVault(fake, opening()), await orderOf())).chain).toHaveLength(2);
  });

  it.each<[string, () => Parameters<typeof openVault>[1], RegExp]>([
    ['a secret id that is none', () => ({ secret: 'wrong-secret' }), /\(approle\): invalid role or secret ID "…"\./],
    [
      'a service account that is none',
      () => ({ settings: { signIn: 'kubernetes', signInAs: 'hostmaster' }, serviceAccount: async () => 'x' }),
      /\(kubernetes\)/,
    ],
    [
      'a role of Kubernetes that is none',
      () => ({ settings: { signIn: 'kubernetes', signInAs: 'other' } }),
      /\(kubernetes\): invalid role name "other"/,
    ],
    [
      'a token that is none',
      () => ({ settings: { signIn: 'token', signInAs: '' }, secret: 'hvs.wrong-secret' }),
      /\(token\): permission denied/,
    ],
    ['an auth method that is not there', () => ({ settings: { signInMount: 'elsewhere' } }), /\(approle\): permission denied/],
  ])('with %s waits for whoever runs Hostmaster, and shows no secret', async (_, opening, words) => {
    const error = await failing(obtain(openVault(fake, opening()), await orderOf()));
    expect(error).toMatchObject({
      code: 'issuer-unavailable',
      movesNext: 'whoever runs Hostmaster',
      message: expect.stringMatching(words),
    });
    expect(error.message).toMatch(/^corp-vault does not let Hostmaster sign in/);
    expect(error.message).not.toContain('wrong-secret');
  });

  it('happens once for many orders, and anew before its token ends or once that is refused', async () => {
    fake.auth.grant(usualPolicy(), 600);
    let ahead = 0;
    const issuer = openVault(fake, { clock: { now: () => new Date(Date.now() + ahead * 1000) } });
    const logins = () => callsOf(/^POST auth\/approle\/login/).length;
    const before = logins();
    await obtain(issuer, await orderOf());
    await obtain(issuer, await orderOf());
    expect(logins() - before).toBe(1);
    ahead = 500;
    await obtain(issuer, await orderOf());
    expect(logins() - before).toBe(2);
    // Revoked behind our back.
    for (const { path } of [...fake.asked]) expect(path).not.toContain('hvs.');
    fake.auth.advance(700);
    await obtain(issuer, await orderOf());
    expect(logins() - before).toBe(3);
  });

  it('with a token renews it while it is used, so that it does not end', async () => {
    const token = fake.auth.token(usualPolicy(), 1000);
    let ahead = 0;
    const issuer = openVault(fake, {
      settings: { signIn: 'token', signInAs: '' },
      secret: token,
      clock: { now: () => new Date(Date.now() + ahead * 1000) },
    });
    for (let turn = 0; turn < 6; turn += 1) {
      await obtain(issuer, await orderOf());
      ahead += 700;
      fake.auth.advance(700);
    }
    expect(callsOf(/renew-self/).length).toBeGreaterThan(3);
  });

  it('does not happen again for what a policy refuses every time', async () => {
    fake.auth.grant({ ...usualPolicy(), 'pki/roles/web': [] });
    const issuer = openVault(fake);
    const before = callsOf(/^POST auth\/approle\/login/).length;
    for (let turn = 0; turn < 4; turn += 1) await obtain(issuer, await orderOf());
    expect(callsOf(/^POST auth\/approle\/login/).length - before).toBe(1);
  });

  it('once is not enough where the policy says no: that is said, with the path, and for whom it is', async () => {
    fake.auth.grant({ ...usualPolicy(), 'pki/sign/web': [] });
    const error = await failing(obtain(openVault(fake), await orderOf()));
    expect(error).toMatchObject({
      code: 'issuer-unavailable',
      movesNext: 'whoever runs corp-vault',
      message: 'corp-vault does not allow pki/sign/web with what Hostmaster signs in as: permission denied. Its policy has to.',
    });
  });
});

describe('a namespace and a mount of their own', () => {
  it('are where it is asked, and nowhere else', async () => {
    const other = await startFakeVault({ suffixes, mount: 'team/pki', namespace: 'team-a' });
    try {
      other.auth.grant(usualPolicy('team/pki'));
      const settings = { namespace: '/team-a/', mount: 'team/pki/' };
      expect((await obtain(openVault(other, { settings }), await orderOf())).chain).toHaveLength(2);
      expect(await failing(obtain(openVault(other, { settings: { mount: 'team/pki' } }), await orderOf()))).toMatchObject({
        code: 'issuer-unavailable',
        movesNext: 'whoever runs Hostmaster',
        message: expect.stringContaining('Compare “Sign-in mount” and “Namespace”.'),
      });
    } finally {
      await other.close();
    }
  });
});

describe('what the role would refuse', () => {
  it.each<[string, object, Parameters<typeof orderOf>[0], string]>([
    [
      'keys of another type',
      { key_type: 'rsa', key_bits: 2048 },
      {},
      "signs keys of the type rsa alone, and the order has ecdsa-p256 (key_type). Whoever runs it allows that with: vault patch pki/roles/web 'key_type=any'",
    ],
    [
      'shorter keys',
      { key_type: 'rsa', key_bits: 3072 },
      { rsa: 2048 },
      "signs keys of 3072 bits or more, and the order has rsa-2048 (key_bits). Whoever runs it allows that with: vault patch pki/roles/web 'key_bits=2048'",
    ],
    [
      'other domains',
      { allowed_domains: ['corp.test'] },
      {},
      "does not sign for orders.example.test: its domains are corp.test (allowed_domains). Whoever runs it allows that with: vault patch pki/roles/web 'allowed_domains=corp.test,orders.example.test'",
    ],
    [
      'names below its domains',
      { allow_subdomains: false },
      {},
      "does not sign for orders.example.test: its domains are example.test (allow_subdomains). Whoever runs it allows that with: vault patch pki/roles/web 'allow_subdomains=true'",
    ],
    [
      'wildcards',
      { allow_wildcard_certificates: false },
      { names: ['*.example.test'] },
      "signs no wildcard, such as *.example.test (allow_wildcard_certificates). Whoever runs it allows that with: vault patch pki/roles/web 'allow_wildcard_certificates=true'",
    ],
    [
      'everything that is no client, and two things at once',
      { client_flag: true, server_flag: false, no_store: true },
      {},
      "signs certificates that are not for servers (server_flag); it stores no certificate, so that one whose answer is lost could not be found again (no_store). It signs everything for the same usages: where others rely on those that it has, have another role written, and connect that as an issuer of its own. Whoever runs it allows that with: vault patch pki/roles/web 'server_flag=true' 'no_store=false'",
    ],
    [
      'orders without a common name',
      { require_cn: true },
      { names: [`${'a'.repeat(63)}.example.test`] },
      "asks for a common name, and no name of the order is short enough for one (require_cn). Whoever runs it allows that with: vault patch pki/roles/web 'require_cn=false'",
    ],
  ])('%s is said with the role, the rule and the remedy, and not asked', async (_, changes, order, says) => {
    fake.pki.patchRole('web', changes);
    const asked = () => callsOf(/^POST pki\/sign/).length;
    const before = asked();
    const error = await failing(obtain(openVault(fake), await orderOf(order)));
    expect(error).toMatchObject({ code: 'issuer-refused', message: `The role web at pki of corp-vault ${says}` });
    expect(asked()).toBe(before);
  });

  it('is in Vault’s words where the role may not be read', async () => {
    fake.auth.grant({ ...usualPolicy(), 'pki/roles/web': [] });
    fake.pki.patchRole('web', { allowed_domains: ['corp.test'] });
    expect((await failing(obtain(openVault(fake), await orderOf()))).message).toBe(
      'corp-vault refused: common name orders.example.test not allowed by this role. What its role web allows could not be read before: its policy does not let Hostmaster.',
    );
    fake.pki.writeRole('web', usualRole(suffixes));
    expect((await obtain(openVault(fake), await orderOf())).chain).toHaveLength(2);
  });

  it('because there is no such role is for whoever connected it, whether the policy lets it be read or not', async () => {
    const settings = { role: 'other' };
    for (const roles of [['read'], []] as const) {
      fake.auth.grant({ ...usualPolicy('pki', 'other'), 'pki/roles/other': roles });
      expect(await failing(obtain(openVault(fake, { settings }), await orderOf()))).toMatchObject({
        code: 'issuer-unavailable',
        movesNext: 'whoever runs Hostmaster',
        message: 'corp-vault has no role other at pki. Compare “Role”, or have it written.',
      });
    }
  });
});

describe('a certificate', () => {
  const lifetime = async (changes: object, order: { hours?: number } = {}): Promise<number> => {
    fake.pki.patchRole('web', changes);
    const [leaf] = (await obtain(openVault(fake), { ...(await orderOf()), ...order })).chain;
    const { notBefore, notAfter } = readCertificate(leaf ?? new Uint8Array());
    return Math.round((notAfter.getTime() - notBefore.getTime() - 30_000) / 3_600_000);
  };
  it('is valid for ninety days, or as long as the role allows; one that says itself when they end is asked for no time', async () => {
    expect(await lifetime({})).toBe(90 * 24);
    expect(await lifetime({ max_ttl: 72 * 3600 })).toBe(72);
    expect([await lifetime({}, { hours: 168 }), await lifetime({}, { hours: 48 }), await lifetime({}, { hours: 1 })]).toEqual([72, 48, 1]);
    const end = new Date(Math.floor(Date.now() / 1000) * 1000 + 24 * 3_600_000);
    expect(await lifetime({ not_after: end.toISOString() })).toBe(24);
  });

  it('is revoked through the mount that signed it, also where the role stores none', async () => {
    const issuer = openVault(fake);
    const { chain } = await obtain(issuer, await orderOf());
    const before = fake.pki.revoked();
    await issuer.revoke?.(chain[0] ?? new Uint8Array(), 'superseded', signal());
    await issuer.revoke?.(chain[0] ?? new Uint8Array(), 'superseded', signal());
    expect(fake.pki.revoked() - before).toBe(1);
    fake.auth.grant({ ...usualPolicy(), 'pki/revoke': [] });
    expect(
      await failing(openVault(fake).revoke?.(chain[0] ?? new Uint8Array(), 'superseded', signal()) ?? Promise.resolve()),
    ).toMatchObject({
      code: 'issuer-unavailable',
      message: expect.stringContaining('does not allow pki/revoke'),
    });
  });
});
