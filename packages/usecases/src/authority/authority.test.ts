// The life of the internal CA: a root whose key is elsewhere, one root after another, and CAs that are brought with their keys. What OpenSSL
// signs is believed where it should be, and what is signed here OpenSSL believes.
import { X509Certificate } from 'node:crypto';
import { authorityImport, rootConnection, rootWish } from '@hostmaster/core/contract/authority';
import { operation as operationOf } from '@hostmaster/core/contract/operation';
import { hostnameOf } from '@hostmaster/core/hostname/parse-hostname';
import { toPem } from '@hostmaster/core/pki/chain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chooseIssuer } from '../certificate/choose-issuer.ts';
import type { SealingCtx } from '../context.ts';
import type { DemoAccount } from '../installation/seed-demo.ts';
import { knownAnchors } from '../issuer/anchors.ts';
import { coverZones } from '../issuer/cover-zones.ts';
import { listIssuers } from '../issuer/list.ts';
import { readPkiFile } from '../issuer/read-pki-file.ts';
import { readTrust } from '../issuer/read-trust.ts';
import { resumeIssuer, stopIssuer } from '../issuer/stop.ts';
import { getOperation } from '../operation/get.ts';
import { startDueRenewals } from '../sweep/due-renewals.ts';
import { publishDueCrls } from '../sweep/publish-crls.ts';
import { zoneApex } from '../testing/demo.ts';
import { createOfflineRoot, type OfflineRoot } from '../testing/offline-root.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { activateRoot } from './activate-root.ts';
import { connectRoot } from './connect-root.ts';
import { dropRequest } from './drop-request.ts';
import { importAuthority } from './import.ts';
import { installCrl } from './install-crl.ts';
import { installIntermediate } from './install-intermediate.ts';
import { listBundleFetches } from './list-fetches.ts';
import { makeRoot } from './make-root.ts';
import { noteBundleFetch } from './note-fetch.ts';
import { readAuthority } from './read.ts';
import { requestIntermediate } from './request-intermediate.ts';
import { withdrawRoot } from './withdraw-root.ts';

let world: Reconciling;
let offline: OfflineRoot;
beforeAll(async () => {
  offline = await createOfflineRoot('Example Offline Root');
});
afterAll(async () => {
  await world.close();
  await offline.remove();
});
beforeEach(async () => {
  await world?.close();
  world = await createReconciling();
  // OpenSSL signs from now on, and what it signs within two minutes is valid here.
  world.clock.set(new Date(Date.now() + 120_000));
});

const as = async (account: DemoAccount = 'platform'): Promise<SealingCtx> => ({
  ...world.ctxFor((await world.as(account)).actor),
  sealer: world.worker.keyStore,
});
/** What became of a wish once a worker has come to it. */
const ended = async (asked: Promise<{ readonly id: string }>) => {
  const { id } = await asked;
  await world.runDue();
  return operationOf.parse(await getOperation(await as(), { id }));
};
const carriedOut = async (asked: Promise<{ readonly id: string }>): Promise<string> => {
  const { state, result, reason } = await ended(asked);
  expect(state, reason).toBe('succeeded');
  return String(result?.id);
};
const view = async () => readAuthority(await as());
const rootNamed = async (name: string) => {
  const found = (await view()).roots.find((root) => root.name === name);
  if (found === undefined) throw new Error(`no root ${name}`);
  return found;
};
const connected = async (root: OfflineRoot = offline, name = 'Offline'): Promise<string> =>
  carriedOut(connectRoot(await as(), rootConnection.parse({ name, certificatePem: root.certificatePem })));
/** The request that waits below a root. */
const requestOf = async (name = 'Offline') => {
  const [request] = (await rootNamed(name)).requests;
  if (request === undefined) throw new Error(`nothing waits below ${name}`);
  return request;
};
const violationsOf = (asked: Promise<unknown>): Promise<string[]> =>
  asked.then(
    () => [],
    (error: { violations: { rule: string }[] }) => error.violations.map(({ rule }) => rule),
  );
const signingError = async () => (await world.db.zone.findFirstOrThrow({ where: { apex: zoneApex } })).signingError;
const chosen = async () => chooseIssuer(world.worker, 'internal-ca', [hostnameOf(`www.${zoneApex}`)]);
const live = async (hostname: string) => {
  await world.ask(hostname);
  await world.runDue();
  const work = await world.db.operation.findFirstOrThrow({ where: { endpoint: { hostname } } });
  expect(work, work.reason).toMatchObject({ state: 'succeeded' });
};
const servedChain = async (hostname: string): Promise<string> =>
  (await world.db.certificate.findFirstOrThrow({ where: { endpoint: { hostname }, state: 'served' } })).chainPem;
const bundle = async (): Promise<string> => Buffer.from((await readPkiFile(world.worker, 'root.pem'))?.body ?? '').toString();
/** Strictly, with the lists of every CA in the chain, and for this name. */
const verify = async (hostname: string, roots: string, folder: OfflineRoot = offline): Promise<string> => {
  await publishDueCrls(world.worker);
  const published = await world.db.revocationList.findMany({ where: { der: { not: null } } });
  const lists = published.map(({ der }) => toPem(der ?? new Uint8Array(), 'X509 CRL')).join('');
  const [chain, bundle_, crls] = await Promise.all([
    folder.write('chain.pem', await servedChain(hostname)),
    folder.write('bundle.pem', roots),
    folder.write('lists.pem', lists),
  ]);
  const files = ['-CAfile', bundle_, '-untrusted', chain, '-CRLfile', crls, '-verify_hostname', hostname];
  return folder.openssl('verify', '-x509_strict', '-crl_check_all', ...files, chain);
};
const later = (days: number) => world.clock.advance(days * 86_400_000);

describe('a root whose key is kept elsewhere', () => {
  it('is announced, asks for the signature of a CA once it is active, and signs for names through it', async () => {
    const id = await connected();
    expect(await rootNamed('Offline')).toMatchObject({ state: 'announced', keyHere: false, intermediates: [], requests: [] });
    expect(await knownAnchors(world.worker)).toHaveLength(2);
    const before = (await chosen()).id;

    const { reason } = await ended(activateRoot(await as(), { id }));
    expect(reason).toMatch(/^Offline is active\. CAs below it sign once one that it signed is brought; .* A request for one waits /);
    const request = await requestOf();
    expect(request.permittedSuffixes).toEqual([zoneApex]);
    expect(await signingError()).toMatch(/^The key of Offline is kept elsewhere: whoever holds it has to sign the request/);
    // Until then the CA below the root before it signs.
    expect((await chosen()).id).toBe(before);
    await coverZones(world.worker);
    expect((await rootNamed('Offline')).requests).toHaveLength(1);

    const certificatePem = await offline.sign(request.csrPem);
    const made = await carriedOut(installIntermediate(await as(), { id: request.id, certificatePem }));
    expect(await rootNamed('Offline')).toMatchObject({
      state: 'active',
      requests: [],
      intermediates: [{ id: made, keyHere: true, permittedSuffixes: [zoneApex], signsFor: [zoneApex] }],
    });
    expect([(await chosen()).id, await signingError()]).toEqual([made, null]);

    await carriedOut(installCrl(await as(), { id, crlPem: await offline.crl() }));
    const hostname = `below.dev.${zoneApex}`;
    await live(hostname);
    expect(await verify(hostname, await bundle())).toBe('chain.pem: OK\n');
    expect(await world.db.auditEvent.findMany({ where: { action: { startsWith: 'authority.' } }, select: { action: true } })).toHaveLength(
      4,
    );
  });

  it('may have its first CA signed before it is activated, which then signs at once', async () => {
    const id = await connected();
    await carriedOut(requestIntermediate(await as(), { id }));
    const request = await requestOf();
    const before = (await chosen()).id;
    const certificatePem = await offline.sign(request.csrPem);
    const made = await carriedOut(installIntermediate(await as(), { id: request.id, certificatePem }));
    expect((await chosen()).id).toBe(before);
    expect((await ended(activateRoot(await as(), { id }))).reason).toBe('Offline signs from now on.');
    expect([(await chosen()).id, await signingError(), (await rootNamed('Offline')).requests]).toEqual([made, null, []]);
  });

  it('is believed for nothing that was signed for another key, by another root, or for other names', async () => {
    const id = await connected();
    const ask = async (pem: string) => installIntermediate(await as(), { id: (await requestOf()).id, certificatePem: pem });
    await carriedOut(requestIntermediate(await as(), { id }));
    const { csrPem } = await requestOf();

    const other = await createOfflineRoot('Example Offline Root');
    expect(await violationsOf(ask(await other.sign(csrPem)))).toContain('ca-signer');
    await other.openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'own.key', '-subj', '/CN=Mine', '-out', 'own.csr');
    const constraints = (names: string) =>
      `basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign,digitalSignature\nextendedKeyUsage=serverAuth\n${names}\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\ncrlDistributionPoints=URI:http://pki.example.test/root.crl\n`;
    const excluded = 'excluded;IP.0:0.0.0.0/0.0.0.0,excluded;IP.1:0:0:0:0:0:0:0:0/0:0:0:0:0:0:0:0';
    const own = constraints(`nameConstraints=critical,permitted;DNS:${zoneApex},${excluded}`);
    expect(await violationsOf(ask(await offline.sign(await other.read('own.csr'), own)))).toEqual(['ca-key']);
    expect(await violationsOf(ask(await offline.sign(csrPem, own)))).toEqual([]);
    await other.remove();

    for (const [names, rules] of [
      ['', ['ca-names']],
      [`nameConstraints=permitted;DNS:${zoneApex},${excluded}`, ['ca-names']],
      [`nameConstraints=critical,permitted;DNS:${zoneApex}`, ['ca-names']],
      [`nameConstraints=critical,${excluded}`, ['ca-names']],
      [`nameConstraints=critical,permitted;DNS:${zoneApex},permitted;DNS:elsewhere.test,${excluded}`, ['ca-names']],
      [`nameConstraints=critical,permitted;DNS:test,${excluded}`, ['ca-names']],
    ] as const)
      expect(await violationsOf(ask(await offline.sign(csrPem, constraints(names)))), names).toEqual(rules);
    const leaf = 'basicConstraints=critical,CA:FALSE\nkeyUsage=digitalSignature\n';
    expect(await violationsOf(ask(await offline.sign(csrPem, leaf)))).toEqual(expect.arrayContaining(['ca-names', 'ca-profile']));
    const long = constraints(`nameConstraints=critical,permitted;DNS:${zoneApex},${excluded}`).replace('pathlen:0', 'pathlen:1');
    expect(await violationsOf(ask(await offline.sign(csrPem, long)))).toEqual(['ca-profile']);
    expect(await violationsOf(ask('nothing'))).toEqual(['ca-pem']);
    expect(await violationsOf(ask(`${await offline.read('root.key')}${await offline.read('signed.pem')}`))).toEqual(['ca-without-key']);
  });

  it('is refused with every reason where it is none', async () => {
    const connect = async (certificatePem: string) => connectRoot(await as(), rootConnection.parse({ name: 'Other', certificatePem }));
    const [own] = (await view()).roots;
    expect(await violationsOf(connect(own?.certificatePem ?? ''))).toEqual(['ca-known']);
    const weak = await createOfflineRoot('Weak', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024']);
    expect(await violationsOf(connect(weak.certificatePem))).toEqual(['key-policy']);
    await weak.remove();
    const [intermediate] = own?.intermediates ?? [];
    const row = await world.db.issuer.findFirstOrThrow({ where: { id: intermediate?.id ?? '' } });
    expect(await violationsOf(connect(row.chainPem))).toEqual(expect.arrayContaining(['root-certificate', 'ca-path-length', 'ca-names']));
    await connected();
    expect(await violationsOf(connect(offline.certificatePem))).toEqual(['ca-known']);
    const twin = await createOfflineRoot('Example Offline Root');
    expect(await violationsOf(connect(twin.certificatePem))).toEqual(['ca-known']);
    await twin.remove();
    later(8000);
    expect(await violationsOf(connect(twin.certificatePem))).toEqual(expect.arrayContaining(['ca-validity']));
  });

  it('publishes no list that another has signed, nor an older one', async () => {
    const id = await connected();
    const crlPem = await offline.crl();
    await carriedOut(installCrl(await as(), { id, crlPem }));
    expect(await world.db.revocationList.findMany({ where: { issuerId: id } })).toMatchObject([{ list: 0, der: expect.anything() }]);
    expect(await violationsOf(installCrl(await as(), { id, crlPem }))).toEqual(['ca-list']);
    const other = await createOfflineRoot('Example Offline Root');
    expect(await violationsOf(installCrl(await as(), { id, crlPem: await other.crl() }))).toEqual(['ca-list']);
    await other.remove();
    expect(await violationsOf(installCrl(await as(), { id, crlPem: 'nothing' }))).toEqual(['ca-list']);
  });

  it('that revokes a CA below it has it sign nothing more: orders go to another one, and resuming it changes nothing', async () => {
    const id = await connected();
    await carriedOut(requestIntermediate(await as(), { id }));
    const request = await requestOf();
    await carriedOut(installIntermediate(await as(), { id: request.id, certificatePem: await offline.sign(request.csrPem) }));
    await carriedOut(activateRoot(await as(), { id }));
    const before = await chosen();
    expect(before.rootId).toBe(id);
    await live(`revoked-ca.dev.${zoneApex}`);
    await offline.openssl('ca', '-config', 'root.cnf', '-revoke', 'signed.pem');
    const { reason } = await ended(installCrl(await as(), { id, crlPem: await offline.crl() }));
    expect(reason).toContain(`It revokes Internal CA (${before.slug}), which signs nothing more. 1 certificate below it is not trusted`);
    expect((await chosen()).id).not.toBe(before.id);
    expect(await world.db.issuer.findUniqueOrThrow({ where: { id: before.id } })).toMatchObject({
      stoppedAt: null,
      revokedAt: world.clock.now(),
    });
    const event = await world.db.auditEvent.findFirstOrThrow({ where: { action: 'issuer.revoke' } });
    expect(event).toMatchObject({ subjectId: before.id, detail: { root: expect.any(String), list: expect.any(Number) } });
    // Another request for a CA of the zones waits for whoever holds the root.
    expect((await rootNamed('Offline')).requests).toHaveLength(1);
  });

  it('is asked for no CA while it is stopped, and says that a CA below it is', async () => {
    const id = await connected();
    await stopIssuer(await as(), { id });
    await carriedOut(activateRoot(await as(), { id }));
    expect((await rootNamed('Offline')).requests).toEqual([]);
    expect(await signingError()).toContain('Offline is stopped');
    await resumeIssuer(await as(), { id });
    await coverZones(world.worker);
    const request = await requestOf();
    const made = await carriedOut(installIntermediate(await as(), { id: request.id, certificatePem: await offline.sign(request.csrPem) }));
    await stopIssuer(await as(), { id: made });
    expect((await rootNamed('Offline')).intermediates).toMatchObject([{ stoppedAt: expect.any(String), signsFor: [] }]);
  });

  it('is shown as withdrawn among the issuers, where it is', async () => {
    const id = await connected();
    const row = async () => (await listIssuers(await as(), { limit: 50 })).rows.find((each) => each.id === id);
    expect(await row()).toMatchObject({ keyHere: false, withdrawn: false });
    await carriedOut(withdrawRoot(await as(), { id }));
    expect(await row()).toMatchObject({ withdrawn: true, rootPem: null });
  });

  it('loses a request that is dropped, with its key', async () => {
    const id = await connected();
    await carriedOut(requestIntermediate(await as(), { id }));
    const request = await requestOf();
    await carriedOut(dropRequest(await as(), request));
    expect(await world.db.authorityRequest.count()).toBe(0);
    await expect(dropRequest(await as(), request)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a root that takes the place of another', () => {
  it.each(['ecdsa-p256', 'ecdsa-p384', 'rsa-3072', 'rsa-4096'] as const)(
    'with %s is trusted before it signs; what was signed before is valid until it is renewed below it, and then the old one may go',
    async (key) => {
      const hostname = `moves.dev.${zoneApex}`;
      await live(hostname);
      const oldBundle = await bundle();
      const [old] = (await view()).roots;
      const id = await carriedOut(makeRoot(await as(), rootWish.parse({ name: 'Next', key, intermediateKey: key })));
      const both = await bundle();
      expect([oldBundle, both].map((pem) => pem.match(/BEGIN/g)?.length)).toEqual([1, 2]);
      expect(await rootNamed('Next')).toMatchObject({ state: 'announced', certificate: { keyAlgorithm: key }, intermediates: [] });

      await carriedOut(activateRoot(await as(), { id }));
      expect(await rootNamed('Next')).toMatchObject({
        state: 'active',
        intermediates: [{ certificate: { keyAlgorithm: key }, signsFor: [zoneApex] }],
      });
      expect((await view()).roots.at(-1)).toMatchObject({ state: 'replaced', certificates: 1 });
      expect(await verify(hostname, both)).toBe('chain.pem: OK\n');
      await expect(withdrawRoot(await as(), { id: old?.id ?? '' })).rejects.toMatchObject({
        code: 'in-use',
        message: expect.stringMatching(/^Internal root has 1 valid certificate below it, the last one until /),
      });

      const endpoint = await world.db.endpoint.findFirstOrThrow({ where: { hostname } });
      await world.db.certificate.updateMany({ where: { endpointId: endpoint.id }, data: { renewAfter: new Date(0) } });
      await startDueRenewals(world.worker, 10);
      await world.runDue();
      const issuer = new X509Certificate(await servedChain(hostname)).issuer;
      expect(await verify(hostname, both)).toBe('chain.pem: OK\n');
      // Whoever has the old bundle alone does not believe it: that is why the new one is announced first.
      expect(await verify(hostname, oldBundle)).toMatch(/^failed: .*unable to get/s);

      later(100);
      await carriedOut(withdrawRoot(await as(), { id: old?.id ?? '' }));
      expect((await bundle()).match(/BEGIN/g)).toHaveLength(1);
      expect(issuer).toContain('Example Issuing');
      await expect(withdrawRoot(await as(), { id })).rejects.toMatchObject({ code: 'conflict' });
    },
  );

  it('gives its place back, and what it has signed stays valid', async () => {
    const [old] = (await view()).roots;
    const before = (await chosen()).id;
    const id = await carriedOut(makeRoot(await as(), rootWish.parse({ name: 'Next' })));
    expect(await readTrust(world.worker)).toMatchObject({ roots: [{}, {}], samples: ['internal-ca-1'] });
    await carriedOut(activateRoot(await as(), { id }));
    expect((await chosen()).id).not.toBe(before);
    // Whoever installs both roots tries a CA of each.
    expect((await readTrust(world.worker)).samples).toEqual(['internal-ca-1', (await chosen()).slug]);
    await carriedOut(activateRoot(await as(), { id: old?.id ?? '' }));
    expect((await chosen()).id).toBe(before);
    expect((await rootNamed('Next')).state).toBe('replaced');
    await expect(activateRoot(await as(), { id: old?.id ?? '' })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is trusted by those who have fetched the bundle since, and whoever runs Hostmaster sees from where that was', async () => {
    const fetch = (address: string, file = 'root.pem') => noteBundleFetch(world.door, file, address);
    await fetch('192.0.2.1');
    await fetch('192.0.2.3', 'root.cer');
    await fetch('192.0.2.2');
    await carriedOut(makeRoot(await as(), rootWish.parse({ name: 'Next' })));
    await fetch('192.0.2.2', 'root.p12');
    const { rows, total } = await listBundleFetches(await as(), { limit: 50 });
    expect([rows.map(({ address, newest }) => [address, newest]), total]).toEqual([
      [
        ['192.0.2.1', false],
        ['192.0.2.2', true],
      ],
      2,
    ]);
    const { rows: first, nextCursor } = await listBundleFetches(await as(), { limit: 1 });
    const { rows: second } = await listBundleFetches(await as(), { limit: 1, cursor: nextCursor ?? '' });
    expect([...first, ...second]).toEqual(rows);
    await expect(listBundleFetches(await as('security'), { limit: 50 })).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('a CA that is brought with its key', () => {
  const bring = async (root: OfflineRoot, keyPem: string, passphrase = '', certificatePem = root.certificatePem) =>
    importAuthority(await as(), authorityImport.parse({ name: 'Brought', certificatePem, keyPem, passphrase }));

  it.each([
    ['P-256', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], 'ec'],
    ['RSA-3072', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072'], 'rsa'],
  ] as const)('of %s signs here, whichever way its key was written', async (_, genpkey, traditional) => {
    const root = await createOfflineRoot('Brought Root', genpkey);
    await root.openssl('pkcs8', '-topk8', '-in', 'root.key', '-v2', 'aes-256-cbc', '-passout', 'pass:open sesame', '-out', 'encrypted.key');
    await root.openssl(traditional, '-in', 'root.key', ...(traditional === 'rsa' ? ['-traditional'] : []), '-out', 'traditional.key');
    expect(await root.read('traditional.key')).toMatch(/BEGIN (RSA|EC) PRIVATE KEY/);
    expect(await ended(bring(root, await root.read('encrypted.key'), 'wrong'))).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('It cannot be opened with this passphrase'),
    });
    // What was sealed is thrown away with the failure.
    expect(await world.db.authorityChange.count()).toBe(0);
    const keyPem = await root.read(traditional === 'rsa' ? 'traditional.key' : 'encrypted.key');
    const id = await carriedOut(bring(root, keyPem, 'open sesame'));
    await carriedOut(activateRoot(await as(), { id }));
    const hostname = `brought.dev.${zoneApex}`;
    await live(hostname);
    expect(await verify(hostname, await bundle(), root)).toBe('chain.pem: OK\n');
    await root.remove();
  });

  it('is refused with a key of another certificate, or one that nobody can read', async () => {
    const other = await createOfflineRoot('Other Root');
    for (const [keyPem, why] of [
      [await other.read('root.key'), 'It is not the key of the certificate.'],
      ['nothing', 'This is not one private key in PEM.'],
      [`${await offline.read('root.key')}${await other.read('root.key')}`, 'This is not one private key in PEM.'],
    ] as const)
      expect(await ended(bring(offline, keyPem))).toMatchObject({ state: 'failed', error: { message: expect.stringContaining(why) } });
    await other.remove();
    expect(await world.db.authorityChange.count()).toBe(0);
    expect(JSON.stringify(await world.db.operation.findMany({ where: { kind: 'authority' } }))).not.toContain('PRIVATE KEY');
  });

  it('below a known root signs from then on', async () => {
    const id = await connected();
    await carriedOut(activateRoot(await as(), { id }));
    const request = await requestOf();
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'issuing.key'];
    await offline.openssl('req', '-new', ...key, '-subj', '/O=Example/CN=Brought Issuing', '-out', 'issuing.csr');
    const excluded = 'excluded;IP.0:0.0.0.0/0.0.0.0,excluded;IP.1:0:0:0:0:0:0:0:0/0:0:0:0:0:0:0:0';
    const extensions = `basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign,digitalSignature\nextendedKeyUsage=serverAuth\nnameConstraints=critical,permitted;DNS:${zoneApex},${excluded}\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\ncrlDistributionPoints=URI:http://pki.example.test/root.crl\n`;
    const signed = await offline.sign(await offline.read('issuing.csr'), extensions);
    await carriedOut(bring(offline, await offline.read('issuing.key'), '', signed));
    expect(await signingError()).toBeNull();
    expect((await requestOf()).id).toBe(request.id);
    await carriedOut(installCrl(await as(), { id, crlPem: await offline.crl() }));
    const hostname = `issued.dev.${zoneApex}`;
    await live(hostname);
    // Its own key identifier is the way of OpenSSL, and leaves name that.
    expect(await verify(hostname, await bundle())).toBe('chain.pem: OK\n');
  });
});

it('is for platform admins alone, and the portal writes no CA itself', async () => {
  const id = await connected();
  const wish = rootWish.parse({ name: 'Mine' });
  for (const account of ['app', 'security', 'auditor'] as const) {
    const ctx = await as(account);
    for (const act of [makeRoot(ctx, wish), activateRoot(ctx, { id }), withdrawRoot(ctx, { id }), requestIntermediate(ctx, { id })])
      await expect(act).rejects.toMatchObject({ code: 'forbidden' });
    expect((await readAuthority(ctx)).permissions.manage).toBe(false);
  }
  const { db } = await as();
  await expect(db.issuer.updateMany({ where: { id }, data: { state: 'active' } })).rejects.toThrow(/permission denied/);
  await expect(db.authorityRequest.findMany({ select: { keyCiphertext: true } })).rejects.toThrow(/permission denied/);
  await expect(db.authorityChange.findMany({ select: { secretCiphertext: true } })).rejects.toThrow(/permission denied/);
});
