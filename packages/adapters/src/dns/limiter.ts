// How much one account or server gets from this process: so many calls at a time, so many begun in a second, first come first
// served. An operation makes one call after the other, so that those of many share an account evenly.
import { setMaxListeners } from 'node:events';
import type { DnsProvider, DnsProviderDescriptor } from '@hostmaster/core/dns/provider';
import PQueue from 'p-queue';

export type DnsLimiter = (limits: DnsProviderDescriptor['limits'], account: string, provider: DnsProvider) => DnsProvider;

const queueFor = ({ concurrent, perSecond }: DnsProviderDescriptor['limits']): PQueue =>
  new PQueue({ concurrency: concurrent, ...(perSecond === null ? {} : { interval: 1000, intervalCap: perSecond, strict: true }) });

/**
 * A provider whose calls wait for their turn with all others of the same account (one text for each kind and account). A call whose
 * signal aborts while it waits ends with the signal's reason and is never made.
 */
export function createDnsLimiter(): DnsLimiter {
  const queues = new Map<string, PQueue>();
  return (limits, account, provider) => {
    const queue = queues.get(account) ?? queueFor(limits);
    queues.set(account, queue);
    const inTurn = <T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> => {
      // Many calls at once may wait on one signal; each lets go of it, so a count is no sign of a leak.
      setMaxListeners(0, signal);
      return queue.add(call, { signal });
    };
    return {
      // A reading goes on for minutes: it begins in its turn and then keeps no other call waiting. How many go on is up to who reads.
      async *readZone(signal) {
        await inTurn(signal, async () => undefined);
        yield* provider.readZone(signal);
      },
      readName: (name, signal) => inTurn(signal, () => provider.readName(name, signal)),
      apply: (changes, signal) => inTurn(signal, () => provider.apply(changes, signal)),
    };
  };
}
