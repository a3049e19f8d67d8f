// The RFC 2136 provider against real servers: the shared conformance suite, and what each server says to a wrong key.
import { exchangeTcp } from '@hostmaster/adapters/dns/exchange';
import { createRfc2136Provider, rfc2136 } from '@hostmaster/adapters/dns/rfc2136';
import { askServers } from '@hostmaster/adapters/probes/dns';
import { systemClock } from '@hostmaster/core/clock';
import { makePlan } from '@hostmaster/core/dns/plan';
import { dnsProviderConformance } from '@hostmaster/core/dns/provider-conformance';
import { rcodes, typeCodes } from '@hostmaster/core/dns/wire/codes';
import { parseRdata } from '@hostmaster/core/dns/wire/rdata';
import { tsigKey } from '@hostmaster/core/dns/wire/tsig';
import { updateMessage } from '@hostmaster/core/dns/wire/update';
import { wholeZone } from '@hostmaster/core/dns/zone-parts';
import { HostmasterError } from '@hostmaster/core/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DnsServer, dnsServerKinds, smallZone, startDnsServer, type TsigSecret } from './dns-servers.ts';

const zone = 'example.test';
const tsig: TsigSecret = {
  name: 'update-key',
  algorithm: 'hmac-sha256',
  secret: Buffer.from('example-only-not-a-secret-32byte').toString('base64'),
};
const otherSecret = Buffer.from('another-example-not-a-secret-32b').toString('base64');

describe.each(dnsServerKinds)('%s, a zone whose apex is no hostname', (kind) => {
  const apex = '_msdcs.example.test';
  const text = smallZone(apex)
    .replaceAll(/ns([12])$/gm, 'ns$1.example.test.')
    .replaceAll(/^ns.*\n/gm, '')
    .replace('SOA ns1 hostmaster', 'SOA ns1.example.test. hostmaster.example.test.');
  let server: DnsServer | undefined;
  beforeAll(async () => {
    server = await startDnsServer(kind, { zones: { [apex]: text }, tsig });
  }, 60_000);
  afterAll(() => server?.stop());

  it.each(rfc2136.checks)('passes the check $name', async (check) => {
    if (server === undefined) throw new Error(`${kind} has not started`);
    const provider = createRfc2136Provider({ zone: apex, tsig, clock: systemClock, server });
    const connection = { provider, zone: apex, label: 'odd', suffixes: [], look: async () => undefined };
    expect(await check.run(connection, AbortSignal.timeout(10_000))).toMatch(/\.$/);
  });
});

describe.each(dnsServerKinds)('%s, a zone that it signs', (kind) => {
  let server: DnsServer | undefined;
  beforeAll(async () => {
    server = await startDnsServer(kind, { zones: { [zone]: smallZone(zone) }, tsig, signed: true });
  }, 60_000);
  afterAll(() => server?.stop());

  dnsProviderConformance({ describe, it, expect }, `${kind}, signing`, rfc2136, async () => {
    if (server === undefined) throw new Error(`${kind} has not started`);
    const { secret, ...key } = tsig;
    return { zone, settings: { primary: { address: server.address, port: server.port }, tsig: key }, secret, many: 520 };
  });
});

describe.each(dnsServerKinds)('%s, a zone and one that was split off it', (kind) => {
  const child = `cut.dev.${zone}`;
  const signal = () => AbortSignal.timeout(10_000);
  const address = (name: string) => ({ name, type: 'A' as const, ttl: 60, values: ['192.0.2.1'] });
  const alias = (name: string, to: string) => ({ name, type: 'CNAME' as const, ttl: 60, values: [to] });
  let server: DnsServer | undefined;
  const started = (): DnsServer => {
    if (server === undefined) throw new Error(`${kind} has not started`);
    return server;
  };
  const of = (apex: string) => createRfc2136Provider({ zone: apex, tsig, clock: systemClock, server: started() });
  beforeAll(async () => {
    server = await startDnsServer(kind, { zones: { [zone]: smallZone(zone), [child]: smallZone(child) }, tsig });
    const delegation = { name: child, type: 'NS' as const, ttl: 60, values: [`ns1.${child}`] };
    await of(zone).apply([{ name: child, type: 'NS', before: null, after: delegation }], signal());
  }, 60_000);
  afterAll(() => server?.stop());

  const anAlias = alias(`b.${child}`, `x.${zone}`);
  it.each([
    ['nothing', address(`a.${child}`), []],
    ['the same', address(`c.${child}`), [address(`c.${child}`)]],
    ['an alias', address(`b.${child}`), [anAlias]],
    ['an alias below an alias', address(`a.b.${child}`), [anAlias, alias(`a.b.${child}`, `ns1.${zone}`)]],
    ['nothing, and this one an alias', alias(`d.${child}`, `x.${zone}`), []],
    ['the apex', address(child), []],
  ])('what the one above holds is read by name, and deleted, where the other holds %s', async (_, held, others) => {
    const { name, type } = held;
    for (const after of others) {
      const before = (await of(child).readName(after.name, signal())).find((set) => set.type === after.type);
      if (before === undefined) await of(child).apply([{ name: after.name, type: after.type, before: null, after }], signal());
    }
    const before = await of(child).readName(name, signal());
    await of(zone).apply([{ name, type, before: null, after: held }], signal());
    expect((await of(zone).readName(name, signal())).filter((set) => set.type === type)).toEqual([held]);
    const [seen] = await askServers([{ name: kind, ...started(), tsig: null }], name, 'CNAME', signal());
    expect(seen).toMatchObject({ authoritative: true, zone: child, cut: null });

    await of(zone).apply([{ name, type, before: held, after: null }], signal());
    expect((await of(zone).readName(name, signal())).filter((set) => set.type === type)).toEqual([]);
    expect(await of(child).readName(name, signal())).toEqual(before);
  });
});

describe.each(dnsServerKinds)('%s', (kind) => {
  let server: DnsServer | undefined;
  const started = (): DnsServer => {
    if (server === undefined) throw new Error(`${kind} has not started`);
    return server;
  };
  beforeAll(async () => {
    server = await startDnsServer(kind, { zones: { [zone]: smallZone(zone) }, tsig });
  }, 60_000);
  afterAll(() => server?.stop());

  const provider = (options: { zone?: string; tsig?: TsigSecret | null; clock?: typeof systemClock } = {}) =>
    createRfc2136Provider({ zone, tsig, clock: systemClock, server: started(), ...options });

  dnsProviderConformance({ describe, it, expect }, kind, rfc2136, async () => {
    const { address, port } = started();
    const { secret, ...key } = tsig;
    return { zone, settings: { primary: { address, port }, tsig: key }, secret, many: 520 };
  });

  const create = {
    name: `x.${zone}`,
    type: 'A' as const,
    before: null,
    after: { name: `x.${zone}`, type: 'A' as const, ttl: 60, values: ['192.0.2.1'] },
  };
  const late = { now: () => new Date(Date.now() + 3_600_000) };

  it.each([
    ['an unknown key', { tsig: { ...tsig, name: 'nobody' } }, 'dns-bad-key'],
    ['a wrong secret', { tsig: { ...tsig, secret: otherSecret } }, 'dns-bad-key'],
    ['another algorithm', { tsig: { ...tsig, algorithm: 'hmac-sha512' as const } }, 'dns-bad-key'],
    ['a clock an hour ahead', { clock: late }, 'dns-bad-key'],
    ['no key', { tsig: null }, 'dns-refused'],
  ])('%s: update and transfer are told so', async (_, options, code) => {
    const wrong = provider(options);
    const signal = AbortSignal.timeout(10_000);
    await expect(wrong.apply([create], signal)).rejects.toMatchObject({ code });
    await expect(wholeZone(wrong.readZone(signal))).rejects.toMatchObject({ code });
    expect(await provider().readName(create.name, signal)).toEqual([]);
  });

  it('a zone that the server does not hold is told apart from what is refused', async () => {
    const foreign = provider({ zone: 'elsewhere.test' });
    const signal = AbortSignal.timeout(10_000);
    const name = 'x.elsewhere.test';
    const change = { name, type: 'A' as const, before: null, after: { name, type: 'A' as const, ttl: 60, values: ['192.0.2.1'] } };
    await expect(foreign.apply([change], signal)).rejects.toMatchObject({ code: 'dns-not-served' });
    await expect(foreign.readName(name, signal)).rejects.toMatchObject({ code: 'dns-not-served' });
    await expect(wholeZone(foreign.readZone(signal))).rejects.toMatchObject({ code: 'dns-not-served' });
  });

  it('a prober sees what was applied, with the serial of the zone', async () => {
    const signal = AbortSignal.timeout(10_000);
    const name = `seen.${zone}`;
    const sets = [
      { name, type: 'A' as const, ttl: 60, values: ['192.0.2.1', '192.0.2.2'] },
      { name: `alias.${zone}`, type: 'CNAME' as const, ttl: 30, values: [name] },
    ];
    for (const after of sets) await provider().apply([{ name: after.name, type: after.type, before: null, after }], signal);
    const { serial } = await wholeZone(provider().readZone(signal));
    const at = [{ name: kind, ...started(), tsig: null }];
    const expected = { server: kind, rcode: 'NOERROR', authoritative: true, zone, serial, error: null };
    for (const { name: asked, type, ttl, values } of sets) {
      expect(await askServers(at, asked, type, signal)).toEqual([
        { ...expected, values, ttl, otherTtl: null, cut: null, milliseconds: expect.any(Number) },
      ]);
    }
    expect(await askServers(at, `absent.${zone}`, 'A', signal)).toMatchObject([{ ...expected, rcode: 'NXDOMAIN', values: [], ttl: null }]);
  });

  it('a prober sees that a name is delegated, at the delegation and below it, and to whom', async () => {
    const signal = AbortSignal.timeout(10_000);
    const cut = { name: `cut.${zone}`, type: 'NS' as const, ttl: 60, values: ['ns1.example.net', 'ns2.example.net'] };
    await provider().apply([{ name: cut.name, type: 'NS', before: null, after: cut }], signal);
    for (const asked of [cut.name, `deep.below.${cut.name}`])
      expect(await askServers([{ name: kind, ...started(), tsig: null }], asked, 'A', signal)).toMatchObject([
        { rcode: 'NOERROR', authoritative: false, values: [], cut: { type: 'NS', name: cut.name, leadsTo: cut.values } },
      ]);
  });

  /** One record of any type, past what the provider writes. */
  const putByHand = async (name: string, type: number, data: Uint8Array) => {
    const update = updateMessage(1, zone, [], [{ kind: 'add', name, type, ttl: 60, data }]);
    const key = tsigKey(tsig.name, tsig.algorithm, tsig.secret);
    const reply = await exchangeTcp(started(), update, { signal: AbortSignal.timeout(5000), tsig: { key, clock: systemClock } });
    return reply.rcode;
  };
  /** SVCB and HTTPS in alias form to the root (RFC 9460 §2.4.2). */
  const alias = Uint8Array.of(0, 0, 0);

  // PowerDNS takes no types by update that it does not know itself.
  const unnamed: [string, number][] =
    kind === 'powerdns'
      ? []
      : [
          ['that was assigned late', 261],
          ['of private use', 65_300],
        ];
  it.each([['without a name here', 49], ...unnamed])(
    'a CNAME does not take the place of an address beside which a type %s has come: nothing is written',
    async (_, type) => {
      const signal = AbortSignal.timeout(10_000);
      const name = `late${type}.${zone}`;
      const a = { name, type: 'A' as const, ttl: 60, values: ['192.0.2.1'] };
      const cname = { name, type: 'CNAME' as const, ttl: 60, values: ['x.example.net'] };
      await provider().apply([{ name, type: 'A', before: null, after: a }], signal);
      // A digest of three bytes, as DHCID has it (RFC 4701 §3.1), is well-formed for the others, too.
      expect(await putByHand(name, type, Uint8Array.of(0, 1, 1, ...new Uint8Array(32)))).toBe(rcodes.NOERROR);
      const swap = provider().apply(
        [
          { name, type: 'A', before: a, after: null },
          { name, type: 'CNAME', before: null, after: cname },
        ],
        signal,
      );
      await expect(swap).rejects.toMatchObject({ code: 'plan-stale' });
      expect(await provider().readName(name, signal)).toEqual([a]);
    },
  );

  it('what else people put there is named by type, and a new CNAME is refused beside it, not ignored', async () => {
    const signal = AbortSignal.timeout(10_000);
    const name = `odd.${zone}`;
    expect(await putByHand(name, typeCodes.HTTPS, alias)).toBe(rcodes.NOERROR);
    const https = { name, type: 'HTTPS', ttl: 60, values: ['\\# 3 000000'] };
    const { others } = await wholeZone(provider().readZone(signal));
    expect(others.filter((set) => set.name === name)).toEqual([https]);
    expect(await provider().readName(name, signal)).toEqual([https]);
    const a = { name, type: 'A' as const, ttl: 60, values: ['192.0.2.1'] };
    const cname = { name, type: 'CNAME' as const, ttl: 60, values: ['x.example.net'] };
    await provider().apply([{ name, type: 'A', before: null, after: a }], signal);
    const swap = provider().apply(
      [
        { name, type: 'A', before: a, after: null },
        { name, type: 'CNAME', before: null, after: cname },
      ],
      signal,
    );
    await expect(swap).rejects.toMatchObject({ code: 'plan-stale' });
    expect(await provider().readName(name, signal)).toEqual([a, https]);
  });

  // The embedded name server and PowerDNS (unless told otherwise) take no DNAME by update.
  if (kind === 'bind')
    it('what stands below a DNAME is read by name, and deleted', async () => {
      const signal = AbortSignal.timeout(10_000);
      const above = `moved.${zone}`;
      const below = { name: `x.${above}`, type: 'A' as const, ttl: 60, values: ['192.0.2.1'] };
      await provider().apply([{ name: below.name, type: 'A', before: null, after: below }], signal);
      expect(await putByHand(above, typeCodes.DNAME, parseRdata(typeCodes.CNAME, 'elsewhere.example.net'))).toBe(rcodes.NOERROR);
      expect(await provider().readName(above, signal)).toMatchObject([{ name: above, type: 'DNAME' }]);
      expect(await provider().readName(below.name, signal)).toEqual([below]);
      await provider().apply([{ name: below.name, type: 'A', before: below, after: null }], signal);
      expect(await provider().readName(below.name, signal)).toEqual([]);
    });

  it('10,000 records are applied and read back', async () => {
    const signal = AbortSignal.timeout(60_000);
    const sets = Array.from({ length: 10_000 }, (_, index) => ({
      name: `n${index}.bulk.${zone}`,
      type: 'A' as const,
      ttl: 60,
      values: [`10.${index >>> 16}.${(index >>> 8) & 255}.${index & 255}`],
    }));
    const held = async () => (await wholeZone(provider().readZone(signal))).recordSets.filter((set) => set.name.endsWith(`.bulk.${zone}`));
    // A server that is busy is asked again for what is left, as a worker does; PowerDNS says so by SERVFAIL.
    const sent = async (): Promise<boolean> => {
      try {
        await provider().apply(makePlan(sets, await held()), signal);
        return true;
      } catch (error) {
        if (error instanceof HostmasterError && error.kind.retryable) return false;
        throw error;
      }
    };
    if (!(await sent()) && !(await sent())) expect(await sent()).toBe(true);
    expect(await held()).toHaveLength(10_000);
  }, 60_000);
});
