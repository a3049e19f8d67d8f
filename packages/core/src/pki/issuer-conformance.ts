// The suite that every CertificateIssuer passes, whatever signs behind it. What an issuer declares impossible is skipped
// with its printed reason and asserted to be refused, so that a capability cannot lie.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HostmasterError } from '../errors.ts';
import { signStructure } from './build-certificate.ts';
import { buildCsr } from './build-csr.ts';
import { readCertificate } from './certificate.ts';
import { verifyChain } from './chain.ts';
import { bitString, contextConstructed, contextPrimitive, derNull, integer, octetString, oid, sequence, setOf } from './der.ts';
import { describeCertificate } from './describe-certificate.ts';
import type { CertificateIssuer, CertificateOrder } from './issuer.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { newSerial } from './serial.ts';
import { type Signer, signerFor } from './signer.ts';

export type IssuerFixture = {
  readonly issuer: CertificateIssuer;
  /** DER of the root that the chain must lead to. */
  readonly root: Uint8Array;
  /** A suffix the issuer may issue under, and one it may not. */
  readonly permittedSuffix: string;
  readonly foreignSuffix: string;
  /** The time of the issuer's clock. */
  readonly now: Date;
  /** A validity that the issuer's profile allows, and the days it allows at most. */
  readonly validity: { readonly notBefore: Date; readonly notAfter: Date };
};

const signal = (): AbortSignal => AbortSignal.timeout(30_000);
const ecKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

/** A certificate request with a SAN of our choosing, as an attacker would write it. */
function hostileRequest(signer: Signer, generalNames: readonly Uint8Array[]): Promise<Uint8Array> {
  const san = sequence(oid(id.subjectAltName), octetString(sequence(...generalNames)));
  const attributes = contextConstructed(0, sequence(oid(id.extensionRequest), setOf(sequence(san))));
  return signStructure(sequence(integer(0), sequence(), signer.spki, attributes), signer);
}

function weakRequest(name: string): Uint8Array {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const san = sequence(oid(id.subjectAltName), octetString(sequence(contextPrimitive(2, Buffer.from(name)))));
  const attributes = contextConstructed(0, sequence(oid(id.extensionRequest), setOf(sequence(san))));
  const info = sequence(integer(0), sequence(), publicKey.export({ format: 'der', type: 'spki' }), attributes);
  return sequence(info, sequence(oid(id.sha256WithRsaEncryption), derNull), bitString(sign('sha256', info, privateKey)));
}

/** Declares the suite for one issuer; `create` is called once. */
export function issuerConformance(kind: string, create: () => Promise<IssuerFixture>): void {
  describe(`issuer ${kind} conforms`, async () => {
    const fixture = await create();
    const { issuer, permittedSuffix, foreignSuffix, validity } = fixture;
    const host = `orders.${permittedSuffix}`;

    const order = async (changes: Partial<CertificateOrder> = {}): Promise<CertificateOrder> => {
      const names = changes.names ?? [host];
      const csr = changes.csr ?? (await buildCsr(signerFor(ecKey()), names));
      return { id: 'conformance', ...validity, serial: newSerial(), ...changes, names, csr };
    };
    const issue = async (changes: Partial<CertificateOrder> = {}) => issuer.issue(await order(changes), signal());
    const refusal = async (changes: Partial<CertificateOrder>): Promise<string> => {
      try {
        await issue(changes);
      } catch (error) {
        if (error instanceof HostmasterError) return error.code;
        throw error;
      }
      return 'issued';
    };

    it('says its kind', () => expect(issuer.kind).toBe(kind));

    it.each([
      ['one name', [host]],
      ['several names, the first as subject', [host, `api.${permittedSuffix}`, `xn--mnchen-3ya.${permittedSuffix}`]],
      ['a name too long for a common name', [`${'a'.repeat(63)}.${permittedSuffix}`]],
    ])('issues for %s, in a chain that verifies for each', async (_, names) => {
      const wanted = await order({ names });
      const { chain } = await issuer.issue(wanted, signal());
      for (const name of names) expect(verifyChain(chain, [fixture.root], name, fixture.now)).toBeNull();
      const [leaf] = chain;
      if (leaf === undefined) throw new Error('an empty chain');
      const described = describeCertificate(leaf);
      expect(described).toMatchObject({ subjectAltNames: names, serial: wanted.serial, ...validity });
      expect(chain.some((der) => Buffer.compare(der, fixture.root) === 0)).toBe(false);
    });

    it.each([
      ['P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey, 'ecdsa-p384'],
      ['RSA 2048', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'rsa-2048'],
    ])('issues for a %s key', async (_, key, expected) => {
      const { chain } = await issue({ csr: await buildCsr(signerFor(key()), [host]) });
      expect(chain.slice(0, 1).map((der) => describeCertificate(der).keyAlgorithm)).toEqual([expected]);
    });

    const { wildcards, resumable } = issuer.capabilities;
    it(wildcards === true ? 'issues wildcards' : `refuses wildcards: ${wildcards.no}`, async () => {
      const names = [`*.${permittedSuffix}`];
      if (wildcards !== true) return expect(await refusal({ names })).toBe('issuer-refused');
      const { chain } = await issue({ names });
      expect(verifyChain(chain, [fixture.root], `any.${permittedSuffix}`, fixture.now)).toBeNull();
    });

    it.skipIf(resumable !== true)('issues the same certificate for the same order: same serial, same to-be-signed bytes', async () => {
      const wanted = await order();
      const tbs = await Promise.all([1, 2, 3].map(async () => (await issuer.issue(wanted, signal())).chain[0]));
      const distinct = new Set(tbs.map((der) => Buffer.from(readCertificate(der ?? new Uint8Array()).tbs).toString('hex')));
      expect(distinct.size).toBe(1);
    });

    it('gives up at once when told to', async () => {
      await expect(issuer.issue(await order(), AbortSignal.abort(new Error('told to')))).rejects.toThrow('told to');
    });

    const signer = signerFor(ecKey());
    const dns = (name: string): Uint8Array => contextPrimitive(2, Buffer.from(name));
    const cases: [string, () => Promise<Partial<CertificateOrder>> | Partial<CertificateOrder>][] = [
      ['a name outside its suffixes', () => ({ names: [`orders.${foreignSuffix}`] })],
      ['one foreign name among good ones', () => ({ names: [host, `orders.${foreignSuffix}`] })],
      ['a suffix without its label boundary', () => ({ names: [`evil${permittedSuffix}`] })],
      ['no name', () => ({ names: [] })],
      ['the same name twice', () => ({ names: [host, host] })],
      ['an underscore', () => ({ names: [`a_b.${permittedSuffix}`] })],
      ['upper case', async () => ({ names: [host.toUpperCase()], csr: await buildCsr(signer, [host]) })],
      ['an address', () => ({ names: ['127.0.0.1'] })],
      ['a lifetime past its profile', () => ({ notAfter: new Date(validity.notAfter.getTime() + 366 * 86_400_000) })],
      ['a validity that ends before it begins', () => ({ notAfter: new Date(validity.notBefore.getTime() - 1000) })],
      ['a serial that is none', () => ({ serial: '00' })],
      ['a serial of 21 octets', () => ({ serial: '7F'.repeat(21) })],
      ['a request that is not DER', () => ({ csr: new Uint8Array([1, 2, 3]) })],
      ['a request of one megabyte', () => ({ csr: new Uint8Array(1024 * 1024) })],
      ['a request with RSA 1024', () => ({ csr: weakRequest(host) })],
      ['a request signed by another key', async () => ({ csr: await buildCsr({ ...signerFor(ecKey()), spki: signer.spki }, [host]) })],
      ['a request with an extra name', async () => ({ csr: await buildCsr(signer, [host, `admin.${permittedSuffix}`]) })],
      ['a request with a missing name', async () => ({ names: [host, `api.${permittedSuffix}`], csr: await buildCsr(signer, [host]) })],
      [
        'a request with an IP address',
        async () => ({ csr: await hostileRequest(signer, [dns(host), contextPrimitive(7, Uint8Array.from([10, 0, 0, 1]))]) }),
      ],
      [
        'a request for an address of mail',
        async () => ({ csr: await hostileRequest(signer, [dns(host), contextPrimitive(1, Buffer.from('a@b.test'))]) }),
      ],
      ['a request with a NUL in a name', async () => ({ csr: await hostileRequest(signer, [dns(`${host}\0.${foreignSuffix}`)]) })],
    ];
    it.each(cases)('refuses %s', async (_, changes) => {
      expect(await refusal(await changes())).toBe('issuer-refused');
    });

    it('refuses a request with SHA-1', async () => {
      const key = ecKey();
      const info = sequence(integer(0), sequence(), signerFor(key).spki, contextConstructed(0));
      const csr = sequence(info, sequence(oid('1.2.840.10045.4.1')), bitString(sign('sha1', info, key)));
      expect(await refusal({ csr })).toBe('issuer-refused');
    });
  });
}
