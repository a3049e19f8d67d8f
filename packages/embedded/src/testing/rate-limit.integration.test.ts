// A BIND that limits its answers over UDP (response rate limiting): what Hostmaster asks gets through, and at once.
import { createRfc2136Provider } from '@hostmaster/adapters/dns/rfc2136';
import { askServers } from '@hostmaster/adapters/probes/dns';
import { systemClock } from '@hostmaster/core/clock';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DnsServer, smallZone, startDnsServer, type TsigSecret } from './dns-servers.ts';

const zone = 'example.test';
const tsig: TsigSecret = {
  name: 'update-key',
  algorithm: 'hmac-sha256',
  secret: Buffer.from('example-only-not-a-secret-32byte').toString('base64'),
};

let server: DnsServer;
beforeAll(async () => {
  // What is over the limit is dropped, never cut short: so nothing gets through by the way to TCP that BIND leaves open.
  const options = 'rate-limit { responses-per-second 5; slip 0; };';
  server = await startDnsServer('bind', { zones: { [zone]: smallZone(zone) }, tsig, bind: { options } });
}, 60_000);
afterAll(() => server?.stop());

it('a name is read again and again', async () => {
  const provider = createRfc2136Provider({ zone, server, tsig, clock: systemClock });
  const name = `a.${zone}`;
  const after = { name, type: 'A' as const, ttl: 60, values: ['192.0.2.1'] };
  for (let round = 0; round < 5; round += 1) expect(await provider.readName(name, AbortSignal.timeout(5000))).toEqual([]);
  await provider.apply([{ name, type: 'A', before: null, after }], AbortSignal.timeout(5000));
  for (let round = 0; round < 5; round += 1) expect(await provider.readName(name, AbortSignal.timeout(5000))).toEqual([after]);
});

it('what is verified is answered again and again, whether it is there or not', async () => {
  const signal = AbortSignal.timeout(30_000);
  const servers = [{ name: 'ns1', ...server, tsig: null }];
  for (let round = 0; round < 4; round += 1) {
    const asked = ['A', 'AAAA', 'CNAME'].map((type) => askServers(servers, `absent.${zone}`, type, signal));
    const answers = (await Promise.all(asked)).flat();
    expect(answers).toEqual(answers.map(() => expect.objectContaining({ rcode: 'NXDOMAIN', authoritative: true, error: null })));
  }
}, 30_000);
