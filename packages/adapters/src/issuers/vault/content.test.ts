// What a certificate holds beside names and key, from Vault: what a role would refuse is said before it is asked, and what it signs
// otherwise than ordered is refused.
import { generateKeyPairSync } from 'node:crypto';
import { buildCsr } from '@hostmaster/core/pki/build-csr';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { toPem } from '@hostmaster/core/pki/chain';
import { children, readOid } from '@hostmaster/core/pki/der-reader';
import { readSubjectAltName } from '@hostmaster/core/pki/extensions';
import { readIssued } from '@hostmaster/core/pki/issued';
import { type LeafContent, purposes, serverContent } from '@hostmaster/core/pki/leaf-content';
import { objectIdentifiers as id } from '@hostmaster/core/pki/object-identifiers';
import { signerFor } from '@hostmaster/core/pki/signer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FakeRole } from '../../testing/vault/fake-role.ts';
import { type FakeVault, startFakeVault, usualRole, widerRole } from '../../testing/vault/fake-vault.ts';
import { failing, obtain, openVault, orderOf, usualPolicy } from '../../testing/vault/ground.ts';

const suffixes = ['example.test'];
const spiffeId = 'spiffe://orders.example.test/api';
let fake: FakeVault;
beforeAll(async () => {
  fake = await startFakeVault({ suffixes });
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.behave(null);
  fake.auth.grant(usualPolicy());
  fake.pki.writeRole('web', widerRole(suffixes));
});

const holding = (said: Partial<LeafContent>): LeafContent => ({ ...serverContent, ...said });
const signed = async (content: LeafContent) => {
  const order = await orderOf({ content });
  const { chain } = await obtain(openVault(fake), order);
  return { order, chain };
};
const held = (chain: readonly Uint8Array[]) => {
  const { extensions } = readCertificate(chain[0] ?? new Uint8Array());
  const [names, uses] = [extensions.get(id.subjectAltName), extensions.get(id.extendedKeyUsage)];
  if (names === undefined || uses === undefined) throw new Error('nothing is held');
  const { addresses, uris } = readSubjectAltName(names.value);
  return { addresses, uris, uses: children(uses.value).map(readOid) };
};

describe('a role that lets it', () => {
  it.each<[string, Partial<FakeRole>, Partial<LeafContent>]>([
    ['for clients alone', { server_flag: false }, { usages: ['client'] }],
    ['for servers and clients', {}, { usages: ['server', 'client'] }],
    ['for clients by its words', { server_flag: false, client_flag: false, ext_key_usage: [' clientAUTH '] }, { usages: ['client'] }],
    [
      'for clients by identifier',
      { server_flag: false, client_flag: false, ext_key_usage_oids: [purposes.client] },
      { usages: ['client'] },
    ],
    ['for addresses and a SPIFFE ID', {}, { usages: ['server', 'client'], addresses: ['10.1.2.3', 'fd00::1'], spiffeId }],
    ['for these from the CSR', { use_csr_sans: true }, { usages: ['server', 'client'], addresses: ['10.1.2.3'], spiffeId }],
    [
      'for addresses within its networks',
      { allowed_ip_sans_cidr: ['10.0.0.0/8'] },
      { usages: ['server', 'client'], addresses: ['10.1.2.3'] },
    ],
  ])('signs %s', async (_, changes, said) => {
    fake.pki.patchRole('web', changes);
    const content = holding(said);
    const { order, chain } = await signed(content);
    expect(readIssued(order, chain, new Date()).names).toEqual(order.names);
    expect(held(chain)).toEqual({
      addresses: content.addresses,
      uris: content.spiffeId === null ? [] : [content.spiffeId],
      uses: content.usages.map((usage) => purposes[usage]),
    });
  });

  it('is asked for addresses and URIs in so many words, whatever it takes from the CSR', async () => {
    const before = fake.asked.length;
    await signed(holding({ usages: ['server', 'client'], addresses: ['10.1.2.3', 'fd00::1'], spiffeId }));
    const [call] = fake.asked.slice(before).filter(({ path }) => path === 'pki/sign/web');
    expect(call?.body).toMatchObject({ ip_sans: '10.1.2.3,fd00::1', uri_sans: spiffeId, alt_names: 'orders.example.test' });
    await signed(serverContent);
    expect(Object.keys(Object(fake.asked.findLast(({ path }) => path === 'pki/sign/web')?.body))).not.toContain('ip_sans');
  });

  it('signs for servers also where it is for clients, too: nobody chose that', async () => {
    const { order, chain } = await signed(serverContent);
    expect(readIssued(order, chain, new Date()).names).toEqual(order.names);
  });
});

const alone =
  'It signs everything for the same usages: where others rely on those that it has, have another role written, and connect that as an issuer of its own. ';

describe('a role that does not', () => {
  it.each<[string, Partial<FakeRole>, Partial<LeafContent>, string, string]>([
    [
      'is for servers alone',
      { client_flag: false },
      { usages: ['client'] },
      `signs certificates that are not for clients (client_flag). ${alone}`,
      "'server_flag=false' 'client_flag=true'",
    ],
    [
      'is for servers alone, of one for both',
      { client_flag: false },
      { usages: ['server', 'client'] },
      `signs certificates that are not for clients (client_flag). ${alone}`,
      "'client_flag=true'",
    ],
    [
      'is for servers, too',
      {},
      { usages: ['client'] },
      `signs certificates for servers too, and the order is for clients alone (server_flag). ${alone}`,
      "'server_flag=false'",
    ],
    [
      'is for more',
      { server_flag: false, ext_key_usage: ['TimeStamping'], code_signing_flag: true },
      { usages: ['client'] },
      `signs certificates for code signing, TimeStamping too, and the order is for clients alone (code_signing_flag). ${alone}`,
      "'code_signing_flag=false' 'ext_key_usage='",
    ],
    [
      'is for every use',
      { server_flag: false, client_flag: false },
      { usages: ['client'] },
      `signs certificates for every use (client_flag). ${alone}`,
      "'client_flag=true'",
    ],
    [
      'signs for no address',
      { allow_ip_sans: false },
      { addresses: ['10.1.2.3'] },
      'signs for no address, such as 10.1.2.3 (allow_ip_sans). ',
      "'allow_ip_sans=true'",
    ],
    [
      'signs for other networks',
      { allowed_ip_sans_cidr: ['192.168.0.0/16'] },
      { addresses: ['10.1.2.3', 'fd00::1', '192.168.7.7'] },
      'does not sign for 10.1.2.3, fd00::1: its networks are 192.168.0.0/16 (allowed_ip_sans_cidr). ',
      "'allowed_ip_sans_cidr=192.168.0.0/16,10.1.2.3/32,fd00::1/128'",
    ],
    [
      'signs for no URI',
      { allowed_uri_sans: [] },
      { spiffeId },
      `does not sign for ${spiffeId}: it allows no URI (allowed_uri_sans). `,
      `'allowed_uri_sans=${spiffeId}'`,
    ],
    [
      'signs for other URIs',
      { allowed_uri_sans: ['spiffe://other.test/*'] },
      { spiffeId },
      `does not sign for ${spiffeId}: its URIs are spiffe://other.test/* (allowed_uri_sans). `,
      `'allowed_uri_sans=spiffe://other.test/*,${spiffeId}'`,
    ],
    [
      'signs nothing of all that',
      { ...usualRole(suffixes), allowed_uri_sans: [] },
      { usages: ['client'], addresses: ['10.1.2.3'], spiffeId },
      `signs for no address, such as 10.1.2.3 (allow_ip_sans); it does not sign for ${spiffeId}: it allows no URI (allowed_uri_sans); it signs certificates that are not for clients (client_flag). ` +
        alone,
      `'allow_ip_sans=true' 'allowed_uri_sans=${spiffeId}' 'server_flag=false' 'client_flag=true'`,
    ],
  ])('%s: that is said with the command that allows it, and nothing is asked', async (_, changes, said, says, fields) => {
    fake.pki.patchRole('web', changes);
    const before = fake.asked.length;
    expect(await failing(signed(holding(said)))).toMatchObject({
      code: 'issuer-refused',
      message: `The role web at pki of corp-vault ${says}Whoever runs it allows that with: vault patch pki/roles/web ${fields}`,
    });
    expect(fake.asked.slice(before).some(({ path }) => path.startsWith('pki/sign'))).toBe(false);
  });

  it('may by a template: that depends on who asks, and is Vault’s to say', async () => {
    fake.pki.patchRole('web', { allowed_uri_sans: ['spiffe://{{identity.entity.name}}/*'], allowed_uri_sans_template: true });
    expect((await failing(signed(holding({ spiffeId })))).message).toBe(
      'corp-vault refused: URI Subject Alternative Names were provided via the API which are not valid for this role.',
    );
  });

  it('and may not be read: its refusal is in Vault’s words', async () => {
    fake.auth.grant({ ...usualPolicy(), 'pki/roles/web': [] });
    fake.pki.patchRole('web', { allow_ip_sans: false });
    expect((await failing(signed(holding({ addresses: ['10.1.2.3'] })))).message).toContain(
      'corp-vault refused: IP Subject Alternative Names are not allowed in this role, but was provided [10.1.2.3].',
    );
  });
});

it('a stapled status cannot be required, and is refused before Vault is asked for anything', async () => {
  const before = fake.asked.length;
  expect(await failing(signed(holding({ mustStaple: true })))).toMatchObject({
    code: 'issuer-refused',
    message: 'The PKI engine of corp-vault has no way to require a stapled status (RFC 7633): leave mustStaple out.',
  });
  expect(fake.asked.length).toBe(before);
});

describe('what is signed otherwise than ordered is refused', () => {
  it.each<[string, Partial<FakeRole>, Partial<LeafContent>, string]>([
    ['for servers in place of clients', { client_flag: false }, { usages: ['client'] }, 'for servers, not for clients'],
    ['for servers and clients in place of clients', {}, { usages: ['client'] }, 'for servers and clients, not for clients'],
    ['for clients in place of servers', { server_flag: false }, {}, 'for clients, not for servers'],
    ['for every use', { server_flag: false, client_flag: false }, { usages: ['client'] }, 'for every use, not for clients'],
    [
      'for something else',
      { server_flag: false, client_flag: false, code_signing_flag: true },
      { usages: ['client'] },
      'for 1.3.6.1.5.5.7.3.3, not for clients',
    ],
  ])('%s', async (_, changes, said, why) => {
    // Nothing is known of the role before.
    fake.auth.grant({ ...usualPolicy(), 'pki/roles/web': [] });
    fake.pki.patchRole('web', changes);
    expect(await failing(signed(holding(said)))).toMatchObject({
      code: 'issuer-refused',
      message: `corp-vault signed a certificate ${why}.`,
    });
  });

  it.each<[string, Partial<LeafContent>, Partial<LeafContent>, string]>([
    ['an address less', { addresses: ['10.1.2.3'] }, {}, 'for its hostnames alone, not for 10.1.2.3'],
    ['an identity less', { spiffeId }, {}, `for its hostnames alone, not for ${spiffeId}`],
    ['an address more', {}, { addresses: ['10.1.2.3'] }, 'for 10.1.2.3, not for those alone that were ordered'],
    ['an identity more', {}, { spiffeId }, `for ${spiffeId}, not for those alone that were ordered`],
  ])('with %s', async (_, ordered, got, why) => {
    const order = await orderOf({ content: holding(ordered) });
    const [leaf = new Uint8Array()] = (await signed(holding(got))).chain;
    // As a Vault would that takes what it signs from elsewhere.
    fake.behave(({ path }, answer) =>
      path.startsWith('pki/sign') ? { status: 200, body: { data: { certificate: toPem(leaf), issuing_ca: '', ca_chain: [] } } } : answer,
    );
    expect(await failing(obtain(openVault(fake), order))).toMatchObject({
      code: 'issuer-refused',
      message: `corp-vault signed a certificate ${why}.`,
    });
  });

  it('and what was signed for the same key and names with other content is not taken for it where an answer is lost', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const names = ['orders.example.test'];
    const orderFor = async (content: LeafContent) => ({
      id: 'one',
      names,
      content,
      csr: await buildCsr(signerFor(privateKey), names, content),
    });
    const issuer = openVault(fake);
    const [first, second] = [await orderFor(holding({ addresses: ['10.1.2.3'] })), await orderFor(holding({ addresses: ['10.1.2.4'] }))];
    const { chain, resume } = await obtain(issuer, first);
    expect((await obtain(openVault(fake), first, resume)).chain).toEqual(chain);
    expect(held((await obtain(openVault(fake), second, resume)).chain).addresses).toEqual(['10.1.2.4']);
  });
});

describe('for how long it signs at most', () => {
  const tune = { 'sys/mounts/pki/tune': ['read'] } as const;
  it.each<[string, Partial<FakeRole>, number | null]>([
    ['the role says', { max_ttl: 72 * 3600 }, 72],
    ['the role says, in hours that are whole', { max_ttl: 3 * 3600 - 1 }, 2],
    ['its mount says, where the role does not', { max_ttl: 0 }, 768],
    ['is on a day', { not_after: '2030-01-01T00:00:00Z' }, null],
    ['is less than an hour', { max_ttl: 1800 }, null],
    ['is longer than anybody lives', { max_ttl: 1e300 }, null],
  ])('%s', async (_, changes, hours) => {
    fake.auth.grant({ ...usualPolicy(), ...tune });
    fake.pki.patchRole('web', changes);
    expect(await openVault(fake).longestHours?.(AbortSignal.timeout(30_000))).toBe(hours);
  });

  it('is not known where neither may be read, and nothing is signed for it', async () => {
    const before = fake.pki.signed.length;
    const seen = () => openVault(fake).longestHours?.(AbortSignal.timeout(30_000));
    fake.pki.patchRole('web', { max_ttl: 0 });
    expect(await seen()).toBeNull();
    fake.auth.grant({ ...usualPolicy(), ...tune, 'pki/roles/web': [] });
    expect(await seen()).toBeNull();
    expect(fake.pki.signed.length).toBe(before);
  });

  it.each([[{ data: { max_lease_ttl: 'for ever' } }], [{}], ['<html>']])('is not taken from what makes no sense (%j)', async (body) => {
    fake.auth.grant({ ...usualPolicy(), ...tune });
    fake.pki.patchRole('web', { max_ttl: 0 });
    fake.behave(({ path }, answer) => (path.startsWith('sys/mounts') ? { status: 200, body } : answer));
    const seen = openVault(fake).longestHours?.(AbortSignal.timeout(30_000)) ?? Promise.resolve(null);
    expect((await failing(seen)).code).toBe('issuer-unavailable');
  });
});
