// What ACM refuses, and what keeps it from being asked, in sentences that say who does what; and what is never deleted.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { everyAction, type FakeAcm, refusal, startFakeAcm } from '../../testing/acm/fake-acm.ts';
import { aliasesInMemory, failing, obtain, openAcm, orderOf, settingsOf, signal } from '../../testing/acm/ground.ts';
import { acm } from './acm.ts';

const dns = aliasesInMemory();
const { proofs } = dns;
let fake: FakeAcm;
beforeAll(async () => {
  fake = await startFakeAcm({ suffixes: ['example.test'], resolve: dns.resolve });
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.allow(everyAction);
  fake.behave(null);
});
const ordering = (opening: object = {}, order = orderOf()) => failing(obtain(openAcm(fake, { proofs, ...opening }), order));

describe('whom ACM does not know', () => {
  it.each([
    ['another secret', { secret: 'another-secret-access-key'.replaceAll('-', 'x') }, /\(InvalidSignatureException\)/],
    ['another access key', { settings: { accessKeyId: 'AKIAANOTHEREXAMPLE00' } }, /\(UnrecognizedClientException\)/],
    ['another region', { settings: { region: 'eu-west-1' } }, /Credential should be scoped to a valid region/],
  ])('with %s is told what to compare, and no secret', async (_, opening, words) => {
    const error = await ordering(opening);
    expect(error).toMatchObject({
      code: 'issuer-unavailable',
      movesNext: 'whoever runs Hostmaster',
      message: expect.stringMatching(words),
    });
    expect(error.message).toContain('Compare “Region” and “Access key”, and give the secret access key anew');
    expect(error.message).not.toContain(fake.secretAccessKey);
  });

  it('is one whose credentials have ended', async () => {
    fake.behave(() => refusal('ExpiredTokenException', 'The security token included in the request is expired', 403));
    expect(await ordering()).toMatchObject({ code: 'issuer-unavailable', message: expect.stringContaining('(ExpiredTokenException)') });
  });
});

describe('a right that is missing', () => {
  it.each(['acm:RequestCertificate', 'acm:DescribeCertificate', 'acm:GetCertificate', 'acm:AddTagsToCertificate'])(
    '%s is named, with the policy that has it',
    async (action) => {
      fake.allow(everyAction.filter((each) => each !== action));
      const error = await ordering();
      expect(error).toMatchObject({ code: 'issuer-unavailable', movesNext: 'whoever runs corp-aws' });
      expect(error.message).toContain(action);
      expect(error.message).toContain('aws iam put-user-policy --user-name hostmaster --policy-name hostmaster-acm --policy-document');
    },
  );
});

it('an endpoint at an address that is not public is not asked where nobody allowed that address', async () => {
  const from = fake.asked.length;
  expect(await ordering({ settings: { addresses: '' } })).toMatchObject({
    code: 'issuer-unavailable',
    message: expect.stringContaining('may not be reached'),
  });
  expect(fake.asked.length).toBe(from);
});

it.each([
  ['region', 'frankfurt', 'A region of AWS is written like eu-central-1.'],
  ['account', '12345678901', 'The id of an account of AWS is twelve digits.'],
  ['accessKeyId', 'ASIAIOSFODNN7EXAMPLE', 'It is a key for some hours, which goes with a session token.'],
  ['accessKeyId', 'akiaiosfodnn7example', 'An access key id begins with AKIA, and has capital letters and digits.'],
  ['tags', 'aws:createdBy=x', 'Tags are at most 40'],
  ['tags', 'owner', 'Tags are at most 40'],
  ['tags', Array.from({ length: 41 }, (_, at) => `k${at}=v`).join(','), 'Tags are at most 40'],
  ['endpoint', 'http://acm.example.test', 'An endpoint of AWS is asked over HTTPS, at no path of its own.'],
  ['endpoint', 'https://me@acm.example.test', 'An endpoint of AWS is asked over HTTPS, at no path of its own.'],
])('the settings refuse %s %j', (field, value, message) =>
  expect(acm.settings.safeParse(settingsOf(fake, { [field]: value })).error?.issues).toMatchObject([
    { path: [field], message: expect.stringContaining(message) },
  ]),
);

describe('what passes by itself', () => {
  it('is tried a few times, and then waited for', async () => {
    const from = fake.asked.length;
    fake.behave(() => refusal('ThrottlingException', 'Rate exceeded'));
    expect(await ordering()).toMatchObject({ code: 'issuer-unavailable', retryAfter: 60, movesNext: 'the issuer' });
    expect(fake.asked.length - from).toBe(3);
  });

  it('is not seen where it passes between two tries', async () => {
    let refusals = 0;
    fake.behave((_, answer) => {
      refusals += 1;
      return refusals === 1 ? refusal('ThrottlingException', 'Rate exceeded') : answer;
    });
    expect((await obtain(openAcm(fake, { proofs }), orderOf())).chain).toHaveLength(2);
  });

  it.each([
    ['a fault of its own', () => refusal('InternalFailure', 'We are sorry.', 500)],
    ['an answer that is none', () => ({ status: 502, body: {} })],
    ['a connection that is closed', () => 'reset' as const],
  ])('is %s', async (_, how) => {
    fake.behave(how);
    expect(await ordering()).toMatchObject({ code: 'issuer-unavailable', movesNext: 'whoever runs corp-aws' });
  });
});

describe('what ACM does not take', () => {
  it('is too many names for the quota of the account, which can be raised', async () => {
    const names = Array.from({ length: 11 }, (_, at) => `n${at}.example.test`);
    expect(await ordering({}, orderOf({ names }))).toMatchObject({
      code: 'issuer-unavailable',
      retryAfter: 3600,
      message: expect.stringContaining('has it raised in Service Quotas'),
    });
  });

  it.each([
    ['a key that it does not make', { key: 'rsa-3072' }, /ACM makes no rsa-3072 key, only ecdsa-p256, ecdsa-p384, rsa-2048/],
    ['only names that are too long for its first', { names: [`${'a'.repeat(60)}.example.test`] }, /one name of at most 64 characters/],
    ['a name that it takes for unsafe', { names: ['orders.example.com'] }, /DOMAIN_NOT_ALLOWED: AWS takes a name for one that is not safe/],
  ] as const)('is %s', async (_, changes, words) => {
    expect(await ordering({}, orderOf(changes))).toMatchObject({ code: 'issuer-refused', message: expect.stringMatching(words) });
  });

  it('leaves nothing behind in an account that was not meant', async () => {
    const before = fake.certificates.all.size;
    expect(await ordering({ settings: { account: '999999999999' } })).toMatchObject({
      code: 'issuer-unavailable',
      message: expect.stringContaining('orders in account 123456789012, region eu-central-1, and not in 999999999999, eu-central-1'),
    });
    expect(fake.certificates.all.size).toBe(before);
  });
});

it('what could not be deleted in another region than was meant is named, and hides nothing of why it is there', async () => {
  fake.behave((asked, answer) => {
    if (asked.action === 'acm:DeleteCertificate') return refusal('AccessDeniedException', 'not allowed');
    if (asked.action !== 'acm:RequestCertificate') return answer;
    const { CertificateArn } = Object(answer.body);
    return { ...answer, body: { CertificateArn: String(CertificateArn).replace('eu-central-1', 'eu-west-1') } };
  });
  expect(await ordering()).toMatchObject({
    code: 'issuer-unavailable',
    message: expect.stringMatching(
      /^.* orders in account 123456789012, region eu-west-1, .* What was ordered there, arn:\S+, is not deleted: .+/,
    ),
  });
});

it('what is said to stand in another region than was meant is not taken for what was ordered', async () => {
  fake.behave((asked, answer) => {
    if (asked.action === 'acm:DeleteCertificate') return { status: 200, body: {} };
    if (asked.action !== 'acm:RequestCertificate') return answer;
    const { CertificateArn } = Object(answer.body);
    return { ...answer, body: { CertificateArn: String(CertificateArn).replace('eu-central-1', 'eu-west-1') } };
  });
  expect(await ordering()).toMatchObject({
    code: 'issuer-unavailable',
    message: expect.stringContaining('orders in account 123456789012, region eu-west-1, and not in 123456789012, eu-central-1'),
  });
});

describe('what it keeps', () => {
  const ordered = async () => {
    const issuer = openAcm(fake, { proofs });
    await obtain(issuer, orderOf());
    const one = [...fake.certificates.all.values()].at(-1);
    if (one === undefined || issuer.kept === undefined) throw new Error('nothing was ordered');
    return { one, kept: issuer.kept };
  };

  it('is not deleted while something uses it, which is named', async () => {
    const { one, kept } = await ordered();
    one.inUseBy = ['arn:aws:cloudfront::123456789012:distribution/E1'];
    expect(await failing(kept.remove(one.arn, signal()))).toMatchObject({
      code: 'in-use',
      message: `${one.arn} is in use by arn:aws:cloudfront::123456789012:distribution/E1.`,
    });
  });

  it('is not deleted either where that began since it was looked at', async () => {
    const { one, kept } = await ordered();
    fake.behave((asked, answer) => (asked.action === 'acm:DeleteCertificate' ? refusal('ResourceInUseException', 'in use') : answer));
    expect(await failing(kept.remove(one.arn, signal()))).toMatchObject({ code: 'in-use' });
  });

  it('is never what others have there', async () => {
    const { one, kept } = await ordered();
    one.tags = [{ Key: 'owner', Value: 'somebody' }];
    expect(await failing(kept.remove(one.arn, signal()))).toMatchObject({ code: 'issuer-refused' });
    expect(fake.certificates.all.has(one.arn)).toBe(true);
  });
});
