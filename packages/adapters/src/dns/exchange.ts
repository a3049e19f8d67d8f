// One question to one name server: UDP first, TCP where the answer was cut (RFC 7766) or does not come, or where the caller says so;
// answers are matched by id, question and signature before anybody sees them. Every wait has a deadline.
import { randomInt } from 'node:crypto';
import type { Clock } from '@hostmaster/core/clock';
import { serverText } from '@hostmaster/core/contract/network';
import { rcodeName, rcodes, tsigErrors } from '@hostmaster/core/dns/wire/codes';
import { decodeMessage, encodeMessage, type Message, type ReceivedMessage } from '@hostmaster/core/dns/wire/message';
import { type Signed, signMessage, type TsigKey, type TsigOutcome, verifyMessage } from '@hostmaster/core/dns/wire/tsig';
import { HostmasterError } from '@hostmaster/core/errors';
import { deadline } from '../net/deadline.ts';
import { type NameServer, unreachable } from './server.ts';
import { connectTcp, type TcpConnection } from './tcp.ts';
import { exchangeDatagram } from './udp.ts';

export type ExchangeOptions = {
  readonly signal: AbortSignal;
  /** Signs the request and demands a signed answer. */
  readonly tsig?: { readonly key: TsigKey; readonly clock: Clock } | null;
  /** Milliseconds for one attempt; 2,000 unless given. */
  readonly timeout?: number;
  /** How often it is tried in all, the first time over UDP, the last of several over TCP; 2 unless given. */
  readonly attempts?: number;
};

export type Request = { readonly message: Message; readonly signed: Signed; readonly signedWith: TsigKey | null };

/** The message under a fresh random id, encoded and, with a key, signed. */
export function prepare(message: Message, tsig: ExchangeOptions['tsig']): Request {
  const fresh = { ...message, id: randomInt(0x10000) };
  const bytes = encodeMessage(fresh);
  const signed = tsig ? signMessage(bytes, tsig.key, tsig.clock) : { bytes, mac: new Uint8Array() };
  return { message: fresh, signed, signedWith: tsig?.key ?? null };
}

/**
 * Asks over UDP, and over TCP where the answer was cut, its signature is wrong or it stays away: over UDP a wrong signature may be a forgery
 * and silence a limit of the server on its answers, over TCP both are the server's word. For questions only; an UPDATE repeated after a lost answer would find its own change. Errors: dns-unreachable, dns-malformed,
 * dns-bad-key, the signal's reason. RCODEs are not errors here.
 */
export async function exchange(server: NameServer, message: Message, options: ExchangeOptions): Promise<ReceivedMessage> {
  const { attempts = 2 } = options;
  for (let attempt = 1; attempt === 1 || attempt < attempts; attempt += 1) {
    try {
      const reply = await attemptUdp(server, message, options);
      if (reply !== null && !reply.truncated) return reply;
      break;
    } catch (error) {
      if (attempts === 1) throw error;
    }
  }
  return exchangeTcp(server, message, options);
}

/** null: something answered, but TCP must decide. */
async function attemptUdp(server: NameServer, message: Message, options: ExchangeOptions): Promise<ReceivedMessage | null> {
  const request = prepare(message, options.tsig);
  const limit = attemptDeadline(server, options);
  const accept = (bytes: Uint8Array): { reply: ReceivedMessage | null } | null => {
    try {
      const reply = decodeMessage(bytes);
      if (!answers(reply, request.message)) return null;
      requireSignature(server, reply, request, options.tsig);
      return { reply };
    } catch (error) {
      // A wrong id or garbage may come from anybody; a wrong signature under the right id is worth asking again over TCP.
      return error instanceof HostmasterError && error.code === 'dns-bad-key' ? { reply: null } : null;
    }
  };
  try {
    return (await exchangeDatagram(server, request.signed.bytes, accept, limit.signal)).reply;
  } finally {
    limit.release();
  }
}

/** Asks once over a TCP connection of its own. Errors: as `exchange`. */
export async function exchangeTcp(server: NameServer, message: Message, options: ExchangeOptions): Promise<ReceivedMessage> {
  const limit = attemptDeadline(server, options);
  try {
    const connection = await connectTcp(server, limit.signal);
    try {
      return await exchangeOn(connection, server, message, options.tsig);
    } finally {
      connection.close();
    }
  } finally {
    limit.release();
  }
}

/**
 * Asks several questions over one TCP connection without waiting in between; the answers, which may come in any order (RFC 7766 §6.2.1.1),
 * in that of the questions. No limit of the server on its UDP answers is met. Errors: as `exchange`.
 */
export async function exchangeAll(server: NameServer, messages: readonly Message[], options: ExchangeOptions): Promise<ReceivedMessage[]> {
  const limit = attemptDeadline(server, options);
  try {
    const connection = await connectTcp(server, limit.signal);
    try {
      const requests = messages.map((message) => prepare(message, options.tsig));
      for (const request of requests) connection.send(request.signed.bytes);
      const replies = new Map<Request, ReceivedMessage>();
      while (replies.size < requests.length) {
        const reply = decodeMessage(await connection.receive());
        const request = requests.find((one) => !replies.has(one) && answers(reply, one.message));
        if (request === undefined) throw mismatch(server);
        requireSignature(server, reply, request, options.tsig);
        replies.set(request, reply);
      }
      return requests.flatMap((request) => replies.get(request) ?? []);
    } finally {
      connection.close();
    }
  } finally {
    limit.release();
  }
}

/** Asks over an open connection; the connection's own signal is the deadline. Errors: as `exchange`. */
export async function exchangeOn(
  connection: TcpConnection,
  server: NameServer,
  message: Message,
  tsig: ExchangeOptions['tsig'],
): Promise<ReceivedMessage> {
  const request = prepare(message, tsig);
  connection.send(request.signed.bytes);
  const reply = decodeMessage(await connection.receive());
  if (!answers(reply, request.message)) throw mismatch(server);
  requireSignature(server, reply, request, tsig);
  return reply;
}

export const mismatch = (server: NameServer): HostmasterError =>
  new HostmasterError('dns-malformed', `The name server ${serverText(server)} answered something that was not asked.`);

/** Whether a message is the answer to ours: id, opcode and question; servers may leave the question out of errors and of UPDATE answers. */
export function answers(reply: Message, request: Message): boolean {
  if (!reply.response || reply.id !== request.id || reply.opcode !== request.opcode) return false;
  const [question] = reply.questions;
  const [asked] = request.questions;
  if (question === undefined) return reply.rcode !== rcodes.NOERROR || request.opcode !== 0;
  return question.name === asked?.name && question.type === asked.type && question.class === asked.class;
}

function attemptDeadline(server: NameServer, { signal, timeout = 2000 }: ExchangeOptions) {
  return deadline(signal, timeout, () => unreachable(server, `did not answer within ${timeout} ms`));
}

function requireSignature(server: NameServer, reply: ReceivedMessage, request: Request, tsig: ExchangeOptions['tsig']): void {
  if (!tsig) return;
  const { key, clock } = tsig;
  checkOutcome(
    server,
    verifyMessage(reply, (name) => (name === key.name ? key : undefined), clock, request.signed.mac),
    key,
    reply.rcode,
  );
}

/** The violation of a dns-bad-key that only says that the answer came without a signature: the reason may be another than the key. */
export const unsignedAnswer = 'answer-is-signed';

/**
 * Raises dns-bad-key unless the outcome is a valid signature without a reported error. An unsigned answer to a signed request says the same:
 * a server that took the signature must sign its answer (RFC 8945 §5.3); Knot and PowerDNS refuse keys that way.
 * The exceptions are FORMERR and NOTIMP, which a server may give before it has looked at the signature.
 */
export function checkOutcome(server: NameServer, outcome: TsigOutcome, key: TsigKey, rcode: number): void {
  if (outcome.status === 'verified' && outcome.error === tsigErrors.NOERROR) return;
  if (outcome.status === 'unsigned' && (rcode === rcodes.FORMERR || rcode === rcodes.NOTIMP || rcode === rcodes.SERVFAIL)) return;
  const problem = tsigProblem(outcome, rcode);
  const violations =
    outcome.status === 'unsigned' ? [{ rule: unsignedAnswer, reason: problem, remedy: 'Check the key on the name server.' }] : [];
  throw new HostmasterError('dns-bad-key', `The name server ${serverText(server)} and the key "${key.name}" do not fit: ${problem}.`, {
    violations,
  });
}

function tsigProblem(outcome: TsigOutcome, rcode: number): string {
  const reported = 'reported' in outcome ? outcome.reported : outcome.status === 'verified' ? outcome.error : 0;
  if (reported === tsigErrors.BADKEY) return 'the server does not know the key (BADKEY)';
  if (reported === tsigErrors.BADSIG) return 'the server has another secret for it (BADSIG)';
  if (reported === tsigErrors.BADTIME) return "the server's clock and ours differ by more than five minutes (BADTIME)";
  if (outcome.status === 'bad-time') return `the server's clock is ${outcome.skew} seconds off ours`;
  if (outcome.status === 'unsigned') return `the answer, ${rcodeName(rcode)}, is not signed`;
  if (outcome.status === 'bad-key') return 'the answer is signed with another key';
  return 'the signature of the answer is wrong';
}
