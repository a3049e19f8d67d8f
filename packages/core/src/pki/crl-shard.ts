// What an issuer revoked is published twice: in one complete list, and in lists by shards of its leaves (RFC 5280 §5.2.5). A leaf names
// the list of its shard, so that whoever checks one certificate fetches a small part of what may be megabytes.

/** Which certificate is of which shard follows from this number, and stands in them until they end: it is never changed. */
export const crlShards = 32;

/** The list that names everything; the shards are counted from 1. */
export const completeList = 0;

/** The lists of a CA that signs leaves; one that signs other CAs alone has the complete one. */
export const listsOf = (signsLeaves: boolean): readonly number[] =>
  Array.from({ length: signsLeaves ? 1 + crlShards : 1 }, (_, list) => list);

/** The shard of a certificate, by the last octet of its serial, which is random. @param serial hex */
export const shardOf = (serial: string): number => 1 + (Number.parseInt(serial.slice(-2), 16) % crlShards);

/** Where a list is fetched. @param complete where the complete one is */
export const listAddress = (complete: string, list: number): string =>
  list === completeList ? complete : complete.replace(/\.crl$/, `.${list}.crl`);
