// What of a transfer is believed, and when: as it comes in, and never before it is verified.
import { systemClock } from '@hostmaster/core/clock';
import { encodeMessage, type ReceivedMessage, responseTo } from '@hostmaster/core/dns/wire/message';
import { type ResourceRecord, toRecords } from '@hostmaster/core/dns/wire/record';
import { streamSigner, tsigKey, verifyMessage } from '@hostmaster/core/dns/wire/tsig';
import { afterEach, expect, it } from 'vitest';
import { type Answer, type LoopbackNameServer, startLoopbackNameServer } from './testing/loopback-name-server.ts';
import { transferZone } from './transfer.ts';

const zone = 'example.test';
const key = tsigKey('transfer-key', 'hmac-sha256', Buffer.from('example-only-not-a-secret-32byte').toString('base64'));
const soa = toRecords({ name: zone, type: 'SOA', ttl: 60, values: [`ns1.${zone} hostmaster.${zone} 7 1 1 1 1`] });
const host = (label: string) => toRecords({ name: `${label}.${zone}`, type: 'A', ttl: 60, values: ['192.0.2.1'] });

let server: LoopbackNameServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** The names that came in each step before the end or the error. */
async function read(answer: (asked: ReceivedMessage) => Answer, options: { signed?: boolean; most?: number } = {}) {
  server = await startLoopbackNameServer(answer);
  const tsig = options.signed ? { key, clock: systemClock } : null;
  const steps: string[][] = [];
  let error: unknown = null;
  try {
    for await (const records of transferZone(server, zone, { signal: AbortSignal.timeout(30_000), tsig, timeout: 300 })) {
      steps.push(records.map(({ name }) => name));
      if (steps.length === options.most) break;
    }
  } catch (thrown) {
    error = thrown;
  }
  return { steps, error };
}
const message = (asked: ReceivedMessage, answers: readonly ResourceRecord[]) => responseTo(asked, { authoritative: true, answers });

it('records are there as soon as their message is, long before the end', async () => {
  const { steps, error } = await read((asked) => [message(asked, [...soa, ...host('a')])], { most: 1 });
  expect([steps, error]).toEqual([[[zone, `a.${zone}`]], null]);
});

it('a server that falls silent ends the transfer, and is told how far it had come', async () => {
  const { steps, error } = await read((asked) => [message(asked, [...soa, ...host('a')]), message(asked, host('b'))]);
  expect(steps.flat()).toEqual([zone, `a.${zone}`, `b.${zone}`]);
  expect(error).toMatchObject({ code: 'dns-unreachable', message: expect.stringContaining('said nothing for 300 ms after 3 records') });
});

const signed = (build: (asked: ReceivedMessage, sign: (bytes: Uint8Array) => Uint8Array) => Answer) => (asked: ReceivedMessage) => {
  const outcome = verifyMessage(asked, () => key, systemClock);
  if (outcome.status !== 'verified') throw new Error('the request is signed');
  return build(asked, streamSigner(key, systemClock, outcome.mac));
};

it('what is not signed yet is not given out, but seen to come', async () => {
  const { steps, error } = await read(
    signed((asked, sign) => [
      sign(encodeMessage(message(asked, [...soa, ...host('a')]))),
      message(asked, host('forged')),
      message(asked, host('forged-too')),
    ]),
    { signed: true },
  );
  expect(steps).toEqual([[zone, `a.${zone}`], [], []]);
  expect(error).toMatchObject({ code: 'dns-unreachable' });
});

it.each<[string, (asked: ReceivedMessage, sign: (bytes: Uint8Array) => Uint8Array) => Answer]>([
  ['an end without a signature', (asked, sign) => [sign(encodeMessage(message(asked, soa))), message(asked, [...host('forged'), ...soa])]],
  [
    'a signature that does not cover what came before it',
    (asked, sign) => [
      sign(encodeMessage(message(asked, soa))),
      message(asked, host('forged')),
      sign(encodeMessage(message(asked, [...host('b'), ...soa]))),
    ],
  ],
])('%s is dns-bad-key, and nothing of it was given out', async (_, build) => {
  const { steps, error } = await read(signed(build), { signed: true });
  expect(steps.flat()).toEqual([zone]);
  expect(error).toMatchObject({ code: 'dns-bad-key' });
});
