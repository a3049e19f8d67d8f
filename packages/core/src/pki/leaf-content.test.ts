import { describe, expect, it } from 'vitest';
import { parseRange } from '../address/address.ts';
import { extension, signStructure } from './build-certificate.ts';
import { buildCsr } from './build-csr.ts';
import { readCertificate } from './certificate.ts';
import { toPem } from './chain.ts';
import { contentFault } from './content-fault.ts';
import { checkRequestedNames, parseCsr } from './csr.ts';
import { oid, sequence } from './der.ts';
import { readSubjectAltName } from './extensions.ts';
import { readIssued } from './issued.ts';
import { checkPublicKey } from './key-policy.ts';
import {
  contentOf,
  isServerContent,
  type LeafContent,
  mayBeNamed,
  otherNames,
  sameContent,
  serverContent,
  withinNamedRanges,
} from './leaf-content.ts';
import { type LintContext, lintLeaf } from './lint.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { serverProfile } from './profile.ts';
import { testAuthority, testNow, withExtensions } from './testing/authority.ts';

const authority = await testAuthority();
const workload: LeafContent = {
  usages: ['server', 'client'],
  addresses: ['10.1.2.3', 'fd00::1'],
  spiffeId: 'spiffe://orders.example.test/api',
  mustStaple: true,
};
const context: LintContext = {
  profile: serverProfile,
  issuer: authority.issuer,
  issuerAlgorithm: 'ecdsa-p256',
  publicKey: checkPublicKey(authority.leafKey.spki),
};
const broken = (tbs: Uint8Array, content: LeafContent = workload) => lintLeaf(tbs, { ...context, content }).map(({ rule }) => rule);

describe('what is asked for', () => {
  it('is in one order and one spelling, each thing once', () => {
    expect(contentOf({ usages: ['client', 'server', 'client'], addresses: ['FD00:0::1', '10.1.2.3', 'fd00::1'] })).toEqual({
      ...serverContent,
      usages: ['server', 'client'],
      addresses: ['10.1.2.3', 'fd00::1'],
    });
    expect(isServerContent(contentOf({}))).toBe(true);
    expect(isServerContent(contentOf({ usages: ['server'], addresses: [] }))).toBe(true);
    expect(isServerContent(contentOf({ mustStaple: true }))).toBe(false);
  });

  it('is another wish where anything of it is another', () => {
    const others: Partial<LeafContent>[] = [
      { usages: ['server'] },
      { addresses: ['10.1.2.3'] },
      { spiffeId: null },
      { spiffeId: 'spiffe://orders.example.test/web' },
      { mustStaple: false },
    ];
    expect(others.map((other) => sameContent(workload, { ...workload, ...other }))).toEqual(others.map(() => false));
    expect(sameContent(workload, { ...workload })).toBe(true);
  });

  it.each([
    ['10.255.255.255', true],
    ['11.0.0.0', false],
    ['172.16.0.1', true],
    ['172.32.0.1', false],
    ['192.168.1.1', true],
    ['100.64.0.1', true],
    ['127.0.0.1', true],
    ['::1', true],
    ['::2', false],
    ['fdff::1', true],
    ['fe80::1', false],
    ['8.8.8.8', false],
    ['10.0.0.1%eth0', false],
    ['10.0.0', false],
  ])('%s may be named: %s', (address, may) => expect(mayBeNamed(address)).toBe(may));

  it.each([
    ['10.0.0.0/8', true],
    ['10.1.0.0/16', true],
    ['10.0.0.0/7', false],
    ['192.168.0.0/15', false],
    ['fc00::/6', false],
    ['::/0', false],
    ['11.0.0.0/8', false],
  ])('nothing of %s lies outside of what may be named: %s', (text, within) => {
    const range = parseRange(text);
    expect(range !== null && withinNamedRanges(range)).toBe(within);
  });
});

describe('a leaf', () => {
  it('holds all that was asked for, and passes its lint', async () => {
    const tbs = authority.tbs({ content: workload });
    expect(broken(tbs)).toEqual([]);
    const { extensions } = readCertificate(await authority.leaf({ content: workload }));
    const altName = extensions.get(id.subjectAltName);
    expect(altName === undefined ? null : readSubjectAltName(altName.value)).toEqual({
      dns: ['orders.example.test'],
      addresses: workload.addresses,
      uris: [workload.spiffeId],
      otherTags: [],
    });
  });

  it('of a server is the same, octet by octet, whether that is said or not', () => {
    expect(authority.tbs({ content: contentOf({ usages: ['server'] }) })).toEqual(authority.tbs());
  });

  it.each<[string, Partial<LeafContent>, string]>([
    ['a usage', { usages: ['client'] }, 'extended-key-usage'],
    ['an address', { addresses: ['10.1.2.3'] }, 'san-as-ordered'],
    ['an identity', { spiffeId: null }, 'san-as-ordered'],
    ['another identity', { spiffeId: 'spiffe://orders.example.test/web' }, 'san-as-ordered'],
    ['a feature', { mustStaple: false }, 'tls-feature'],
  ])('with %s that was not ordered, or without what was, is not signed', (_, difference, rule) => {
    const other = { ...workload, ...difference };
    expect(broken(authority.tbs({ content: other }))).toEqual([rule]);
    expect(broken(authority.tbs({ content: workload }), other)).toEqual([rule]);
  });

  it('with an address of the internet, or a URI that is no SPIFFE ID, is not signed, whoever ordered it', () => {
    const publicly = { ...workload, addresses: ['8.8.8.8'] };
    expect(broken(authority.tbs({ content: publicly }), publicly)).toEqual(['san-addresses']);
    const elsewhere = { ...workload, spiffeId: 'https://orders.example.test/' };
    expect(broken(authority.tbs({ content: elsewhere }), elsewhere)).toEqual(['san-spiffe-id']);
    const ofOthers = { ...workload, spiffeId: 'spiffe://example.org/api' };
    expect(broken(authority.tbs({ content: ofOthers }), ofOthers)).toEqual(['san-spiffe-id']);
  });

  it('that another CA answers with is held against what was ordered', async () => {
    const csr = await buildCsr(authority.leafKey, ['orders.example.test'], workload);
    const order = { names: ['orders.example.test'], csr };
    const leaf = await authority.leaf({ content: workload });
    expect(readIssued({ ...order, content: workload }, [leaf], testNow).names).toEqual(['orders.example.test']);
    expect(() => readIssued(order, [leaf], testNow)).toThrow(
      'for 10.1.2.3, fd00::1, spiffe://orders.example.test/api, not for those alone that were ordered.',
    );
    const plain = await authority.leaf();
    expect(() => readIssued({ ...order, content: workload }, [plain], testNow)).toThrow('for its hostnames alone, not for 10.1.2.3');
  });
});

describe('a CA', () => {
  const { tbs } = readCertificate(authority.intermediate);
  const changed = async (change: (all: Map<string, Uint8Array>) => void) =>
    toPem(await signStructure(withExtensions(tbs, change), authority.rootSigner));

  it('made here may sign all of it, and one that is elsewhere says nothing of that', () => {
    expect(contentFault(toPem(authority.intermediate), workload)).toBeNull();
    expect(contentFault('', workload)).toBeNull();
  });

  it('made for servers alone may not sign for clients', async () => {
    const serversAlone = await changed((all) => all.set(id.extendedKeyUsage, extension(id.extendedKeyUsage, sequence(oid(id.serverAuth)))));
    expect(contentFault(serversAlone, workload)).toBe('clients');
    expect(contentFault(serversAlone, { ...workload, usages: ['server'] })).toBeNull();
    expect(contentFault(serversAlone, serverContent)).toBeNull();
  });

  it('signs for no trust domain outside of its names', () => {
    const elsewhere = 'spiffe://example.org/api';
    expect(contentFault(toPem(authority.intermediate), { ...workload, spiffeId: elsewhere })).toBe(elsewhere);
  });

  it('signs for no address that its certificate does not permit', async () => {
    expect(contentFault(toPem(authority.intermediate), { ...workload, addresses: ['10.0.0.1', '8.8.8.8'] })).toBe('8.8.8.8');
    const unbounded = await changed((all) => all.delete(id.nameConstraints));
    expect(contentFault(unbounded, { ...workload, addresses: [] })).toBeNull();
    expect(contentFault(unbounded, workload)).toBe('10.1.2.3');
  });
});

it('a request for a key of ours asks for all of it; one of a requester is held against the order both ways', async () => {
  const names = ['orders.example.test'];
  const request = parseCsr(await buildCsr(authority.leafKey, names, workload));
  expect(request.otherNames).toEqual([...otherNames(workload)].sort());
  const differing = (wanted: readonly string[]) => checkRequestedNames(request, wanted).map(({ rule }) => rule);
  expect(differing([...names, ...otherNames(workload)])).toEqual([]);
  expect(differing(names)).toEqual(['csr-extra-name', 'csr-extra-name', 'csr-extra-name']);
  const plain = parseCsr(await buildCsr(authority.leafKey, names));
  expect(checkRequestedNames(plain, [...names, 'fd00::1']).map(({ rule }) => rule)).toEqual(['csr-missing-name']);
});
