// Zone transfer (AXFR, RFC 5936): a stream of messages from SOA to SOA, each verified before its records are believed.

import { serverText } from '@hostmaster/core/contract/network';
import { classCodes, rcodeName, rcodes, typeCodes, typeName } from '@hostmaster/core/dns/wire/codes';
import { decodeMessage, queryMessage, type ReceivedMessage } from '@hostmaster/core/dns/wire/message';
import { isWithin } from '@hostmaster/core/dns/wire/name';
import { type ResourceRecord, serialOfSoa } from '@hostmaster/core/dns/wire/record';
import { streamVerifier } from '@hostmaster/core/dns/wire/tsig';
import { HostmasterError } from '@hostmaster/core/errors';
import { deadline } from '../net/deadline.ts';
import { checkOutcome, type ExchangeOptions, mismatch, prepare } from './exchange.ts';
import { rcodeError } from './rcode-error.ts';
import { type NameServer, unreachable } from './server.ts';
import { connectTcp } from './tcp.ts';

/** A stream that goes on for ever must not fill the memory. */
const maxRecords = 5_000_000;

/**
 * Every record of the zone, the SOA once and first. `timeout` is for the whole transfer, 60,000 ms unless given.
 * Errors: dns-refused, dns-bad-key, dns-unreachable, dns-malformed, dns-server-failed, the signal's reason.
 */
export async function transferZone(
  server: NameServer,
  zone: string,
  options: Omit<ExchangeOptions, 'attempts'>,
): Promise<readonly ResourceRecord[]> {
  const { signal, tsig = null, timeout = 60_000 } = options;
  const limit = deadline(signal, timeout, () => unreachable(server, `did not finish the transfer within ${timeout} ms`));
  try {
    const connection = await connectTcp(server, limit.signal);
    try {
      const request = prepare(queryMessage(0, zone, typeCodes.AXFR, { edns: null }), tsig);
      const verifier = tsig === null ? null : streamVerifier(tsig.key, tsig.clock, request.signed.mac);
      connection.send(request.signed.bytes);
      const records: ResourceRecord[] = [];
      for (let ended = false; !ended; ) {
        const reply = decodeMessage(await connection.receive());
        if (!reply.response || reply.id !== request.message.id) throw mismatch(server);
        if (tsig !== null && verifier !== null) {
          const outcome = verifier.accept(reply);
          if (outcome.status !== 'pending') checkOutcome(server, outcome, tsig.key, reply.rcode);
        }
        if (reply.rcode !== rcodes.NOERROR) throw rcodeError(server, reply.rcode, `the transfer of ${zone}`);
        ended = takeRecords(server, zone, reply, records);
      }
      if (verifier !== null && !verifier.complete()) throw unverified(server);
      return records;
    } finally {
      connection.close();
    }
  } finally {
    limit.release();
  }
}

/** Adds a message's records; true after the SOA that closes the transfer, which is not added again. */
function takeRecords(server: NameServer, zone: string, reply: ReceivedMessage, records: ResourceRecord[]): boolean {
  const wrong = (what: string) => new HostmasterError('dns-malformed', `The transfer of ${zone} from ${serverText(server)} ${what}.`);
  if (reply.answers.length === 0) throw wrong(`has a message without records (${rcodeName(reply.rcode)})`);
  for (const [index, record] of reply.answers.entries()) {
    if (record.class !== classCodes.IN) throw wrong('has a record of another class');
    // Taken in, it would count as a name of this zone, of which the server has no say.
    if (!isWithin(record.name, zone)) throw wrong(`has a record outside the zone: ${record.name} ${typeName(record.type)}`);
    const isSoa = record.type === typeCodes.SOA && record.name === zone;
    const [opening] = records;
    if (opening === undefined && !isSoa) throw wrong('does not begin with the SOA record');
    if (isSoa && opening !== undefined) {
      // Begun on one version and ended on another, it is neither (§2.2).
      if (Buffer.compare(opening.data, record.data) !== 0)
        throw wrong(`begins with serial ${serialOfSoa(opening)} and ends with another SOA, serial ${serialOfSoa(record)}`);
      if (index !== reply.answers.length - 1) throw wrong('goes on after its end');
      return true;
    }
    if (records.length >= maxRecords) throw wrong(`has more than ${maxRecords} records`);
    records.push(record);
  }
  return false;
}

const unverified = (server: NameServer): HostmasterError =>
  new HostmasterError('dns-bad-key', `The end of the transfer from ${serverText(server)} is not signed.`);
