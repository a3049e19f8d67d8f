// The world outside for tests of use cases: a zone in memory, name servers and an edge that answer from what they were
// given, and what a test makes of them. That real ones answer so is the business of the tests of the worker.
import { createMemoryZone, memoryProvider } from '@hostmaster/adapters/dns/memory';
import { addressFault, parseAddress, parseRange } from '@hostmaster/core/address/address';
import type { fixedClock } from '@hostmaster/core/clock';
import { makePlan } from '@hostmaster/core/dns/plan';
import type { DnsProvider } from '@hostmaster/core/dns/provider';
import { isManaged, type RecordSet } from '@hostmaster/core/dns/record-set';
import { HostmasterError } from '@hostmaster/core/errors';
import { splitPem } from '@hostmaster/core/pki/chain';
import { type CertificateDescription, describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import type { CertificateDestination, Delivery } from '@hostmaster/core/pki/destination';
import type { DnsObservation, EndpointObservation, Prober } from '@hostmaster/core/probe/prober';

type Set = Omit<RecordSet, 'name'>;

/** What a name server says that does not answer from the zone. */
export type Refusal = 'REFUSED' | 'NXDOMAIN';

export type Outside = {
  readonly provider: DnsProvider;
  readonly prober: Prober;
  readonly destination: CertificateDestination;
  /** What the zone holds at a name. */
  heldAt(name: string): Promise<readonly RecordSet[]>;
  /** Puts exactly these record sets at a name, behind Hostmaster's back. */
  writeByHand(name: string, sets: readonly Set[]): Promise<void>;
  /** From now on the server says this, whatever it is asked; null: it answers from the zone. */
  serverSays(name: string, refusal: Refusal | null): void;
  /** From now on the edge takes nothing for the name and lets nothing go, as with a folder that cannot be written; or it does again. */
  edgeStands(hostname: string, stands: boolean): void;
  /** Serial of the certificate that the edge presents for a name, upper-case hex; null where it has none. */
  servedSerial(hostname: string): string | null;
  /** The anchors that the last look at a name was given, PEM. */
  trusted(hostname: string): readonly string[];
};

/** Longer than a run looks: it looks once, and then its work waits. */
const lookMilliseconds = 2000;

export const address = (value: string, ttl = 60): Set => ({ type: 'A', ttl, values: [value] });

/** @param clock moves with every look, for no other reason than that a run need not pause between two. */
export function createOutside(apex: string, clock: ReturnType<typeof fixedClock>): Outside {
  const zones = new Map([[apex, createMemoryZone(apex, [{ name: apex, type: 'NS', ttl: 300, values: [`ns1.${apex}`] }])]]);
  const provider = memoryProvider(zones).open({ zone: apex, settings: {}, secret: new Uint8Array() }, { clock });
  const signal = AbortSignal.timeout(600_000);
  const heldAt = async (name: string) => (await provider.readName(name, signal)).filter(isManaged);
  const refusals = new Map<string, Refusal>();
  const delivered = new Map<string, Delivery>();
  const stuck = new Set<string>();
  const anchors = new Map<string, readonly string[]>();
  const writable = (hostname: string): void => {
    if (stuck.has(hostname)) throw new HostmasterError('delivery-failed', `The folder of ${hostname} cannot be written.`);
  };
  const presented = (hostname: string): CertificateDescription | null => {
    const delivery = delivered.get(hostname);
    const [leaf] = delivery === undefined ? [] : splitPem(delivery.fullchainPem);
    return leaf === undefined ? null : describeCertificate(leaf);
  };
  const addressesAt = async (name: string) => (await heldAt(name)).flatMap(({ type, values }) => (type === 'A' ? values : []));

  const prober: Prober = {
    async askServers(servers, name, type) {
      clock.advance(lookMilliseconds);
      const held: readonly Held[] = [
        ...(await heldAt(name)),
        ...(name === apex ? [{ type: 'SOA', values: [`ns1.${apex}. 1`], ttl: 300 }] : []),
      ];
      return servers.map((server) => answerOf(server.name, refusals.get(server.name) ?? null, held, type));
    },
    async askAddresses(name, servers) {
      if (servers.every((server) => refusals.has(server.name))) return null;
      const addresses = await addressesAt(name);
      return { addresses, onward: [], empty: addresses.length === 0 ? [name] : [] };
    },
    // Where no server answers, no resolver of these tests does.
    resolve: async () => [],
    resolveCaa: async () => null,
    isBogus: async () => false,
    askForProof: async () => [],
    askInHandshake: async () => [],
    // Nothing listens anywhere that nobody said.
    readChain: async () => ({ error: 'connection refused', answered: true }),
    async probeEndpoint({ hostname, addresses, tls, allowedRanges, trustAnchors }) {
      anchors.set(hostname, trustAnchors);
      clock.advance(lookMilliseconds);
      const ranges = allowedRanges.flatMap((text) => parseRange(text) ?? []);
      return addresses.map((one) => {
        const parsed = parseAddress(one);
        const fault = parsed === null ? 'it is no address' : addressFault(parsed, ranges);
        return fault === null ? seenAt(one, tls ? presented(hostname) : 'no TLS') : notSeen(one, 'guard', fault);
      });
    },
  };

  return {
    provider,
    prober,
    destination: {
      held: async (hostname) => presented(hostname)?.fingerprint ?? null,
      deliver: async (delivery) => {
        writable(delivery.hostname);
        delivered.set(delivery.hostname, delivery);
      },
      withdraw: async (hostname) => {
        writable(hostname);
        delivered.delete(hostname);
      },
    },
    heldAt,
    writeByHand: async (name, sets) => {
      const wanted = sets.map((set) => ({ ...set, name }));
      await provider.apply(makePlan(wanted, await heldAt(name)), signal);
    },
    serverSays: (name, refusal) => {
      if (refusal === null) refusals.delete(name);
      else refusals.set(name, refusal);
    },
    edgeStands: (hostname, stands) => {
      if (stands) stuck.add(hostname);
      else stuck.delete(hostname);
    },
    servedSerial: (hostname) => presented(hostname)?.serial ?? null,
    trusted: (hostname) => anchors.get(hostname) ?? [],
  };
}

type Held = Pick<DnsObservation, 'values' | 'ttl'> & { readonly type: string };

function answerOf(server: string, refusal: Refusal | null, held: readonly Held[], type: string): DnsObservation {
  const found = refusal === null ? held.find((set) => set.type === type) : undefined;
  return {
    server,
    rcode: refusal ?? (held.length === 0 ? 'NXDOMAIN' : 'NOERROR'),
    authoritative: refusal === null,
    values: found?.values ?? [],
    ttl: found?.ttl ?? null,
    otherTtl: null,
    cut: null,
    zone: null,
    serial: 1,
    milliseconds: 1,
    error: null,
  };
}

const notSeen = (address: string, failedLayer: 'guard' | 'tls', error: string): EndpointObservation => ({
  address,
  failedLayer,
  error,
  tcpMilliseconds: failedLayer === 'guard' ? null : 1,
  tlsMilliseconds: null,
  httpMilliseconds: null,
  tls: null,
  httpStatus: null,
});

/** @param presented null: the edge has no certificate for the name, and ends the handshake */
function seenAt(address: string, presented: CertificateDescription | null | 'no TLS'): EndpointObservation {
  const common = { address, tcpMilliseconds: 1, tls: null };
  if (presented === null) return notSeen(address, 'tls', 'The edge has no certificate for the name.');
  const answered = { ...common, failedLayer: null, error: null, httpMilliseconds: 3, httpStatus: 200 };
  if (presented === 'no TLS') return { ...answered, tlsMilliseconds: null };
  const { serial, fingerprint, notAfter, subjectAltNames } = presented;
  const chain = { protocol: 'TLSv1.3', chainLength: 2, verifyError: null };
  return { ...answered, tlsMilliseconds: 2, tls: { ...chain, serial, fingerprint, notAfter: notAfter.toISOString(), subjectAltNames } };
}
