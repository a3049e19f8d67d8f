// A receiver of webhooks as somebody writes one who keeps to Standard Webhooks: its signatures are verified by the library of that
// project, which nobody here wrote, and a message is acted on once.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { splitPem } from '@hostmaster/core/pki/chain';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { createTestCa } from '../test-ca.ts';

export type Received = { readonly type: string; readonly data: Readonly<Record<string, string>>; readonly id: string };
export type Answered = { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };
export type FakeReceiver = {
  readonly address: string;
  /** PEM of what signs its own HTTPS. */
  readonly trust: string;
  /** `whsec_…` that it verifies with. */
  readonly secret: string;
  /** What it took, the oldest first. */
  readonly received: readonly Received[];
  /** By hostname. */
  readonly held: ReadonlyMap<string, { readonly fullchainPem: string; readonly privateKeyPem: string }>;
  /** From now on whatever is asked is answered by this; null: the fake itself again. */
  behave(how: ((received: Received) => Answered | 'stall') | null): void;
  close(): Promise<void>;
};

const message = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('certificate.deliver'),
    data: z.object({ hostname: z.string(), fullchainPem: z.string(), privateKeyPem: z.string() }),
  }),
  z.object({ type: z.enum(['certificate.withdraw', 'certificate.held']), data: z.object({ hostname: z.string() }) }),
  z.object({ type: z.literal('ping'), data: z.object({}) }),
]);

export async function startFakeReceiver({ verifies = true } = {}): Promise<FakeReceiver> {
  const front = await createTestCa(['localhost']);
  const { fullchainPem: cert, privateKeyPem: key } = await front.leaf(['localhost']);
  const secret = `whsec_${Buffer.from('a secret of the receiver, long enough').toString('base64')}`;
  const verifier = new Webhook(secret);
  const received: Received[] = [];
  const held = new Map<string, { fullchainPem: string; privateKeyPem: string }>();
  const seen = new Set<string>();
  let behave: Parameters<FakeReceiver['behave']>[0] = null;

  function act(body: unknown): Answered {
    const parsed = message.safeParse(body);
    if (!parsed.success) return { status: 400, body: { message: 'no such message' } };
    const { type, data } = parsed.data;
    if (type === 'certificate.deliver') held.set(data.hostname, { fullchainPem: data.fullchainPem, privateKeyPem: data.privateKeyPem });
    if (type === 'certificate.withdraw') held.delete(data.hostname);
    if (type !== 'certificate.held') return { status: 204 };
    const there = held.get(data.hostname);
    if (there === undefined) return { status: 200, body: { fingerprint: null } };
    const [leaf = new Uint8Array()] = splitPem(there.fullchainPem);
    return { status: 200, body: { fingerprint: createHash('sha256').update(leaf).digest('hex') } };
  }

  const server = createServer({ cert, key }, (request, response) => {
    void (async () => {
      const raw = await text(request);
      const header = (name: string) => String(request.headers[name] ?? '');
      const headers = Object.fromEntries(['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, header(name)]));
      const reply = ({ status, body, headers: more = {} }: Answered) =>
        response.writeHead(status, { 'content-type': 'application/json', ...more }).end(body === undefined ? '' : JSON.stringify(body));
      if (verifies)
        try {
          verifier.verify(raw, headers);
        } catch (error) {
          return reply({ status: 401, body: { message: String(error) } });
        }
      const id = header('webhook-id');
      if (request.method !== 'POST' || seen.has(id)) return reply({ status: 409, body: { message: 'seen already' } });
      seen.add(id);
      const body: Omit<Received, 'id'> = JSON.parse(raw);
      const one = { type: body.type, data: body.data, id };
      received.push(one);
      const answer = behave?.(one) ?? act(body);
      if (answer !== 'stall') reply(answer);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `https://localhost:${(server.address() as AddressInfo).port}/hostmaster`,
    trust: front.rootPem,
    secret,
    received,
    held,
    behave: (how) => {
      behave = how;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
