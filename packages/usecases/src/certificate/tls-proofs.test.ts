// Proofs in TLS handshakes, against an edge of the test: what keeps one from being seen is said, and what was put is taken back.
import { generateKeyPairSync } from 'node:crypto';
import { acmeTls, proofCertificate } from '@hostmaster/core/acme/proof-certificate';
import type { HandshakeProofs, Proof } from '@hostmaster/core/acme/proofs';
import { HostmasterError } from '@hostmaster/core/errors';
import { hostmaster, operator, tlsServer } from '@hostmaster/core/operation/moves-next';
import { signerFor } from '@hostmaster/core/pki/signer';
import type { HandshakeProofAnswer, HandshakeProofAsk } from '@hostmaster/core/probe/prober';
import { behindTheBack } from '@hostmaster/db/testing/behind-the-back';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerCtx } from '../context.ts';
import { zoneApex } from '../testing/demo.ts';
import { createReconciling, type Reconciling } from '../testing/reconciling.ts';
import { createProofs, takeBackAll, takeBackLeft } from './proofs.ts';

const signer = signerFor(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const hostname = `shop.dev.${zoneApex}`;
const proof: Proof = { hostname, token: 'token', keyAuthorization: 'token.thumbprint' };
const seen = { address: '127.0.0.1', failedLayer: null, error: null, protocol: acmeTls };
const certificateOf = (more: Partial<Proof> = {}) =>
  proofCertificate({ ...proof, ...more, serial: '0123456789ABCDEF', now: new Date() }, signer);

let world: Reconciling;
let worker: WorkerCtx;
/** What the edge of the test shows. */
const shown = new Map<string, string>();
let stuck = false;
let answers: (ask: HandshakeProofAsk) => Promise<readonly HandshakeProofAnswer[]>;
const asked: HandshakeProofAsk[] = [];
const place: HandshakeProofs = {
  areShown: async () => true,
  show: async ({ hostname: name, keyAuthorization }) => void shown.set(name, keyAuthorization),
  hide: async (name) => {
    if (stuck) throw new HostmasterError('delivery-failed', 'The disk is full. Make room on it.');
    shown.delete(name);
  },
};
/** Whose states move by their machine alone, but for what a test makes of them. */
const orders = () => behindTheBack(world.db).certificateOrder;
let first: string;
let second: string;
beforeAll(async () => {
  world = await createReconciling();
  for (const name of [hostname, `other.dev.${zoneApex}`]) await world.ask(name);
  await world.runDue();
  [first = '', second = ''] = (await world.db.certificateOrder.findMany({ orderBy: { createdAt: 'asc' } })).map(({ id }) => id);
  await orders().updateMany({ data: { state: 'open', closedAt: null } });
  worker = {
    ...world.worker,
    handshakeProofs: place,
    prober: {
      ...world.worker.prober,
      askInHandshake: async (ask) => {
        asked.push(ask);
        return answers(ask);
      },
    },
  };
});
afterAll(() => world.close());
beforeEach(async () => {
  stuck = false;
  answers = async () => [{ ...seen, certificate: await certificateOf() }];
  asked.length = 0;
  shown.clear();
  await world.db.tlsProof.deleteMany();
  await orders().updateMany({ data: { state: 'open' } });
});

const signal = AbortSignal.timeout(600_000);
const look = { method: 'tls-alpn-01', httpPort: 80, tlsPort: 5001 } as const;
const put = (orderId = first, proofs: readonly Proof[] = [proof], ctx = worker) => createProofs(ctx).put(orderId, look, proofs, signal);
const rows = async () => (await world.db.tlsProof.findMany()).map((row) => [row.orderId, row.hostname, row.keyAuthorization]);

describe('a proof in handshakes', () => {
  it('is written down, shown, and asked for at the port where the CA will ask, at every address that the name leads to', async () => {
    expect(await put()).toBeNull();
    expect([...shown]).toEqual([[hostname, 'token.thumbprint']]);
    expect(await rows()).toEqual([[first, hostname, 'token.thumbprint']]);
    expect(asked).toEqual([{ hostname, port: 5001, addresses: ['127.0.0.1'], allowedRanges: ['127.0.0.0/8'] }]);
    // Asked again, it looks again; of an order that was placed anew, the newer one.
    answers = async () => [{ ...seen, certificate: await certificateOf({ keyAuthorization: 'newer.thumbprint' }) }];
    expect(await put(first, [{ ...proof, keyAuthorization: 'newer.thumbprint' }])).toBeNull();
    expect(await rows()).toEqual([[first, hostname, 'newer.thumbprint']]);
  });

  it.each<[string, () => Promise<readonly HandshakeProofAnswer[]>, string]>([
    ['no address', async () => [], 'DNS leads to no address, or to one that is neither public nor allowed by the zone'],
    [
      'an address that nobody may reach',
      async () => [{ ...seen, failedLayer: 'guard', error: '10.0.0.1 may not be reached', protocol: null, certificate: null }],
      'DNS leads to no address, or to one that is neither public nor allowed by the zone',
    ],
    [
      'an address where nothing listens',
      async () => [{ ...seen, failedLayer: 'tls', error: 'connection refused', protocol: null, certificate: null }],
      'port 5001 of 127.0.0.1: connection refused',
    ],
    [
      'a server that knows nothing of it',
      async () => [{ ...seen, protocol: null, certificate: await certificateOf() }],
      'port 5001 of 127.0.0.1 takes the connection and does not speak acme-tls/1',
    ],
    ['one that presents nothing', async () => [{ ...seen, certificate: null }], 'port 5001 of 127.0.0.1 presents no certificate'],
    [
      'one that presents what is none',
      async () => [{ ...seen, certificate: new Uint8Array(9) }],
      'port 5001 of 127.0.0.1 presents what is no certificate that can be read',
    ],
    [
      'an edge that shows another name',
      async () => [{ ...seen, certificate: await certificateOf({ hostname: 'b.example.test' }) }],
      'port 5001 of 127.0.0.1 presents a proof of another name',
    ],
    [
      'the edge, and an address that shows the proof of another order',
      async () => [
        { ...seen, certificate: await certificateOf() },
        { ...seen, address: '2001:db8::1', certificate: await certificateOf({ keyAuthorization: 'b.c' }) },
      ],
      'port 5001 of 2001:db8::1 presents the proof of another order',
    ],
  ])('is waited for where the name leads to %s, and it is said what is seen and what mends it', async (_, answer, fault) => {
    answers = answer;
    expect(await put()).toEqual({
      message: `The proof that a CA will ask ${hostname} for (tls-alpn-01) is not seen there: ${fault}. Have ${hostname} lead to the edge of Hostmaster on port 5001 and nowhere else, or choose dns-01.`,
      movesNext: tlsServer,
    });
    expect(await rows()).toHaveLength(1);
  });

  it('is waited for where no edge shows any, and nothing is written then', async () => {
    for (const handshakeProofs of [null, { ...place, areShown: async () => false }])
      expect(await put(first, [proof], { ...worker, handshakeProofs })).toEqual({
        message: expect.stringMatching(/^No edge here shows the proof .* \(tls-alpn-01\): .* Choose dns-01 or http-01\.$/),
        movesNext: operator,
      });
    expect([await rows(), shown.size, asked]).toEqual([[], 0, []]);
  });

  it('gives way to that of another order of the same name once a CA had time to look, and not before', async () => {
    await put();
    expect(await put(second)).toEqual({
      message: `Another order shows its proof of ${hostname} (tls-alpn-01) for now; that of this one follows.`,
      movesNext: hostmaster,
    });
    expect(await rows()).toEqual([[first, hostname, 'token.thumbprint']]);
    world.clock.advance(120_001);
    expect(await put(second)).toBeNull();
    expect(await rows()).toEqual([[second, hostname, 'token.thumbprint']]);
    // What is the other's now, the first takes back no more.
    await createProofs(worker).takeBack(first, signal);
    expect(shown.size).toBe(1);
  });

  it('gives way at once where its order is over', async () => {
    await put();
    await orders().update({ where: { id: first }, data: { state: 'abandoned' } });
    expect(await put(second)).toBeNull();
  });

  it('is taken back with its order, and again after a disk that let nothing go', async () => {
    await put();
    stuck = true;
    await expect(createProofs(worker).takeBack(first, signal)).rejects.toMatchObject({ code: 'delivery-failed' });
    expect([await rows(), shown.size]).toEqual([[expect.anything()], 1]);
    stuck = false;
    await createProofs(worker).takeBack(first, signal);
    expect([await rows(), shown.size]).toEqual([[], 0]);
  });

  it('that a worker left behind is taken back by the next work on its name once its order is over, by whoever has the directory', async () => {
    const { endpointId } = await world.db.certificateOrder.findUniqueOrThrow({ where: { id: first } });
    await put();
    await takeBackLeft(worker, { endpointId }, signal);
    expect(shown.size).toBe(1);
    await orders().update({ where: { id: first }, data: { state: 'abandoned' } });
    await takeBackLeft({ ...worker, handshakeProofs: null }, { endpointId }, signal);
    stuck = true;
    await takeBackLeft(worker, { endpointId }, signal);
    expect([(await rows()).length, shown.size]).toEqual([1, 1]);
    stuck = false;
    await takeBackLeft(worker, { endpointId }, signal);
    expect([(await rows()).length, shown.size]).toEqual([0, 0]);
  });

  it('goes with its name, whatever its order is', async () => {
    const { endpointId } = await world.db.certificateOrder.findUniqueOrThrow({ where: { id: first } });
    await put();
    await takeBackAll(worker, endpointId, signal);
    expect([await rows(), shown.size]).toEqual([[], 0]);
  });
});
