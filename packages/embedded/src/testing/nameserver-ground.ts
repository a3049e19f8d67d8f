// What tests of the embedded name server share: a key, a zone, and a server in a folder of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TsigKey } from '@hostmaster/core/dns/wire/tsig';
import { type Nameserver, type NameserverOptions, startNameserver } from '../nameserver/nameserver.ts';
import type { NewZone } from '../nameserver/new-zone.ts';

export const nameserverTestKey: TsigKey = {
  name: 'update-key',
  algorithm: 'hmac-sha256',
  secret: Uint8Array.from(Buffer.from('example-only-not-a-secret-32byte')),
};

/** The same key as people and tools write it. */
export const writtenTestKey = { ...nameserverTestKey, secret: Buffer.from(nameserverTestKey.secret).toString('base64') };

export const testZone: NewZone = {
  apex: 'example.test',
  nameServers: [
    { name: 'ns1.example.test', address: '127.0.0.1' },
    { name: 'ns2.example.test', address: '::1' },
  ],
  hostmaster: 'dns.admin@example.test',
};

export type TestNameserver = Nameserver & {
  readonly directory: string;
  /** Stops it and starts it again on the same folder, at another port. */
  restart(): Promise<TestNameserver>;
  remove(): Promise<void>;
};

/** A server with one zone on a free port. `remove` it at the end. */
export async function startTestNameserver(options: Partial<NameserverOptions> = {}): Promise<TestNameserver> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'hostmaster-nameserver-')));
  const nameserver = await startNameserver({
    address: '127.0.0.1',
    port: 0,
    keys: [nameserverTestKey],
    zones: [testZone],
    ...options,
    directory,
  });
  return {
    ...nameserver,
    directory,
    restart: async () => {
      await nameserver.stop();
      return startTestNameserver({ ...options, directory });
    },
    remove: async () => {
      await nameserver.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
