// The audit trail's hash chain: every event's hash covers the event and the hash before it, so that a changed, removed
// or inserted row shows. Pure, so that an export can be verified offline with the same function.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../canonical-json.ts';

export type AuditRecord = {
  readonly seq: bigint;
  readonly at: Date;
  readonly actorKind: string;
  readonly actorId: string;
  readonly actorName: string;
  /** From where somebody acted; null or left out where nobody knows it, as in events from before it was kept. */
  readonly sessionId?: string | null;
  readonly address?: string | null;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly subject: string;
  readonly detail: unknown;
};

/** The hash before the first event: 32 zero octets. */
export const genesisHash = new Uint8Array(32);

/** SHA-256 over the previous hash and the canonical JSON of the record, from where it came only where that is known. */
export function auditHash(previous: Uint8Array, { sessionId, address, ...record }: AuditRecord): Uint8Array {
  const from = { ...(sessionId ? { sessionId } : {}), ...(address ? { address } : {}) };
  const body = canonicalJson({ ...record, ...from, seq: record.seq.toString(), at: record.at.toISOString() });
  return createHash('sha256').update(previous).update(body, 'utf8').digest();
}

export type ChainBreak = { readonly seq: bigint; readonly reason: string };
export type ChainedRecord = AuditRecord & { readonly previous: Uint8Array; readonly hash: Uint8Array };

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/**
 * Follows the chain over the next records, in order of `seq`. Answers the new head, or the first record that does not follow.
 * @param head sequence number and hash of the last verified record; `{ seq: 0n, hash: genesisHash }` to begin with.
 */
export function followChain(
  head: { readonly seq: bigint; readonly hash: Uint8Array },
  records: readonly ChainedRecord[],
): { head: { seq: bigint; hash: Uint8Array }; broken: ChainBreak | null } {
  let { seq, hash } = head;
  for (const { previous, hash: claimed, ...record } of records) {
    const broken = (reason: string) => ({ head: { seq, hash }, broken: { seq: record.seq, reason } });
    if (record.seq !== seq + 1n) return broken(`event ${seq + 1n} is missing`);
    if (!same(previous, hash)) return broken('it does not name the hash of the event before it');
    const expected = auditHash(previous, record);
    if (!same(expected, claimed)) return broken('its content does not match its hash');
    seq = record.seq;
    hash = claimed;
  }
  return { head: { seq, hash }, broken: null };
}
