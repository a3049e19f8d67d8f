// A zone on paper, of a server that always says yes; whether it does as it says is up to the test.
import { actionOf, applyChanges } from '../plan.ts';
import type { DnsProvider } from '../provider.ts';
import type { RecordSet } from '../record-set.ts';

export type PaperZone = DnsProvider & {
  /** What it holds now. */
  readonly held: () => readonly RecordSet[];
  /** What it was asked, in order. */
  readonly calls: readonly string[];
};

export function paperZone(recordSets: readonly RecordSet[], does: 'as it says' | 'nothing' = 'as it says'): PaperZone {
  let held = recordSets;
  const calls: string[] = [];
  return {
    held: () => held,
    calls,
    async *readZone() {
      calls.push('zone');
      yield { serial: 1, recordSets: held };
    },
    readName: async (name) => {
      calls.push(name);
      return held.filter((set) => set.name === name);
    },
    apply: async (changes) => {
      calls.push(...changes.map((change) => `${actionOf(change)} ${change.name} ${change.type}`));
      if (does === 'as it says') held = applyChanges(changes, held);
    },
  };
}
