// The boundary to whatever holds a zone: three operations, and what a kind of provider says of itself. Every implementation, the
// in-memory reference included, passes the conformance suite in provider-conformance.ts.
import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Capability, SettingsDescriptor } from '../descriptor.ts';
import type { ServerAddress } from '../probe/prober.ts';
import type { ZoneCheck } from './connection-check.ts';
import type { OtherRecordSet, RecordSet, RecordSetChange } from './record-set.ts';
import type { TsigKey } from './wire/tsig.ts';
import type { ZonePart } from './zone-parts.ts';

export interface DnsProvider {
  /**
   * Every record set of the zone, those below delegations too, in parts as they come in. A part is given when it is verified, and the
   * zone was read whole when the parts end without an error. Whoever stops before that ends the reading. Errors: dns-*, the signal's reason.
   */
  readZone(signal: AbortSignal): AsyncIterable<ZonePart>;

  /**
   * The record sets at exactly this name, as the primary holds them (no wildcard synthesis, no CNAME chasing), below a delegation or a DNAME
   * too: those that Hostmaster writes, and all that it knows by name (`namedDataTypes`). Errors: dns-*.
   */
  readName(name: string, signal: AbortSignal): Promise<readonly OtherRecordSet[]>;

  /**
   * Applies all changes, in parts where they are more than the provider writes at once: the ground of all parts is checked before the
   * first is written, the changes of one name are in one part, and an error after the first part says how many were written. Each change
   * asserts the values of its `before`, not its TTL, which RFC 2136 cannot assert; if the ground has moved, or a CNAME would stand beside
   * other data, nothing is written and the error is `plan-stale`. So a second run of a change of values is `plan-stale`, and one of the
   * TTL alone changes nothing. Success means that the provider said yes, not that the world changed: read back.
   * Errors: plan-stale, dns-*, invalid-input (a name outside the zone, a bad value, one set twice), unsupported (SOA: it is the server's).
   */
  apply(changes: readonly RecordSetChange[], signal: AbortSignal): Promise<void>;
}

/** What a reviewer of a plan is told where it is not so (`cautionsOf`). */
export type DnsCapabilities = {
  /** The record sets of one part change together or not at all; without it, one after the other in the order of the plan. */
  readonly atomic: Capability;
  /** The provider itself refuses a change whose ground has moved (prerequisites, etag, exact-value delete); without it, `apply` looks before it writes. */
  readonly compareAndSet: Capability;
};

/** All that a kind of provider says of itself to processes that open no connection. */
export type DnsProviderDescription<Settings extends z.ZodObject = z.ZodObject> = SettingsDescriptor<Settings> & {
  readonly capabilities: DnsCapabilities;
  /** What "Test connection" runs, in this order. */
  readonly checks: readonly ZoneCheck<z.output<Settings>>[];
  /** The servers that must agree where the zone's owner names none; empty where the settings do not tell. */
  servers(settings: z.output<Settings>): readonly ServerAddress[];
  /** What questions to the servers are signed with, made from the secret; null where they are asked as anybody would ask them. */
  questionKey(settings: z.output<Settings>): ((secret: Uint8Array) => TsigKey) | null;
  /** The record sets as they will be read back: a provider that rounds a TTL says so here, before anything is planned. */
  normalise(desired: readonly RecordSet[]): readonly RecordSet[];
};

/** `secret` is empty where the kind has none. */
export type OpenConnection<Settings> = { readonly zone: string; readonly settings: Settings; readonly secret: Uint8Array };

export type DnsProviderDescriptor<Settings extends z.ZodObject = z.ZodObject> = DnsProviderDescription<Settings> & {
  /** What one account or server takes from one process: calls at a time, and calls begun in a second (null: as many as come). */
  readonly limits: { readonly concurrent: number; readonly perSecond: number | null };
  /** The server or account that the limits are for; zones with the same one share them. */
  account(settings: z.output<Settings>): string;
  /** Errors: invalid-input (the zone's name or a setting). Opens no connection yet. */
  open(connection: OpenConnection<z.output<Settings>>, deps: { readonly clock: Clock }): DnsProvider;
};

export type DnsProviderKinds = ReadonlyMap<string, DnsProviderDescription>;

/** What whoever reviews a plan must know of the provider that will carry it out. */
export function cautionsOf({ capabilities }: DnsProviderDescription, changes: readonly RecordSetChange[]): string[] {
  const { atomic, compareAndSet } = capabilities;
  return [
    ...(atomic !== true && changes.length > 1 ? [`The record sets change one after the other: ${atomic.no}.`] : []),
    ...(compareAndSet !== true && changes.length > 0
      ? [`What somebody else changes in the same moment may be overwritten: ${compareAndSet.no}.`]
      : []),
  ];
}
