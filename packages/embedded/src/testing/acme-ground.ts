// The ground of the conformance suite of ACME: Pebble, which resolves with BIND, where the proofs are put.
import { generateKeyPairSync } from 'node:crypto';
import { createRfc2136Provider } from '@hostmaster/adapters/dns/rfc2136';
import { acme } from '@hostmaster/adapters/issuers/acme/acme';
import { challengeText } from '@hostmaster/core/acme/challenge';
import { challengeName } from '@hostmaster/core/acme/challenge-name';
import type { Proofs } from '@hostmaster/core/acme/proofs';
import { systemClock } from '@hostmaster/core/clock';
import { HostmasterError } from '@hostmaster/core/errors';
import { splitPem } from '@hostmaster/core/pki/chain';
import { type IssuerFixture, issuerConformance } from '@hostmaster/core/pki/issuer-conformance';
import { smallZone, startDnsServer } from './dns-servers.ts';
import { getTrusted, startPebble } from './pebble.ts';

const zone = 'example.test';
const tsig = {
  name: 'update-key',
  algorithm: 'hmac-sha256',
  secret: Buffer.from('example-only-not-a-secret-32byte').toString('base64'),
} as const;
/** Puts proofs straight into the zone. */
function proofsIn(provider: ReturnType<typeof createRfc2136Provider>): Proofs {
  const put = new Map<string, { name: string; text: string }[]>();
  const write = async (name: string, change: (values: readonly string[]) => readonly string[], signal: AbortSignal) => {
    const before = (await provider.readName(name, signal)).find(({ type }) => type === 'TXT') ?? null;
    const values = [...new Set(change(before?.values ?? []))].sort();
    const set = { name, type: 'TXT' as const, ttl: 60 };
    const after = values.length === 0 ? null : { ...set, values };
    await provider.apply([{ ...set, before: before === null ? null : { ...set, ttl: before.ttl, values: before.values }, after }], signal);
  };
  return {
    async put(order, _, proofs, signal) {
      for (const { hostname, keyAuthorization } of proofs) {
        const [name, text] = [challengeName(hostname), challengeText(keyAuthorization)];
        if (!name.endsWith(`.${zone}`)) throw new HostmasterError('issuer-refused', `No zone holds ${name}.`);
        await write(name, (values) => [...values, text], signal);
        put.set(order, [...(put.get(order) ?? []), { name, text }]);
      }
      return null;
    },
    async takeBack(order, signal) {
      for (const { name, text } of put.get(order) ?? []) await write(name, (values) => values.filter((value) => value !== text), signal);
      put.delete(order);
    },
  };
}

type TestApi = Parameters<typeof issuerConformance>[0] & Pick<typeof import('vitest'), 'afterAll'>;

/** Registers the suite, against the Pebble that is on PATH. */
export async function acmeConformance(api: TestApi): Promise<void> {
  const bind = await startDnsServer('bind', { zones: { [zone]: smallZone(zone) }, tsig });
  const pebble = await startPebble({ nameServer: `${bind.address}:${bind.port}`, blocked: ['blocked.test'] });
  api.afterAll(async () => {
    await pebble.stop();
    await bind.stop();
  });
  const settings = { directory: pebble.directoryUrl, trust: pebble.trust, addresses: '127.0.0.0/8', contact: 'hostmaster@example.test' };
  const create = async (): Promise<IssuerFixture> => {
    const provider = createRfc2136Provider({ zone, tsig, clock: systemClock, server: bind });
    const accountKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'der', type: 'pkcs8' });
    const issuer = acme.open(
      {
        slug: 'pebble',
        settings: acme.settings.parse(settings),
        profile: null,
        chain: [],
        key: { keyId: 'k', ciphertext: accountKey },
        secret: new Uint8Array(),
      },
      { clock: systemClock, keyStore: { unwrapKey: ({ ciphertext }) => ciphertext }, proofs: proofsIn(provider) },
    );
    const [root] = splitPem(await getTrusted(`${pebble.managementUrl}/roots/0`, pebble.trust));
    return { issuer, root: root ?? new Uint8Array(), permittedSuffix: zone, foreignSuffix: 'blocked.test', now: () => new Date() };
  };
  issuerConformance(api, acme, create, async () => settings);
}
