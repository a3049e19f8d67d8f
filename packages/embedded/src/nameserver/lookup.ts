// What an authoritative server answers for a name and a type: RFC 1034 §4.3.2 as clarified by RFC 2181 (delegations), RFC 2308 (negative
// answers), RFC 4592 (wildcards), RFC 6604 (the code of a chain) and RFC 8482 (ANY). Pure: a zone and a question in, sections out.
import { rcodes, typeCodes } from '@hostmaster/core/dns/wire/codes';
import { isNameWithin } from '@hostmaster/core/dns/wire/name';
import type { ResourceRecord } from '@hostmaster/core/dns/wire/record';
import { lineage, wildcardBelow } from './ancestors.ts';
import { negativeSoa } from './soa.ts';
import type { StoredSet, Zone, ZoneNode } from './zone.ts';

export type Answer = {
  readonly rcode: number;
  readonly authoritative: boolean;
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
  readonly additionals: readonly ResourceRecord[];
};

/** More CNAMEs in a row than any zone sensibly has; the rest is left to the asker. */
const maxChain = 16;

type Found =
  | { readonly kind: 'referral'; readonly cut: StoredSet }
  /** The records that answer for the name: its own, or a wildcard's under this name; none for an empty non-terminal. */
  | { readonly kind: 'node'; readonly node: ZoneNode }
  | { readonly kind: 'nothing' };

const emptyNode: ZoneNode = new Map();

/** The topmost delegation at or above the name, the apex excepted. The DS of a delegation belongs to this side of it (RFC 4035 §3.1.4.1). */
function delegationOf(zone: Zone, line: readonly string[], type: number): StoredSet | undefined {
  for (let at = line.length - 2; at >= 0; at -= 1) {
    const name = line[at];
    const cut = name === undefined ? undefined : zone.set(name, typeCodes.NS);
    if (cut !== undefined && !(at === 0 && type === typeCodes.DS)) return cut;
  }
  return undefined;
}

function find(zone: Zone, name: string, type: number): Found {
  const line = [...lineage(name, zone.apex)];
  const cut = delegationOf(zone, line, type);
  if (cut !== undefined) return { kind: 'referral', cut };
  const own = zone.node(name);
  if (own !== undefined) return { kind: 'node', node: own };
  if (zone.exists(name)) return { kind: 'node', node: emptyNode };
  const encloser = line.find((at) => zone.exists(at)) ?? zone.apex;
  const source = wildcardBelow(encloser);
  const wildcard = zone.node(source) ?? (zone.exists(source) ? emptyNode : undefined);
  return wildcard === undefined ? { kind: 'nothing' } : { kind: 'node', node: wildcard };
}

/** Wildcard records under the name that was asked for (RFC 4592 §3.3.1). */
const under = (name: string, set: StoredSet): readonly ResourceRecord[] =>
  set.name === name ? set.records : set.records.map((record) => ({ ...record, name }));

const ownersOfAddresses: ReadonlySet<number> = new Set([typeCodes.NS, typeCodes.MX, typeCodes.SRV]);

/** The addresses that the zone holds for what NS, MX and SRV records point to; for a delegation that is its glue. */
function addressesFor(zone: Zone, set: StoredSet): readonly ResourceRecord[] {
  if (!ownersOfAddresses.has(set.type)) return [];
  const targets = set.values.map((value) => value.slice(value.lastIndexOf(' ') + 1));
  return targets.flatMap((target) => [typeCodes.A, typeCodes.AAAA].flatMap((type) => zone.set(target, type)?.records ?? []));
}

/** Answers for a name within the zone; canonical name, any type that is not a transfer. */
export function lookup(zone: Zone, name: string, type: number): Answer {
  const answers: ResourceRecord[] = [];
  const visited = new Set<string>();
  const reply = (parts: Partial<Answer>): Answer => ({
    rcode: rcodes.NOERROR,
    authoritative: true,
    authorities: [],
    additionals: [],
    ...parts,
    answers,
  });

  for (let at = name; ; ) {
    const found = find(zone, at, type);
    if (found.kind === 'referral') {
      // AA speaks of the first name of the answer (RFC 1034 §4.1.1 in RFC 1035's words), so a chain that ends in a referral keeps it.
      const { cut } = found;
      return reply({ authoritative: answers.length > 0, authorities: cut.records, additionals: addressesFor(zone, cut) });
    }
    if (found.kind === 'nothing') return reply({ rcode: rcodes.NXDOMAIN, authorities: negativeSoa(zone.soa) });
    const { node } = found;
    // RFC 8482 §4.1: one set stands for all.
    const wanted = type === typeCodes.ANY ? node.values().next().value : node.get(type);
    if (wanted !== undefined) {
      answers.push(...under(at, wanted));
      return reply({ additionals: addressesFor(zone, wanted) });
    }
    const alias = node.get(typeCodes.CNAME);
    if (alias === undefined) return reply({ authorities: negativeSoa(zone.soa) });
    visited.add(at);
    answers.push(...under(at, alias));
    const target = alias.values[0] ?? '.';
    if (!isNameWithin(target, zone.apex) || visited.has(target) || visited.size > maxChain) return reply({});
    at = target;
  }
}
