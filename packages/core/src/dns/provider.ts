// The boundary to whatever holds a zone. Three operations; every implementation, the in-memory reference included,
// passes the conformance suite in provider-conformance.ts.
import type { RecordSet, RecordSetChange } from './record-set.ts';

export type ZoneSnapshot = {
  /** Serial of the SOA (RFC 1982 arithmetic), or null where the provider has none. */
  readonly serial: number | null;
  readonly recordSets: readonly RecordSet[];
};

/** A capability is there, or it is not and says why: what is declared impossible must raise `unsupported`. */
export type Capability = true | { readonly no: string };

export type DnsCapabilities = {
  /** The whole zone can be read (AXFR, an API list). */
  readonly readZone: Capability;
  /** Several record sets change together or not at all; without it, an `apply` of more than one change is `unsupported`. */
  readonly atomic: Capability;
  /**
   * Most records (those of `before` and `after` together) that change atomically; null is no limit. A larger `apply` is written in parts,
   * each name within one part; the ground of all parts is checked before the first is written.
   */
  readonly atomicRecords: number | null;
  /** The server itself refuses a change whose ground has moved (prerequisites, etag, exact-value delete). */
  readonly compareAndSet: Capability;
};

export interface DnsProvider {
  readonly kind: string;
  readonly capabilities: DnsCapabilities;

  /** Every record set of the zone. Errors: dns-*, unsupported. */
  readZone(signal: AbortSignal): Promise<ZoneSnapshot>;

  /** The record sets at exactly this name, as the primary holds them (no wildcard synthesis, no CNAME chasing). Errors: dns-*. */
  readName(name: string, signal: AbortSignal): Promise<readonly RecordSet[]>;

  /**
   * Applies all changes or none (up to `atomicRecords`). Each change asserts the values of its `before`, not its TTL, which RFC 2136 cannot
   * assert; if the ground has moved, or a CNAME would stand beside other data, nothing is written and the error is `plan-stale`.
   * So a second run of a change of values is `plan-stale`, and one of the TTL alone changes nothing. Success means that the provider said yes, not that the world changed: read back.
   * Errors: plan-stale, dns-*, invalid-input (a name outside the zone, a bad value, one set twice), unsupported (SOA: it is the server's).
   */
  apply(changes: readonly RecordSetChange[], signal: AbortSignal): Promise<void>;
}
