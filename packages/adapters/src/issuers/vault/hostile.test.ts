import { toPem } from '@hostmaster/core/pki/chain';
import { readIssued } from '@hostmaster/core/pki/issued';
import type { CertificateOrder } from '@hostmaster/core/pki/issuer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestCa } from '../../testing/test-ca.ts';
import { type FakeVault, type Sent, startFakeVault } from '../../testing/vault/fake-vault.ts';
import { failing, openVault, orderOf, usualPolicy } from '../../testing/vault/ground.ts';

let fake: FakeVault;
let stranger: Awaited<ReturnType<typeof createTestCa>>;
beforeAll(async () => {
  fake = await startFakeVault({ suffixes: ['example.test'] });
  stranger = await createTestCa(['example.test']);
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.behave(null);
  fake.seal(false);
  fake.auth.grant(usualPolicy());
});

const name = 'orders.example.test';
const run = async (order: CertificateOrder, issuer = openVault(fake), signal = AbortSignal.timeout(30_000)) => {
  const begun = await issuer.issue(order, issuer.begin(order), signal);
  return begun.outcome === 'issued' ? begun : issuer.issue(order, begun.resume, signal);
};
/** Answers a call whose path begins so with this. */
const answering = (path: string, sent: Sent) => fake.behave((asked, said) => (asked.path.startsWith(path) ? sent : said));
const page = (status: number, headers: Record<string, string> = {}): Sent => ({
  status,
  body: '<html>Sign in</html>',
  headers: { 'content-type': 'text/html', ...headers },
});
const errors = (status: number, words: string, headers: Record<string, string> = {}): Sent => ({
  status,
  body: { errors: [words] },
  headers,
});

describe.each(['auth/approle/login', 'pki/roles/web', 'pki/sign/web'])('what answers %s', (path) => {
  it.each<[string, Sent, RegExp]>([
    ['with a page', page(200), /what it answers is no JSON/],
    ['with half of its JSON', { status: 200, body: '{"data":{"certificate":"-----BEGIN' }, /what it answers is no JSON/],
    ['with JSON of another kind', { status: 200, body: [1, 2, 3] }, /what it answers is no (login|role|certificate)/],
    ['with more than anybody would read', { status: 200, body: 'x'.repeat(2 * 1024 * 1024) }, /more than 1048576 bytes were answered/],
    [
      'with a redirection to a private address',
      { status: 307, headers: { location: 'https://10.0.0.1/v1/pki' } },
      /it answers 307, and leads to another address/,
    ],
    ['by a proxy that has nobody behind it', page(502), /it answers 502 without saying why/],
    ['with nothing', 'reset', /the connection was closed/],
  ])('%s is no Vault, and asked again later', async (_, sent, words) => {
    answering(path, sent);
    const error = await failing(run(await orderOf()));
    expect(error).toMatchObject({
      code: 'issuer-unavailable',
      movesNext: 'whoever runs corp-vault',
      message: expect.stringMatching(words),
    });
    expect(error.message).toMatch(/^corp-vault does not answer as Vault does: /);
  });

  it.each<[string, Sent, object]>([
    ['is sealed', errors(503, 'Vault is sealed'), { message: 'corp-vault is sealed, and signs again once it is unsealed.' }],
    [
      'was asked too often',
      errors(429, 'request path "pki/sign/web": rate limit quota exceeded', { 'retry-after': '17' }),
      { retryAfter: 17, message: 'corp-vault takes no more requests for now: request path "pki/sign/web": rate limit quota exceeded.' },
    ],
    [
      'is a standby',
      errors(473, 'performance standby'),
      { message: expect.stringMatching(/^corp-vault is a standby, and hands nothing on/) },
    ],
    [
      'has no active node',
      errors(500, 'node not active but active node not found'),
      { message: expect.stringMatching(/^corp-vault did not do it: node not active/) },
    ],
    [
      'has nothing there',
      errors(404, 'no handler for route "pki/sign/web". route entry not found.'),
      { movesNext: 'whoever runs Hostmaster', message: expect.stringMatching(/Compare “/) },
    ],
    [
      'says what would break a page',
      errors(500, `a\u0000\u202eb\n${'x'.repeat(9_000)}`),
      { message: `corp-vault did not do it: a b ${'x'.repeat(296)}….` },
    ],
  ])('and %s is waited for', async (_, sent, expected) => {
    answering(path, sent);
    expect(await failing(run(await orderOf()))).toMatchObject({
      code: 'issuer-unavailable',
      movesNext: 'whoever runs corp-vault',
      ...expected,
    });
  });

  it('and stalls is left as soon as the work is told to end', async () => {
    answering(path, 'stall');
    await expect(run(await orderOf(), openVault(fake), AbortSignal.timeout(300))).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

it('one that is sealed is asked on once it is not', async () => {
  const [order, issuer] = [await orderOf(), openVault(fake)];
  fake.seal(true);
  expect((await failing(run(order, issuer))).message).toContain('is sealed');
  fake.seal(false);
  expect(await run(order, issuer)).toMatchObject({ outcome: 'issued' });
});

it('an address that may not be reached is not connected to, and a certificate of a CA that is not trusted is not taken', async () => {
  const before = fake.asked.length;
  const unreached = await failing(run(await orderOf(), openVault(fake, { settings: { addresses: '' } })));
  expect([unreached.code, unreached.message]).toEqual(['issuer-unavailable', expect.stringContaining('may not be reached')]);
  expect((await failing(run(await orderOf(), openVault(fake, { settings: { trust: stranger.rootPem } })))).code).toBe('issuer-unavailable');
  expect(fake.asked.length).toBe(before);
});

describe('a Vault that lies', () => {
  /** The answer to a sign call with other certificates in it. */
  const signing = (change: (data: { certificate: string; issuing_ca: string; ca_chain: string[] }) => object | Promise<object>) =>
    fake.behave(async (asked, said) => {
      if (!asked.path.startsWith('pki/sign')) return said;
      const { data, ...rest } = said.body as { data: Parameters<typeof change>[0] };
      return { ...said, body: { ...rest, data: { ...data, ...(await change(data)) } } };
    });
  /** As the worker takes it: with what every issuer's answer is held against. */
  const taken = async (roots: readonly Uint8Array[] = [fake.root]) => {
    const order = await orderOf();
    const progress = await run(order, openVault(fake, { roots }));
    if (progress.outcome === 'pending') throw new Error(progress.message);
    return { facts: readIssued(order, progress.chain, new Date()), chain: progress.chain };
  };
  const ofOther = async () => {
    const { fullchainPem } = await stranger.leaf([name]);
    const [certificate = '', issuing = ''] = fullchainPem.split(/(?<=-----END CERTIFICATE-----\n)/);
    return { certificate, issuing_ca: issuing, ca_chain: [issuing] };
  };

  it('answers a certificate for another key: it is refused for good', async () => {
    signing(() => ofOther());
    expect(await failing(taken([]))).toMatchObject({ code: 'issuer-refused', message: expect.stringContaining('for another key') });
  });

  it('answers one that has expired: it is refused for good, and where its root is known waited for', async () => {
    fake.pki.patchRole('web', { not_after: new Date(Date.now() - 60_000).toISOString() });
    try {
      expect(await failing(taken([]))).toMatchObject({ code: 'issuer-refused', message: expect.stringContaining('that expired on') });
      expect(await failing(taken())).toMatchObject({ code: 'issuer-unavailable', message: expect.stringContaining('has expired') });
    } finally {
      fake.pki.patchRole('web', { not_after: '' });
    }
  });

  it('answers a certificate for other names: it is refused for good', async () => {
    fake.behave(async (asked, said) => {
      if (!asked.path.startsWith('pki/sign')) return said;
      const other = Object(asked.body);
      return fake.pki.handle({
        method: 'POST',
        path: 'sign/web',
        list: false,
        body: { ...other, common_name: 'evil.example.test', alt_names: '' },
      });
    });
    expect(await failing(taken())).toMatchObject({
      code: 'issuer-refused',
      message: expect.stringContaining('for evil.example.test, not for orders.example.test'),
    });
  });

  it('answers one of a CA that the root it was connected with has nothing to do with: that is waited for, with whom', async () => {
    signing(() => ofOther());
    expect(await failing(taken())).toMatchObject({
      code: 'issuer-unavailable',
      movesNext: 'whoever runs Hostmaster',
      message:
        'What corp-vault signed is of no use to who trusts the root that it was connected with: the chain does not lead to a trusted root. Compare the root of the issuer with Vault’s.',
    });
  });

  it('answers its chain in the wrong order, twice, and with others among it: it is put right, and the root left out', async () => {
    const other = await ofOther();
    signing(({ ca_chain: chain }) => ({ ca_chain: [...[...chain].reverse(), other.issuing_ca, ...chain] }));
    expect((await taken()).chain).toEqual([expect.anything(), fake.pki.intermediate]);
  });

  it('answers no chain at all, or one of others: that is no chain', async () => {
    const other = await ofOther();
    for (const chain of [
      { issuing_ca: '', ca_chain: [] },
      { issuing_ca: other.issuing_ca, ca_chain: [] },
    ]) {
      signing(() => chain);
      expect(await failing(taken())).toMatchObject({
        code: 'issuer-unavailable',
        message: 'What corp-vault answers is no chain: None of the certificates signed the first one.',
      });
    }
  });

  it.each(['', 'no certificate', toPem(new Uint8Array([1, 2, 3])), toPem(new Uint8Array(300)).repeat(50)])(
    'answers no certificate',
    async (certificate) => {
      signing(() => ({ certificate }));
      expect((await failing(taken())).code).toBe('issuer-unavailable');
    },
  );
});
