// A small CA in memory for the tests of this folder: root, constrained intermediate, and orders against it.

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { day } from '../../duration.ts';
import { authorityUrls, identityFor, intermediateTbs, type LeafDraft, leafTbs, rootTbs, signStructure } from '../build-certificate.ts';
import { readCertificate } from '../certificate.ts';
import { contextConstructed, sequence } from '../der.ts';
import { children, readDer, readOid } from '../der-reader.ts';
import { type Signer, signerFor } from '../signer.ts';

export const testUrls = authorityUrls('http://pki.example.test', 'issuing');
export const testNow = new Date('2026-11-20T12:00:00Z');

export function freshKey(curve: 'P-256' | 'P-384' = 'P-256'): { privateKey: KeyObject; signer: Signer } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: curve });
  return { privateKey, signer: signerFor(privateKey) };
}

/** To-be-signed bytes with other extensions: what another CA, or a faulty builder, might write. */
export function withExtensions(tbs: Uint8Array, change: (all: Map<string, Uint8Array>) => void): Uint8Array {
  const parts = children(readDer(tbs)).map(({ raw }) => raw);
  const list = children(readDer(parts.at(-1) ?? new Uint8Array())).flatMap((value) => children(value));
  const all = new Map(list.map((extension) => [readOid(children(extension)[0]), extension.raw]));
  change(all);
  return sequence(...parts.slice(0, -1), contextConstructed(3, sequence(...all.values())));
}

export async function testAuthority(permittedSuffixes: readonly string[] = ['example.test'], now: Date = testNow) {
  const begin = new Date(now.getTime() - day);
  const rootSigner = freshKey('P-384').signer;
  const organisation = 'Example';
  const rootDraft = {
    serial: '1111111111111111',
    notBefore: begin,
    notAfter: new Date(begin.getTime() + 7300 * day),
    spki: rootSigner.spki,
    commonName: 'Example Root',
    organisation,
  };
  const root = await signStructure(rootTbs(rootDraft, rootSigner.algorithm), rootSigner);
  const signer = freshKey().signer;
  const issuingDraft = {
    ...rootDraft,
    serial: '2222222222222222',
    notAfter: new Date(begin.getTime() + 1825 * day),
    spki: signer.spki,
    commonName: 'Example Issuing',
  };
  const intermediate = await signStructure(
    intermediateTbs(issuingDraft, identityFor(root, rootSigner), permittedSuffixes, testUrls),
    rootSigner,
  );
  const identity = identityFor(intermediate, signer);
  const leafKey = freshKey().signer;

  const draft = (changes: Partial<LeafDraft> = {}): LeafDraft => ({
    serial: '77B4EAA99F4B01F75323A69A8C327C00',
    names: ['orders.example.test'],
    notBefore: new Date(now.getTime() - 300_000),
    notAfter: new Date(now.getTime() - 300_000 + 90 * day - 1000),
    spki: leafKey.spki,
    ...changes,
  });
  return {
    root,
    rootSigner,
    intermediate,
    signer,
    identity,
    issuer: readCertificate(intermediate),
    leafKey,
    draft,
    tbs: (changes: Partial<LeafDraft> = {}) => leafTbs(draft(changes), identity, testUrls),
    leaf: (changes: Partial<LeafDraft> = {}) => signStructure(leafTbs(draft(changes), identity, testUrls), signer),
  };
}
