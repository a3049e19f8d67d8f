// What "Test connection" asks of a provider, one named check after the other, and the three that any provider can be asked.
import type { ErrorCode } from '../error-table.ts';
import { HostmasterError } from '../errors.ts';
import type { DnsProvider } from './provider.ts';
import type { RecordSet } from './record-set.ts';

export type CheckedConnection = {
  readonly provider: DnsProvider;
  readonly zone: string;
  /** Of this test alone, fit for a label: two tests at once do not meet. */
  readonly label: string;
};

export type ConnectionCheck = {
  /** Names the step of the operation. */
  readonly name: string;
  /** What holds when it passes, in words for the page. */
  readonly holds: string;
  /** What to do, where that can be said better than by the error's own remedy. */
  readonly remedies: { readonly [Code in ErrorCode]?: string };
  /** Answers what it saw, in a sentence. Its error is what the check found. */
  run(connection: CheckedConnection, signal: AbortSignal): Promise<string>;
};

/** Errors: dns-refused where the zone is not there; dns-*. */
export async function holdsZone({ provider, zone }: CheckedConnection, signal: AbortSignal): Promise<string> {
  const soa = (await provider.readName(zone, signal)).find(({ type }) => type === 'SOA');
  if (soa === undefined) throw new HostmasterError('dns-refused', `The server answers, but holds no SOA for ${zone}.`);
  return `It answers for ${zone}, serial ${soa.values[0]?.split(' ')[2] ?? 'unknown'}.`;
}

/** Errors: dns-*. */
export async function readsZone({ provider }: CheckedConnection, signal: AbortSignal): Promise<string> {
  const { length } = (await provider.readZone(signal)).recordSets;
  return `${length} record ${length === 1 ? 'set' : 'sets'} read.`;
}

/** A TXT record under a name of its own, created and deleted: the only proof that changes are allowed. Errors: dns-*. */
export async function writesAndTakesBack({ provider, zone, label }: CheckedConnection, signal: AbortSignal): Promise<string> {
  const name = `_hostmaster-test-${label}.${zone}`;
  const probe: RecordSet = { name, type: 'TXT', ttl: 60, values: ['"connection test"'] };
  const [left] = await provider.readName(name, signal);
  if (left === undefined) await provider.apply([{ name, type: 'TXT', before: null, after: probe }], signal);
  const [written] = await provider.readName(name, signal);
  if (written === undefined) throw new HostmasterError('dns-not-applied', 'The server said yes to a test record and does not hold it.');
  await provider.apply([{ name, type: 'TXT', before: written, after: null }], signal);
  return 'A test record was written and taken back.';
}
