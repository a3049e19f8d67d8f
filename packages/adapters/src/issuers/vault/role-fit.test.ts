// What is predicted of a role is held against what the fake of Vault does, which was written apart: an order that is let through is
// signed, one that is refused would have been refused, and the change that is shown has it signed.
import { generateKeyPairSync } from 'node:crypto';
import { buildCsr } from '@hostmaster/core/pki/build-csr';
import { children, readDer, readOid } from '@hostmaster/core/pki/der-reader';
import { checkPublicKey } from '@hostmaster/core/pki/key-policy';
import { type LeafContent, purposes } from '@hostmaster/core/pki/leaf-content';
import { signerFor } from '@hostmaster/core/pki/signer';
import { vaultRole } from '@hostmaster/core/vault/role';
import type { RoleOrder } from '@hostmaster/core/vault/role-fault';
import { roleFaults } from '@hostmaster/core/vault/role-fit';
import { changeForNames, nameFault } from '@hostmaster/core/vault/role-names';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allowsName, csrParts, type FakeRole, roleOf } from '../../testing/vault/fake-role.ts';
import { purposesOf, refusalOf } from '../../testing/vault/fake-role-content.ts';

const labels = ['a', 'api', 'example', 'test', 'xn--mnchen-3ya', 'localhost', 'localdomain', 'Example'];
const host = fc.array(fc.constantFrom(...labels.slice(0, 5)), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
const local = fc.constantFrom('localhost', 'api.localhost', 'localdomain', 'a.b.localdomain');
const name = fc.oneof({ weight: 6, arbitrary: host }, local).chain((one) => fc.constantFrom(one, `*.${one}`));
const domain = fc.oneof(
  host,
  fc.array(fc.constantFrom(...labels, '*'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.')),
  fc.constantFrom('*', '*test', 'a*', '*.example.*'),
);
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 4 });
const flags = fc.record({
  allow_any_name: fc.boolean(),
  allow_bare_domains: fc.boolean(),
  allow_glob_domains: fc.boolean(),
  allow_localhost: fc.boolean(),
  allow_subdomains: fc.boolean(),
  allow_wildcard_certificates: fc.boolean(),
  enforce_hostnames: fc.boolean(),
  require_cn: fc.boolean(),
  use_csr_common_name: fc.boolean(),
  use_csr_sans: fc.boolean(),
});
const keyed = fc.constantFrom(
  { key_type: 'any', key_bits: 0 },
  { key_type: 'rsa', key_bits: 2048 },
  { key_type: 'rsa', key_bits: 4096 },
  { key_type: 'ec', key_bits: 256 },
  { key_type: 'ec', key_bits: 384 },
  { key_type: 'ec', key_bits: 521 },
  { key_type: 'ed25519', key_bits: 0 },
);
const role = fc
  .tuple(flags, keyed, fc.array(domain, { maxLength: 4 }))
  .map(([a, b, allowed_domains]): FakeRole => roleOf({ ...a, ...b, allowed_domains }));

it('a name is let through exactly where Vault lets it through, and with the change that is shown it does', () => {
  fc.assert(
    fc.property(role, name, (written, one) => {
      const read = vaultRole.parse(written);
      expect(nameFault(read, one) === null).toBe(allowsName(written, one));
      const change = changeForNames(read, [one]);
      expect(Object.keys(change).length > 0).toBe(!allowsName(written, one));
      expect(allowsName(withChange(written, change), one)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

const lists = ['allowed_domains', 'allowed_ip_sans_cidr', 'allowed_uri_sans', 'ext_key_usage', 'ext_key_usage_oids'];

/** As `vault patch` reads what the command says. */
function withChange(written: FakeRole, change: Readonly<Record<string, string>>): FakeRole {
  const fields = Object.entries(change).map(([field, text]) => [
    field,
    lists.includes(field)
      ? text.split(',').filter((each) => each !== '')
      : field === 'key_bits'
        ? Number(text)
        : field === 'key_type'
          ? text
          : text === 'true',
  ]);
  return { ...written, ...Object.fromEntries(fields) };
}

const keys = [
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
].map(signerFor);
const longName = `${'a'.repeat(63)}.example.test`;

const identity = 'spiffe://api.example.test/db';
const content: fc.Arbitrary<LeafContent> = fc.record({
  usages: fc.constantFrom<LeafContent['usages'][]>(['server'], ['client'], ['server', 'client']),
  addresses: fc.constantFrom<string[][]>([], ['10.1.2.3'], ['10.1.2.3', 'fd00::1']),
  spiffeId: fc.constantFrom(null, identity),
  mustStaple: fc.constant(false),
});
const others = fc.record({
  allow_ip_sans: fc.boolean(),
  allowed_ip_sans_cidr: fc.constantFrom<string[][]>([], ['10.0.0.0/8'], ['192.168.0.0/16', 'fc00::/7'], ['10.1.0.0/16', 'fd00::1/128']),
  allowed_uri_sans: fc.constantFrom<string[][]>([], [identity], ['spiffe://*.example.test/*'], ['spiffe://other.test/*', 'https://*']),
});
const used = fc.record({
  client_flag: fc.boolean(),
  server_flag: fc.boolean(),
  code_signing_flag: fc.boolean(),
  ext_key_usage: fc.constantFrom<string[][]>([], ['ClientAuth'], ['serverauth', 'TimeStamping'], ['Any']),
  ext_key_usage_oids: fc.constantFrom<string[][]>([], ['1.3.6.1.5.5.7.3.2'], ['1.3.6.1.4.1.311.20.2.2']),
});

/** Whether what the fake would sign is for what was ordered; what is for servers may be for more. */
function isForThat(written: FakeRole, { usages }: LeafContent): boolean {
  const extension = purposesOf(written);
  const given = extension === null ? null : children(readDer(children(readDer(extension))[1]?.content ?? new Uint8Array())).map(readOid);
  const wanted = usages.map((usage) => purposes[usage]);
  if (usages.join() === 'server') return given === null || given.includes(purposes.server);
  return given !== null && [...given].sort().join() === [...wanted].sort().join();
}

it('an order is refused before it is asked exactly where Vault would refuse it, or sign it for another use, and with the change that is shown it signs', async () => {
  const order = fc.tuple(fc.oneof({ weight: 5, arbitrary: names }, fc.constant([longName])), fc.constantFrom(...keys), content);
  const whole = fc.tuple(role, others, used).map(([a, b, c]): FakeRole => ({ ...a, ...b, ...c }));
  await fc.assert(
    fc.asyncProperty(whole, order, async (written, [wanted, signer, holds]) => {
      const csr = csrParts(await buildCsr(signer, wanted, holds));
      const commonName = wanted.find((one) => one.length <= 64) ?? null;
      const request = {
        ...(commonName === null ? {} : { common_name: commonName }),
        alt_names: wanted.join(','),
        ip_sans: holds.addresses.join(','),
        uri_sans: holds.spiffeId ?? '',
      };
      const asked: RoleOrder = { names: wanted, key: checkPublicKey(csr.spki), commonName, content: holds };
      const faults = roleFaults(vaultRole.parse(written), asked);
      const refusal = refusalOf(written, csr, request);
      const good = refusal === null && isForThat(written, holds);
      expect(faults.length > 0, `${refusal} ${JSON.stringify(faults)}`).toBe(!good);
      const mended = withChange(written, Object.assign({}, ...faults.map(({ change }) => change)));
      expect(refusalOf(mended, csr, request)).toBeNull();
      expect(isForThat(mended, holds)).toBe(true);
    }),
    { numRuns: 1500 },
  );
});
