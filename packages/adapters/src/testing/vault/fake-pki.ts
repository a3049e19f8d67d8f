// The PKI engine of the fake of Vault: an intermediate below a root, roles, and what was signed under them.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { systemClock } from '@hostmaster/core/clock';
import { identityFor, leafTbs, signStructure } from '@hostmaster/core/pki/build-certificate';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { splitPem, toPem } from '@hostmaster/core/pki/chain';
import { objectIdentifiers as id } from '@hostmaster/core/pki/object-identifiers';
import { newSerial } from '@hostmaster/core/pki/serial';
import { withExtensions } from '@hostmaster/core/pki/testing/authority';
import { authoritySigner, createInternalCa } from '../../issuers/authority.ts';
import { createKeyStore, generateWorkerKeys } from '../../keys/key-store.ts';
import { type Answer, refused } from './fake-auth.ts';
import { csrParts, type FakeRole, namesOf, roleOf, secondsOf } from './fake-role.ts';
import { othersOf, purposesOf, refusalOf } from './fake-role-content.ts';

type Stored = { readonly der: Uint8Array; revokedAt: number };
type Call = { readonly method: string; readonly path: string; readonly list: boolean; readonly body: unknown };

export type FakePki = {
  readonly root: Uint8Array;
  readonly intermediate: Uint8Array;
  /** Writes a role as `vault write` does: what is not said has its default. */
  writeRole(name: string, fields: Partial<FakeRole>): void;
  /** Changes a role as `vault patch` does. */
  patchRole(name: string, fields: Partial<FakeRole>): void;
  /** Everything that was signed, stored or not, the oldest first, DER. */
  readonly signed: readonly Uint8Array[];
  /** How many of these are revoked. */
  readonly revoked: () => number;
  /** Stores so many certificates more, all of them for others. */
  fill(count: number): void;
  /** The longest lifetime of the mount, in seconds, where a role has none of its own. */
  tune(seconds: number): void;
  readonly mostSeconds: () => number;
  /** Whether it is answered without a token. */
  isOpen(path: string): boolean;
  handle(call: Call): Promise<Answer>;
};

const urls = {
  certificate: 'http://vault.example.test/v1/pki/ca',
  ocsp: 'http://vault.example.test/v1/pki/ocsp',
  crl: 'http://vault.example.test/v1/pki/crl',
};
/** As Vault writes serials. */
const colons = (der: Uint8Array): string =>
  Buffer.from(readCertificate(der).serial)
    .toString('hex')
    .replace(/^00(?=.)/, '')
    .replace(/(..)(?=.)/g, '$1:');
const pemOf = (der: Uint8Array): string => toPem(der).trim();
const text = (body: unknown, name: string): string => {
  const value: unknown = Object(body)[name];
  return typeof value === 'string' ? value : '';
};
const seconds = (said: string): number => (said === '' ? 0 : Number(/^(\d+)s?$/.exec(said)?.[1] ?? Number.NaN));

export async function createFakePki(suffixes: readonly string[], written: Readonly<Record<string, Partial<FakeRole>>>): Promise<FakePki> {
  const kek = randomBytes(32);
  const keyStore = await createKeyStore({ kek, workerKey: await generateWorkerKeys(kek) });
  const { root, intermediate } = await createInternalCa({
    clock: systemClock,
    keyStore,
    organisation: 'Vault',
    permittedSuffixes: suffixes,
    urls,
  });
  const signer = authoritySigner(intermediate, keyStore);
  const identity = identityFor(intermediate.certificate, signer);
  const roles = new Map(Object.entries(written).map(([name, fields]) => [name, roleOf(fields)]));
  const stored = new Map<string, Stored>();
  const signed: Uint8Array[] = [];
  const issuerId = randomUUID();
  let most = 768 * 3600;
  const above = [pemOf(intermediate.certificate), pemOf(root.certificate)];

  async function sign(role: FakeRole, body: unknown): Promise<Answer> {
    const [, armoured = ''] = /-----BEGIN CERTIFICATE REQUEST-----([\s\S]+)-----END CERTIFICATE REQUEST-----/.exec(text(body, 'csr')) ?? [];
    if (text(body, 'csr') === '') return refused(400, '"csr" is empty');
    if (armoured === '') return refused(400, 'csr contains no data');
    const format = text(body, 'format') || 'pem';
    if (format !== 'pem') return refused(400, 'the fake answers PEM alone');
    let csr: ReturnType<typeof csrParts>;
    try {
      csr = csrParts(Uint8Array.from(Buffer.from(armoured, 'base64')));
    } catch (error) {
      return refused(400, `certificate request could not be parsed: ${error}`);
    }
    const refusal = refusalOf(role, csr, Object(body));
    if (refusal !== null) return refused(400, refusal);
    const asked = seconds(text(body, 'ttl'));
    if (asked > 0 && role.not_after !== '')
      return refused(400, 'Either ttl or not_after should be provided. Both should not be provided in the same request.');
    const now = Math.floor(Date.now() / 1000);
    const notAfter = role.not_after === '' ? new Date((now + secondsOf(role, asked, most)) * 1000) : new Date(role.not_after);
    const ends = readCertificate(intermediate.certificate).notAfter;
    if (notAfter > ends)
      return refused(
        400,
        `cannot satisfy request, as TTL would result in notAfter of ${notAfter.toISOString()} that is beyond the expiration of the CA certificate at ${ends.toISOString()}`,
      );
    const { commonName, dnsNames } = namesOf(role, csr, Object(body));
    const names = commonName === '' ? dnsNames : [commonName, ...dnsNames.filter((name) => name !== commonName)];
    const notBefore = new Date((now - role.not_before_duration) * 1000);
    const { addresses, uris } = othersOf(role, csr, Object(body));
    if (uris.length > 1) return refused(400, 'the fake names one URI');
    const content = { usages: ['server' as const], addresses: [...addresses], spiffeId: uris[0] ?? null, mustStaple: false };
    const tbs = leafTbs({ serial: newSerial(), names, notBefore, notAfter, spki: csr.spki, content }, identity, urls);
    const purposes = purposesOf(role);
    const used = withExtensions(
      tbs,
      (all) => void (purposes === null ? all.delete(id.extendedKeyUsage) : all.set(id.extendedKeyUsage, purposes)),
    );
    const der = await signStructure(used, signer);
    signed.push(der);
    if (!role.no_store) stored.set(colons(der), { der, revokedAt: 0 });
    return {
      status: 200,
      body: {
        request_id: randomUUID(),
        lease_id: '',
        renewable: false,
        lease_duration: 0,
        data: {
          certificate: pemOf(der),
          issuing_ca: above[0],
          ca_chain: above,
          serial_number: colons(der),
          expiration: Math.floor(notAfter.getTime() / 1000),
        },
        warnings: null,
        auth: null,
      },
    };
  }

  function revoke(body: unknown): Answer {
    let der: Uint8Array | undefined;
    try {
      [der] = splitPem(text(body, 'certificate'));
    } catch {
      return refused(400, 'certificate contains no PEM data');
    }
    const key = der === undefined ? '' : colons(der);
    const hash = (one: Uint8Array): string => createHash('sha256').update(one).digest('hex');
    // One that is not stored is taken where a CA of the mount has signed it.
    const own = der !== undefined && signed.some((one) => hash(one) === hash(der));
    if (!own || der === undefined)
      return refused(400, 'unable to verify signature on presented cert from any present issuer in this mount');
    const known = stored.get(key) ?? { der, revokedAt: 0 };
    known.revokedAt ||= Math.floor(Date.now() / 1000);
    stored.set(key, known);
    return { status: 200, body: { data: { revocation_time: known.revokedAt, state: 'revoked' } } };
  }

  const data = (value: object): Answer => ({ status: 200, body: { data: value } });
  const keys = (all: readonly string[]): Answer => (all.length === 0 ? refused(404) : data({ keys: [...all].sort() }));

  return {
    root: root.certificate,
    intermediate: intermediate.certificate,
    signed,
    revoked: () => [...stored.values()].filter(({ revokedAt }) => revokedAt > 0).length,
    writeRole: (name, fields) => void roles.set(name, roleOf(fields)),
    patchRole: (name, fields) => void roles.set(name, { ...(roles.get(name) ?? roleOf({})), ...fields }),
    tune: (seconds) => {
      most = seconds;
    },
    mostSeconds: () => most,
    fill: (count) => {
      for (let n = 0; n < count; n += 1)
        stored.set((randomBytes(20).toString('hex').match(/../g) ?? []).join(':'), { der: intermediate.certificate, revokedAt: 0 });
    },
    isOpen: (path) => /^(cert\/|issuers$|issuer\/[^/]+\/json$)/.test(path),

    async handle({ method, path, list, body }) {
      const [what = '', name = '', more = ''] = path.split('/');
      if (what === 'roles' && method === 'GET' && !list) {
        const role = roles.get(name);
        return role === undefined ? refused(404) : data(role);
      }
      if (what === 'sign' && method === 'POST') {
        const role = roles.get(name);
        return role === undefined ? refused(400, `unknown role: ${name}`) : sign(role, body);
      }
      if (path === 'certs' && list) return keys([...stored.keys()]);
      if (path === 'issuers' && list) return keys([issuerId]);
      if (path === 'revoke' && method === 'POST') return revoke(body);
      if (what === 'cert' && method === 'GET') {
        const found = stored.get(name);
        return found === undefined ? refused(404) : data({ certificate: pemOf(found.der), revocation_time: found.revokedAt });
      }
      if (what === 'issuer' && more === 'json' && method === 'GET')
        return [issuerId, 'default'].includes(name)
          ? data({ certificate: above[0], ca_chain: above, issuer_id: issuerId })
          : refused(400, `unable to find issuer for reference: ${name}`);
      return /^(roles|sign|certs|issuers|revoke|cert|issuer)$/.test(what)
        ? refused(405, 'unsupported operation')
        : refused(404, `unsupported path`);
    },
  };
}
