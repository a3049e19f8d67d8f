// What DNSSEC keeps from whoever validates, told by a BIND that does, of a BIND that answers.
import { randomBytes } from 'node:crypto';
import { exchange } from '@hostmaster/adapters/dns/exchange';
import { createProber } from '@hostmaster/adapters/probes/prober';
import { typeCode } from '@hostmaster/core/dns/wire/codes';
import { queryMessage } from '@hostmaster/core/dns/wire/message';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freePort } from '../port.ts';
import { type DnsServer, smallZone, startDnsServer } from './dns-servers.ts';

const tsig = { name: 'key', algorithm: 'hmac-sha256' as const, secret: randomBytes(32).toString('base64') };
const [signed, unsigned] = ['signed.test', 'unsigned.test'];
const started: DnsServer[] = [];
const start = async (options: Omit<Parameters<typeof startDnsServer>[1], 'tsig'>): Promise<DnsServer> => {
  const server = await startDnsServer('bind', { ...options, tsig });
  started.push(server);
  return server;
};
let answering: { readonly signed: DnsServer; readonly unsigned: DnsServer };
let key: string;
beforeAll(async () => {
  answering = {
    signed: await start({ zones: { [signed]: smallZone(signed) }, signed: true }),
    unsigned: await start({ zones: { [unsigned]: smallZone(unsigned) } }),
  };
  const keyOf = async () => {
    const asked = queryMessage(0, signed, typeCode('DNSKEY'));
    const { answers } = await exchange(answering.signed, asked, { signal: AbortSignal.timeout(5000), timeout: 2000, tsig: null });
    const [found] = answers.filter(({ type }) => type === typeCode('DNSKEY'));
    // Flags, protocol and algorithm come first (RFC 4034 §2.1).
    if (found === undefined) throw new Error('It has not signed the zone yet.');
    return Buffer.from(found.data.subarray(4)).toString('base64');
  };
  key = await vi.waitFor(keyOf, { timeout: 60_000, interval: 100 });
}, 120_000);
afterAll(async () => {
  for (const server of started) await server.stop();
});

/** Whether a resolver of these trust anchors, which asks that server, finds a name bogus. */
const isBogus = async (
  name: string,
  at: { readonly address: string; readonly port: number },
  anchors: Readonly<Record<string, string>>,
) => {
  const { address, port } = await start({ zones: { 'ready.test': smallZone('ready.test') }, bind: { resolves: { at, anchors } } });
  return createProber({ resolvers: [`${address}:${port}`] }).isBogus(name, AbortSignal.timeout(20_000));
};
const another = randomBytes(64).toString('base64');

test('a name whose signatures are of a key that the zone above vouches for is believed, and one that is not there, too', async () => {
  expect(await isBogus(`ns1.${signed}`, answering.signed, { [signed]: key })).toBe(false);
  expect(await isBogus(`nobody.${signed}`, answering.signed, { [signed]: key })).toBe(false);
});

test('a name below a key that is not in its zone is bogus, and one of a zone that is not signed although it should be', async () => {
  expect(await isBogus(`ns1.${signed}`, answering.signed, { [signed]: another })).toBe(true);
  expect(await isBogus(`ns1.${unsigned}`, answering.unsigned, { [unsigned]: another })).toBe(true);
});

test('where nobody vouches for anything, nothing answers behind the resolver, or no resolver answers, nothing is said', async () => {
  expect(await isBogus(`ns1.${unsigned}`, answering.unsigned, {})).toBe(false);
  const nobody = { address: '127.0.0.1', port: await freePort() };
  expect(await isBogus(`ns1.${signed}`, nobody, { [signed]: key })).toBe(false);
  const prober = createProber({ resolvers: [`127.0.0.1:${nobody.port}`] });
  expect(await prober.isBogus(signed, AbortSignal.timeout(20_000))).toBe(false);
  const ended = new Error('the run is over');
  await expect(prober.isBogus(signed, AbortSignal.abort(ended))).rejects.toBe(ended);
});
