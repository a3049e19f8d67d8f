// An order is signed once by Vault, whatever becomes of the answer and of whoever asked.
import { generateKeyPairSync } from 'node:crypto';
import { buildCsr } from '@hostmaster/core/pki/build-csr';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import type { CertificateIssuer, CertificateOrder, Progress, Resume } from '@hostmaster/core/pki/issuer';
import { signerFor } from '@hostmaster/core/pki/signer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeVault, startFakeVault } from '../../testing/vault/fake-vault.ts';
import { failing, obtain, openVault, orderOf, signal, usualPolicy } from '../../testing/vault/ground.ts';

const suffixes = ['example.test'];
let fake: FakeVault;
beforeAll(async () => {
  fake = await startFakeVault({ suffixes });
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.behave(null);
  fake.auth.grant(usualPolicy());
});
const name = 'orders.example.test';
const callsOf = (path: RegExp) => fake.asked.filter((each) => path.test(`${each.method} ${each.path}`));
const attempt = async (issuer: CertificateIssuer, order: CertificateOrder): Promise<Resume> => {
  const progress = await issuer.issue(order, issuer.begin(order), signal());
  if (progress.outcome === 'issued') throw new Error('signed without an attempt that is stored');
  return progress.resume;
};

describe('nothing is signed twice', () => {
  const signedFor = (order: CertificateOrder) =>
    fake.pki.signed.filter((der) => Buffer.from(order.csr ?? []).includes(Buffer.from(readCertificate(der).spki)));

  it('nothing is asked of it before what the order goes on from is stored', async () => {
    const [order, issuer, before] = [await orderOf(), openVault(fake), fake.asked.length];
    expect(await issuer.issue(order, issuer.begin(order), signal())).toMatchObject({
      outcome: 'pending',
      resume: { attempt: expect.any(String), after: null },
      retryAfterSeconds: 0,
    });
    expect(fake.asked.length).toBe(before);
  });

  it.each<[string, (path: string) => 'stall' | 'reset' | { status: number; body: string } | null]>([
    ['was closed before its answer', () => 'reset'],
    ['was answered by a proxy that gave up', () => ({ status: 504, body: '<html>Gateway timeout</html>' })],
    ['was answered in half', () => ({ status: 200, body: '{"data":{"certificate":"-----BEGIN' })],
    ['was answered with a fault of its own', () => ({ status: 500, body: '{"errors":["unable to store certificate locally"]}' })],
  ])('one whose call %s is found among what it stored', async (_, instead) => {
    const [order, issuer] = [await orderOf(), openVault(fake)];
    const resume = await attempt(issuer, order);
    fake.behave(({ path }, said) => (path.startsWith('pki/sign') ? (instead(path) ?? said) : said));
    expect((await failing(issuer.issue(order, resume, signal()))).code).toBe('issuer-unavailable');
    fake.behave(null);
    const { chain } = await obtain(issuer, order, resume);
    expect(signedFor(order)).toEqual([chain[0]]);
    expect(chain).toHaveLength(2);
  });

  it('a worker that died after it asked is followed by one that finds it, and one that died before asks', async () => {
    const order = await orderOf();
    const resume = await attempt(openVault(fake), order);
    const { chain } = await obtain(openVault(fake), order, resume);
    expect((await obtain(openVault(fake), order, resume)).chain).toEqual(chain);
    expect(signedFor(order)).toHaveLength(1);
  });

  it('is looked for in turns among thousands, and to the end', { timeout: 300_000 }, async () => {
    const many = await startFakeVault({ suffixes });
    try {
      many.auth.grant(usualPolicy());
      const order = await orderOf();
      const resume = await attempt(openVault(many), order);
      const { chain } = await obtain(openVault(many), order, resume);
      many.pki.fill(2500);
      const turns: Progress[] = [];
      const issuer = openVault(many);
      for (
        let at: Resume = resume;
        turns.at(-1)?.outcome !== 'issued';
        at = turns.at(-1)?.outcome === 'pending' ? (turns.at(-1) as { resume: Resume }).resume : at
      )
        turns.push(await issuer.issue(order, at, signal()));
      expect(turns.at(-1)).toMatchObject({ outcome: 'issued', chain });
      const begun = await attempt(openVault(many), await orderOf());
      const first = await issuer.issue(await orderOf(), begun, signal());
      expect(first).toMatchObject({
        outcome: 'pending',
        message: expect.stringMatching(/looked through .*; 1501 are left\.$/),
        movesNext: 'hostmaster',
        retryAfterSeconds: 1,
      });
    } finally {
      await many.close();
    }
  });

  it('what was revoked since, or is for other names, or is what it replaces, is none of it', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const orderFor = async (names: readonly string[], replaces?: Uint8Array): Promise<CertificateOrder> => ({
      id: 'order-1',
      names,
      csr: await buildCsr(signerFor(privateKey), names),
      ...(replaces === undefined ? {} : { replaces }),
    });
    const issuer = openVault(fake);
    const first = await obtain(issuer, await orderFor([name]));
    await obtain(issuer, await orderFor([name, 'api.example.test']));
    const [leaf = new Uint8Array()] = first.chain;
    // Asked for anew by another process: what it finds is the first one.
    expect((await obtain(openVault(fake), await orderFor([name]), first.resume)).chain[0]).toEqual(leaf);
    const renewal = await obtain(openVault(fake), await orderFor([name], leaf), first.resume);
    expect(renewal.chain[0]).not.toEqual(leaf);
    await issuer.revoke?.(leaf, 'superseded', signal());
    await issuer.revoke?.(renewal.chain[0] ?? new Uint8Array(), 'superseded', signal());
    expect([leaf, renewal.chain[0]]).not.toContainEqual((await obtain(openVault(fake), await orderFor([name]), first.resume)).chain[0]);
  });

  it('where its policy does not let Hostmaster look, that is waited for, and nothing is signed', async () => {
    fake.auth.grant({ ...usualPolicy(), 'pki/certs': [] });
    const order = await orderOf();
    const resume = await attempt(openVault(fake), order);
    const before = fake.pki.signed.length;
    expect(await failing(openVault(fake).issue(order, resume, signal()))).toMatchObject({
      code: 'issuer-unavailable',
      movesNext: 'whoever runs corp-vault',
      message: expect.stringContaining('does not allow pki/certs'),
    });
    expect(fake.pki.signed.length).toBe(before);
  });

  it('what Vault itself refused is not looked for', async () => {
    const [order, issuer] = [await orderOf(), openVault(fake)];
    const resume = await attempt(issuer, order);
    fake.auth.grant({ ...usualPolicy(), 'pki/sign/web': [] });
    const lists = callsOf(/list=true/).length;
    await failing(issuer.issue(order, resume, signal()));
    await failing(issuer.issue(order, resume, signal()));
    expect(callsOf(/list=true/).length).toBe(lists);
  });
});
