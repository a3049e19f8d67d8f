// The suite that every kind of issuer passes, whatever signs behind it: its answers and what it says of itself. It is given
// vitest's functions by the test that calls it, so that this file imports no test runner. A side that an issuer declares it has
// is exercised; one that it declares it has not is not there, so that a capability cannot lie.
import { generateKeyPairSync, type KeyObject, randomUUID, sign, X509Certificate } from 'node:crypto';
import 'reflect-metadata';
import { X509Certificate as CaCertificate, X509Crl } from '@peculiar/x509';
import { tlsSource } from '../contract/endpoint.ts';
import { settingsConformance } from '../descriptor-conformance.ts';
import { hour } from '../duration.ts';
import { HostmasterError } from '../errors.ts';
import { signStructure } from './build-certificate.ts';
import { buildCsr } from './build-csr.ts';
import { readCertificate } from './certificate.ts';
import { chainFault } from './chain.ts';
import { bitString, contextConstructed, contextPrimitive, derNull, integer, octetString, oid, sequence, setOf } from './der.ts';
import { children, readDer, readOid } from './der-reader.ts';
import { describeCertificate } from './describe-certificate.ts';
import { readIssued } from './issued.ts';
import type { CertificateIssuer, CertificateOrder, IssuerCapabilities, Progress, Resume } from './issuer.ts';
import { type LeafContent, serverContent } from './leaf-content.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import { newSerial } from './serial.ts';
import { type Signer, signerFor } from './signer.ts';
import { sourceTraits } from './source-traits.ts';

export type IssuerFixture = {
  readonly issuer: CertificateIssuer;
  /** DER of the root that the chain must lead to; of the issuer itself where it is one. */
  readonly root: Uint8Array;
  /** A suffix the issuer may issue under, and one it may not. */
  readonly permittedSuffix: string;
  readonly foreignSuffix: string;
  /** The time of the issuer's clock. */
  readonly now: () => Date;
};

type TestApi = Pick<typeof import('vitest'), 'describe' | 'it' | 'expect'>;
type Described = Parameters<typeof settingsConformance>[1] & { readonly capabilities: IssuerCapabilities };

/** An issuer that has not answered after so many turns does not answer. */
const mostTurns = 20;
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

/** Registers the suite. `create` is called once; `typed` answers settings that are right, as their owner types them. */
export function issuerConformance(
  { describe, it, expect }: TestApi,
  descriptor: Described,
  create: () => Promise<IssuerFixture>,
  typed: () => Promise<unknown> = async () => ({}),
): void {
  describe(`issuer ${descriptor.kind} conforms`, async () => {
    const fixture = await create();
    const { issuer, permittedSuffix, foreignSuffix, now } = fixture;
    const { leaves, wildcards, revoke, renewalWindow, authority, keepsKey } = issuer.capabilities;
    const host = `orders.${permittedSuffix}`;

    const order = async (changes: Partial<CertificateOrder> = {}): Promise<CertificateOrder> => {
      const names = changes.names ?? [host];
      // One that makes the key is sent none.
      const csr = keepsKey === true ? null : (changes.csr ?? (await buildCsr(signerFor(ecKey()), names)));
      return { id: randomUUID(), ...changes, names, csr };
    };
    /** Asks as the worker does, with what was stored as JSON, until there is a certificate. */
    const obtain = async (
      wanted: CertificateOrder,
    ): Promise<{ chain: readonly Uint8Array[]; asked: Resume; turns: readonly Progress[] }> => {
      const turns: Progress[] = [];
      for (let asked = stored(issuer.begin(wanted)); turns.length < mostTurns; ) {
        const progress = await issuer.issue(wanted, asked, signal());
        turns.push(progress);
        if (progress.outcome === 'issued') return { chain: progress.chain, asked, turns };
        asked = stored(progress.resume);
      }
      throw new Error(`no certificate after ${mostTurns} turns`);
    };
    const leafFor = async (changes: Partial<CertificateOrder> = {}) => (await obtain(await order(changes))).chain[0] ?? new Uint8Array();
    const refusal = async (changes: Partial<CertificateOrder>): Promise<string> => {
      try {
        await obtain(await order(changes));
      } catch (error) {
        if (error instanceof HostmasterError) return error.code;
        throw error;
      }
      return 'issued';
    };

    describe('as its kind', () => settingsConformance({ it, expect }, descriptor, typed));

    it('has the sides that its kind declares, and no other', () => {
      expect(issuer.capabilities).toEqual(descriptor.capabilities);
      const there = { revoke: issuer.revoke, renewalWindow: issuer.renewalWindow, authority: issuer.authority, kept: issuer.kept };
      for (const [side, capability] of Object.entries({ revoke, renewalWindow, authority, kept: keepsKey }))
        expect(there[side as keyof typeof there] !== undefined, side).toBe(capability === true);
    });

    const source = tlsSource.options.find((one) => one === descriptor.kind);
    if (leaves === true && source !== undefined && sourceTraits[source].content.length > 0)
      it(`holds what else is asked for: ${sourceTraits[source].content.join(', ')}`, async () => {
        const staples = sourceTraits[source].content.includes('mustStaple');
        const content: LeafContent = {
          usages: ['server', 'client'],
          addresses: ['10.1.2.3', 'fd00::1'],
          spiffeId: `spiffe://${host}/api`,
          mustStaple: staples,
        };
        const wanted = await order({ content, csr: await buildCsr(signerFor(ecKey()), [host], content) });
        const { chain } = await obtain(wanted);
        expect(readIssued(wanted, chain, now()).names).toEqual([host]);
        const { extensions } = readCertificate(chain[0] ?? new Uint8Array());
        expect(extensions.has(id.tlsFeature)).toBe(staples);
        expect(children(extensions.get(id.extendedKeyUsage)?.value ?? readDer(new Uint8Array([5, 0]))).map(readOid)).toEqual([
          id.serverAuth,
          id.clientAuth,
        ]);
        expect(await refusal({ content })).toBe('issuer-refused');
        if (!staples) expect(await refusal({ content: { ...serverContent, mustStaple: true } })).toBe('issuer-refused');
      });

    if (leaves === true && source !== undefined && sourceTraits[source].choosesLifetime)
      it.each([1, 36, 7 * 24])('gives the %d hours that are asked for, and not as many as it can where less is wanted', async (hours) => {
        const { notBefore, notAfter } = readCertificate(await leafFor({ hours }));
        const given = (notAfter.getTime() - notBefore.getTime() + 1000) / hour;
        expect(given).toBeGreaterThan(hours - 0.1);
        // Some begin a little before they are signed.
        expect(given).toBeLessThan(hours + 0.1);
      });

    if (leaves === true && source !== undefined)
      it('keeps the key where orders of its kind have none, and nowhere else', () =>
        expect(keepsKey === true).toBe(sourceTraits[source].keepsKey));

    if (leaves === true)
      it('a contract can name its kind as the source of a certificate', () => expect(tlsSource.options).toContain(descriptor.kind));

    const ca = issuer.authority;
    if (ca !== undefined) {
      const crl = async (number: number, ...serials: readonly string[]) => {
        const revoked = serials.map((serial) => ({ serial, revokedAt: now(), reason: 'keyCompromise' as const }));
        const thisUpdate = new Date(now().getTime() - 1000);
        return new X509Crl(
          Uint8Array.from(
            await ca.signCrl({ number, thisUpdate, nextUpdate: new Date(now().getTime() + 60_000), revoked, addresses: null }),
          ),
        );
      };

      it('signs a list of what is revoked, which its certificate verifies', async () => {
        const [revoked, other] = [newSerial(), newSerial()];
        const list = await crl(7, revoked);
        const publicKey = await new CaCertificate(Uint8Array.from(ca.certificate)).publicKey.export();
        expect(await list.verify({ publicKey })).toBe(true);
        expect([list.findRevoked(revoked)?.serialNumber.toUpperCase(), list.findRevoked(other)]).toEqual([revoked, null]);
        expect((await crl(8)).entries).toEqual([]);
      });

      it('has its OCSP responses signed by another key, for some weeks, exactly where it signs leaves', async () => {
        const { ocsp } = ca;
        if (ocsp === null) return expect(leaves).not.toBe(true);
        expect(leaves).toBe(true);
        const signer = await ocsp.createSigner();
        expect(signer.key.ciphertext.length).toBeGreaterThan(0);
        const { notAfter, spki, extensions } = readCertificate(signer.certificate);
        const [own, below] = [new X509Certificate(ca.certificate), new X509Certificate(signer.certificate)];
        expect([below.ca, below.checkIssued(own), below.verify(own.publicKey)]).toEqual([false, true, true]);
        expect(Buffer.compare(spki, readCertificate(ca.certificate).spki)).not.toBe(0);
        expect([extensions.has(id.ocspNoCheck), below.keyUsage]).toEqual([true, [id.ocspSigning]]);
        expect((notAfter.getTime() - now().getTime()) / 86_400_000).toBeLessThan(31);
        const serial = newSerial();
        const times = { producedAt: now(), thisUpdate: now(), nextUpdate: new Date(now().getTime() + 60_000) };
        const { sha1, sha256 } = await ocsp.open(signer)(times)({ serial, revoked: null });
        for (const response of [sha1, sha256]) {
          expect(Buffer.from(response).includes(Buffer.from(serial, 'hex'))).toBe(true);
          expect(Buffer.from(response).includes(Buffer.from(signer.certificate))).toBe(true);
        }
      });

      it('signs another CA exactly where it says so', async () => {
        if (ca.signIntermediate === null) return expect(leaves).toBe(true);
        const made = await ca.signIntermediate([permittedSuffix]);
        const [above, below] = [new X509Certificate(ca.certificate), new X509Certificate(made.certificate)];
        expect([below.ca, below.checkIssued(above), below.verify(above.publicKey)]).toEqual([true, true, true]);
        expect(made.key.ciphertext.length).toBeGreaterThan(0);
      });
    }

    if (leaves !== true) {
      it(`refuses to issue: ${leaves.no}`, async () => expect(await refusal({})).toBe('issuer-refused'));
      return;
    }

    it.each([
      ['one name', [host]],
      ['several names, the first as subject', [host, `api.${permittedSuffix}`, `xn--mnchen-3ya.${permittedSuffix}`]],
      // One that makes a common name by itself may need a name that is short enough for it.
      ['a name too long for a common name', [`${'a'.repeat(63)}.${permittedSuffix}`, ...(keepsKey === true ? [host] : [])]],
    ])('issues for %s, in a chain that verifies for each', async (_, names) => {
      const wanted = await order({ names });
      const { chain } = await obtain(wanted);
      for (const name of names) expect(chainFault(chain, [fixture.root], name, now())).toBeNull();
      expect(readIssued(wanted, chain, now())).toMatchObject({ names });
      expect(chain.some((der) => Buffer.compare(der, fixture.root) === 0)).toBe(false);
    });

    if (keepsKey === true)
      it.each(source === undefined ? [] : sourceTraits[source].keys)('makes a %s key', async (key) => {
        const wanted = await order({ key });
        expect(readIssued(wanted, (await obtain(wanted)).chain, now())).toMatchObject({ keyAlgorithm: key });
      });
    else
      it.each([
        ['P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey, 'ecdsa-p384'],
        ['RSA 2048', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'rsa-2048'],
      ])('issues for a %s key', async (_, key, keyAlgorithm) => {
        const wanted = await order({ csr: await buildCsr(signerFor(key()), [host]) });
        expect(readIssued(wanted, (await obtain(wanted)).chain, now())).toMatchObject({ keyAlgorithm });
      });

    it(wildcards === true ? 'issues wildcards' : `refuses wildcards: ${wildcards.no}`, async () => {
      const names = [`*.${permittedSuffix}`];
      if (wildcards !== true) return expect(await refusal({ names })).toBe('issuer-refused');
      const { chain } = await obtain(await order({ names }));
      expect(chainFault(chain, [fixture.root], `any.${permittedSuffix}`, now())).toBeNull();
    });

    it('answers what it was asked before with the same certificate: same serial, same to-be-signed bytes', async () => {
      const wanted = await order();
      const { chain, asked } = await obtain(wanted);
      const again = await Promise.all([1, 2].map(() => issuer.issue(wanted, asked, signal())));
      const tbs = [chain[0], ...again.map((progress) => (progress.outcome === 'issued' ? progress.chain[0] : undefined))];
      expect(new Set(tbs.map((der) => hex(readCertificate(der ?? new Uint8Array()).tbs))).size).toBe(1);
    });

    it('begins two orders as two: two certificates', async () => {
      const [one, two] = [await leafFor(), await leafFor()];
      expect(hex(readCertificate(one).serial)).not.toBe(hex(readCertificate(two).serial));
    });

    it('says of an order that waits what it waits for, and for whom', async () => {
      const { turns } = await obtain(await order());
      for (const turn of turns)
        if (turn.outcome === 'pending')
          expect(turn).toMatchObject({ message: expect.stringMatching(/^\S.*\.$/), movesNext: expect.stringMatching(/\S/) });
    });

    it('gives up at once when told to', async () => {
      const wanted = await order();
      const told = issuer.issue(wanted, issuer.begin(wanted), AbortSignal.abort(new Error('told to')));
      await expect(told).rejects.toThrow('told to');
    });

    if (issuer.revoke !== undefined) {
      it('revokes a certificate, once or twice, and none that is not its own', async () => {
        const leaf = await leafFor();
        await issuer.revoke?.(leaf, 'keyCompromise', signal());
        await issuer.revoke?.(leaf, 'keyCompromise', signal());
        await expect(issuer.revoke?.(fixture.root, 'superseded', signal())).rejects.toMatchObject({ code: 'issuer-refused' });
      });
    }

    if (issuer.renewalWindow !== undefined) {
      it('wants a certificate renewed while it is valid', async () => {
        const leaf = await leafFor();
        const { notBefore, notAfter } = readCertificate(leaf);
        const window = await issuer.renewalWindow?.(leaf, signal());
        if (window === null) return;
        const times = [notBefore, window?.start, window?.end, notAfter].map((time) => time?.getTime() ?? Number.NaN);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      });
    }

    const { kept } = issuer;
    if (kept !== undefined)
      it('says what it keeps under the reference of an order, and lets it go once or twice', async () => {
        const { turns, chain } = await obtain(await order());
        const reference = turns.map((turn) => turn.reference).findLast((each) => each !== null && each !== undefined) ?? '';
        const serial = describeCertificate(chain[0] ?? new Uint8Array()).serial;
        expect(await kept.look(reference, signal())).toMatchObject({ serial, inUseBy: [] });
        await kept.remove(reference, signal());
        await kept.remove(reference, signal());
        expect(await kept.look(reference, signal())).toBeNull();
      });

    const signer = signerFor(ecKey());
    const dns = (name: string): Uint8Array => contextPrimitive(2, Buffer.from(name));
    type Case = [string, () => Promise<Partial<CertificateOrder>> | Partial<CertificateOrder>];
    const ofNames: Case[] = [
      ['a name outside its suffixes', () => ({ names: [`orders.${foreignSuffix}`] })],
      ['one foreign name among good ones', () => ({ names: [host, `orders.${foreignSuffix}`] })],
      ['a suffix without its label boundary', () => ({ names: [`evil${permittedSuffix}`] })],
      ['no name', () => ({ names: [] })],
      ['the same name twice', () => ({ names: [host, host] })],
      ['an underscore', () => ({ names: [`a_b.${permittedSuffix}`] })],
      ['upper case', async () => ({ names: [host.toUpperCase()], csr: await buildCsr(signer, [host]) })],
      ['an address', () => ({ names: ['127.0.0.1'] })],
    ];
    const ofRequests: Case[] = [
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
    it.each([...ofNames, ...(keepsKey === true ? [] : ofRequests)])('refuses %s', async (_, changes) => {
      expect(await refusal(await changes())).toBe('issuer-refused');
    });

    if (keepsKey !== true)
      it('refuses a request with SHA-1', async () => {
        const key = ecKey();
        const info = sequence(integer(0), sequence(), signerFor(key).spki, contextConstructed(0));
        const csr = sequence(info, sequence(oid('1.2.840.10045.4.1')), bitString(sign('sha1', info, key)));
        expect(await refusal({ csr })).toBe('issuer-refused');
      });
  });
}

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
const stored = (resume: Resume): Resume => JSON.parse(JSON.stringify(resume));
