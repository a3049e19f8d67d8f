// The destination with moto's ACM, somebody else's reading of its documents. moto forgets the tags of what is imported over, which AWS keeps, and
// needs a common name: the suite of destinations is run against the fake, and here what both have.
// needs: moto
import { systemClock } from '@hostmaster/core/clock';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chainOf } from '../../issuers/acm/certificate.ts';
import { type Moto, startMoto } from '../../testing/acm/moto.ts';
import { checksOf } from '../../testing/checks.ts';
import { createTestCa } from '../../testing/test-ca.ts';
import { acmImport } from './acm.ts';
import { importClient } from './client.ts';

const ca = await createTestCa();
const deps = {
  clock: systemClock,
  portal: 'https://hostmaster.example.test',
  keyDestinations: ['https://localhost:*', 'arn:aws:acm:eu-central-1:123456789012'],
};
let moto: Moto;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(() => moto.close());
const connection = () => ({ slug: 'moto', settings: acmImport.settings.parse(moto.settings), secret: moto.secret });
const open = () => acmImport.open(connection(), deps)('');

it.each(['orders.example.test', '*.orders.example.test'])(
  'a pair for %s is imported, read back, known by its ARN and deleted',
  async (hostname) => {
    const destination = open();
    expect(await destination.held(hostname)).toBeNull();
    const { fullchainPem, privateKeyPem, der } = await ca.leaf([hostname]);
    await destination.deliver({ hostname, fullchainPem, privateKeyPem });
    expect(await open().held(hostname)).toBe(describeCertificate(der).fingerprint);
    expect(await open().calledThere?.(hostname)).toEqual({
      reference: expect.stringMatching(/^arn:aws:acm:eu-central-1:123456789012:certificate\//),
      usedBy: [],
    });
    await destination.withdraw(hostname);
    expect(await open().held(hostname)).toBeNull();
  },
);

it('what is imported again is under the same ARN', async () => {
  const hostname = 'again.example.test';
  const destination = open();
  await destination.deliver({ hostname, ...(await ca.leaf([hostname])) });
  const before = await destination.calledThere?.(hostname);
  const { fullchainPem, privateKeyPem, der } = await ca.leaf([hostname]);
  await destination.deliver({ hostname, fullchainPem, privateKeyPem });
  const client = importClient(connection(), deps.keyDestinations);
  const [leaf = new Uint8Array()] = (await chainOf(client, before?.reference ?? '', systemClock.now(), AbortSignal.timeout(20_000))) ?? [];
  expect(describeCertificate(leaf).fingerprint).toBe(describeCertificate(der).fingerprint);
});

it('a connection test passes', async () => {
  const found = await checksOf(acmImport, connection(), deps);
  expect(Object.entries(found).filter(([, { ok }]) => ok !== true)).toEqual([]);
});
