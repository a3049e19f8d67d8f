// The embedded name server against tools that others wrote: dig and nsupdate (Debian package bind9-dnsutils), and against our own provider
// through the conformance suite that every provider passes.
import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { createRfc2136Provider, rfc2136 } from '@hostmaster/adapters/dns/rfc2136';
import { systemClock } from '@hostmaster/core/clock';
import { dnsProviderConformance } from '@hostmaster/core/dns/provider-conformance';
import { wholeZone } from '@hostmaster/core/dns/zone-parts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameserverTestKey, startTestNameserver, type TestNameserver, testZone, writtenTestKey } from '../testing/nameserver-ground.ts';
import { startNameserver } from './nameserver.ts';

const zone = testZone.apex;
const keyArgument = `${writtenTestKey.algorithm}:${writtenTestKey.name}:${writtenTestKey.secret}`;

let running: TestNameserver | undefined;
const nameserver = (): TestNameserver => {
  if (running === undefined) throw new Error('the name server has not started');
  return running;
};
beforeAll(async () => {
  running = await startTestNameserver();
});
afterAll(() => running?.remove());

/** Output of both streams; a status other than 0 is part of what is looked at. */
function run(command: string, args: readonly string[], input = ''): Promise<{ status: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { encoding: 'utf8', timeout: 20_000 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number')
        reject(new Error(`${command} could not be run; install bind9-dnsutils`, { cause: error }));
      else resolve({ status: error ? Number(error.code) : 0, output: stdout + stderr });
    });
    child.stdin?.end(input);
  });
}

async function dig(...args: string[]): Promise<string> {
  const { address, port } = nameserver();
  return (await run('dig', [`@${address}`, '-p', String(port), '+tries=1', '+time=5', ...args])).output;
}

/** Lines of an nsupdate script, the server and zone before them. */
async function nsupdate(
  lines: readonly string[],
  options: readonly string[] = ['-y', keyArgument],
): Promise<{ status: number; output: string }> {
  const { address, port } = nameserver();
  return run('nsupdate', options, [`server ${address} ${port}`, `zone ${zone}`, ...lines, 'send', ''].join('\n'));
}

async function updated(...lines: string[]): Promise<void> {
  expect(await nsupdate(lines)).toEqual({ status: 0, output: '' });
}

const answerLines = (output: string): string[] => output.split('\n').filter((line) => line !== '' && !line.startsWith(';'));

describe('dig', () => {
  beforeAll(() =>
    updated(
      `add host.${zone} 60 A 192.0.2.1`,
      `add host.${zone} 60 AAAA 2001:db8::1`,
      `add host.${zone} 60 CAA 0 issue "ca.example.net"`,
      `add www.${zone} 60 CNAME host.${zone}.`,
      `add *.wild.${zone} 60 A 192.0.2.7`,
      `add a.ent.${zone} 60 TXT "deep"`,
      `add sub.${zone} 60 NS ns.sub.${zone}.`,
      `add ns.sub.${zone} 60 A 192.0.2.53`,
      `add odd.${zone} 60 TYPE65280 \\# 2 beef`,
      ...Array.from({ length: 100 }, (_, at) => `add wide.${zone} 60 A 192.0.2.${at}`),
    ),
  );

  it.each([
    ['an address', [`host.${zone}`, 'A'], /status: NOERROR.*flags: qr aa rd;.*host\.example\.test\.\s+60\s+IN\s+A\s+192\.0\.2\.1/s],
    ['without RD', [`host.${zone}`, 'A', '+norec'], /flags: qr aa;/],
    ['over TCP', [`host.${zone}`, 'AAAA', '+tcp'], /2001:db8::1.*\(TCP\)/s],
    ['an alias with its target', [`www.${zone}`, 'A'], /IN\s+CNAME\s+host\.example\.test\.\n.*IN\s+A\s+192\.0\.2\.1/],
    ['CAA', [`host.${zone}`, 'CAA'], /CAA\s+0 issue "ca\.example\.net"/],
    ['a type of no name', [`odd.${zone}`, 'TYPE65280'], /TYPE65280\s+\\# 2 BEEF/i],
    ['a name that is not there', [`nope.${zone}`, 'A'], /status: NXDOMAIN.*AUTHORITY: 1.*example\.test\.\s+60\s+IN\s+SOA/s],
    ['no data', [`host.${zone}`, 'MX'], /status: NOERROR.*ANSWER: 0, AUTHORITY: 1.*SOA/s],
    ['an empty non-terminal', [`ent.${zone}`, 'A'], /status: NOERROR.*ANSWER: 0/s],
    ['a wildcard', [`a.b.wild.${zone}`, 'A'], /a\.b\.wild\.example\.test\.\s+60\s+IN\s+A\s+192\.0\.2\.7/],
    [
      'a referral with glue',
      [`x.sub.${zone}`, 'A'],
      /flags: qr rd;.*ANSWER: 0, AUTHORITY: 1, ADDITIONAL: 2.*ns\.sub\.example\.test\.\s+60\s+IN\s+A\s+192\.0\.2\.53/s,
    ],
    ['the case of the question', [`hOsT.${zone.toUpperCase()}`, 'A'], /;hOsT\.EXAMPLE\.TEST\..*hOsT\.EXAMPLE\.TEST\.\s+60/s],
    ['a foreign name', ['example.net', 'A'], /status: REFUSED/],
    ['a cut answer, then TCP', [`wide.${zone}`, 'A'], /Truncated, retrying in TCP mode.*ANSWER: 100/s],
    ['a cut answer left alone', [`wide.${zone}`, 'A', '+ignore', '+noedns'], /flags: qr aa tc rd;/],
    ['EDNS with a cookie and NSID', [`host.${zone}`, 'A', '+nsid', '+cookie'], /EDNS: version: 0, flags:; udp: 1232\n;; QUESTION/],
    ['an EDNS version that is not here', [`host.${zone}`, 'A', '+edns=1', '+noednsnegotiation'], /status: BADVERS/],
    ['an unknown EDNS flag and option', [`host.${zone}`, 'A', '+ednsflags=0x40', '+ednsopt=100:00'], /EDNS: version: 0, flags:; udp/],
    ['another opcode', [`host.${zone}`, 'A', '+opcode=NOTIFY'], /status: NOTIMP/],
    ['the class CHAOS', ['-c', 'CH', 'version.bind', 'TXT'], /status: REFUSED/],
    ['a signed question', [`host.${zone}`, 'A', '-y', keyArgument], /status: NOERROR.*TSIG\s+hmac-sha256\..*NOERROR/s],
    ['a transfer without a key', [zone, 'AXFR'], /Transfer failed/],
    ['a transfer with a wrong key', [zone, 'AXFR', '-y', `hmac-sha256:nobody:${writtenTestKey.secret}`], /Transfer failed|BADKEY/],
  ] as const)('sees %s', async (_, args, expected) => {
    const output = await dig(...args);
    expect(output).toMatch(expected);
    expect(output).not.toMatch(/WARNING: Message|malformed|bad packet/i);
  });

  it('asks several times over one connection', async () => {
    const output = await dig('+tcp', '+keepopen', '+short', `host.${zone}`, 'A', `www.${zone}`, 'CNAME');
    expect(answerLines(output)).toEqual(['192.0.2.1', `host.${zone}.`]);
  });

  it('transfers the whole zone, as AXFR and as IXFR', async () => {
    const full = answerLines(await dig(zone, 'AXFR', '-y', keyArgument, '+nocomments'));
    expect(full.some((line) => /wide\.example\.test\.\s+60\s+IN\s+A\s+192\.0\.2\.99$/.test(line))).toBe(true);
    const changes = answerLines(await dig(zone, 'IXFR=1', '-y', keyArgument, '+nocomments'));
    const withoutSignature = (lines: readonly string[]) => lines.filter((line) => !line.includes('TSIG'));
    expect(withoutSignature(changes)).toEqual(withoutSignature(full));
  });

  it('transfers a zone of many messages', async () => {
    for (let from = 0; from < 4000; from += 500) {
      await updated(...Array.from({ length: 500 }, (_, at) => `add n${from + at}.bulk.${zone} 60 TXT "${'x'.repeat(50)}"`));
    }
    const output = await dig(zone, 'AXFR', '-y', keyArgument);
    expect(output).toMatch(/messages ([5-9]|\d\d)/);
    expect(answerLines(output).filter((line) => line.includes('.bulk.'))).toHaveLength(4000);
  });
});

describe('nsupdate', () => {
  it('adds, replaces and deletes, over UDP and TCP', async () => {
    await updated(`add u.${zone} 60 A 192.0.2.1`);
    expect(await nsupdate([`del u.${zone} A`, `add u.${zone} 60 A 192.0.2.2`], ['-v', '-y', keyArgument])).toEqual({
      status: 0,
      output: '',
    });
    expect(answerLines(await dig('+short', `u.${zone}`, 'A'))).toEqual(['192.0.2.2']);
    await updated(`del u.${zone}`);
    expect(await dig(`u.${zone}`, 'A')).toMatch(/NXDOMAIN/);
  });

  it.each([
    ['prereq nxdomain', 'YXDOMAIN', ''],
    ['prereq nxrrset', 'YXRRSET', 'A'],
    ['prereq yxrrset', 'NXRRSET', 'MX'],
    ['prereq yxrrset', 'NXRRSET', 'A 192.0.2.250'],
  ] as const)('%s that fails: %s', async (prerequisite, rcode, data) => {
    await updated(`add p.${zone} 60 A 192.0.2.1`);
    const { status, output } = await nsupdate([`${prerequisite} p.${zone} ${data}`, `add p.${zone} 60 A 192.0.2.9`]);
    expect({ status, output }).toEqual({ status: 2, output: expect.stringContaining(rcode) });
    expect(answerLines(await dig('+short', `p.${zone}`, 'A'))).toEqual(['192.0.2.1']);
  });

  it('prereq yxdomain of a name that is not there: NXDOMAIN', async () => {
    expect((await nsupdate([`prereq yxdomain q.${zone}`, `add q.${zone} 60 A 192.0.2.9`])).output).toContain('NXDOMAIN');
  });

  it.each([
    ['no key', [], 'REFUSED'],
    ['a key that is not known', ['-y', `hmac-sha256:nobody:${writtenTestKey.secret}`], 'NOTAUTH(BADKEY)'],
    ['another secret', ['-y', `hmac-sha256:${writtenTestKey.name}:${Buffer.alloc(32).toString('base64')}`], 'NOTAUTH(BADSIG)'],
  ] as const)('with %s is refused', async (_, options, reason) => {
    const { status, output } = await nsupdate([`add k.${zone} 60 A 192.0.2.1`], options);
    expect({ status, output }).toEqual({ status: 2, output: expect.stringContaining(reason) });
    expect(await dig(`k.${zone}`, 'A')).toMatch(/NXDOMAIN/);
  });

  it('of a foreign zone: NOTAUTH; of a foreign name: NOTZONE, and nothing is done', async () => {
    expect((await nsupdate(['zone example.net', 'add x.example.net 60 A 192.0.2.1'])).output).toContain('NOTAUTH');
    const { output } = await nsupdate([`add inside.${zone} 60 A 192.0.2.1`, 'add x.example.net 60 A 192.0.2.1']);
    expect(output).toMatch(/NOTZONE|not in the zone/);
    expect(await dig(`inside.${zone}`, 'A')).toMatch(/NXDOMAIN/);
  });

  it('leaves SOA and name servers of the apex alone, and counts the serial up', async () => {
    const serial = async () => Number(answerLines(await dig('+short', zone, 'SOA'))[0]?.split(' ')[2]);
    const before = await serial();
    await updated(`del ${zone} NS`, `del ${zone} SOA`, `del ${zone}`);
    expect(answerLines(await dig('+short', zone, 'NS'))).toHaveLength(2);
    expect(await serial()).toBe(before);
    await updated(`add s.${zone} 60 A 192.0.2.1`);
    expect(await serial()).toBe(before + 1);
  });
});

describe('the folder', () => {
  it('keeps every zone over a restart, for its owner alone', async () => {
    const first = await startTestNameserver();
    try {
      expect(await first.addZone({ ...testZone, apex: 'other.test' })).toBe(true);
      expect(await first.addZone({ ...testZone, apex: 'Other.TEST.' })).toBe(false);
      const provider = (port: number) =>
        createRfc2136Provider({ zone: 'other.test', server: { address: '127.0.0.1', port }, tsig: writtenTestKey, clock: systemClock });
      const set = { name: 'a.other.test', type: 'A' as const, ttl: 60, values: ['192.0.2.1'] };
      const signal = AbortSignal.timeout(10_000);
      await provider(first.port).apply([{ name: set.name, type: 'A', before: null, after: set }], signal);
      const before = await wholeZone(provider(first.port).readZone(signal));
      const second = await first.restart();
      expect(await wholeZone(provider(second.port).readZone(signal))).toEqual(before);
      await second.stop();
      const { mode } = await stat(first.directory);
      expect(mode & 0o777).toBe(0o700);
      for (const file of await readdir(first.directory)) expect((await stat(`${first.directory}/${file}`)).mode & 0o077).toBe(0);
    } finally {
      await first.remove();
    }
  });

  it('has one server at a time', async () => {
    const { directory } = nameserver();
    await expect(startNameserver({ directory, address: '127.0.0.1', port: 0, keys: [nameserverTestKey] })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});

dnsProviderConformance({ describe, it, expect }, 'rfc2136 on the embedded name server', rfc2136, async () => {
  const { address, port } = nameserver();
  const { secret, ...tsig } = writtenTestKey;
  return { zone, settings: { primary: { address, port }, tsig }, secret, many: 520 };
});
