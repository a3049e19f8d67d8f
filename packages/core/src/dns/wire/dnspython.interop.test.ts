// The codec against dnspython, which shares nothing with it: what we write, it reads and writes again with the same meaning;
// what it makes of a value, and what it signs, we make of it too.
// needs: dnspython
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../clock.ts';
import { recordTypes } from '../record-set.ts';
import { anyMessage, anyName, anyValue } from './arbitrary.ts';
import { classCodes, opcodes, typeCodes } from './codes.ts';
import { decodeMessage, encodeMessage, type Message, queryMessage } from './message.ts';
import { parseRdata, presentRdata } from './rdata.ts';
import { signMessage, tsigAlgorithms, tsigKey, verifyMessage } from './tsig.ts';
import { updateMessage } from './update.ts';

const script = fileURLToPath(new URL('testing/dnspython.py', import.meta.url));
const seed = 7;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

type Call = readonly [name: 'again' | 'from_text' | 'to_text' | 'verified' | 'signed', ...parameters: readonly unknown[]];
type Answer = { readonly value?: unknown; readonly error?: string };

/** All calls in one run of Python; their answers in order. */
function dnspython(calls: readonly Call[]): Answer[] {
  const input = calls.map((call) => JSON.stringify(call)).join('\n');
  const { stdout, stderr, status } = spawnSync('python3', [script], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(stderr);
  const lines = stdout.trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}

/** The first few calls that were not answered as expected; of thousands, nobody reads more. */
function disagreements(calls: readonly Call[], expected: (answer: Answer, at: number) => boolean): unknown[] {
  const answers = dnspython(calls);
  expect(answers).toHaveLength(calls.length);
  return answers.flatMap((answer, at) => (expected(answer, at) ? [] : [{ call: calls[at], answer }])).slice(0, 3);
}

const meaning = (wire: string): string => {
  const { wire: _, ...message } = decodeMessage(bytes(wire));
  return JSON.stringify(message, (key, value) => (key === 'data' && value instanceof Uint8Array ? hex(value) : value));
};
const saysAgain = (wires: readonly string[]) =>
  disagreements(
    wires.map((wire) => ['again', wire]),
    ({ value }, at) => typeof value === 'string' && meaning(value) === meaning(wires[at] ?? ''),
  );

const digests: ReadonlySet<number> = new Set([typeCodes.DS, typeCodes.SSHFP, typeCodes.TLSA]);

/** dnspython takes classes other than IN in updates only, and options that it knows only in their form. */
function asQuery(from: Message): Message {
  const inClass = (records: Message['answers']) => records.filter((record) => record.class === classCodes.IN && !digests.has(record.type));
  const edns = from.edns && { ...from.edns, options: from.edns.options.map(({ data }) => ({ code: 65_001, data })) };
  const sections = { answers: inClass(from.answers), authorities: inClass(from.authorities), additionals: inClass(from.additionals) };
  return { ...from, ...sections, edns, opcode: opcodes.QUERY };
}

/** dnspython holds the length of a digest against its algorithm; SHA-256 stands for all. */
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(hex);
const values = {
  ...anyValue,
  DS: digest.map((text) => `60485 8 2 ${text}`),
  SSHFP: digest.map((text) => `4 2 ${text}`),
  TLSA: digest.map((text) => `3 1 1 ${text}`),
};
const anyTyped = fc
  .constantFrom(...recordTypes)
  .chain((type) => values[type].map((value) => ({ type, code: typeCodes[type], value, data: parseRdata(typeCodes[type], value) })));
const typed = fc.sample(anyTyped, { numRuns: 1_000, seed });

describe('dnspython', () => {
  it('reads every message that we write, and we what it writes', () => {
    const messages = fc.sample(anyMessage, { numRuns: 1_000, seed }).map((message) => hex(encodeMessage(asQuery(message))));
    expect(saysAgain(messages)).toEqual([]);
  });

  it('reads every update that we write, and we what it writes', () => {
    const names = fc.sample(
      anyName.filter((name) => name !== '.' && name.length < 200),
      { numRuns: typed.length, seed },
    );
    const updates = typed.map(({ code: type, data }, at) => {
      const name = `${names[at]}.zone.test`;
      return updateMessage(
        at,
        'zone.test',
        [
          { kind: 'rrset-exists', name, type },
          { kind: 'rrset-equals', name, type, data: [data] },
          { kind: 'rrset-absent', name: `absent.${name}`, type },
          { kind: 'name-in-use', name },
          { kind: 'name-not-in-use', name: `absent.${name}` },
        ],
        [
          { kind: 'add', name, type, ttl: at, data },
          { kind: 'delete-rrset', name, type },
          { kind: 'delete-name', name },
          { kind: 'delete-record', name, type, data },
        ],
      );
    });
    expect(saysAgain(updates.map((update) => hex(encodeMessage(update))))).toEqual([]);
  });

  it('makes the same bytes of every value', () => {
    const calls = typed.map(({ type, value }): Call => ['from_text', type, value]);
    expect(disagreements(calls, ({ value }, at) => value === hex(typed[at]?.data ?? bytes('')))).toEqual([]);
  });

  it('writes values that we read as what they are', () => {
    const calls = typed.map(({ code, data }): Call => ['to_text', code, hex(data)]);
    const expected = ({ value }: Answer, at: number) => {
      const given = typed[at];
      return given !== undefined && typeof value === 'string' && presentRdata(given.code, parseRdata(given.code, value)) === given.value;
    };
    expect(disagreements(calls, expected)).toEqual([]);
  });

  it.each(tsigAlgorithms)('verifies what we sign, and we what it signs: %s', (algorithm) => {
    const secret = Buffer.alloc(32, algorithm).toString('base64');
    const written = { name: 'key.test', algorithm, secret };
    const key = tsigKey(written.name, algorithm, secret);
    const query = encodeMessage(queryMessage(1, 'zone.test', typeCodes.SOA));
    const ours = hex(signMessage(query, key, systemClock).bytes);
    const other = { ...written, secret: Buffer.alloc(32).toString('base64') };
    const [verified, refused, signed] = dnspython([
      ['verified', ours, written],
      ['verified', ours, other],
      ['signed', 'zone.test', written],
    ]);
    expect(verified).toEqual({ value: true });
    expect(refused?.error).toMatch(/^BadSignature/);
    const theirs = decodeMessage(bytes(String(signed?.value)));
    expect(verifyMessage(theirs, () => key, systemClock)).toMatchObject({ status: 'verified' });
    expect(verifyMessage(theirs, () => tsigKey(other.name, algorithm, other.secret), systemClock)).toMatchObject({
      status: 'bad-signature',
    });
  });
});
