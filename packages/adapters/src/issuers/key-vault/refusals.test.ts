// What a vault and its CA refuse, and what keeps it from being asked, in sentences that say who does what; and what is never touched.
import { platformAdmin } from '@hostmaster/core/operation/moves-next';
import { beforeEach, describe, expect, it } from 'vitest';
import { failing, obtain, orderOf, signal, turn } from '../../testing/acm/ground.ts';
import { refusal } from '../../testing/key-vault/answer.ts';
import { type FakeKeyVault, startFakeKeyVault } from '../../testing/key-vault/fake-key-vault.ts';
import { type OrderingOpening, openOrdering, orderingSettingsOf } from '../../testing/key-vault/ordering-ground.ts';
import { keyVaultIssuer } from './key-vault.ts';

let fake: FakeKeyVault;
beforeEach(async () => {
  fake = await startFakeKeyVault({ suffixes: ['example.test'] });
  return () => fake.close();
});
const open = (opening: OrderingOpening = {}) => openOrdering(fake, opening);
const refused = (opening: OrderingOpening = {}, order = orderOf()) => failing(obtain(open(opening), order));
const theOne = () => {
  const [name = ''] = fake.vault.all.keys();
  return { name, one: fake.vault.all.get(name) };
};
const tagAs = (tags: Record<string, string>): void => {
  const { name, one } = theOne();
  const [version] = one?.versions ?? [];
  if (version === undefined) throw new Error('there is no version');
  fake.vault.all.set(name, { versions: [{ ...version, tags }], isDeleted: false });
};

describe('an operation that comes to nothing', () => {
  it.each([
    [
      'Request rejected',
      'The domain is not validated.',
      /is failed \(Request rejected\): The domain is not validated\. That is: the CA behind the issuer refused/,
    ],
    [
      'Certificate issuer error',
      'Account suspended.\u202E',
      /is failed \(Certificate issuer error\): Account suspended\. That is: .* did not sign/,
    ],
    ['Something else', '', /is failed \(Something else\): it says no more\.$/],
  ])('with %s is refused in its words', async (code, message, words) => {
    fake.creation.pace.turns = 100;
    const order = orderOf();
    const issuer = open();
    let resume = issuer.begin(order);
    for (const _ of [1, 2]) {
      const progress = await turn(issuer, order, resume);
      if (progress.outcome === 'issued') throw new Error('signed at once');
      resume = progress.resume;
    }
    Object.assign(theOne().one?.operation ?? {}, { status: 'failed', error: { code, message } });
    expect(await failing(turn(issuer, order, resume))).toMatchObject({ code: 'issuer-refused', message: expect.stringMatching(words) });
    // The next order begins another one.
    fake.creation.pace.turns = 0;
    await obtain(issuer, { ...order, id: 'another', lineage: order.id });
  });

  it('since somebody gave it up there is refused with that', async () => {
    fake.creation.pace.turns = 100;
    const order = orderOf();
    const first = await turn(open(), order, open().begin(order));
    if (first.outcome === 'issued') throw new Error('signed at once');
    await turn(open(), order, first.resume);
    Object.assign(theOne().one?.operation ?? {}, { status: 'cancelled', details: 'Somebody cancelled it' });
    expect(await failing(turn(open(), order, first.resume))).toMatchObject({
      code: 'issuer-refused',
      message: 'shop-vault refused: the operation is cancelled: Somebody cancelled it.',
    });
  });
});

describe('a vault', () => {
  it.each([
    [
      'ForbiddenByRbac',
      /\(Forbidden, ForbiddenByRbac\)\. .* az role assignment create --role 'Key Vault Certificates Officer' .*--name localhost/,
    ],
    [
      'ForbiddenByPolicy',
      /az keyvault set-policy --name localhost --spn \S+ --certificate-permissions get create update delete recover getissuers/,
    ],
    ['ForbiddenByFirewall', /let the worker's address through its firewall/],
    ['SomethingNew', /Give its application the right, and where the vault has a firewall/],
  ])('that says %s is told with what mends it', async (code, words) => {
    fake.behave(() => refusal(403, 'Forbidden', 'Caller is not authorized.', { innererror: { code } }));
    expect(await refused()).toMatchObject({
      ...{ code: 'issuer-unavailable', movesNext: 'whoever runs shop-vault' },
      message: expect.stringMatching(words),
    });
  });

  it('at an address that is not public is not asked where nobody allowed that address', async () => {
    expect(await refused({ settings: { addresses: '' } })).toMatchObject({
      ...{ code: 'issuer-unavailable', movesNext: 'whoever runs shop-vault' },
      message: expect.stringContaining('may not be reached'),
    });
    expect(fake.asked).toEqual([]);
  });

  it('that has too much to do is asked again when it said', async () => {
    fake.behave(() => ({ ...refusal(429, 'Throttled', 'Request was not processed.'), headers: { 'retry-after': '37' } }));
    expect(await refused()).toMatchObject({ code: 'issuer-unavailable', retryAfter: 37, movesNext: 'the issuer' });
  });

  it('that was deleted has no address any more, and is had back', async () => {
    const gone = { settings: { address: 'https://gone-vault.invalid', signIn: fake.address } };
    expect(await refused(gone)).toMatchObject({
      code: 'issuer-unavailable',
      message: expect.stringMatching(/A vault that was deleted has no address any more: .* az keyvault recover --name gone-vault/),
    });
  });

  it('that takes a token for another cloud is given none, and Entra’s own words are told without the secret', async () => {
    fake.challenge('https://management.azure.com');
    expect(await refused()).toMatchObject({ code: 'issuer-unavailable', movesNext: platformAdmin });
    fake.challenge('https://localhost');
    const error = await refused({ secret: 'another-secret' });
    expect(error.message).toContain('AADSTS7000215');
    expect(error.message).not.toContain('another-secret');
  });

  it('that does not have the issuer refuses the order in its words', async () => {
    expect(await refused({ settings: { issuer: 'globalsign' } })).toMatchObject({
      code: 'issuer-refused',
      message: expect.stringContaining(
        'did not create a certificate, it answers 400 (BadParameter). Certificate issuer globalsign was not found.',
      ),
    });
  });

  it.each([
    ['no bundle', { status: 200, body: { id: 7 } }],
    ['no JSON', { status: 200, body: 'no json' }],
    ['what is no certificate', { status: 200, body: { id: 'https://v/certificates/a/b', cer: 'AAAA', tags: { 'hostmaster-order': 'x' } } }],
  ])('that answers %s is told so', async (_, answer) => {
    fake.behave(() => answer);
    expect((await refused()).code).toBe('issuer-unavailable');
  });
});

it.each([
  ['nothing', null],
  ['no status', { request_id: 'x' }],
  ['a status that is no text', { request_id: 'x', status: { a: 1 } }],
  ['a fault that is none', { request_id: 'x', status: 'failed', error: 'no' }],
])('an operation that is told with %s is none of a vault', async (_, body) => {
  const order = orderOf();
  await obtain(open(), order);
  fake.behave(({ path }) => (path.endsWith('/pending') ? { status: 200, body } : null));
  expect(await refused({}, { ...order, id: 'another', lineage: order.id })).toMatchObject({
    code: 'issuer-unavailable',
    message: expect.stringContaining('does not answer as a vault does'),
  });
});

it('an operation with a CSR that nobody can read is waited for all the same', async () => {
  const order = orderOf();
  const first = await turn(open(), order, open().begin(order));
  if (first.outcome === 'issued') throw new Error('signed at once');
  await turn(open(), order, first.resume);
  fake.behave(({ path }) =>
    path.endsWith('/pending') ? { status: 200, body: { status: 'inProgress', request_id: 'x', csr: '\u202E'.repeat(9) } } : null,
  );
  expect(await turn(open(), order, first.resume)).toMatchObject({ message: expect.stringContaining('says inProgress') });
});

describe('a name', () => {
  it('that one of others has is left, and said how it is free again', async () => {
    const order = orderOf({ lineage: 'an endpoint' });
    await obtain(open(), order);
    tagAs({});
    const again = { ...order, id: 'another' };
    expect(await turn(open(), again, open().begin(again))).toMatchObject({
      movesNext: 'whoever runs shop-vault',
      message: expect.stringMatching(
        /^The certificate orders-example-test-\w{8} in shop-vault was not ordered by Hostmaster.* Delete and purge it there\.$/,
      ),
    });
    const { name } = theOne();
    fake.vault.delete(name);
    expect(await turn(open(), again, open().begin(again))).toMatchObject({
      message: expect.stringContaining(`az keyvault certificate purge --id ${fake.address}/deletedcertificates/${name}`),
    });
    fake.vault.purge(name);
    await obtain(open(), again);
  });

  it('that a key or a secret holds says so, and is looked at again', async () => {
    fake.behave(({ path }) => (path.endsWith('/create') ? refusal(409, 'Conflict', 'Secret is deleted but recoverable.') : null));
    const order = orderOf();
    const first = await turn(open(), order, open().begin(order));
    if (first.outcome === 'issued') throw new Error('signed at once');
    expect(await turn(open(), order, first.resume)).toMatchObject({
      movesNext: 'whoever runs shop-vault',
      message: expect.stringMatching(/is not free in shop-vault: Secret is deleted but recoverable\. A key or a secret of that name/),
    });
    fake.behave(null);
    await obtain(open(), order, first.resume);
  });

  it('under which somebody else has one made is waited for', async () => {
    const order = orderOf();
    const first = await turn(open(), order, open().begin(order));
    if (first.outcome === 'issued') throw new Error('signed at once');
    fake.behave(({ path }) =>
      path.endsWith('/create')
        ? refusal(409, 'Forbidden', "A certificate can not be created while a pending one's status is inProgress.")
        : null,
    );
    expect(await turn(open(), order, first.resume)).toMatchObject({
      message: expect.stringMatching(/Until that is over, no other one is made\.$/),
    });
  });

  it('of 64 characters at least one is needed', async () => {
    expect(await refused({}, orderOf({ names: [`${'a'.repeat(60)}.example.test`] }))).toMatchObject({
      code: 'issuer-refused',
      message: expect.stringMatching(/^Key Vault needs one name of at most 64 characters/),
    });
  });
});

describe('what is kept', () => {
  it('is deleted also while it is being made, and had back where it is wanted again', async () => {
    fake.creation.pace.turns = 4;
    const order = orderOf();
    const first = await turn(open(), order, open().begin(order));
    if (first.outcome === 'issued') throw new Error('signed at once');
    await turn(open(), order, first.resume);
    await open().kept?.remove(first.reference ?? '', signal());
    expect(theOne().one?.isDeleted).toBe(true);
    await obtain(open(), { ...order, id: 'another', lineage: order.id });
    expect(theOne().one).toMatchObject({ isDeleted: false, versions: [{}] });
  });

  it('is deleted only where it has the tag of an order', async () => {
    await obtain(open(), orderOf());
    tagAs({ owner: 'somebody' });
    const reference = `${fake.address}/secrets/${theOne().name}`;
    expect((await failing(open().kept?.remove(reference, signal()) ?? Promise.resolve())).code).toBe('issuer-refused');
    expect(theOne().one?.isDeleted).toBe(false);
  });

  it.each([
    '',
    'https://shop.vault.azure.net/secrets/',
    'https://shop.vault.azure.net/secrets/a/../b',
    'arn:aws:acm:eu-central-1:1:certificate/1',
  ])('under %j is nothing of a vault', async (reference) => {
    expect((await failing(open().kept?.look(reference, signal()) ?? Promise.resolve())).code).toBe('issuer-refused');
    expect(fake.asked).toEqual([]);
  });

  it('is said to be renewed by the vault, too, where somebody told it to', async () => {
    await obtain(open(), orderOf());
    const { name, one } = theOne();
    const reference = `${fake.address}/secrets/${name}`;
    expect((await open().kept?.look(reference, signal()))?.renewal).toEqual({ eligible: null, status: null, why: null });
    if (one !== undefined)
      one.policy = { ...one.policy, lifetime_actions: [{ trigger: { lifetime_percentage: 80 }, action: { action_type: 'AutoRenew' } }] };
    expect((await open().kept?.look(reference, signal()))?.renewal.status).toBe('AutoRenew');
  });
});

describe('the settings', () => {
  it.each([
    ['issuer', 'Self', 'Self signs the certificate with its own key, and nobody trusts it.'],
    ['issuer', 'unknown', 'Unknown signs nothing: somebody would have to take the CSR elsewhere.'],
    ['issuer', 'digi cert', 'The name of an issuer in a vault is letters, digits and hyphens.'],
    ['issuer', '', 'The name of an issuer in a vault is letters, digits and hyphens.'],
    ['address', 'http://shop.vault.azure.net', 'A vault is asked over HTTPS, at no path of its own.'],
  ])('refuse %s %j', (field, value, message) =>
    expect(keyVaultIssuer.settings.safeParse(orderingSettingsOf(fake, { [field]: value })).error?.issues).toMatchObject([
      { path: [field], message: expect.stringContaining(message) },
    ]),
  );
});

it.each([
  ['DigiCert', ['digicert.com']],
  ['GlobalSign', ['globalsign.com']],
  ['Test', []],
])('of %s CAA records are looked at for %j', async (provider, identities) => {
  fake.creation.issuers.set('digicert-shop', provider);
  expect(await open().caa?.('dns-01', signal())).toMatchObject({ identities });
});
