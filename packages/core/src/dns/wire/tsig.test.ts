import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fixedClock } from '../../clock.ts';
import { opcodes, rcodes, typeCodes } from './codes.ts';
import { decodeMessage, encodeMessage, message, queryMessage, responseTo } from './message.ts';
import { toRecords } from './record.ts';
import {
  refuseSignature,
  signatureLength,
  signMessage,
  streamSigner,
  streamVerifier,
  type TsigKey,
  tsigAlgorithms,
  tsigKey,
  verifyMessage,
} from './tsig.ts';

const clock = fixedClock(new Date('2026-11-20T12:00:00Z'));
const at = (seconds: number) => fixedClock(new Date(clock.now().getTime() + seconds * 1000));
const key = tsigKey('Key.Example.', 'hmac-sha256', Buffer.from('a secret of thirty-two bytes ...').toString('base64'));
const other: TsigKey = { ...key, secret: Buffer.from('another secret of 32 bytes .....') };
const lookup = (candidate: TsigKey) => (name: string) => (name === candidate.name ? candidate : undefined);
const query = queryMessage(0x4242, 'example.test', typeCodes.SOA);
const request = signMessage(encodeMessage(query), key, clock);

describe('TSIG on single messages', () => {
  it('digests the message and the variables of RFC 8945 §4.3.3, byte by byte', () => {
    const bytes = encodeMessage(query);
    const time = Math.floor(clock.now().getTime() / 1000)
      .toString(16)
      .padStart(12, '0');
    const variables = `036b6579076578616d706c6500 00ff 00000000 0b686d61632d73686132353600 ${time} 012c 0000 0000`.replaceAll(' ', '');
    const mac = createHmac('sha256', key.secret).update(bytes).update(Buffer.from(variables, 'hex')).digest('hex');
    expect(Buffer.from(request.mac).toString('hex')).toBe(mac);
    const record = `036b6579076578616d706c6500 00fa 00ff 00000000 003d 0b686d61632d73686132353600 ${time} 012c 0020 ${mac} 4242 0000 0000`;
    expect(
      Buffer.from(request.bytes)
        .toString('hex')
        .slice(bytes.length * 2),
    ).toBe(record.replaceAll(' ', ''));
    expect(request.bytes.length - bytes.length).toBe(signatureLength(key) - 6);
  });

  it.each(tsigAlgorithms)('%s: request and response verify, the response only against its request', (algorithm) => {
    const strong = { ...key, algorithm };
    const asked = signMessage(encodeMessage(query), strong, clock);
    expect(verifyMessage(decodeMessage(asked.bytes), lookup(strong), clock)).toMatchObject({ status: 'verified', error: 0 });
    const answer = decodeMessage(signMessage(encodeMessage(responseTo(query, {})), strong, clock, { requestMac: asked.mac }).bytes);
    expect(verifyMessage(answer, lookup(strong), clock, asked.mac).status).toBe('verified');
    expect(verifyMessage(answer, lookup(strong), clock, Uint8Array.from(asked.mac).fill(0)).status).toBe('bad-signature');
    expect(verifyMessage(answer, lookup(strong), clock).status).toBe('bad-signature');
  });

  it('every byte of a signed message is protected, except the id that forwarders may change', () => {
    for (let index = 2; index < request.bytes.length; index += 1) {
      const changed = request.bytes.slice();
      changed[index] = (changed[index] ?? 0) ^ 1;
      const outcome = statusOf(changed);
      // The original id and the reported error are restored or signed too; nothing may still verify.
      expect(outcome, `byte ${index}`).not.toBe('verified');
    }
    const forwarded = request.bytes.slice();
    forwarded[0] = 0;
    expect(statusOf(forwarded)).toBe('verified');
  });

  it.each([
    ['no signature', encodeMessage(query), key, 0, 'unsigned'],
    ['another secret', request.bytes, other, 0, 'bad-signature'],
    ['a key nobody knows', request.bytes, { ...key, name: 'other' }, 0, 'bad-key'],
    ['another algorithm', request.bytes, { ...key, algorithm: 'hmac-sha512' as const }, 0, 'bad-key'],
    ['a clock 300 s ahead', request.bytes, key, 300, 'verified'],
    ['a clock 301 s ahead', request.bytes, key, 301, 'bad-time'],
    ['a clock 301 s behind', request.bytes, key, -301, 'bad-time'],
    ['another secret and a wrong clock', request.bytes, other, 9999, 'bad-signature'],
  ])('%s', (_, bytes, used, skew, status) => {
    expect(verifyMessage(decodeMessage(bytes), lookup(used), at(skew)).status).toBe(status);
  });

  it.each([
    [31, 'bad-truncation'],
    [16, 'bad-truncation'],
    [15, 'dns-malformed'],
    [0, 'dns-malformed'],
  ])('a MAC cut to %i bytes is %s', (length, expected) => {
    // From the end: other length 2, error 2, original id 2, MAC 32, MAC size 2.
    const end = request.bytes.length - 6;
    const bytes = Buffer.concat([request.bytes.subarray(0, end - 32 + length), request.bytes.subarray(end)]);
    bytes.writeUInt16BE(length, end - 34);
    const lengthAt = end - 34 - 8 - 13 - 2;
    bytes.writeUInt16BE(0x3d - 32 + length, lengthAt);
    expect(statusOf(bytes)).toBe(expected);
  });

  it.each([
    ['BADKEY', { ...key, name: 'other' }, 0, 'bad-key', 17],
    ['BADSIG', other, 0, 'bad-signature', 16],
  ])('a server says %s without a MAC, and the client hears it', (_, serverKey, skew, status, reported) => {
    const received = decodeMessage(request.bytes);
    const outcome = verifyMessage(received, lookup(serverKey), at(skew));
    if (received.signature === null) throw new Error('the request is signed');
    const bytes = refuseSignature(encodeMessage(responseTo(received, { rcode: rcodes.NOTAUTH })), received.signature, outcome, at(skew));
    expect(verifyMessage(decodeMessage(bytes), lookup(key), clock, request.mac)).toEqual({ status, reported });
  });

  it('a server says BADTIME in a signature that the client can verify, with its own time', () => {
    const received = decodeMessage(request.bytes);
    const late = at(1000);
    const outcome = verifyMessage(received, lookup(key), late);
    expect(outcome).toMatchObject({ status: 'bad-time', skew: -1000 });
    if (received.signature === null) throw new Error('the request is signed');
    const answer = decodeMessage(
      refuseSignature(encodeMessage(responseTo(received, { rcode: rcodes.NOTAUTH })), received.signature, outcome, late),
    );
    expect(verifyMessage(answer, lookup(key), clock, request.mac)).toMatchObject({ status: 'verified', error: 18 });
    expect(Buffer.from(answer.signature?.otherData ?? []).readUIntBE(0, 6)).toBe(late.now().getTime() / 1000);
  });

  it.each([
    ['key', 'hmac-md5', 'YWJj'],
    ['key', 'hmac-sha256', 'not base64!'],
    ['key', 'hmac-sha256', ''],
    ['bad..name', 'hmac-sha256', 'YWJj'],
  ])('a key %s %s %s is refused as invalid-input', (...parts) => {
    expect(() => tsigKey(...parts)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });
});

describe('TSIG on streams', () => {
  const part = (index: number) =>
    encodeMessage(
      message({
        id: 7,
        response: true,
        opcode: opcodes.QUERY,
        answers: toRecords({ name: `n${index}.test`, type: 'A', ttl: 1, values: ['192.0.2.1'] }),
      }),
    );

  it('a stream with every message signed verifies, and not in another order', () => {
    const sign = streamSigner(key, clock, request.mac);
    const signed = [0, 1, 2, 3].map((index) => decodeMessage(sign(part(index))));
    const verifier = streamVerifier(key, clock, request.mac);
    expect(signed.map((one) => verifier.accept(one).status)).toEqual(['verified', 'verified', 'verified', 'verified']);
    expect(verifier.complete()).toBe(true);
    const shuffled = streamVerifier(key, clock, request.mac);
    expect([0, 2].map((index) => shuffled.accept(signed[index] ?? decodeMessage(part(0))).status)).toEqual(['verified', 'bad-signature']);
  });

  it.each([
    [0, true],
    [1, true],
    [99, true],
    [100, false],
  ])('%i unsigned messages between two signed ones are taken: %s', (count, taken) => {
    const verifier = streamVerifier(key, clock, request.mac);
    const first = signMessage(part(0), key, clock, { requestMac: request.mac });
    expect(verifier.accept(decodeMessage(first.bytes)).status).toBe('verified');
    const middle = Array.from({ length: count }, (_, index) => part(index + 1));
    const statuses = new Set(middle.map((bytes) => verifier.accept(decodeMessage(bytes)).status));
    if (!taken) {
      expect(statuses).toContain('unsigned');
      return;
    }
    expect(verifier.complete()).toBe(count === 0);
    expect(verifier.accept(decodeMessage(lastOf(first.mac, middle, part(999)))).status).toBe('verified');
    expect(verifier.complete()).toBe(true);
  });

  it('an unsigned message that was changed, added or left out is found at the next signature', () => {
    const first = signMessage(part(0), key, clock, { requestMac: request.mac });
    const last = lastOf(first.mac, [part(1), part(2)], part(3));
    for (const seen of [[part(1), part(9)], [part(1)], [part(1), part(2), part(2)], [part(2), part(1)]]) {
      const verifier = streamVerifier(key, clock, request.mac);
      verifier.accept(decodeMessage(first.bytes));
      for (const bytes of seen) verifier.accept(decodeMessage(bytes));
      expect(verifier.accept(decodeMessage(last)).status).toBe('bad-signature');
      expect(verifier.complete()).toBe(false);
    }
  });

  it('the first message must be signed', () => {
    expect(streamVerifier(key, clock, request.mac).accept(decodeMessage(part(0))).status).toBe('unsigned');
  });
});

function statusOf(bytes: Uint8Array): string {
  try {
    return verifyMessage(decodeMessage(bytes), lookup(key), clock).status;
  } catch (error) {
    expect(error).toMatchObject({ code: 'dns-malformed' });
    return 'dns-malformed';
  }
}

/** Signs as RFC 8945 §5.3.1 says after unsigned messages: the MAC before, all of them, this one, the time. Written apart from the code. */
function lastOf(previous: Uint8Array, unsigned: readonly Uint8Array[], bytes: Uint8Array): Uint8Array {
  const now = Buffer.alloc(8);
  now.writeUIntBE(clock.now().getTime() / 1000, 0, 6);
  now.writeUInt16BE(300, 6);
  const mac = createHmac('sha256', key.secret)
    .update(Buffer.concat([Uint8Array.of(0, previous.length), previous, ...unsigned, bytes, now]))
    .digest();
  const head = Buffer.from('036b6579076578616d706c650000fa00ff00000000003d0b686d61632d73686132353600', 'hex');
  const tail = Buffer.concat([Uint8Array.of(0, 32), mac, bytes.subarray(0, 2), Buffer.alloc(4)]);
  const signed = Buffer.concat([bytes, head, now, tail]);
  signed.writeUInt16BE(1, 10);
  return signed;
}
