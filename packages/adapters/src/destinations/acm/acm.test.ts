import { settingsConformance } from '@hostmaster/core/descriptor-conformance';
import { platformAdmin } from '@hostmaster/core/operation/moves-next';
import { splitPem } from '@hostmaster/core/pki/chain';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import { destinationConformance } from '@hostmaster/core/pki/destination-conformance';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { everyAction, type FakeAcm, refusal, startFakeAcm } from '../../testing/acm/fake-acm.ts';
import { aliasesInMemory, failing, obtain, openAcm, orderOf } from '../../testing/acm/ground.ts';
import { type ImportOpening, openImport, permitted } from '../../testing/acm/import-ground.ts';
import { createTestCa } from '../../testing/test-ca.ts';
import { acmImport } from './acm.ts';

const ca = await createTestCa();
const dns = aliasesInMemory();
const start = (account?: string) =>
  startFakeAcm({ suffixes: ['example.test'], resolve: dns.resolve, ...(account === undefined ? {} : { account }) });
const made = async (hostname: string, key?: 'ecdsa-p384' | 'rsa-2048') => ({ hostname, ...(await ca.leaf([hostname], {}, key)) });
const tagged = (fake: FakeAcm, hostname: string) =>
  [...fake.certificates.all.values()].filter(({ tags }) =>
    tags.some(({ Key, Value }) => Key === 'hostmaster-hostname' && Value === hostname.replace('*', '_')),
  );
const readIn = async (fake: FakeAcm, hostname: string) => {
  const [found] = tagged(fake, hostname);
  if (found?.imported === undefined || found.imported === null) return null;
  const { certificate, chain, privateKey } = found.imported;
  return { fullchainPem: certificate + chain, privateKeyPem: privateKey };
};

destinationConformance({ describe, it, expect, beforeAll, afterAll }, acmImport, async () => {
  const fake = await start();
  return {
    destination: openImport(fake),
    make: made,
    read: (hostname) => readIn(fake, hostname),
    close: () => fake.close(),
  };
});

describe('the settings of an account', () => {
  settingsConformance({ it, expect }, acmImport, async () => ({
    ...{ region: 'eu-central-1', account: '123456789012', accessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
    ...{ tags: 'owner=platform', endpoint: '', trust: '', addresses: '' },
  }));
});

describe('an import', () => {
  const hostname = 'orders.example.test';
  let fake: FakeAcm;
  beforeEach(async () => {
    fake = await start();
    return () => fake.close();
  });
  const open = (opening: ImportOpening = {}) => openImport(fake, opening);
  const imports = () => fake.asked.filter(({ action }) => action === 'acm:ImportCertificate').map(({ input }) => input);

  it('of a renewal is under the same ARN, with the tags that it had, by another worker too', async () => {
    const destination = open({ settings: { tags: 'owner=platform' } });
    await destination.deliver(await made(hostname));
    const before = await destination.calledThere?.(hostname);
    const next = await made(hostname);
    await open({ settings: { tags: 'owner=somebody-else' } }).deliver(next);
    expect(await open().calledThere?.(hostname)).toEqual(before);
    expect(before?.reference).toMatch(/^arn:aws:acm:eu-central-1:123456789012:certificate\//);
    expect(tagged(fake, hostname)).toMatchObject([
      {
        arn: before?.reference,
        tags: [
          { Key: 'hostmaster-hostname', Value: hostname },
          { Key: 'hostmaster-portal', Value: 'https://hostmaster.example.test' },
          { Key: 'owner', Value: 'platform' },
        ],
      },
    ]);
    expect(await readIn(fake, hostname)).toMatchObject({ privateKeyPem: next.privateKeyPem });
  });

  it('has the leaf by itself, and what signed it from there upwards', async () => {
    const { fullchainPem, ...pair } = await made(hostname);
    await open().deliver({ hostname, fullchainPem, privateKeyPem: pair.privateKeyPem });
    const held = tagged(fake, hostname)[0]?.imported;
    const [leaf, ...above] = splitPem(fullchainPem);
    expect([splitPem(held?.certificate ?? ''), splitPem(held?.chain ?? '')]).toEqual([[leaf], above]);
  });

  it('never touches what lacks the tag, has that of another name, or was ordered there', async () => {
    const others = await ca.leaf([hostname]);
    const bare = { leaf: others.der, names: [hostname], key: 'EC_prime256v1' };
    const imported = { certificate: others.leafPem, chain: '', privateKey: others.privateKeyPem };
    const kept = [[], [{ Key: 'hostmaster-hostname', Value: 'other.example.test' }], [{ Key: 'Hostmaster-Hostname', Value: hostname }]].map(
      (tags) => fake.certificates.import(null, { ...bare, ...imported, tags }).arn,
    );
    await obtain(openAcm(fake, { proofs: dns.proofs }), orderOf({ names: [hostname] }));
    const before = [...fake.certificates.all.keys()];
    const destination = open();
    expect([await destination.held(hostname), await destination.calledThere?.(hostname)]).toEqual([null, null]);
    await destination.withdraw(hostname);
    await destination.deliver(await made(hostname));
    await destination.deliver(await made(hostname));
    await destination.withdraw(hostname);
    expect([...fake.certificates.all.keys()]).toEqual(before);
    for (const arn of kept) expect(fake.certificates.all.get(arn)?.imported).toEqual(imported);
  });

  it('is found on whichever page of the list it is', async () => {
    const destination = open();
    await destination.deliver(await made('last.example.test'));
    const { reference } = (await destination.calledThere?.('last.example.test')) ?? {};
    fake.behave(({ action, input }, answer) => {
      if (action !== 'acm:ListCertificates' || (typeof input === 'object' && input !== null && 'NextToken' in input)) return answer;
      return { status: 200, body: { CertificateSummaryList: [], NextToken: '0' } };
    });
    expect((await open().calledThere?.('last.example.test'))?.reference).toBe(reference);
  });

  it('over several that others of Hostmaster made at the same moment leaves the one in use, else the oldest', async () => {
    const [one, other] = [await made(hostname), await made(hostname)];
    const tags = [{ Key: 'hostmaster-hostname', Value: hostname }];
    const put = ({ der: leaf, leafPem: certificate, privateKeyPem: privateKey }: typeof one) =>
      fake.certificates.import(null, { leaf, names: [hostname], key: 'EC_prime256v1', certificate, chain: '', privateKey, tags });
    put(one);
    const used = put(other);
    used.inUseBy = ['arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188'];
    expect(await open().calledThere?.(hostname)).toEqual({ reference: used.arn, usedBy: used.inUseBy });
  });

  it('with a key of another kind is another ARN while nothing uses the one before, and waits while something does', async () => {
    const destination = open();
    await destination.deliver(await made(hostname));
    const before = await destination.calledThere?.(hostname);
    await destination.deliver(await made(hostname, 'ecdsa-p384'));
    const after = await destination.calledThere?.(hostname);
    expect(tagged(fake, hostname).map(({ arn, key }) => [arn, key])).toEqual([[after?.reference, 'EC_secp384r1']]);
    expect(after?.reference).not.toBe(before?.reference);
    const used = tagged(fake, hostname)[0];
    if (used !== undefined) used.inUseBy = ['arn:aws:cloudfront::123456789012:distribution/E1'];
    await expect(destination.deliver(await made(hostname))).rejects.toMatchObject({
      code: 'delivery-failed',
      message: expect.stringMatching(/EC_secp384r1, which ACM changes under no ARN.*EC_prime256v1.*in use by arn:aws:cloudfront.*tls\.key/),
      movesNext: 'the team',
    });
    expect(tagged(fake, hostname).map(({ key }) => key)).toEqual(['EC_secp384r1']);
  });

  it('of a key that its CA has none of the kind of is refused before anything is sent', async () => {
    await expect(open().deliver(await made(hostname, 'rsa-2048'))).rejects.toMatchObject({
      code: 'delivery-failed',
      message: expect.stringContaining('it has rsa-2048, and its CA ecdsa-p'),
    });
    expect(fake.asked).toEqual([]);
  });

  it('that is to be taken back while a load balancer uses it waits, says which one, and goes once that let go of it', async () => {
    const destination = open();
    await destination.deliver(await made(hostname));
    const [held] = tagged(fake, hostname);
    const balancer = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188';
    if (held !== undefined) held.inUseBy = [balancer];
    await expect(destination.withdraw(hostname)).rejects.toMatchObject({
      code: 'delivery-failed',
      movesNext: 'whoever runs shop-aws',
      message: expect.stringContaining(`is in use by ${balancer}, and ACM deletes nothing that is in use`),
    });
    if (held !== undefined) held.inUseBy = [];
    await destination.withdraw(hostname);
    expect(tagged(fake, hostname)).toEqual([]);
  });

  it('that ACM says is in use after all, though it named nothing, waits as well', async () => {
    const destination = open();
    await destination.deliver(await made(hostname));
    fake.behave(({ action }, answer) =>
      action === 'acm:DeleteCertificate' ? refusal('ResourceInUseException', 'Certificate is in use.') : answer,
    );
    await expect(destination.withdraw(hostname)).rejects.toMatchObject({ message: expect.stringContaining('in use by something') });
  });

  describe('into an account', () => {
    it('that is empty begins with a key of nobody, by which the account is seen', async () => {
      const delivery = await made(hostname);
      await open().deliver(delivery);
      const [first, second] = imports();
      expect(JSON.stringify(first)).toContain('.invalid');
      expect(JSON.stringify(second)).toContain(hostname);
      expect(fake.certificates.all.size).toBe(1);
      await open().deliver(await made('second.example.test'));
      expect(imports()).toHaveLength(3);
    });

    it.each([true, false])('of somebody else no key of ours goes, also where one is there already: %s', async (isFilled) => {
      const theirs = await start('999999999999');
      const settings = { account: fake.account };
      const opening = { settings, keyDestinations: permitted(fake) };
      if (isFilled) await openImport(theirs, { keyDestinations: permitted(theirs) }).deliver(await made('theirs.example.test'));
      const delivery = await made(hostname);
      const from = theirs.asked.length;
      await expect(openImport(theirs, opening).deliver(delivery)).rejects.toMatchObject({
        code: 'delivery-failed',
        movesNext: platformAdmin,
        message: expect.stringContaining('its access key is of another account. No private key goes there.'),
      });
      const sent = JSON.stringify(theirs.asked.slice(from));
      expect(sent).not.toContain(Buffer.from(delivery.privateKeyPem).toString('base64'));
      expect(theirs.certificates.all.size).toBe(isFilled ? 1 : 0);
      await theirs.close();
    });

    it.each([
      ['an account that the host of the worker does not name', ['https://localhost:*'], /is at arn:aws:acm:eu-central-1:123456789012, and/],
      ['an address of somebody that it does not name', ['arn:aws:acm:eu-central-1:123456789012'], /is at https:\/\/localhost:\d+, and/],
      ['another region', ['https://localhost:*', 'arn:aws:acm:us-east-1:123456789012'], /does not name that: no private key goes there/],
    ])('is asked nothing in %s', async (_, keyDestinations, message) => {
      const destination = open({ keyDestinations });
      const delivery = await made(hostname);
      for (const act of [
        () => destination.held(hostname),
        () => destination.deliver(delivery),
        () => destination.withdraw(hostname),
        () => destination.calledThere?.(hostname),
      ])
        await expect(act()).rejects.toMatchObject({ code: 'delivery-failed', message: expect.stringMatching(message) });
      expect(fake.asked).toEqual([]);
    });
  });

  it.each([
    ['LimitExceededException', 400, /A quota of the account is used up/, 3600],
    ['ThrottlingException', 400, /takes no more requests for now/, 60],
    ['ValidationException', 400, /shop-aws refused acm:ImportCertificate \(ValidationException\): /, undefined],
    ['InternalFailure', 500, /did not do it/, undefined],
  ])('that is answered %s waits and says so', async (type, status, message, retryAfter) => {
    const destination = open();
    await destination.deliver(await made('first.example.test'));
    fake.behave(({ action }, answer) => (action === 'acm:ImportCertificate' ? refusal(type, 'No.\u202E', status) : answer));
    const error = await failing(destination.deliver(await made(hostname)));
    expect(error).toMatchObject({ code: 'delivery-failed', message: expect.stringMatching(message), retryAfter });
    expect(error.message).not.toContain('\u202E');
  });

  it.each(everyAction.filter((action) => !['acm:RequestCertificate', 'acm:AddTagsToCertificate'].includes(action)))(
    'without %s says which right is missing, and the command that gives it',
    async (action) => {
      const destination = open();
      await destination.deliver(await made(hostname));
      fake.allow(everyAction.filter((each) => each !== action));
      const other = openImport(fake);
      const acts = async () => {
        await other.held(hostname);
        await other.calledThere?.(hostname);
        await other.deliver(await made(hostname));
        await other.withdraw(hostname);
      };
      const error = await failing(acts());
      expect(error).toMatchObject({ code: 'delivery-failed', movesNext: 'whoever runs shop-aws' });
      expect(error.message).toContain(`does not allow ${action} (AccessDeniedException)`);
      expect(error.message).toContain('hostmaster-acm-import');
    },
  );

  it('is read back by its fingerprint, and never by what a list says', async () => {
    const destination = open();
    const delivery = await made(hostname);
    await destination.deliver(delivery);
    expect(await destination.held(hostname)).toBe(describeCertificate(delivery.der).fingerprint);
    fake.behave(({ action }, answer) =>
      action === 'acm:GetCertificate' ? { status: 200, body: { Certificate: 'no certificate' } } : answer,
    );
    await expect(destination.held(hostname)).rejects.toMatchObject({
      code: 'delivery-failed',
      message: expect.stringContaining('What shop-aws answers is no certificate'),
    });
  });
});
