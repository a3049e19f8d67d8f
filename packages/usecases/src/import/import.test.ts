// A certificate that a team had from elsewhere: brought, read by a worker, served like any other, and followed by the next one.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { certificateImport } from '@hostmaster/core/contract/certificate-import';
import { type EndpointContractInput, endpointContract } from '@hostmaster/core/contract/endpoint';
import { day, hour } from '@hostmaster/core/duration';
import { toPem } from '@hostmaster/core/pki/chain';
import { integer, octetString, oid, sequence } from '@hostmaster/core/pki/der';
import { pkcs12KeyStore } from '@hostmaster/core/pki/key-store-file';
import { objectIdentifiers as id } from '@hostmaster/core/pki/object-identifiers';
import { broughtDueAt } from '@hostmaster/core/pki/renewal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHome } from '../account/home.ts';
import { revokeCertificate } from '../certificate/revoke.ts';
import type { SealingCtx } from '../context.ts';
import { createGrant } from '../grant/create.ts';
import { revokeGrant } from '../grant/revoke.ts';
import type { DemoAccount } from '../installation/seed-demo.ts';
import { knownAnchors } from '../issuer/anchors.ts';
import { listIssuers } from '../issuer/list.ts';
import { checkRequest } from '../request/check.ts';
import { startDueRenewals } from '../sweep/due-renewals.ts';
import { zoneApex } from '../testing/demo.ts';
import { createForeignCa, type ForeignCa } from '../testing/foreign-ca.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { bringCertificate } from './bring.ts';
import { forgetBrought } from './forget.ts';

let world: Reconciling;
let ca: ForeignCa;
beforeAll(async () => {
  world = await createReconciling();
  ca = await createForeignCa(world.clock);
});
afterAll(() => world.close());

const as = async (account: DemoAccount = 'app'): Promise<SealingCtx> => ({
  ...world.ctxFor((await world.as(account)).actor),
  sealer: world.worker.keyStore,
});
let names = 0;
const fresh = (): string => {
  names += 1;
  return `bought-${names}.dev.${zoneApex}`;
};
const imported: Partial<EndpointContractInput> = { tls: { source: 'imported' }, owners: { certificate: 'order-platform' } };
const endpointOf = (hostname: string) => world.db.endpoint.findFirstOrThrow({ where: { hostname } });
const certificatesOf = (hostname: string) =>
  world.db.certificate.findMany({
    where: { endpoint: { hostname } },
    orderBy: { issuedAt: 'asc' },
    include: { order: true, issuer: true },
  });
const operationOf = async (hostname: string) =>
  world.db.operation.findFirstOrThrow({ where: { endpointId: (await endpointOf(hostname)).id }, orderBy: { generation: 'desc' } });
/** Brings a file as somebody does, and a worker reads it. */
const bring = async (hostname: string, file: Uint8Array, passphrase = '', account: DemoAccount = 'app') => {
  const { id } = await endpointOf(hostname);
  // A team brings ten in a minute.
  world.clock.advance(6000);
  const started = await bringCertificate(
    await as(account),
    certificateImport.parse({ id, file: Buffer.from(file).toString('base64'), passphrase }),
  );
  await world.runDue();
  return world.db.operation.findUniqueOrThrow({ where: { id: started.id } });
};
/** Asked for, with its records written: it waits for its certificate. */
const waiting = async (more: Partial<EndpointContractInput> = {}): Promise<string> => {
  const hostname = fresh();
  await world.ask(hostname, { ...imported, ...more });
  await world.runDue();
  return hostname;
};
const live = async (days = 365): Promise<string> => {
  const hostname = await waiting();
  const { pem } = await ca.issue([hostname], { days });
  expect((await bring(hostname, pem)).state).toBe('succeeded');
  return hostname;
};
const escaped = (text: string): string => text.replace(/[.*]/g, '\\$&');
const problemsOf = async (hostname: string) => (await world.view(hostname)).brought?.problems?.map(({ rule }) => rule) ?? null;

describe('a name whose certificate is imported', () => {
  it('is admitted, has its records, and waits for its team in so many words', async () => {
    const hostname = await waiting();
    expect(await world.heldAt(hostname)).toHaveLength(1);
    expect(await operationOf(hostname)).toMatchObject({
      ...{ state: 'waiting', step: 'certificate-issued', movesNext: 'order-platform', error: null },
      reason: `order-platform imports a certificate for ${hostname}.`,
    });
    expect(await world.view(hostname)).toMatchObject({ permissions: { import: true }, brought: null });
  });

  it('names who gets the next one, and its plan promises no time', async () => {
    const contract = {
      hostname: fresh(),
      team: 'order-platform',
      target: { addresses: ['127.0.0.1'] },
      tls: { source: 'imported' },
    } as const;
    const ask = async (more: object) =>
      checkRequest(await as(), { kind: 'create', contract: endpointContract.parse({ ...contract, ...more }) });
    expect((await ask({})).decision.violations.map(({ rule }) => rule)).toEqual(['tls-import-owner']);
    const { leadTime, plan } = await ask({ owners: { certificate: 'order-platform' } });
    expect(leadTime).toEqual({ seconds: null, text: 'How long it takes is not known: its team imports the certificate.' });
    expect(plan).toMatchObject({ certificate: { key: 'any', source: 'imported' } });
    expect(plan?.notes.join(' ')).toContain('order-platform imports one, with its key, and the next one before that ends.');
  });

  it('is live once its team brought one: PKCS #12, with the root, and the key is kept as any other', async () => {
    const hostname = await waiting();
    const { privateKey, chain, serial } = await ca.issue([hostname]);
    const store = pkcs12KeyStore({ privateKey, chain: [...chain, ca.root], alias: 'x' }, 'geheim', 'legacy', randomBytes);
    expect(await bring(hostname, store, 'geheim')).toMatchObject({ purpose: 'revision', state: 'succeeded' });
    expect(await endpointOf(hostname)).toMatchObject({ state: 'live' });
    expect(world.servedSerial(hostname)).toBe(serial);
    const [certificate] = await certificatesOf(hostname);
    expect(certificate).toMatchObject({
      ...{ state: 'served', serial, names: [hostname] },
      order: { state: 'issued', keyId: expect.any(String), keyAlgorithm: 'ecdsa-p256' },
      issuer: { kind: 'imported', name: 'Foreign Issuing', slug: expect.stringMatching(/^imported-foreign-issuing-[0-9a-f]{16}$/) },
    });
    expect(await world.db.broughtCertificate.count({ where: { endpoint: { hostname } } })).toBe(0);
    const { certificates, history } = await world.view(hostname);
    expect(certificates[0]).toMatchObject({ brought: true, keyHolder: 'hostmaster', permissions: { exportKey: true } });
    expect(history.map(({ action }) => action)).toEqual(expect.arrayContaining(['endpoint.bring-certificate', 'certificate.import']));
  });

  it('is looked at with the root that its team brought, which nobody else is told to trust', async () => {
    const hostname = await live();
    const anchors = await knownAnchors(world.worker);
    expect(anchors.some((pem) => pem.replaceAll(/\s/g, '').includes(ca.root.toString('base64')))).toBe(false);
    expect((await listIssuers(await as('platform'), { limit: 50 })).rows.map(({ kind }) => kind)).not.toContain('imported');
    expect(world.trusted(hostname).join('').replaceAll(/\s/g, '')).toContain(ca.root.toString('base64'));
    expect(world.trusted('orders.dev.example.test').join('').replaceAll(/\s/g, '')).not.toContain(ca.root.toString('base64'));
  });
});

it('a key may be of any kind that is taken, unless the contract names one', async () => {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const [hostname, picky] = [await waiting(), await waiting({ tls: { source: 'imported', key: 'ecdsa-p384' } })];
  expect(await bring(hostname, (await ca.issue([hostname], { key })).pem)).toMatchObject({ state: 'succeeded' });
  await bring(picky, (await ca.issue([picky])).pem);
  expect(await problemsOf(picky)).toEqual(['import-other-key']);
});

describe('the next one', () => {
  it('is asked for a month before the end of a year, on the first page and on that of the name; no work waits for it', async () => {
    const hostname = await live(365);
    const [certificate] = await certificatesOf(hostname);
    const ends = certificate?.notAfter ?? new Date(0);
    expect(certificate?.renewAfter).toEqual(broughtDueAt({ notBefore: certificate?.notBefore ?? ends, notAfter: ends }));
    const before = world.clock.now();
    const needs = async () => (await readHome(await as())).needsMe.filter(({ title }) => title === hostname).map(({ text }) => text);
    world.clock.set(new Date(ends.getTime() - 31 * day));
    expect(await needs()).toEqual([]);
    for (const [left, urgency] of [
      [29, 'warning'],
      [13, 'high'],
      [6, 'urgent'],
      [2, 'incident'],
    ] as const) {
      world.clock.set(new Date(ends.getTime() - (left + 0.5) * day));
      expect(await needs()).toEqual([`The certificate ends in ${left} days: import the next one.`]);
      const { findings, certificate: shown } = await world.view(hostname);
      expect(shown?.urgency).toBe(urgency);
      expect(findings.find(({ code }) => code === 'RenewalOverdue')).toMatchObject({
        cause: `The certificate expires in ${left} days and the next one was not imported.`,
        movesNext: 'the team',
        remedy: expect.stringContaining('Import'),
      });
    }
    expect(await startDueRenewals(world.worker, 100)).toBeGreaterThanOrEqual(0);
    expect((await operationOf(hostname)).purpose).toBe('revision');
    world.clock.set(before);
  });

  it('takes the place of the one before, once it is seen, without its root', async () => {
    const hostname = await live();
    const { pem, serial } = await ca.issue([hostname], { root: false });
    expect(await bring(hostname, pem)).toMatchObject({ purpose: 'import', state: 'succeeded' });
    expect(world.servedSerial(hostname)).toBe(serial);
    expect((await certificatesOf(hostname)).map(({ state }) => state)).toEqual(['superseded', 'served']);
  });

  it('is not missed where it was refused: the one before stays, and the work says why it failed', async () => {
    const hostname = await live();
    const { pem } = await ca.issue(['www.elsewhere.test']);
    expect(await bring(hostname, pem)).toMatchObject({
      purpose: 'import',
      state: 'failed',
      reason: expect.stringContaining('and not for'),
    });
    expect(await problemsOf(hostname)).toEqual(['import-names']);
    expect((await certificatesOf(hostname)).map(({ state }) => state)).toEqual(['served']);
    const { pem: right } = await ca.issue([hostname]);
    expect(await bring(hostname, right)).toMatchObject({ state: 'succeeded' });
    expect(await problemsOf(hostname)).toBeNull();
  });
});

describe('what is wrong with it', () => {
  it('is said where it was asked, all of it, while the name goes on waiting; nothing of it is kept', async () => {
    const hostname = await waiting();
    const { pem } = await ca.issue(['www.elsewhere.test'], { days: 1, root: false, purpose: false });
    expect(await bring(hostname, pem)).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('was refused; its page says why.'),
    });
    expect(await problemsOf(hostname)).toEqual(['import-names', 'import-purpose', 'import-chain']);
    expect(await world.db.broughtCertificate.findFirstOrThrow({ where: { endpoint: { hostname } } })).toMatchObject({
      secretKeyId: null,
      secretCiphertext: null,
    });
  });

  it('a passphrase that is wrong is named plainly', async () => {
    const hostname = await waiting();
    const { privateKey, chain } = await ca.issue([hostname]);
    const store = pkcs12KeyStore({ privateKey, chain, alias: 'x' }, 'right', 'modern', randomBytes);
    await bring(hostname, store, 'wrong');
    expect(await problemsOf(hostname)).toEqual(['import-passphrase']);
  });

  it('a certificate is imported once, and a key that others may know never', async () => {
    const [hostname, second] = [await live(), await waiting()];
    const { pem, key } = await ca.issue([hostname, second]);
    await bring(hostname, pem);
    await bring(second, pem);
    expect(await problemsOf(second)).toEqual(['import-once']);
    const { serial } = (await certificatesOf(hostname)).at(-1) ?? { serial: '' };
    await revokeCertificate(await as(), { serial, reason: 'keyCompromise', comment: 'It was in a backup.' });
    await world.runDue();
    const again = await ca.issue([second], { key });
    await bring(second, again.pem);
    expect(await problemsOf(second)).toEqual(['import-key-known']);
  });

  it('a serial that another certificate has is refused, however it is written, so that no act reaches the wrong one', async () => {
    const [other, hostname] = [fresh(), await waiting()];
    await world.ask(other);
    await world.runDue();
    const [{ serial } = { serial: '' }] = await certificatesOf(other);
    await bring(hostname, (await ca.issue([hostname], { serial })).pem);
    expect(await world.view(hostname)).toMatchObject({
      brought: {
        problems: [{ rule: 'import-serial', reason: expect.stringContaining(other), remedy: expect.stringContaining('issued anew') }],
      },
    });
    // One that was imported before it had that serial, as another CA might give it.
    await bring(hostname, (await ca.issue([hostname])).pem);
    const [brought] = await certificatesOf(hostname);
    await world.db.certificate.update({ where: { id: brought?.id ?? '' }, data: { serial } });
    const ask = async (given: string) => revokeCertificate(await as(), { serial: given, reason: 'superseded', comment: 'Replaced.' });
    await expect(ask(serial)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(
        new RegExp(`fingerprint.*: [0-9a-f]{64} for ${other}, from .*; ${brought?.fingerprint} for ${hostname}, from`),
      ),
    });
    await ask((brought?.fingerprint ?? '').toUpperCase());
    expect(
      (await world.db.revocationRequest.findMany({ select: { certificateId: true } })).map(({ certificateId }) => certificateId),
    ).toContain(brought?.id);
    await world.runDue();
  });

  it('what fails in the hands of OpenSSL is refused like anything else, and forgotten', async () => {
    const hostname = await waiting();
    const scrypt = sequence(oid(id.scrypt), sequence(octetString(Buffer.alloc(8)), integer(2 ** 17), integer(1), integer(1)));
    const cipher = sequence(oid(id.aes256Cbc), octetString(Buffer.alloc(16)));
    const key = sequence(sequence(oid(id.pbes2), sequence(scrypt, cipher)), octetString(Buffer.alloc(64)));
    expect(await bring(hostname, Buffer.from(toPem(key, 'ENCRYPTED PRIVATE KEY')), 'x')).toMatchObject({ state: 'waiting' });
    expect(await problemsOf(hostname)).toEqual(['import-readable']);
    expect(await world.db.broughtCertificate.count({ where: { endpoint: { hostname }, secretCiphertext: { not: null } } })).toBe(0);
  });

  it('what nobody read for an hour is forgotten, and that is said', async () => {
    const hostname = await waiting();
    const { id } = await endpointOf(hostname);
    const { pem } = await ca.issue([hostname]);
    await bringCertificate(await as(), certificateImport.parse({ id, file: Buffer.from(pem).toString('base64') }));
    world.clock.advance(hour - 1000);
    await forgetBrought(world.worker);
    expect(await problemsOf(hostname)).toBeNull();
    world.clock.advance(2000);
    await forgetBrought(world.worker);
    expect(await problemsOf(hostname)).toEqual(['import-waits']);
    expect(await world.db.broughtCertificate.count({ where: { endpointId: id, secretCiphertext: { not: null } } })).toBe(0);
  });
});

describe('names beyond those of the contract', () => {
  it('are taken where the team may claim each, whether it has them or not', async () => {
    const [hostname, own] = [await waiting(), await waiting()];
    const { pem, serial } = await ca.issue([hostname, fresh(), own]);
    expect(await bring(hostname, pem)).toMatchObject({ state: 'succeeded' });
    expect((await certificatesOf(hostname)).map((each) => [each.serial, each.names])).toEqual([[serial, [hostname]]]);
  });

  it.each([
    ['of others', 'www.elsewhere.test', 'No managed zone holds www.elsewhere.test.'],
    ['below the suffix of another team', `card.pay.prod.${zoneApex}`, 'not to team order-platform'],
    ['below a suffix for another environment', `orders.prod.${zoneApex}`, 'not for dev'],
    ['with a wildcard, which the grant does not allow', `*.dev.${zoneApex}`, 'may not claim wildcards'],
    ['at the apex', zoneApex, 'granted to team platform-edge, not to team order-platform'],
    ['at the granted suffix itself', `dev.${zoneApex}`, 'covers names below it'],
    ['that are no hostnames', `a_b.dev.${zoneApex}`, 'a_b'],
  ])('%s are refused, with their names and the way out', async (_, name, why) => {
    const hostname = await waiting();
    await bring(hostname, (await ca.issue([hostname, name])).pem);
    expect((await world.view(hostname)).brought?.problems).toEqual([
      {
        rule: 'import-other-names',
        reason: expect.stringMatching(new RegExp(`order-platform may not claim: "${escaped(name)}"\\. .*${escaped(why)}`)),
        remedy: expect.stringContaining('add them as extra names'),
      },
    ]);
    expect(await certificatesOf(hostname)).toEqual([]);
  });

  it('are refused where another team holds one', async () => {
    const [hostname, held] = [await waiting(), fresh()];
    await world.ask(held);
    await world.runDue();
    const { id: teamId } = await world.db.team.findUniqueOrThrow({ where: { slug: 'payments' } });
    await world.db.heldName.updateMany({ where: { hostname: held }, data: { teamId } });
    await bring(hostname, (await ca.issue([hostname, held])).pem);
    expect((await world.view(hostname)).brought?.problems).toMatchObject([
      { rule: 'import-other-names', reason: expect.stringContaining(`${held} is held by team payments`) },
    ]);
  });

  it('are refused once the grant has ended that covered them', async () => {
    const [hostname, suffix] = [await waiting(), `lab.${zoneApex}`];
    const platform = await world.as('platform');
    const grant = { team: 'order-platform', suffix, environments: ['dev'], views: ['public' as const], wildcard: true, apex: false };
    const { id } = await createGrant(platform, { ...grant, reason: 'Experiments' });
    const { pem } = await ca.issue([hostname, `*.${suffix}`]);
    await revokeGrant(platform, { id });
    await bring(hostname, pem);
    expect(await problemsOf(hostname)).toEqual(['import-other-names']);
    await createGrant(platform, { ...grant, reason: 'Again' });
    expect(await bring(hostname, pem)).toMatchObject({ state: 'succeeded' });
  });

  it('are refused where there are more than anybody looks up', async () => {
    const hostname = await waiting();
    const many = Array.from({ length: 101 }, (_, at) => `n${at}.dev.${zoneApex}`);
    await bring(hostname, (await ca.issue([hostname, ...many])).pem);
    expect(await problemsOf(hostname)).toEqual(['import-other-names']);
  });
});

it('neither key nor passphrase stand anywhere in the open: while they wait, once they are taken, and once they are refused', async () => {
  const everything = async (): Promise<string> => {
    const tables = await world.db.$queryRaw<{ name: string }[]>`
      SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`;
    const texts = await Promise.all(
      tables.map(({ name }) =>
        world.db.$queryRawUnsafe<{ text: string | null }[]>(`SELECT string_agg(t::text, ' ') AS text FROM "${name}" t`),
      ),
    );
    return texts.flatMap((rows) => rows.map(({ text }) => text ?? '')).join(' ');
  };
  const passphrase = 'open-sesame-0815';
  const [hostname, other] = [await waiting(), await waiting()];
  const { privateKey, chain } = await ca.issue([hostname]);
  const file = pkcs12KeyStore({ privateKey, chain: [...chain, ca.root], alias: 'x' }, passphrase, 'modern', randomBytes);
  // The private number of a key on P-256 begins at its 36th octet.
  const secret = privateKey.subarray(36, 68).toString('hex');
  const isOpen = async () => {
    const text = await everything();
    return [passphrase, Buffer.from(passphrase).toString('hex'), secret, Buffer.from(file).toString('hex')].filter((each) =>
      text.includes(each),
    );
  };
  const { id } = await endpointOf(hostname);
  await bringCertificate(await as(), certificateImport.parse({ id, file: Buffer.from(file).toString('base64'), passphrase }));
  // The search sees what is there, or its silence would mean nothing.
  const { secretCiphertext } = await world.db.broughtCertificate.findUniqueOrThrow({ where: { endpointId: id } });
  expect(await everything()).toContain(Buffer.from(secretCiphertext ?? '').toString('hex'));
  expect(await isOpen()).toEqual([]);
  await world.runDue();
  expect(world.servedSerial(hostname)).not.toBeNull();
  expect(await bring(other, file, passphrase)).toMatchObject({ state: 'waiting' });
  expect(await isOpen()).toEqual([]);
});

describe('whoever brings one', () => {
  it('brings no more in a minute than a worker can look through beside its other work', async () => {
    const hostname = await waiting();
    const { id } = await endpointOf(hostname);
    world.clock.advance(60_000);
    const again = async () => bringCertificate(await as(), certificateImport.parse({ id, file: 'eA==' }));
    for (let time = 0; time < 10; time += 1) await again();
    await expect(again()).rejects.toMatchObject({ code: 'rate-limited' });
    world.clock.advance(60_000);
    await again();
  });

  it('maintains the team, and the name asks for it and is not on its way out', async () => {
    const hostname = await waiting();
    const { pem } = await ca.issue([hostname]);
    await expect(bring(hostname, pem, '', 'platform')).rejects.toMatchObject({ code: 'forbidden' });
    const other = fresh();
    await world.ask(other);
    await world.runDue();
    await expect(bring(other, pem)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('from internal-ca') });
    await world.send('retire', hostname);
    await world.runDue();
    await expect(bring(hostname, pem)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('brings what counts: it takes the place of what they brought before', async () => {
    const hostname = await waiting();
    const { id } = await endpointOf(hostname);
    const [wrong, right] = [await ca.issue(['www.elsewhere.test']), await ca.issue([hostname])];
    await bringCertificate(await as(), certificateImport.parse({ id, file: Buffer.from(wrong.pem).toString('base64') }));
    expect(await bring(hostname, right.pem)).toMatchObject({ state: 'succeeded' });
    expect(world.servedSerial(hostname)).toBe(right.serial);
  });
});

it('a certificate that was brought is revoked by nobody here: its page says who can, and the name waits for another', async () => {
  const hostname = await live();
  const [{ serial } = { serial: '' }] = await certificatesOf(hostname);
  await revokeCertificate(await as(), { serial, reason: 'keyCompromise', comment: 'It was in a backup.' });
  await world.runDue();
  expect((await world.view(hostname)).certificates[0]?.revocationRefused?.reason).toBe(
    'Foreign Issuing revokes nothing for Hostmaster: whoever has the account there asks it, with the serial.',
  );
  expect(await operationOf(hostname)).toMatchObject({ state: 'waiting', movesNext: 'order-platform' });
  const { pem } = await ca.issue([hostname]);
  expect(await bring(hostname, pem)).toMatchObject({ state: 'succeeded' });
});
