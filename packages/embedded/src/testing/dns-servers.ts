// Throwaway authoritative name servers for tests: BIND 9, Knot DNS and PowerDNS, as child processes on free loopback ports with a folder
// of their own. They run as whoever runs the tests, and end with `stop()` or, should the test die, with this process.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { exchange } from '@hostmaster/adapters/dns/exchange';
import { typeCodes } from '@hostmaster/core/dns/wire/codes';
import { queryMessage } from '@hostmaster/core/dns/wire/message';
import { leash } from '../leash.ts';
import { freePort } from '../port.ts';

export type TsigSecret = {
  readonly name: string;
  readonly algorithm: 'hmac-sha256' | 'hmac-sha384' | 'hmac-sha512';
  readonly secret: string;
};

export type DnsServerOptions = {
  /** Zone file text (RFC 1035 §5) by apex without the trailing dot. */
  readonly zones: Readonly<Record<string, string>>;
  /** May transfer and update every zone; `secret` is base64. */
  readonly tsig: TsigSecret;
  /** Whether it signs the zones itself (DNSSEC), as what is changed by update is signed then: on the way. */
  readonly signed?: boolean;
  /** Milliseconds within which it answers for all zones; 15,000 unless given. */
  readonly patience?: number;
  /** What a BIND does otherwise than the servers of most tests. */
  readonly bind?: {
    /** Statements for its options. */
    readonly options?: string;
    /** In place of the key's right to all of a zone. */
    readonly updatePolicy?: string;
    /** Zone file texts by apex, for whoever asks without the key: the views are chosen by it. */
    readonly otherView?: Readonly<Record<string, string>>;
    /** It resolves as well: it asks that server, and validates below trust anchors: public keys (base64, ECDSA P-256) by zone. */
    readonly resolves?: {
      readonly at: { readonly address: string; readonly port: number };
      readonly anchors: Readonly<Record<string, string>>;
    };
  };
};

export type DnsServer = {
  readonly address: string;
  readonly port: number;
  /** Serves a zone more while it runs, as after one was split; of a BIND alone. */
  addZone(apex: string, text: string): Promise<void>;
  stop(): Promise<void>;
};

export const dnsServerKinds = ['bind', 'knot', 'powerdns'] as const;
export type DnsServerKind = (typeof dnsServerKinds)[number];

/** A small zone: SOA, two NS with addresses. */
export const smallZone = (apex: string): string => `$TTL 300
$ORIGIN ${apex}.
@ IN SOA ns1 hostmaster ( 1 3600 600 86400 60 )
@ IN NS ns1
@ IN NS ns2
ns1 IN A 127.0.0.1
ns2 IN A 127.0.0.2
`;

const debianPackages = {
  named: 'bind9',
  knotd: 'knot',
  pdns_server: 'pdns-server',
  pdnsutil: 'pdns-backend-sqlite3',
  sqlite3: 'sqlite3',
} as const;

/** Where servers live: Debian puts them outside an ordinary user's PATH. */
const searchPath = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/usr/bin'];

function program(name: keyof typeof debianPackages): string {
  const found = searchPath.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`These tests need ${name}: install the Debian package ${debianPackages[name]}.`);
  return found;
}

type Launch = { readonly command: string; readonly args: readonly string[] };
type Prepare = (folder: string, port: number, options: DnsServerOptions) => Promise<Launch>;

/** Starts a server and waits until it answers for the SOA of every zone. Errors: a plain Error with what the server printed. */
export async function startDnsServer(kind: DnsServerKind, options: DnsServerOptions): Promise<DnsServer> {
  // Between finding a free port and binding it somebody else may take it; then another is tried.
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(kind, options);
    } catch (error) {
      if (attempt >= 3 || !/in use|bind/i.test(String(error))) throw error;
    }
  }
}

async function startOnce(kind: DnsServerKind, options: DnsServerOptions): Promise<DnsServer> {
  const folder = await mkdtemp(join(tmpdir(), `hostmaster-${kind}-`));
  const address = '127.0.0.1';
  const port = await freePort();
  try {
    const { command, args } = await prepare[kind](folder, port, options);
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder });
    const unleash = child.pid === undefined ? () => undefined : leash(child.pid, 'TERM');
    const printed: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => printed.push(String(chunk)));
    const stop = async () => {
      await end(child);
      unleash();
      await rm(folder, { recursive: true, force: true });
    };
    try {
      await answersFor(child, Object.keys(options.zones), { address, port }, options.patience);
    } catch (error) {
      await stop();
      throw new Error(`${kind} did not start: ${error instanceof Error ? error.message : error}\n${printed.join('').slice(-4000)}`);
    }
    let { zones } = options;
    const addZone = async (apex: string, text: string): Promise<void> => {
      if (kind !== 'bind') throw new Error(`A ${kind} takes no zone while it runs here.`);
      zones = { ...zones, [apex]: text };
      await writeZones(folder, { [apex]: text });
      await configureBind(folder, port, { ...options, zones });
      child.kill('SIGHUP');
      await answersFor(child, [apex], { address, port }, options.patience);
    };
    return { address, port, addZone, stop };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(insist);
}

/** Asks until every zone's SOA is answered; gives up after a while or when the server has ended. */
async function answersFor(
  child: ChildProcess,
  zones: readonly string[],
  server: { address: string; port: number },
  patience = 15_000,
): Promise<void> {
  const until = Date.now() + patience;
  let problem: unknown = null;
  child.once('error', (error) => {
    problem = error;
  });
  for (const zone of zones) {
    for (;;) {
      if (problem !== null) throw problem;
      if (child.exitCode !== null) throw new Error(`it ended with status ${child.exitCode}`);
      if (Date.now() > until) throw new Error(`it did not answer for ${zone}`);
      const options = { signal: AbortSignal.timeout(1000), timeout: 100, attempts: 1 };
      const reply = await exchange(server, queryMessage(0, zone, typeCodes.SOA), options).catch(() => null);
      if (reply?.authoritative && reply.answers.length > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

const writeZones = async (folder: string, zones: DnsServerOptions['zones']): Promise<void> => {
  await Promise.all(Object.entries(zones).map(([apex, text]) => writeFile(join(folder, `${apex}.zone`), text)));
};

function run(command: string, args: readonly string[], input?: string): void {
  const result = spawnSync(command, args, { encoding: 'utf8', input, timeout: 20_000 });
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${result.error ?? result.stderr}`);
}

const prepareBind: Prepare = async (folder, port, options) => {
  await writeZones(folder, options.zones);
  if (options.bind?.otherView !== undefined) {
    await mkdir(join(folder, 'other'));
    await writeZones(join(folder, 'other'), options.bind.otherView);
  }
  return { command: program('named'), args: ['-g', '-n', '1', '-c', await configureBind(folder, port, options)] };
};

/** The path of the configuration. */
async function configureBind(folder: string, port: number, { zones, tsig, signed = false, bind = {} }: DnsServerOptions): Promise<string> {
  const { options = '', updatePolicy = `grant ${tsig.name} zonesub ANY;`, otherView, resolves } = bind;
  const resolver =
    resolves === undefined
      ? 'recursion no; dnssec-validation no;'
      : `recursion yes; dnssec-validation yes; forward only; forwarders { ${resolves.at.address} port ${resolves.at.port}; };`;
  const anchors = Object.entries(resolves?.anchors ?? {}).map(([name, key]) => `"${name}" static-key 257 3 13 "${key}";`);
  const zone = (apex: string) =>
    `zone "${apex}" { type primary; file "${apex}.zone"; update-policy { ${updatePolicy} }; allow-transfer { key "${tsig.name}"; };${signed ? ' dnssec-policy csk;' : ''} };`;
  const all = Object.keys(zones).map(zone).join('\n');
  const views = (texts: DnsServerOptions['zones']): string => {
    const others = Object.keys(texts).map((apex) => `zone "${apex}" { type primary; file "other/${apex}.zone"; };`);
    return `view "by-key" { match-clients { key "${tsig.name}"; }; ${all} };\nview "others" { match-clients { any; }; ${others.join(' ')} };`;
  };
  const text = `options { directory "${folder}"; pid-file none; session-keyfile none; lock-file none; managed-keys-directory "${folder}";
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; ${resolver} empty-zones-enable no; notify no;
  tcp-clients 1000; allow-transfer { none; }; ${options} };
controls { };
${anchors.length === 0 ? '' : `trust-anchors { ${anchors.join(' ')} };`}
dnssec-policy csk { keys { csk lifetime unlimited algorithm ecdsa256; }; max-zone-ttl P30D; };
key "${tsig.name}" { algorithm ${tsig.algorithm}; secret "${tsig.secret}"; };
${otherView === undefined ? all : views(otherView)}
`;
  const config = join(folder, 'named.conf');
  await writeFile(config, text);
  return config;
}

const prepareKnot: Prepare = async (folder, port, { zones, tsig, signed = false }) => {
  await Promise.all(['zones', 'db', 'run'].map((name) => mkdir(join(folder, name))));
  await writeZones(join(folder, 'zones'), zones);
  const text = `server:
    rundir: "${folder}/run"
    listen: 127.0.0.1@${port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: notice
database:
    storage: "${folder}/db"
    journal-db-max-size: 256M
    timer-db-max-size: 16M
    kasp-db-max-size: 16M
key:
  - id: ${tsig.name}
    algorithm: ${tsig.algorithm}
    secret: ${tsig.secret}
acl:
  - id: all
    key: ${tsig.name}
    action: [update, transfer]
template:
  - id: default
    storage: "${folder}/zones"
    file: "%s.zone"
    zonefile-sync: -1
    zonefile-load: difference
    journal-content: all${signed ? '\n    dnssec-signing: on' : ''}
zone:
${Object.keys(zones)
  .map((apex) => `  - domain: ${apex}\n    acl: [all]\n`)
  .join('')}`;
  const config = join(folder, 'knot.conf');
  await writeFile(config, text);
  return { command: program('knotd'), args: ['-c', config] };
};

const schemaPaths = ['/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql', '/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql'];

const preparePowerdns: Prepare = async (folder, port, { zones, tsig, signed = false }) => {
  await writeZones(folder, zones);
  const schema = schemaPaths.find((path) => existsSync(path));
  if (schema === undefined)
    throw new Error(`These tests need the schema of PowerDNS: install the Debian package ${debianPackages.pdnsutil}.`);
  run(program('sqlite3'), [join(folder, 'pdns.db')], await readFile(schema, 'utf8'));
  // Transfers are for the key alone, not for all of 127/8. The caches keep their defaults: a read after a write must get past them.
  const text = `launch=gsqlite3
gsqlite3-database=${folder}/pdns.db
gsqlite3-pragma-synchronous=0
gsqlite3-dnssec=yes
socket-dir=${folder}
local-address=127.0.0.1
local-port=${port}
dnsupdate=yes
allow-dnsupdate-from=127.0.0.0/8
allow-axfr-ips=
security-poll-suffix=
zone-cache-refresh-interval=0
receiver-threads=1
distributor-threads=2
`;
  await writeFile(join(folder, 'pdns.conf'), text);
  const pdnsutil = (...args: string[]) => run(program('pdnsutil'), [`--config-dir=${folder}`, ...args]);
  pdnsutil('import-tsig-key', tsig.name, tsig.algorithm, tsig.secret);
  for (const apex of Object.keys(zones)) {
    pdnsutil('load-zone', apex, join(folder, `${apex}.zone`));
    // A primary writes down, in the same file, which serial others were told, and answers SERVFAIL to an update that meets that: work is
    // tried again then, and tests are not.
    pdnsutil('set-kind', apex, 'native');
    pdnsutil('activate-tsig-key', apex, tsig.name, 'primary');
    pdnsutil('set-meta', apex, 'TSIG-ALLOW-DNSUPDATE', tsig.name);
    pdnsutil('set-meta', apex, 'SOA-EDIT-DNSUPDATE', 'INCREASE');
    if (signed) pdnsutil('secure-zone', apex);
  }
  return { command: program('pdns_server'), args: [`--config-dir=${folder}`, '--guardian=no', '--daemon=no'] };
};

const prepare: Readonly<Record<DnsServerKind, Prepare>> = { bind: prepareBind, knot: prepareKnot, powerdns: preparePowerdns };
