// The suite that every destination passes, wherever it puts what it is given. It is given vitest's functions by the test that calls it,
// so that this file imports no test runner.
import { createHash } from 'node:crypto';
import { splitPem } from './chain.ts';
import type { CertificateDestination, Delivery } from './destination.ts';

export type DestinationFixture = {
  readonly destination: CertificateDestination;
  /** A certificate and a key for the name, which differ each time. */
  readonly make: (hostname: string) => Promise<Delivery>;
  /** What whatever ends TLS there would read for the name; null where it finds nothing. */
  readonly read: (hostname: string) => Promise<Pick<Delivery, 'fullchainPem' | 'privateKeyPem'> | null>;
  readonly close: () => Promise<void>;
};

type TestApi = Pick<typeof import('vitest'), 'describe' | 'it' | 'expect' | 'beforeAll' | 'afterAll'>;

const fingerprintOf = ({ fullchainPem }: Delivery): string =>
  createHash('sha256')
    .update(splitPem(fullchainPem)[0] ?? '')
    .digest('hex');

/** 253 characters, as many as a name has at most (RFC 1035 §2.3.4). */
const longest = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(48)}.example.test`;

/** No names: each could lead elsewhere than to its own place. */
const hostile = [
  '',
  '.',
  '..',
  '../a.example.test',
  'a/b.example.test',
  '.versions',
  'a..example.test',
  'a.example.test\0',
  '*',
  '*.*.example.test',
  'A.example.test',
  '_wildcard.example.test',
  '_pem',
  'a.example.test?force=true',
  'a%2Fb.example.test',
  `${longest}a`,
];

/** Registers the suite. `create` is called once. */
export function destinationConformance(
  { describe, it, expect, beforeAll, afterAll }: TestApi,
  { kind }: { readonly kind: string },
  create: () => Promise<DestinationFixture>,
): void {
  describe(`destination ${kind} conforms`, () => {
    let fixture: DestinationFixture;
    beforeAll(async () => {
      fixture = await create();
    });
    afterAll(() => fixture?.close());

    const delivered = async (hostname: string): Promise<Delivery> => {
      const delivery = await fixture.make(hostname);
      await fixture.destination.deliver(delivery);
      return delivery;
    };
    const pairOf = ({ fullchainPem, privateKeyPem }: Delivery) => ({ fullchainPem, privateKeyPem });

    it('holds nothing for a name that it was given nothing for', async () => {
      expect(await fixture.destination.held('nobody.example.test')).toBeNull();
      await fixture.destination.withdraw('nobody.example.test');
      expect(await fixture.read('nobody.example.test')).toBeNull();
    });

    it.each(['orders.example.test', '*.orders.example.test', 'xn--mnchen-3ya.example.test', longest])(
      'holds what it was given for %s, and the next in its place',
      async (hostname) => {
        for (let round = 0; round < 2; round += 1) {
          const delivery = await delivered(hostname);
          expect(await fixture.destination.held(hostname)).toBe(fingerprintOf(delivery));
          expect(await fixture.read(hostname)).toEqual(pairOf(delivery));
        }
      },
    );

    it('calls what it holds the same for as long as it holds it, and no two the same, where it has a name of its own for it', async () => {
      const { destination } = fixture;
      if (destination.calledThere === undefined) return;
      expect(await destination.calledThere('nobody.example.test')).toBeNull();
      const called: (string | undefined)[] = [];
      for (const hostname of ['called.example.test', 'called.example.test', '*.called.example.test']) {
        await delivered(hostname);
        called.push((await destination.calledThere(hostname))?.reference);
      }
      expect(called[0]).toEqual(expect.any(String));
      expect(called[1]).toBe(called[0]);
      expect(called[2]).not.toBe(called[0]);
      for (const hostname of hostile) expect(await destination.calledThere(hostname)).toBeNull();
    });

    it('may be given the same twice', async () => {
      const delivery = await delivered('twice.example.test');
      await fixture.destination.deliver(delivery);
      expect(await fixture.read('twice.example.test')).toEqual(pairOf(delivery));
    });

    it('keeps every name apart, also those that look like a wildcard’s', async () => {
      const names = [
        'deep.example.test',
        '*.deep.example.test',
        'wildcard.deep.example.test',
        'tls.deep.example.test',
        'wildcard-tls.deep.example.test',
      ];
      const deliveries = new Map<string, Delivery>();
      for (const name of names) deliveries.set(name, await delivered(name));
      for (const [name, delivery] of deliveries) expect(await fixture.read(name)).toEqual(pairOf(delivery));
      await fixture.destination.withdraw('*.deep.example.test');
      expect(await Promise.all(names.map(async (name) => (await fixture.destination.held(name)) === null))).toEqual(
        names.map((name) => name === '*.deep.example.test'),
      );
    });

    it('by many at once, and given many names at once, ends with whole pairs', async () => {
      const same = await Promise.all(Array.from({ length: 4 }, () => fixture.make('busy.example.test')));
      const others = await Promise.all(Array.from({ length: 4 }, (_, at) => fixture.make(`busy-${at}.example.test`)));
      await Promise.all([...same, ...others].map((each) => fixture.destination.deliver(each)));
      expect(same.map(pairOf)).toContainEqual(await fixture.read('busy.example.test'));
      for (const each of others) expect(await fixture.read(each.hostname)).toEqual(pairOf(each));
    });

    it('takes away what it was given, may be told so twice, and takes it anew', async () => {
      await delivered('gone.example.test');
      for (let round = 0; round < 2; round += 1) {
        await fixture.destination.withdraw('gone.example.test');
        expect(await fixture.read('gone.example.test')).toBeNull();
        expect(await fixture.destination.held('gone.example.test')).toBeNull();
      }
      const again = await delivered('gone.example.test');
      expect(await fixture.read('gone.example.test')).toEqual(pairOf(again));
    });

    it.each(hostile)('refuses %j before anything is touched', async (hostname) => {
      const { fullchainPem, privateKeyPem } = await fixture.make('orders.example.test');
      const refused = { code: 'invalid-input' };
      await expect(fixture.destination.deliver({ hostname, fullchainPem, privateKeyPem })).rejects.toMatchObject(refused);
      await expect(fixture.destination.withdraw(hostname)).rejects.toMatchObject(refused);
      expect(await fixture.destination.held(hostname)).toBeNull();
    });
  });
}
