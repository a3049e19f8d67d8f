// What a vault is asked for, and that it is asked once, whatever becomes of answers, of workers, and of what others do there.
import { orderTag } from '@hostmaster/core/key-vault/setup';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import type { CertificateOrder, Resume } from '@hostmaster/core/pki/issuer';
import { beforeEach, describe, expect, it } from 'vitest';
import { failing, obtain, orderOf, signal, turn } from '../../testing/acm/ground.ts';
import { type FakeKeyVault, startFakeKeyVault } from '../../testing/key-vault/fake-key-vault.ts';
import { openOrdering } from '../../testing/key-vault/ordering-ground.ts';

let fake: FakeKeyVault;
beforeEach(async () => {
  fake = await startFakeKeyVault({ suffixes: ['example.test'] });
  return () => fake.close();
});
const open = () => openOrdering(fake);
const creations = () => fake.asked.filter(({ path, isSignedIn }) => path.endsWith('/create') && isSignedIn);
const only = () => {
  const [[name, one] = [], ...others] = [...fake.vault.all];
  if (name === undefined || one === undefined || others.length > 0) throw new Error('it has another number than one');
  return { name, ...one };
};
/** What is stored once what stands there was looked at. */
const looked = async (order: CertificateOrder): Promise<Resume> => {
  const progress = await turn(open(), order, open().begin(order));
  if (progress.outcome === 'issued') throw new Error('signed without having been asked');
  return progress.resume;
};
const renewalOf = async (order: CertificateOrder, changes: Partial<CertificateOrder> = {}) => {
  const { leaf } = await obtain(open(), order);
  const replacesAs = `${fake.address}/secrets/${only().name}`;
  return { leaf, next: { ...orderOf({ names: order.names, replaces: leaf, replacesAs, ...changes }) } };
};

describe('an order', () => {
  it('is a policy for its names and its key, that nobody else renews, under the tag of the order', async () => {
    const order = orderOf({ names: ['orders.example.test', '*.orders.example.test'], key: 'rsa-2048' });
    await obtain(open(), order);
    expect(creations().map(({ body }) => JSON.parse(body))).toMatchObject([
      {
        policy: {
          key_props: { kty: 'RSA', key_size: 2048, exportable: true, reuse_key: false },
          secret_props: { contentType: 'application/x-pkcs12' },
          x509_props: {
            subject: 'CN=orders.example.test',
            sans: { dns_names: ['orders.example.test', '*.orders.example.test'] },
            ekus: ['1.3.6.1.5.5.7.3.1'],
            key_usage: ['digitalSignature', 'keyEncipherment'],
            validity_months: 3,
          },
          lifetime_actions: [{ trigger: { lifetime_percentage: 90 }, action: { action_type: 'EmailContacts' } }],
          issuer: { name: 'digicert-shop' },
        },
        tags: { [orderTag]: order.id },
      },
    ]);
  });

  it('waits in the words of the vault, and is known by its secret without a version from the first', async () => {
    fake.creation.pace.turns = 100;
    const order = orderOf({ lineage: 'an endpoint' });
    const said: unknown[] = [];
    let resume = await looked(order);
    for (const message of [
      /shop-vault is asked for the certificate\./,
      /shop-vault says inProgress: .* digicert-shop .* Pending certificate created\./,
    ]) {
      const progress = await open().issue(order, resume, signal(), (trail) => said.push(trail));
      if (progress.outcome === 'issued') throw new Error('signed at once');
      expect(progress).toMatchObject({
        reference: expect.stringMatching(new RegExp(`^${fake.address}/secrets/orders-example-test-[0-9a-f]{8}$`)),
        message: expect.stringMatching(message),
        movesNext: 'the issuer',
      });
      resume = progress.resume;
    }
    expect(said.at(-1)).toMatchObject({ status: 'inProgress', authorizations: [{ name: 'orders.example.test' }] });
    expect(creations()).toHaveLength(1);
  });

  it('never has a private key leave the vault: secrets are not asked for', async () => {
    await obtain(open(), orderOf());
    expect(fake.asked.filter(({ path }) => /^\/(secrets|keys)/.test(path))).toEqual([]);
  });
});

describe('it is asked once', () => {
  it('where the answer to a request was lost, by whoever takes it up', async () => {
    const order = orderOf();
    const resume = await looked(order);
    fake.lose('/create');
    expect((await failing(turn(open(), order, resume))).code).toBe('issuer-unavailable');
    fake.lose(null);
    await obtain(open(), order, resume);
    expect(creations()).toHaveLength(1);
  });

  it.each(['/create', '/pending', '/'])(
    'where a worker dies in every turn before what came of %s is known, and the next one goes on',
    async (ending) => {
      const order = orderOf();
      let resume = open().begin(order);
      for (let turns = 0; turns < 10; turns += 1) {
        fake.lose(ending);
        await turn(open(), order, resume).catch(() => undefined);
        fake.lose(null);
        const progress = await turn(open(), order, resume);
        if (progress.outcome === 'issued') break;
        resume = progress.resume;
      }
      expect(await turn(open(), order, resume)).toMatchObject({ outcome: 'issued' });
      expect([creations().length, only().versions.length]).toEqual([1, 1]);
    },
  );

  it('where the CA has signed meanwhile, and where somebody has taken the operation away since', async () => {
    const order = orderOf();
    const resume = await looked(order);
    await turn(open(), order, resume);
    await fake.creation.finish(only().name);
    fake.creation.deletePending(only().name);
    expect(await turn(open(), order, resume)).toMatchObject({ outcome: 'issued' });
    expect(creations()).toHaveLength(1);
  });

  it('where an earlier order for the same was given up while it was in progress', async () => {
    fake.creation.pace.turns = 3;
    const earlier = orderOf({ lineage: 'an endpoint' });
    await turn(open(), earlier, await looked(earlier));
    await obtain(open(), orderOf({ lineage: 'an endpoint' }));
    expect([creations().length, only().versions.length]).toEqual([1, 1]);
  });

  it('and anew where what is in progress is for other names, which is given up', async () => {
    fake.creation.pace.turns = 3;
    const earlier = orderOf({ lineage: 'an endpoint', names: ['orders.example.test', 'old.example.test'] });
    await turn(open(), earlier, await looked(earlier));
    const { leaf } = await obtain(open(), orderOf({ lineage: 'an endpoint' }));
    expect(describeCertificate(leaf).subjectAltNames).toEqual(['orders.example.test']);
    expect(only().versions).toHaveLength(1);
  });
});

describe('a renewal', () => {
  it('is the next version under the same name, with another key, also of other names and another kind of key', async () => {
    const { leaf, next } = await renewalOf(orderOf(), { names: ['orders.example.test', 'more.example.test'], key: 'rsa-2048' });
    const renewed = await obtain(open(), next);
    expect(describeCertificate(renewed.leaf)).toMatchObject({
      subjectAltNames: ['orders.example.test', 'more.example.test'],
      keyAlgorithm: 'rsa-2048',
    });
    const { versions } = only();
    expect([versions.length, versions.map(({ chain }) => Buffer.from(chain[0] ?? []).equals(Buffer.from(leaf)))]).toEqual([
      2,
      [true, false],
    ]);
    expect(fake.vault.read(only().name)?.fullchainPem).toContain(Buffer.from(renewed.leaf).toString('base64').slice(0, 48));
  });

  it('that somebody had made in Azure is taken over, where it is what is wanted', async () => {
    const order = orderOf();
    const { next } = await renewalOf(order);
    const byHand = orderOf({ names: order.names, replaces: next.replaces ?? new Uint8Array(), replacesAs: next.replacesAs ?? '' });
    const { leaf } = await obtain(open(), byHand);
    expect((await obtain(open(), next)).leaf).toEqual(leaf);
    expect(creations()).toHaveLength(2);
  });

  it('of what somebody deleted has it back first', async () => {
    const { next } = await renewalOf(orderOf());
    fake.vault.delete(only().name);
    await obtain(open(), next);
    expect(only()).toMatchObject({ isDeleted: false, versions: [{}, {}] });
  });

  it('of what was purged is the first version again', async () => {
    const { next } = await renewalOf(orderOf());
    fake.vault.purge(only().name);
    await obtain(open(), next);
    expect(only().versions).toHaveLength(1);
  });
});

it('the same hostname of another lineage is another certificate', async () => {
  await obtain(open(), orderOf({ lineage: 'one' }));
  await obtain(open(), orderOf({ lineage: 'other' }));
  expect([...fake.vault.all.keys()].every((name) => name.startsWith('orders-example-test-'))).toBe(true);
  expect(fake.vault.all.size).toBe(2);
});
