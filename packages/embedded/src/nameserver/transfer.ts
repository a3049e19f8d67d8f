import { type Message, message, type ReceivedMessage, responseTo } from '@hostmaster/core/dns/wire/message';
import type { ResourceRecord } from '@hostmaster/core/dns/wire/record';
import type { Zone } from './zone.ts';

/** What a message holds: far below 65,535, so that many small records, their names compressed, are soon on their way. */
const messageBytes = 32_000;

/** Header, question and the fixed fields of a record. */
const recordOverhead = 12;

/**
 * The messages of a full transfer (RFC 5936 §2.2): the SOA, every other record, the SOA. The sets are those of the moment of the first call;
 * updates during the transfer do not reach it.
 */
export function* transferMessages(query: ReceivedMessage, zone: Zone): Generator<Message> {
  const { soa } = zone;
  let answers: ResourceRecord[] = [];
  let bytes = 0;
  let first = true;
  const flush = (): Message => {
    const full = first
      ? responseTo(query, { authoritative: true, answers })
      : message({ id: query.id, response: true, authoritative: true, answers });
    first = false;
    answers = [];
    bytes = 0;
    return full;
  };
  for (const set of [...zone.sets(), soa]) {
    for (const record of set.records) {
      const size = record.name.length + recordOverhead + record.data.length;
      if (bytes + size > messageBytes && answers.length > 0) yield flush();
      answers.push(record);
      bytes += size;
    }
  }
  yield flush();
}
