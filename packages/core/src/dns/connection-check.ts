// What "Test connection" asks of a provider: what any of them can be asked, and whether proofs for a CA can be written there.
import { challengeName } from '../acme/challenge-name.ts';
import type { ConnectionCheck } from '../connection-check.ts';
import { HostmasterError } from '../errors.ts';
import type { DnsProvider } from './provider.ts';
import { isManaged, type RecordSet } from './record-set.ts';
import { recordCount } from './zone-parts.ts';

export type CheckedConnection = {
  readonly provider: DnsProvider;
  readonly zone: string;
  /** Of this test alone, fit for a label: two tests at once do not meet. */
  readonly label: string;
  /** Below these names of the zone others may be claimed: a key that may write there alone does what it is for. */
  readonly suffixes: readonly string[];
  /** Called while the test record stands: whoever should answer with it can be asked. Raises nothing but the signal's reason. */
  look(written: RecordSet, signal: AbortSignal): Promise<void>;
};

export type ZoneCheck<Settings = Readonly<Record<string, unknown>>> = ConnectionCheck<
  CheckedConnection,
  Pick<CheckedConnection, 'zone' | 'suffixes'> & { readonly settings: Settings }
>;

/** Errors: dns-not-served where the zone is not there; dns-*. */
export async function holdsZone({ provider, zone }: CheckedConnection, signal: AbortSignal): Promise<string> {
  const soa = (await provider.readName(zone, signal)).find(({ type }) => type === 'SOA');
  if (soa === undefined) throw new HostmasterError('dns-not-served', `The server answers, but holds no SOA for ${zone}.`);
  return `It answers for ${zone}, serial ${soa.values[0]?.split(' ')[2] ?? 'unknown'}.`;
}

/** More than this shows nothing more, and a test must end. */
const enoughRecords = 10_000;

/** Errors: dns-*. */
export async function readsZone({ provider }: CheckedConnection, signal: AbortSignal): Promise<string> {
  let records = 0;
  for await (const { recordSets } of provider.readZone(signal)) {
    records += recordCount(recordSets);
    if (records >= enoughRecords) return `${records.toLocaleString('en-US')} records read, and left at that.`;
  }
  return `${records.toLocaleString('en-US')} ${records === 1 ? 'record' : 'records'} read.`;
}

/** More than this is not tried, so that a test ends. */
const mostPlaces = 5;

/**
 * An address at a name of the test's own, created, shown and deleted: the only proof that changes are allowed, and of what requests write.
 * Tried below the apex, and where the key may not write there, below what may be claimed. Errors: dns-refused naming every place; dns-*.
 */
export const writesAndTakesBack = (connection: CheckedConnection, signal: AbortSignal): Promise<string> =>
  anywhere(connection, 'test record', addressAt, signal);

/** By what a CA has control over a name proved: a text below it, or an alias there that stays. */
export type ProofRecord = 'TXT' | 'CNAME';

/** The same where a CA looks for proofs (RFC 8555 §8.4, or below the name): a key may have been given the types alone that requests write. */
export const provesAndTakesBack = (connection: CheckedConnection, signal: AbortSignal, by: ProofRecord = 'TXT'): Promise<string> =>
  anywhere(connection, 'proof', by === 'TXT' ? (name) => addressAt(challengeName(name)) : aliasBelow, signal);

async function anywhere(
  connection: CheckedConnection,
  what: string,
  recordAt: (name: string) => RecordSet,
  signal: AbortSignal,
): Promise<string> {
  const places = [connection.zone, ...connection.suffixes].slice(0, mostPlaces);
  const refused: string[] = [];
  for (const below of places) {
    try {
      await writeAndTakeBack(connection, recordAt(`hostmaster-test-${connection.label}.${below}`), signal);
      const where = refused.length === 0 ? '' : ` below ${below}; below ${refused.join(', ')} the key may not write`;
      return `A ${what} was written and taken back${where}.`;
    } catch (error) {
      if (!(error instanceof HostmasterError) || error.code !== 'dns-refused') throw error;
      refused.push(below);
      if (refused.length < places.length) continue;
      throw new HostmasterError('dns-refused', `${error.message} A ${what} was tried below ${refused.join(', ')}.`, { cause: error });
    }
  }
  throw new TypeError('unreachable: the apex is a place');
}

async function writeAndTakeBack({ provider, look }: CheckedConnection, probe: RecordSet, signal: AbortSignal): Promise<void> {
  const { name, type } = probe;
  const held = async () => (await provider.readName(name, signal)).find((set) => set.type === type);
  const left = await held();
  if (left === undefined) await provider.apply([{ name, type, before: null, after: probe }], signal);
  const written = await held();
  if (written === undefined || !isManaged(written))
    throw new HostmasterError('dns-not-applied', 'The server said yes to a test record and does not hold it.');
  try {
    await look(written, signal);
  } finally {
    await provider.apply([{ name, type, before: written, after: null }], signal);
  }
}

/** An address that leads nowhere (RFC 5737); a text in a zone that holds no hostnames, where servers let no address stand (RFC 1123 §2.1). */
const addressAt = (name: string): RecordSet =>
  /[_/]/.test(name) ? { name, type: 'TXT', ttl: 60, values: ['"connection test"'] } : { name, type: 'A', ttl: 60, values: ['192.0.2.1'] };
/** Leads to a name that nobody can have (RFC 6761 §6.4). */
const aliasBelow = (name: string): RecordSet => ({ name: `_${name}`, type: 'CNAME', ttl: 60, values: ['connection-test.invalid'] });
