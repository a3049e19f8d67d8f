// Zone transfer (AXFR, RFC 5936): a stream of messages from SOA to SOA, each verified before its records are believed.

import { setImmediate as othersFirst } from 'node:timers/promises';
import { serverText } from '@hostmaster/core/contract/network';
import { classCodes, rcodeName, rcodes, typeCodes, typeName } from '@hostmaster/core/dns/wire/codes';
import { decodeMessage, queryMessage, type ReceivedMessage } from '@hostmaster/core/dns/wire/message';
import { isNameWithin } from '@hostmaster/core/dns/wire/name';
import { type ResourceRecord, serialOfSoa } from '@hostmaster/core/dns/wire/record';
import { streamVerifier } from '@hostmaster/core/dns/wire/tsig';
import { hour } from '@hostmaster/core/duration';
import { HostmasterError } from '@hostmaster/core/errors';
import { deadline } from '../net/deadline.ts';
import { checkOutcome, type ExchangeOptions, mismatch, prepare } from './exchange.ts';
import { rcodeError } from './rcode-error.ts';
import { type NameServer, unreachable } from './server.ts';
import { connectTcp } from './tcp.ts';

/** A stream that goes on for ever must not do so. */
const maxRecords = 5_000_000;
const maxMilliseconds = hour;
/** Bytes that may wait for whoever stores them: servers such as Knot end a transfer that nobody takes for half a second. */
const readAhead = 8 * 2 ** 20;

/**
 * The records of a zone as they come in and are verified, the SOA once and first; none where a message has come that is to be verified with
 * a later one. The zone is whole when they end. `timeout` is for the silence before each message, 20,000 ms unless given; the whole ends
 * within an hour. Errors: dns-refused, dns-bad-key, dns-unreachable, dns-malformed, dns-server-failed, the signal's reason.
 */
export async function* transferZone(
  server: NameServer,
  zone: string,
  options: Omit<ExchangeOptions, 'attempts'>,
): AsyncGenerator<readonly ResourceRecord[], void> {
  const { signal, tsig = null, timeout = 20_000 } = options;
  const state: Transfer = { server, zone, opening: null, records: 0 };
  const soFar = () => (state.records === 0 ? '' : ` after ${state.records.toLocaleString('en-US')} records`);
  const whole = deadline(signal, maxMilliseconds, () => unreachable(server, `did not finish the transfer of ${zone} within an hour`));
  const silence = deadline(whole.signal, timeout, () =>
    unreachable(server, `said nothing for ${timeout} ms${soFar()} in the transfer of ${zone}`),
  );
  try {
    const connection = await connectTcp(server, silence.signal, readAhead);
    try {
      const request = prepare(queryMessage(0, zone, typeCodes.AXFR, { edns: null }), tsig);
      const verifier = tsig === null ? null : streamVerifier(tsig.key, tsig.clock, request.signed.mac);
      connection.send(request.signed.bytes);
      let pending: (readonly ResourceRecord[])[] = [];
      for (let ended = false; !ended; ) {
        silence.renew();
        const reply = decodeMessage(await connection.receive());
        if (!reply.response || reply.id !== request.message.id) throw mismatch(server);
        let verified = true;
        if (tsig !== null && verifier !== null) {
          const outcome = verifier.accept(reply);
          verified = outcome.status !== 'pending';
          if (outcome.status !== 'pending') checkOutcome(server, outcome, tsig.key, reply.rcode);
        }
        if (reply.rcode !== rcodes.NOERROR) throw rcodeError(server, reply.rcode, `the transfer of ${zone}`);
        const records = takeRecords(state, reply);
        ended = records.ended;
        if (ended && verifier !== null && !verifier.complete()) throw unverified(server);
        pending.push(records.taken);
        for (const message of verified ? pending : [[]]) {
          yield message;
          // What came is there at once: whoever else waits in this process has their turn between two messages.
          await othersFirst();
          signal.throwIfAborted();
        }
        if (verified) pending = [];
      }
    } finally {
      connection.close();
    }
  } finally {
    silence.release();
    whole.release();
  }
}

type Transfer = { readonly server: NameServer; readonly zone: string; opening: ResourceRecord | null; records: number };

/** A message's records; it is ended after the SOA that closes the transfer, which is not among them. */
function takeRecords(transfer: Transfer, reply: ReceivedMessage): { readonly taken: ResourceRecord[]; readonly ended: boolean } {
  const taken: ResourceRecord[] = [];
  const { server, zone } = transfer;
  const wrong = (what: string) => new HostmasterError('dns-malformed', `The transfer of ${zone} from ${serverText(server)} ${what}.`);
  if (reply.answers.length === 0) throw wrong(`has a message without records (${rcodeName(reply.rcode)})`);
  for (const [index, record] of reply.answers.entries()) {
    if (record.class !== classCodes.IN) throw wrong('has a record of another class');
    // Taken in, it would count as a name of this zone, of which the server has no say.
    if (!isNameWithin(record.name, zone)) throw wrong(`has a record outside the zone: ${record.name} ${typeName(record.type)}`);
    const isSoa = record.type === typeCodes.SOA && record.name === zone;
    const { opening } = transfer;
    if (opening === null && !isSoa) throw wrong('does not begin with the SOA record');
    if (isSoa && opening !== null) {
      // Begun on one version and ended on another, it is neither (§2.2).
      if (Buffer.compare(opening.data, record.data) !== 0)
        throw wrong(`begins with serial ${serialOfSoa(opening)} and ends with another SOA, serial ${serialOfSoa(record)}`);
      if (index !== reply.answers.length - 1) throw wrong('goes on after its end');
      return { taken, ended: true };
    }
    if (transfer.records >= maxRecords) throw wrong(`has more than ${maxRecords} records`);
    transfer.opening ??= record;
    transfer.records += 1;
    taken.push(record);
  }
  return { taken, ended: false };
}

const unverified = (server: NameServer): HostmasterError =>
  new HostmasterError('dns-bad-key', `The end of the transfer from ${serverText(server)} is not signed.`);
