// What one test of the conformance suite stands on: provider-conformance.ts makes it, provider-writes.ts and provider-refuses.ts use it.
import type { Capability } from '../descriptor.ts';
import type { DnsProvider, DnsProviderDescriptor } from './provider.ts';
import type { OtherRecordSet, RecordSet, RecordSetChange, RecordType } from './record-set.ts';

export const recordSet = (name: string, type: RecordType, ttl: number, ...values: string[]): RecordSet => ({ name, type, ttl, values });
export const change = (before: RecordSet | null, after: RecordSet | null): RecordSetChange => {
  const either = after ?? before;
  if (either === null) throw new Error('a change has a before or an after');
  return { name: either.name, type: either.type, before, after };
};

/** Those of classes and bounds of a zone, and the odd ones that a person types. */
export const ttls = [1, 7, 30, 59, 60, 61, 300, 3600, 86_400, 604_800];

/** What one test works with: a provider, a name of its own, and functions that apply and then look at what the provider holds. */
export type Bench = {
  readonly provider: DnsProvider;
  readonly zone: string;
  readonly many: number;
  readonly at: string;
  readonly held: (name: string) => Promise<readonly OtherRecordSet[]>;
  readonly apply: (...changes: RecordSetChange[]) => Promise<void>;
  readonly refuses: (code: string, ...changes: RecordSetChange[]) => Promise<void>;
  /** How many record sets the name held, each time that it was looked at during the work. */
  readonly whileWatched: (name: string, work: () => Promise<void>) => Promise<readonly number[]>;
  readonly needs: (capability: Capability) => void;
};

export type Given = {
  readonly expect: typeof import('vitest')['expect'];
  readonly descriptor: DnsProviderDescriptor;
  /** A record set as the provider will hold it. */
  readonly set: typeof recordSet;
  readonly signal: AbortSignal;
};

/** Registers one test. */
export type Guarantee = (text: string, run: (bench: Bench) => Promise<void>) => void;
