// Bytes exchanged with BIND 9.18.49: what it sent is read and verified, what we sent (and it understood) is still what we would send.
import { describe, expect, it } from 'vitest';
import { fixedClock } from '../../clock.ts';
import { decodeMessage, encodeMessage, message, queryMessage } from './message.ts';
import { parseRdata } from './rdata.ts';
import { toRecordSets } from './record.ts';
import captured from './testdata/bind-9.18.json' with { type: 'json' };
import { signMessage, tsigKey, verifyMessage } from './tsig.ts';
import { updateMessage } from './update.ts';

const key = tsigKey(captured.key.name, captured.key.algorithm, captured.key.secret);
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const a = (address: string) => parseRdata(1, address);
const name = 'new.example.test';

describe('bytes exchanged with BIND', () => {
  it.each([
    ['transfer', true, queryMessage(0x1001, 'example.test', 252, { edns: null }), 0],
    ['soa', true, queryMessage(0x1002, 'example.test', 6), 0],
    ['cname', false, queryMessage(0x1003, 'www.example.test', 1), 0],
    ['nxdomain', false, queryMessage(0x1004, 'nope.example.test', 1), 3],
    [
      'update-add',
      true,
      updateMessage(
        0x1005,
        'example.test',
        [{ kind: 'name-not-in-use', name }],
        [{ kind: 'add', name, type: 1, ttl: 60, data: a('192.0.2.7') }],
      ),
      0,
    ],
    [
      'update-stale',
      true,
      updateMessage(
        0x1006,
        'example.test',
        [{ kind: 'rrset-equals', name, type: 1, data: [a('192.0.2.8')] }],
        [{ kind: 'delete-rrset', name, type: 1 }],
      ),
      8,
    ],
    ['prereq-only', true, updateMessage(0x1008, 'example.test', [{ kind: 'name-in-use', name: 'foo.wild.example.test' }], []), 3],
    ['update-refused', false, updateMessage(0x1009, 'example.test', [], [{ kind: 'delete-rrset', name, type: 1 }]), 5],
  ] as const)('%s', (label, signed, request, rcode) => {
    const exchange = captured.exchanges[label];
    const clock = fixedClock(new Date(exchange.time * 1000));
    const plain = encodeMessage(request);
    const sent = signed ? signMessage(plain, key, clock) : { bytes: plain, mac: undefined };
    expect(Buffer.from(sent.bytes).toString('hex')).toBe(exchange.request);
    const answer = decodeMessage(bytes(exchange.response));
    const outcome = verifyMessage(answer, (keyName) => (keyName === key.name ? key : undefined), clock, sent.mac);
    expect([answer.id, answer.rcode, outcome.status]).toEqual([request.id, rcode, signed ? 'verified' : 'unsigned']);
  });

  it('the transferred zone has every managed type in its one spelling', () => {
    const { answers } = decodeMessage(bytes(captured.exchanges.transfer.response));
    const sets = toRecordSets(answers).map(({ name: owner, type, ttl, values }) => `${owner} ${ttl} ${type} ${values.join(' | ')}`);
    expect(sets).toMatchInlineSnapshot(`
      [
        "*.wild.example.test 300 A 127.0.0.11",
        "1.0.example.test 300 PTR ptr.example.test",
        "_443._tcp.example.test 300 TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "_sip._tcp.example.test 300 SRV 1 2 5060 sip.example.test",
        "caa.example.test 300 CAA 128 issue "ca.example.net; policy=ev"",
        "example.test 300 NS ns1.example.test | ns2.example.test",
        "example.test 300 SOA ns1.example.test host\\.master.example.test 1 3600 600 86400 60",
        "host.example.test 300 SSHFP 4 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "mail.example.test 300 MX 10 mail.example.test",
        "naptr.example.test 300 NAPTR 100 10 "u" "sip+E2U" "!^.*$!sip:info@example.test!" .",
        "ns1.example.test 300 A 127.0.0.1",
        "ns2.example.test 300 AAAA 2001:db8::2",
        "sub.example.test 300 DS 60485 5 1 2bb183af5f22588179a53b0a98631fad1a292118",
        "sub.example.test 300 NS ns1.sub.example.test",
        "txt.example.test 300 TXT "quo\\"te \\\\ \\228" "second string"",
        "www.example.test 300 CNAME www2.example.test",
        "www2.example.test 300 A 127.0.0.10",
      ]
    `);
  });

  it('records read from one message and written into another give the same sections', () => {
    const received = decodeMessage(bytes(captured.exchanges.transfer.response));
    const again = decodeMessage(encodeMessage(message({ id: 1, response: true, answers: received.answers })));
    expect(again.answers.map((record) => Buffer.from(record.data).toString('hex'))).toEqual(
      received.answers.map((record) => Buffer.from(record.data).toString('hex')),
    );
  });
});
