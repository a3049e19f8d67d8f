// Rules on what the name would lead to: CNAME exclusivity, delegation, targets, clusters, TTL.
import ipaddr from 'ipaddr.js';
import { ttlWithin } from '../../dns/ttl.ts';
import { isWildcard } from '../../hostname/hostname.ts';
import { parseHostname } from '../../hostname/parse-hostname.ts';
import { deny, type Finding, noFindings, type Rule, type Subject } from '../rule.ts';

const wantsCname = ({ contract }: Subject): boolean => !('addresses' in contract.target);

export const cnameExclusive: Rule = {
  name: 'cname-exclusive',
  describe: 'A CNAME stands alone at its name (RFC 1034 §3.6.2), and so never at an apex.',
  needsName: true,
  evaluate: (subject) => {
    const { name, ground } = subject;
    if (name === null) return noFindings;
    if (name.hostname === name.zone?.apex)
      return wantsCname(subject)
        ? deny(`${name.hostname} is an apex with SOA and NS, so it cannot be a CNAME.`, 'Give addresses as the target.', { path: 'target' })
        : noFindings;
    const beside = ground.foreignRecordSets.filter((set) => set.name === name.hostname && (wantsCname(subject) || set.type === 'CNAME'));
    if (beside.length === 0) return noFindings;
    const types = beside.map(({ type }) => type).join(', ');
    return wantsCname(subject)
      ? deny(
          `${name.hostname} holds other data (${types}), and a CNAME cannot stand beside it.`,
          'Give addresses as the target, or have the other records removed.',
          {
            path: 'target',
            evidence: { types },
          },
        )
      : deny(`${name.hostname} is a CNAME, and nothing can stand beside it.`, 'Have the CNAME removed first.', {
          path: 'hostname',
          evidence: { types },
        });
  },
};

export const notDelegated: Rule = {
  name: 'not-delegated',
  describe: 'No name stands at or below a delegation: its records would never be seen (RFC 1034 §4.2.1).',
  needsName: true,
  evaluate: ({ name, ground }) => {
    const cut = ground.foreignRecordSets.find(({ name: at, type }) => type === 'NS' && at !== name?.zone?.apex);
    return cut && name
      ? deny(
          `${cut.name} is delegated to ${cut.values[0]}, so records of ${name.hostname} in ${name.zone?.apex ?? 'this zone'} would not be seen.`,
          'Choose another name, or connect the delegated zone.',
          {
            path: 'hostname',
            evidence: { delegation: cut.name },
          },
        )
      : noFindings;
  },
};

export const targetName: Rule = {
  name: 'target-name',
  describe: 'A target given by name is a hostname, no wildcard, and not the name itself.',
  needsName: false,
  evaluate: ({ contract, name }) => {
    if (!('cname' in contract.target)) return noFindings;
    const path = 'target.cname';
    const parsed = parseHostname(contract.target.cname, path);
    if (!parsed.ok) return parsed.violations.map((violation): Finding => ({ outcome: 'deny', ...violation }));
    if (isWildcard(parsed.hostname)) return deny(`${parsed.hostname} is a wildcard and leads nowhere.`, 'Give a single name.', { path });
    return parsed.hostname === name?.hostname
      ? deny(`${parsed.hostname} would lead to itself.`, 'Give the name of what serves it.', { path })
      : noFindings;
  },
};

/** Ranges at which nothing can ever be reached. */
const unreachable: readonly string[] = ['unspecified', 'broadcast', 'multicast'];
/** Ranges that only an inside can reach. */
const inside: readonly string[] = ['private', 'loopback', 'linkLocal', 'carrierGradeNat', 'uniqueLocal'];

export const targetAddress: Rule = {
  name: 'target-address',
  describe:
    'A public name leads to public addresses, unless the owner of the zone allowed the range; no name leads to an address that cannot be reached.',
  needsName: true,
  evaluate: ({ contract, name }) => {
    if (!('addresses' in contract.target)) return noFindings;
    // Without a zone nobody could have allowed a range, and managed-zone says so already.
    const allowed = name?.zone?.allowedRanges ?? null;
    return contract.target.addresses.flatMap((text, index) => {
      const address = addressOf(text);
      const range = address.range();
      const path = `target.addresses.${index}`;
      if (unreachable.includes(range))
        return deny(`${text} is ${range}: nothing answers there.`, 'Give the address of what serves the name.', { path });
      if (contract.view !== 'public' || !inside.includes(range) || allowed === null || isAllowed(address, allowed)) return noFindings;
      return deny(
        `${text} is not a public address (${range}), and the name is public.`,
        'Give a public address, ask for the internal view, or ask the owner of the zone to allow the range.',
        {
          path,
          evidence: { range },
        },
      );
    });
  },
};

/** IPv4 in IPv6 clothes counts as IPv4. The family is told first: the library's own guess costs an exception per IPv4 text. */
function addressOf(text: string): ipaddr.IPv4 | ipaddr.IPv6 {
  if (!text.includes(':')) return ipaddr.IPv4.parse(text);
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];
const parsedRanges = new Map<string, Range | null>();
/** Zones allow few ranges; a memory that has outgrown that is begun anew. */
const mostParsedRanges = 1000;

/** A range, parsed once for its text, because a zone is loaded anew for every decision; null for text that is no range and allows nothing. */
function rangeOf(text: string): Range | null {
  const known = parsedRanges.get(text);
  if (known !== undefined) return known;
  const range = ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : null;
  if (parsedRanges.size >= mostParsedRanges) parsedRanges.clear();
  parsedRanges.set(text, range);
  return range;
}

const isAllowed = (address: ipaddr.IPv4 | ipaddr.IPv6, allowed: readonly string[]): boolean =>
  allowed.some((text) => {
    const range = rangeOf(text);
    return range !== null && range[0].kind() === address.kind() && address.match(range[0], range[1]);
  });

export const clusterKnown: Rule = {
  name: 'cluster-known',
  describe: 'A target given as a cluster is a cluster that Hostmaster knows.',
  needsName: false,
  evaluate: ({ contract, ground }) =>
    'cluster' in contract.target && ground.cluster === null
      ? deny(`There is no cluster ${contract.target.cluster}.`, 'Check its name, or ask a platform admin to add it.', {
          path: 'target.cluster',
        })
      : noFindings,
};

export const clusterEnvironment: Rule = {
  name: 'cluster-environment',
  describe: 'A name of one environment leads to a cluster of that environment.',
  needsName: false,
  evaluate: ({ ground: { cluster }, environment }) =>
    cluster === null || environment === null || cluster.environment === environment
      ? noFindings
      : deny(
          `Cluster ${cluster.name} is ${cluster.environment}, and the name is asked for in ${environment}.`,
          `Choose a cluster of ${environment}.`,
          {
            path: 'target.cluster',
          },
        ),
};

export const clusterExposure: Rule = {
  name: 'cluster-exposure',
  describe: 'Internal and partner names never lead through a public ingress, nor public names to a cluster without one.',
  needsName: false,
  evaluate: ({ contract, ground: { cluster } }) => {
    if (cluster === null || cluster.takesPublicTraffic === (contract.view === 'public')) return noFindings;
    return deny(
      cluster.takesPublicTraffic
        ? `Cluster ${cluster.name} takes public traffic, and the name is ${contract.view}.`
        : `Cluster ${cluster.name} takes no public traffic, and the name is public.`,
      'Choose another cluster, or another view.',
      { path: 'target.cluster' },
    );
  },
};

export const clusterCertificates: Rule = {
  name: 'cluster-certificates',
  describe: "A cluster's load balancer holds no more certificates than it can.",
  needsName: false,
  evaluate: ({ contract, input, ground: { cluster } }) =>
    input.kind !== 'create' ||
    contract.tls.termination === 'none' ||
    !cluster?.certificates ||
    cluster.certificates.used < cluster.certificates.limit
      ? noFindings
      : deny(
          `The load balancer of cluster ${cluster.name} holds ${cluster.certificates.used} of at most ${cluster.certificates.limit} certificates.`,
          'Choose another cluster, or add the name to an existing certificate.',
          { path: 'target.cluster' },
        ),
};

export const ttlBounds: Rule = {
  name: 'ttl-bounds',
  describe: "The TTL is within the zone's bounds.",
  needsName: true,
  evaluate: ({ contract, name }) => {
    if (!name?.zone || ttlWithin(contract.ttl, name.zone.ttlBounds) !== null) return noFindings;
    const { min, max } = name.zone.ttlBounds;
    const asked = typeof contract.ttl === 'number' ? `A TTL of ${contract.ttl} s` : `The TTL class ${contract.ttl}`;
    return deny(
      `${asked} is outside the bounds of the zone ${name.zone.apex}, ${min} to ${max} s.`,
      `Choose a TTL from ${min} to ${max} s.`,
      {
        path: 'ttl',
        evidence: { min, max },
      },
    );
  },
};
