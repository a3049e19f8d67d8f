// A log of Certificate Transparency of either kind, over HTTPS, that signs its tree with a real key and hands out nothing that it has not
// signed for. As logs do, it answers with fewer entries than it is asked for, and drops the parts of a tile that is whole.
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { LogKind } from '@hostmaster/core/transparency/log';
import { type Exchange, httpsExchange } from '../../net/https.ts';
import { createTestCa } from '../test-ca.ts';
import { checkpoint, extraData, leafInput, merkleRoot, type Signing, signedTreeHead, spkiOf, tileLeaf } from './log-structures.ts';
import type { Submitted } from './submitted.ts';

export type LogAnswer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
};
export type FakeLog = {
  readonly address: string;
  /** DER of the SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** Reaches it: the guard lets nobody else to where it listens. */
  readonly exchange: Exchange;
  readonly entries: Submitted[];
  /** Paths that were asked for. */
  readonly asked: string[];
  /** From now on; null: the fake itself again. What is not answered there, it answers itself. */
  behave(how: ((path: string) => LogAnswer | 'endless' | undefined) | null): void;
  /** What its head says in place of what is so. */
  claim(head: { readonly size?: number; readonly root?: Uint8Array; readonly signing?: Signing } | null): void;
  close(): Promise<void>;
};

export const logKeyPair = (): Signing => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const mostAtOnce = 100;

export async function startFakeLog(kind: LogKind, signing: Signing = logKeyPair()): Promise<FakeLog> {
  const front = await createTestCa(['localhost']);
  const { fullchainPem: cert, privateKeyPem: key } = await front.leaf(['localhost']);
  const entries: Submitted[] = [];
  const asked: string[] = [];
  let behave: Parameters<FakeLog['behave']>[0] = null;
  let claimed: Parameters<FakeLog['claim']>[0] = null;
  const head = () => ({ size: claimed?.size ?? entries.length, root: claimed?.root ?? merkleRoot(entries.map(leafInput)) });
  const json = (body: unknown): LogAnswer => ({ body: JSON.stringify(body) });

  function rfc6962(path: string): LogAnswer {
    if (path === '/log/ct/v1/get-sth') return json(signedTreeHead(head(), claimed?.signing ?? signing));
    const [, start = '', end = ''] = /^\/log\/ct\/v1\/get-entries\?start=(\d+)&end=(\d+)$/.exec(path) ?? [];
    const [from, to] = [Number(start), Number(end)];
    if (start === '' || from > to || to >= entries.length) return { status: 400 };
    const sent = entries.slice(from, Math.min(to + 1, from + mostAtOnce));
    const base64 = (octets: Uint8Array) => Buffer.from(octets).toString('base64');
    return json({ entries: sent.map((entry) => ({ leaf_input: base64(leafInput(entry)), extra_data: base64(extraData(entry)) })) });
  }

  function files(path: string): LogAnswer {
    if (path === '/log/checkpoint') return { body: checkpoint(head(), claimed?.signing ?? signing, 'submit.ct.example.test/2026h2') };
    const [, number = '', part] = /^\/log\/tile\/data\/(\d{3})(?:\.p\/([1-9]\d*))?$/.exec(path) ?? [];
    const whole = (Number(number) + 1) * 256 <= entries.length;
    if (number === '' || whole !== (part === undefined)) return { status: 404 };
    const from = Number(number) * 256;
    if (!whole && from + Number(part) > entries.length) return { status: 404 };
    const tile = Buffer.concat(entries.slice(from, from + Number(part ?? 256)).map(tileLeaf));
    return { headers: { 'content-encoding': 'gzip' }, body: gzipSync(tile) };
  }

  const server = createServer({ cert, key }, (request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const how = behave?.(path) ?? (request.method === 'GET' ? (kind === 'rfc6962' ? rfc6962(path) : files(path)) : { status: 405 });
    if (how === 'endless') {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024)));
      };
      response.on('drain', more);
      more();
    } else response.writeHead(how.status ?? 200, how.headers ?? {}).end(how.body ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `https://localhost:${(server.address() as AddressInfo).port}/log/`,
    publicKey: Uint8Array.from(spkiOf(signing)),
    exchange: httpsExchange({ allowedRanges: ['127.0.0.0/8', '::1/128'], trust: front.rootPem }),
    entries,
    asked,
    behave: (how) => {
      behave = how;
    },
    claim: (said) => {
      claimed = said;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
