// What "Test connection" says of Vault: each fault by itself, with what to do, and nothing is signed for it.
import { systemClock } from '@hostmaster/core/clock';
import { testAuthority } from '@hostmaster/core/pki/testing/authority';
import { afterEach, describe, expect, it } from 'vitest';
import { checksOf } from '../../testing/checks.ts';
import { type FakeVault, type FakeVaultOptions, startFakeVault } from '../../testing/vault/fake-vault.ts';
import { settingsOf, usualPolicy } from '../../testing/vault/ground.ts';
import { vault } from './vault.ts';

const suffixes = ['example.test'];
let fake: FakeVault;
afterEach(() => fake.close());
async function start(options: Partial<FakeVaultOptions> = {}, policy = usualPolicy()): Promise<void> {
  fake = await startFakeVault({ suffixes, ...options });
  fake.auth.grant(policy);
}
type More = { readonly settings?: object; readonly secret?: string; readonly roots?: readonly Uint8Array[] };
const look = ({ settings = {}, secret = fake.auth.secretId, roots = [fake.root] }: More = {}) =>
  checksOf(
    vault,
    {
      slug: 'corp-vault',
      settings: vault.settings.parse(settingsOf(fake, settings)),
      profile: null,
      chain: roots,
      key: null,
      secret: Buffer.from(secret),
      suffixes,
    },
    { clock: systemClock, serviceAccount: async () => fake.auth.serviceAccount },
  );
const failed = (found: Awaited<ReturnType<typeof look>>) => Object.entries(found).flatMap(([name, { ok }]) => (ok === false ? [name] : []));

describe('a test of Vault', () => {
  it('passes as the guide has it set up, and has nothing signed', async () => {
    await start();
    const found = await look();
    expect(failed(found)).toEqual([]);
    expect(Object.keys(found)).toEqual(vault.checks.map(({ name }) => name));
    expect(found.role?.message).toBe('web signs for names below example.test, for wildcards and for the domains themselves.');
    expect(found.chain?.message).toMatch(/ signs, valid until \d+ \w+ \d{4}; above it is .+, which was given\.$/);
    expect(fake.pki.signed).toEqual([]);
    expect(fake.asked.some(({ path }) => path.startsWith('pki/sign'))).toBe(false);
  });

  it.each([
    ['token', () => ({ settings: { signIn: 'token', signInAs: '' }, secret: fake.auth.token(usualPolicy(), 3600) })],
    ['kubernetes', () => ({ settings: { signIn: 'kubernetes', signInAs: fake.auth.kubernetesRole }, secret: '' })],
  ])('signs in by %s, too', async (_, how) => {
    await start();
    expect(failed(await look(how()))).toEqual([]);
  });

  it('says that it is sealed, and asks it for nothing more', async () => {
    await start();
    fake.seal(true);
    const found = await look();
    expect(failed(found)).toEqual(['health']);
    expect(found.health).toMatchObject({ message: 'It is sealed.', remedy: expect.stringContaining('vault operator unseal') });
    expect(found['sign-in']?.ok).toBeNull();
  });

  it('says that a secret is not taken, and repeats it nowhere', async () => {
    await start();
    const secret = 'not-the-secret-id';
    const found = await look({ secret });
    expect(failed(found)).toEqual(['sign-in']);
    expect(found['sign-in']?.remedy).toContain('secret id');
    expect(JSON.stringify(found)).not.toContain(secret);
  });

  it.each([
    ['a mount that is not there', { mount: 'other' }, 'mount', /nothing at other/, '“Mount”'],
    ['a role that is not there', { role: 'other' }, 'role', /has no role other at pki/, 'vault write pki/roles/other'],
  ])('says of %s where to look', async (_, settings, check, message, remedy) => {
    await start({}, { ...usualPolicy('pki', 'other'), 'other/*': ['read', 'list', 'update'] });
    const found = await look({ settings });
    expect(failed(found)).toEqual([check]);
    expect(found[check]?.message).toMatch(message);
    expect(found[check]?.remedy).toContain(remedy);
  });

  it('says that the role does not sign for these names, with the command that has it do so', async () => {
    await start({ roles: { web: { allowed_domains: ['other.test'], allow_subdomains: true } } });
    const found = await look();
    expect(failed(found)).toEqual(['role']);
    expect(found.role?.message).toContain('vault patch pki/roles/web');
    expect(found.role?.message).toContain('allowed_domains=other.test,any-name.example.test');
  });

  it('tells what of the domains a narrower role leaves out', async () => {
    await start({ roles: { web: { allowed_domains: suffixes, allow_subdomains: true, key_type: 'any', require_cn: false } } });
    expect((await look()).role?.message).toBe('web signs for names below example.test, and not for example.test.');
  });

  it('says which rights its policy lacks, with the policy', async () => {
    const { 'pki/revoke': _, ...policy } = usualPolicy();
    await start({}, policy);
    const found = await look();
    expect(failed(found)).toEqual(['rights']);
    expect(found.rights).toMatchObject({ message: 'It lacks update at pki/revoke.', remedy: expect.stringContaining('path "pki/revoke"') });
  });

  it('says that it does not lead to the root that was given', async () => {
    await start();
    const { root } = await testAuthority();
    const found = await look({ roots: [root] });
    expect(failed(found)).toEqual(['chain']);
    expect(found.chain?.remedy).toContain('“Root certificate in PEM”');
  });

  it('without a root says that there was none to hold it against', async () => {
    await start();
    expect((await look({ roots: [] })).chain).toMatchObject({ ok: true, message: expect.stringContaining('No root was given') });
  });

  it.each([
    ['a web page', { status: 200, body: '<html>' }],
    ['numbers for words', { status: 200, body: { initialized: 1, sealed: 0 } }],
    ['a redirection', { status: 307, headers: { location: 'https://elsewhere.test' } }],
  ])('takes %s for no Vault', async (_, said) => {
    await start();
    fake.behave(() => said);
    expect(failed(await look())).toEqual(['health']);
  });
});
