// The issuer that speaks with Vault against a real one, or OpenBao: set up as the guide says, it passes the conformance suite; what is
// predicted of a role is what the engine does; and the fake answers what the real one answers.
// needs: vault
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vault } from '@hostmaster/adapters/issuers/vault/vault';
import { allowsName, csrParts, type FakeRole, roleOf } from '@hostmaster/adapters/testing/vault/fake-role';
import { refusalOf } from '@hostmaster/adapters/testing/vault/fake-role-content';
import { widerRole } from '@hostmaster/adapters/testing/vault/fake-vault';
import { systemClock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import { buildCsr } from '@hostmaster/core/pki/build-csr';
import { splitPem, toPem } from '@hostmaster/core/pki/chain';
import { leafFault } from '@hostmaster/core/pki/issued';
import { issuerConformance } from '@hostmaster/core/pki/issuer-conformance';
import { type LeafContent, serverContent } from '@hostmaster/core/pki/leaf-content';
import { signerFor } from '@hostmaster/core/pki/signer';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startVaultServer } from './vault-server.ts';

const server = await startVaultServer();
afterAll(() => server.stop());
process.stdout.write(`against ${server.version}\n`);
const text = (value: unknown, ...path: string[]): string => z.string().parse(path.reduce<unknown>((at, name) => Object(at)[name], value));

/** A root in one mount, and below it the intermediate that signs, as a PKI of Vault usually is. */
async function setUp(): Promise<Uint8Array> {
  await server.shell('vault secrets enable -path=pki-root -max-lease-ttl=87600h pki && vault secrets enable -max-lease-ttl=43800h pki');
  const root = await server.api('POST', 'pki-root/root/generate/internal', {
    common_name: 'Example Root',
    key_type: 'ec',
    key_bits: 384,
    ttl: '87600h',
  });
  const csr = await server.api('POST', 'pki/intermediate/generate/internal', {
    common_name: 'Example Issuing',
    key_type: 'ec',
    key_bits: 256,
  });
  const signed = await server.api('POST', 'pki-root/root/sign-intermediate', {
    csr: text(csr, 'data', 'csr'),
    common_name: 'Example Issuing',
    ttl: '43800h',
  });
  const chain = `${text(signed, 'data', 'certificate')}\n${text(root, 'data', 'certificate')}`;
  await server.api('POST', 'pki/intermediate/set-signed', { certificate: chain });
  const [der] = splitPem(text(root, 'data', 'certificate'));
  return der ?? new Uint8Array();
}
const root = await setUp();

/** What an operator follows: every command of the first two steps that needs no cluster, in their order. */
const guide = readFileSync(join(import.meta.dirname, '../../../../docs/guides/vault.md'), 'utf8');
const [, steps = ''] = /^## 1\.([\s\S]*?)^## 3\./m.exec(guide) ?? [];
const blocks = [...steps.matchAll(/```sh\n([\s\S]*?)```/g)]
  .map(([, command = '']) => command)
  .filter((command) => !command.includes('auth/kubernetes'));
const [written = '', widened = '', appRole = '', ownToken = ''] = blocks;
for (const command of [written, widened]) await server.shell(command.replaceAll('corp.example.test', 'example.test'));
const [roleId = '', secretId = ''] = (await server.shell(appRole))
  .trim()
  .split('\n')
  .slice(-2)
  .flatMap((line) => line.match(/[0-9a-f-]{36}/g) ?? []);
const token = (await server.shell(ownToken)).trim();

const spiffeId = 'spiffe://orders.example.test/api';
const settings = { address: server.address, role: 'hostmaster', signInAs: roleId, trust: server.trust, addresses: '127.0.0.0/8' };
const open = (changes: object = {}, secret = secretId) =>
  vault.open(
    {
      slug: 'real',
      settings: vault.settings.parse({ ...settings, ...changes }),
      profile: null,
      chain: [root],
      key: null,
      secret: Buffer.from(secret),
    },
    { clock: systemClock, serviceAccount: async () => 'of nobody' },
  );

issuerConformance(
  { describe, it, expect },
  vault,
  async () => ({ issuer: open(), root, permittedSuffix: 'example.test', foreignSuffix: 'example.com', now: () => new Date() }),
  async () => settings,
);

const signal = () => AbortSignal.timeout(60_000);
const keys = {
  p256: signerFor(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
  p384: signerFor(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey),
  rsa: signerFor(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
};
const orderOf = async (
  names: readonly string[] = ['orders.example.test'],
  signer = signerFor(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
) => ({
  id: 'order-1',
  names,
  csr: await buildCsr(signer, names),
});
const obtain = async (issuer = open(), order?: Awaited<ReturnType<typeof orderOf>>) => {
  const wanted = order ?? (await orderOf());
  const begun = await issuer.issue(wanted, issuer.begin(wanted), signal());
  return begun.outcome === 'issued' ? begun : issuer.issue(wanted, begun.resume, signal());
};
const failing = (work: Promise<unknown>): Promise<HostmasterError> =>
  work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => {
      if (error instanceof HostmasterError) return error;
      throw error;
    },
  );

it('the role as the guide has it written needs no other one', async () => {
  expect([roleId, secretId, token].map((each) => each.length > 20)).toEqual([true, true, true]);
  expect((await obtain()).outcome).toBe('issued');
});

it.each<[string, Partial<FakeRole>, Partial<LeafContent>]>([
  ['for clients alone', { server_flag: false }, { usages: ['client'] }],
  ['for both, with addresses and a SPIFFE ID', {}, { usages: ['server', 'client'], addresses: ['10.1.2.3', 'fd00::1'], spiffeId }],
  ['with these from the CSR', { use_csr_sans: true }, { usages: ['server', 'client'], addresses: ['10.1.2.3'], spiffeId }],
])('signs %s, as the fake does', async (_, changes, said) => {
  const content = { ...serverContent, ...said };
  const fields = roleOf({ ...widerRole(['example.test']), ...changes });
  await server.api('POST', 'pki/roles/holding', { ...fields, max_ttl: '24h' });
  const names = ['orders.example.test'];
  const csr = await buildCsr(keys.p256, names, content);
  const asked = { alt_names: names.join(','), ip_sans: content.addresses.join(','), uri_sans: content.spiffeId ?? '' };
  const signed = await server.api('POST', 'pki/sign/holding', { csr: toPem(csr, 'CERTIFICATE REQUEST'), ...asked });
  const [leaf = new Uint8Array()] = splitPem(text(signed, 'data', 'certificate'));
  expect(leafFault({ names, content }, leaf)).toBeNull();
});

it('refuses addresses and URIs in the words of the fake', async () => {
  const names = ['orders.example.test'];
  const holds = { ...serverContent, addresses: ['10.1.2.3'], spiffeId };
  const csr = await buildCsr(keys.p256, names, holds);
  const asked = { alt_names: names.join(','), ip_sans: '10.1.2.3', uri_sans: spiffeId };
  for (const changes of [
    { allow_ip_sans: false },
    { allow_ip_sans: false, use_csr_sans: true },
    { allowed_uri_sans: [] },
    { allowed_uri_sans: [], use_csr_sans: true },
    { allowed_uri_sans: ['spiffe://other.test/*'] },
    { allowed_uri_sans: ['spiffe://other.test/*'], use_csr_sans: true },
  ]) {
    const fields = roleOf({ ...widerRole(['example.test']), ...changes });
    await server.api('POST', 'pki/roles/holding', { ...fields, max_ttl: '24h' });
    const real = await server.api('POST', 'pki/sign/holding', { csr: toPem(csr, 'CERTIFICATE REQUEST'), ...asked }).catch(String);
    expect(real).toContain(`"errors":[${JSON.stringify(refusalOf(fields, csrParts(csr), asked))}]`);
  }
});

it('a token as the guide has it made signs in', async () => {
  expect((await obtain(open({ signIn: 'token', signInAs: '' }, token))).outcome).toBe('issued');
});

it.each<[string, () => ReturnType<typeof open>, object]>([
  [
    'a secret id that is none',
    () => open({}, 'wrong-secret'),
    { movesNext: 'whoever runs Hostmaster', message: expect.stringMatching(/^real does not let Hostmaster sign in \(approle\): /) },
  ],
  [
    'a token that is none',
    () => open({ signIn: 'token', signInAs: '' }, 'hvs.wrong'),
    { movesNext: 'whoever runs Hostmaster', message: expect.stringMatching(/sign in \(token\): .*permission denied/) },
  ],
  [
    'an auth method that is not there',
    () => open({ signInMount: 'elsewhere' }),
    { movesNext: 'whoever runs Hostmaster', message: expect.stringMatching(/sign in \(approle\): /) },
  ],
  [
    'a namespace that is not there',
    () => open({ namespace: 'nowhere' }),
    { movesNext: 'whoever runs Hostmaster', message: expect.stringMatching(/^real has nothing at auth\/approle\/login: /) },
  ],
  [
    'a mount that its policy knows nothing of',
    () => open({ mount: 'other' }),
    { message: expect.stringMatching(/^real does not allow other\/sign\/hostmaster with .*: permission denied\. Its/) },
  ],
  [
    'a role that its policy knows nothing of',
    () => open({ role: 'other' }),
    { message: expect.stringMatching(/^real does not allow pki\/sign\/other with .*: permission denied\. Its/) },
  ],
])('%s is said', async (_, opened, expected) => {
  expect(await failing(obtain(opened()))).toMatchObject({ code: 'issuer-unavailable', ...expected });
});

describe('with a token that may do everything', () => {
  let all = '';
  const opened = async (changes: object = {}) => {
    all ||=
      (
        await server.shell(
          `vault policy write all - <<'EOF'\npath "*" { capabilities = ["create", "read", "update", "list", "patch"] }\nEOF\nvault token create -policy=all -field=token`,
        )
      )
        .trim()
        .split('\n')
        .at(-1) ?? '';
    return open({ signIn: 'token', signInAs: '', ...changes }, all);
  };
  it.each<[string, object, RegExp]>([
    ['a mount', { mount: 'other' }, /^real has nothing at other\/roles\/hostmaster: .*no handler for route/],
    ['a role', { role: 'other' }, /^real has no role other at pki\./],
  ])('%s that is not there is for whoever connected it', async (_, changes, message) => {
    expect(await failing(obtain(await opened(changes)))).toMatchObject({
      code: 'issuer-unavailable',
      movesNext: 'whoever runs Hostmaster',
      message: expect.stringMatching(message),
    });
  });

  it('the command that a refusal names has the order signed, and leaves the rest of the role as it was', async () => {
    await server.api('POST', 'pki/roles/mend', {
      allowed_domains: 'corp.test',
      allow_subdomains: true,
      ttl: '5h',
      server_flag: false,
      no_store: true,
    });
    const order = await orderOf(['a.corp.test', 'shop.example.test', '*.corp.test'], keys.p384);
    const issuer = await opened({ role: 'mend' });
    const { message } = await failing(obtain(issuer, order));
    const [, command = ''] = /allows that with: (.*)$/s.exec(message) ?? [];
    await server.shell(command);
    expect((await obtain(issuer, order)).outcome).toBe('issued');
    expect(await server.api('GET', 'pki/roles/mend')).toMatchObject({ data: { ttl: 18_000, allow_subdomains: true } });
  });
});

it('one that is sealed is waited for, and signs once it is unsealed', async () => {
  await server.api('POST', 'sys/seal', {});
  expect(await failing(obtain())).toMatchObject({ message: 'real is sealed, and signs again once it is unsealed.' });
  await server.unseal();
  // It takes a moment until it is the active node again.
  await expect
    .poll(
      () =>
        obtain().then(
          ({ outcome }) => outcome,
          () => 'not yet',
        ),
      { timeout: 30_000 },
    )
    .toBe('issued');
});

const labels = ['a', 'api', 'example', 'test', 'xn--mnchen-3ya'];
const host = fc.array(fc.constantFrom(...labels), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
const name = host.chain((one) => fc.constantFrom(one, `*.${one}`));
const domain = fc.oneof(
  host,
  fc.array(fc.constantFrom(...labels, '*', 'Example'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.')),
);
const role = fc
  .tuple(
    fc.record({
      allow_any_name: fc.oneof({ weight: 2, arbitrary: fc.constant(false) }, fc.constant(true)),
      allow_bare_domains: fc.boolean(),
      allow_glob_domains: fc.boolean(),
      allow_subdomains: fc.boolean(),
      allow_wildcard_certificates: fc.boolean(),
      require_cn: fc.boolean(),
      use_csr_common_name: fc.boolean(),
      use_csr_sans: fc.boolean(),
    }),
    fc.constantFrom(
      { key_type: 'any', key_bits: 0 },
      { key_type: 'rsa', key_bits: 2048 },
      { key_type: 'rsa', key_bits: 3072 },
      { key_type: 'ec', key_bits: 256 },
      { key_type: 'ec', key_bits: 384 },
    ),
    fc.array(domain, { maxLength: 3 }),
  )
  .map(([flags, key, allowed_domains]): FakeRole => roleOf({ ...flags, ...key, allowed_domains }));

it('the fake refuses what the real one refuses, in the same words, and signs what it signs', async () => {
  const order = fc.tuple(fc.uniqueArray(name, { minLength: 1, maxLength: 3 }), fc.constantFrom(...Object.values(keys)));
  let signed = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(role, order, async (fields, [names, signer]) => {
      await server.api('POST', 'pki/roles/random', { ...fields, allowed_domains: fields.allowed_domains.join(','), issuer_ref: 'default' });
      const csr = await buildCsr(signer, names);
      const common = names.find((one) => one.length <= 64);
      const asked = { ...(common === undefined ? {} : { common_name: common }), alt_names: names.join(',') };
      const real = await server.api('POST', 'pki/sign/random', { csr: toPem(csr, 'CERTIFICATE REQUEST'), ...asked }).then(
        () => null,
        (error: unknown) => String(error),
      );
      const fake = refusalOf(fields, csrParts(csr), asked);
      if (real === null) signed += 1;
      else refused += 1;
      expect(fake === null, `${fake} / ${real} ${JSON.stringify({ names, fields })}`).toBe(real === null);
      if (real !== null) expect(real).toContain(`"errors":[${JSON.stringify(fake)}]`);
      if (names.length === 1 && fields.key_type === 'any' && !fields.require_cn)
        expect(allowsName(fields, names[0] ?? '')).toBe(real === null);
    }),
    { numRuns: 400 },
  );
  process.stdout.write(`${signed} signed and ${refused} refused alike\n`);
  expect(Math.min(signed, refused)).toBeGreaterThan(10);
});
