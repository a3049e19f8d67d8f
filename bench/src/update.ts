// 10,000 record sets written into real BIND, 500 per UPDATE: our RFC 2136 provider beside `nsupdate`, each round into fresh
// zones of the same server, with the same key and the same records. What was written is read back and counted.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRfc2136Provider } from '@hostmaster/adapters/dns/rfc2136';
import { systemClock as clock } from '@hostmaster/core/clock';
import type { RecordSet } from '@hostmaster/core/dns/record-set';
import { wholeZone } from '@hostmaster/core/dns/zone-parts';
import { type DnsServer, smallZone, startDnsServer } from '@hostmaster/embedded/testing/dns-servers';
import { alternate, median } from './measure.ts';
import { type Bench, milliseconds, ratio, whole } from './report.ts';

const promisedRatio = 1.25;
const count = 10_000;
const batch = 500;
const rounds = 5;
const ttl = 60;
const tsig = { name: 'bench.', algorithm: 'hmac-sha256', secret: randomBytes(32).toString('base64') } as const;
const contenders = ['nsupdate', 'nsupdate-checked', 'provider', 'provider-at-once'] as const;
type Contender = (typeof contenders)[number];

const zoneOf = (contender: Contender, round: number): string => `${contender}-${round}.test`;

function recordSets(zone: string): RecordSet[] {
  return Array.from({ length: count }, (_, at) => ({
    name: `host-${at}.dev.${zone}`,
    type: 'A' as const,
    ttl,
    values: [`198.18.${at >>> 8}.${at & 255}`],
  }));
}

const batches = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / batch) }, (_, at) => all.slice(at * batch, (at + 1) * batch));

/** @param checked with the prerequisites that our provider sends: neither this type nor a CNAME is there yet */
function nsupdateScript(server: DnsServer, zone: string, checked: boolean): string {
  const lines = batches(recordSets(zone)).flatMap((sets) => [
    ...(checked ? sets.flatMap(({ name }) => [`prereq nxrrset ${name}. IN A`, `prereq nxrrset ${name}. IN CNAME`]) : []),
    ...sets.map(({ name, values }) => `update add ${name}. ${ttl} A ${values[0]}`),
    'send',
  ]);
  return `server ${server.address} ${server.port}\nzone ${zone}.\n${lines.join('\n')}\n`;
}

/** Over TCP (-v), as large updates need; the key comes from a file. */
async function runNsupdate(keyFile: string, script: string, signal: AbortSignal): Promise<void> {
  const child = spawn('nsupdate', ['-v', '-k', keyFile], { stdio: ['pipe', 'ignore', 'pipe'], signal });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 && complaint === '' ? resolve() : reject(new Error(`nsupdate ended with ${code}: ${complaint}`)),
    );
  });
  child.stdin.end(script);
  await ended;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function measure(server: DnsServer, keyFile: string, signal: AbortSignal): Promise<number[][]> {
  const providerOf = (zone: string) => createRfc2136Provider({ zone, server, tsig, clock, timeout: 20_000 });
  const verify = async (zone: string) => {
    const { recordSets: there } = await wholeZone(providerOf(zone).readZone(signal));
    const written = there.filter(({ name }) => name.startsWith('host-')).length;
    if (written !== count) throw new Error(`${zone} holds ${written} of the ${count} record sets.`);
  };
  const nsupdate = async (zone: string, checked: boolean) => {
    const script = nsupdateScript(server, zone, checked);
    const elapsed = await timed(() => runNsupdate(keyFile, script, signal));
    await verify(zone);
    return elapsed;
  };
  const provider = async (zone: string, atOnce: boolean) => {
    const changes = recordSets(zone).map((after) => ({ name: after.name, type: after.type, before: null, after }));
    const provider = providerOf(zone);
    const elapsed = await timed(async () => {
      for (const part of atOnce ? [changes] : batches(changes)) await provider.apply(part, signal);
    });
    await verify(zone);
    return elapsed;
  };
  return alternate(
    [
      (round) => nsupdate(zoneOf('nsupdate', round), false),
      (round) => nsupdate(zoneOf('nsupdate-checked', round), true),
      (round) => provider(zoneOf('provider', round), false),
      (round) => provider(zoneOf('provider-at-once', round), true),
    ],
    rounds,
    signal,
  );
}

export const benchUpdate: Bench = async (signal) => {
  const folder = await mkdtemp(join(tmpdir(), 'hostmaster-bench-'));
  const keyFile = join(folder, 'tsig.key');
  await writeFile(keyFile, `key "${tsig.name}" { algorithm ${tsig.algorithm}; secret "${tsig.secret}"; };\n`, { mode: 0o600 });
  const zones = contenders.flatMap((contender) => Array.from({ length: rounds }, (_, round) => zoneOf(contender, round)));
  const server = await startDnsServer('bind', { zones: Object.fromEntries(zones.map((zone) => [zone, smallZone(zone)])), tsig });
  try {
    const [bare = 0, checked = 0, ours = 0, atOnce = 0] = (await measure(server, keyFile, signal)).map(median);
    const row = (what: string, elapsed: number) => [
      what,
      milliseconds(elapsed),
      `${whole((count / elapsed) * 1000)}/s`,
      ratio(elapsed / bare),
    ];
    return {
      title: `${whole(count)} record sets into BIND`,
      columns: [`${batch} per UPDATE`, 'median', 'record sets', 'of nsupdate'],
      rows: [
        row('`nsupdate`', bare),
        row('`nsupdate` with the prerequisites that the provider sends', checked),
        row(`provider, ${count / batch} times apply of ${batch}`, ours),
        row('provider, one apply of all: the ground of every part is asked first', atOnce),
      ],
      promises: [
        {
          promise: `at most ${promisedRatio} × nsupdate`,
          measured: `${ratio(ours / bare)} × nsupdate; ${ratio(ours / checked)} × nsupdate with the same prerequisites`,
          kept: ours / bare <= promisedRatio,
        },
      ],
      notes: [
        `By the clock, median of ${rounds} alternating rounds, each into fresh zones of one BIND; TCP, TSIG hmac-sha256. Every zone was read back and held all record sets.`,
        'The changes and the scripts are made before; the start of the nsupdate program counts.',
      ],
    };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
};
