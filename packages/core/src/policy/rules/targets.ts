// Rules on what the name would lead to: CNAME exclusivity, names and addresses.
import { type Address, addressFault, embeddedIpv4, neverFault, parseAddress } from '../../address/address.ts';
import { portAllowed, portsListed } from '../../address/port.ts';
import { type EndpointContract, isCertificateOnly } from '../../contract/endpoint.ts';
import { isTargetType } from '../../dns/desired.ts';
import { isWildcard, parentOf } from '../../hostname/hostname.ts';
import { whyUnanswered } from '../../hostname/special-use.ts';
import { deny, hostnameRule, noFindings, requestRule } from '../rule.ts';

const wantsCname = ({ target }: EndpointContract): boolean => 'cname' in target || 'cluster' in target;

export const cnameExclusive = hostnameRule({
  name: 'cname-exclusive',
  describe: 'A CNAME stands alone at its name (RFC 1034 §3.6.2), and so never at an apex.',
  needs: ['zones', 'recordSets'],
  judge: ({ kind, contract }, { hostname }, { zones, recordSets }) => {
    // Beside what a certificate alone is for, nothing is put.
    if (isCertificateOnly(contract)) return noFindings;
    const cname = wantsCname(contract);
    if (hostname === zones.own?.apex)
      return cname
        ? deny(`${hostname} is an apex with SOA and NS, so it cannot be a CNAME.`, 'Give addresses as the target.', { path: 'target' })
        : noFindings;
    // Where an endpoint leads already, its plan takes what stands there away (changed-by-hand).
    const stays = (type: string): boolean => kind === 'create' || !isTargetType(type);
    const beside = recordSets.filter(({ name, type }) => name === hostname && (cname || type === 'CNAME') && stays(type));
    if (beside.length === 0) return noFindings;
    const types = beside.map(({ type }) => type).join(', ');
    return cname
      ? deny(
          `${hostname} holds other data (${types}), and a CNAME cannot stand beside it.`,
          'Give addresses as the target, or have the other records removed.',
          { path: 'target', evidence: { types } },
        )
      : deny(`${hostname} is a CNAME, and nothing can stand beside it.`, 'Have the CNAME removed first.', { evidence: { types } });
  },
});

export const targetName = requestRule({
  name: 'target-name',
  describe: 'A target given by name is no wildcard, not the name itself, and one that DNS answers for.',
  needs: [],
  judge: ({ targetName: target, name }) => {
    if (target === null) return noFindings;
    const path = 'target.cname';
    if (isWildcard(target)) return deny(`${target} is a wildcard and leads nowhere.`, 'Give a single name.', { path });
    const remedy = 'Give the name of what serves it.';
    if (target === name?.hostname) return deny(`${target} would lead to itself.`, remedy, { path });
    const why = whyUnanswered(target);
    return why === null ? noFindings : deny(`${target} ${why}, so it cannot be the target of a name.`, remedy, { path });
  },
});

/** Names that are told of a long way. */
const mostTold = 5;

export const targetLoop = hostnameRule({
  name: 'target-loop',
  describe: 'A target given by name leads somewhere in the end, and not back to where it began by way of other names.',
  needs: ['targetPath'],
  judge: ({ contract: { target }, targetName: given }, { hostname }, { targetPath }) => {
    // Of the name itself target-name says so.
    if (targetPath === null || given === hostname) return noFindings;
    const { names, stands } = targetPath;
    const last = names.at(-1);
    const back = names.indexOf(hostname);
    const way = back >= 0 ? names.slice(0, back + 1) : names;
    // What stands nowhere a wildcard beside it answers for, and so the one that is asked for (RFC 4592 §3.3.1).
    const answersItself = !stands && isWildcard(hostname) && last !== undefined && isDirectlyBelow(last, parentOf(hostname));
    if (back < 0 && !answersItself && names.indexOf(last ?? '') === names.length - 1) return noFindings;
    const told = way.length > mostTold ? [...way.slice(0, mostTold - 1), '…', ...way.slice(-1)] : way;
    return deny(
      answersItself && back < 0
        ? `${hostname} would answer for ${last} too, to which it leads${way.length > 1 ? ` by ${told.slice(0, -1).join(', ')}` : ''}, and so lead in a circle.`
        : `${hostname} would lead in a circle: to ${told.join(', from there to ')}.`,
      'Give the name of what serves it, or have the names on the way lead elsewhere first.',
      { path: 'cname' in target ? 'target.cname' : 'target.cluster' },
    );
  },
});

const isDirectlyBelow = (name: string, parent: string | null): boolean => parent !== null && name.slice(name.indexOf('.') + 1) === parent;

/** What nobody can allow is not asked for. */
const remedyFor = (address: Address | null): string =>
  address === null || neverFault(address) !== null || clothesOf(address) !== null
    ? 'Give a public address.'
    : 'Give a public address, or ask a platform admin to allow the range in the zone.';

/** An AAAA record that stands for an IPv4 address reaches nobody who has no translator of just that kind. */
function clothesOf(address: Address): string | null {
  const inside = address.length === 16 ? embeddedIpv4(address) : null;
  return inside === null ? null : `it is the IPv4 address ${inside.join('.')} in the form of IPv6`;
}

export const targetAddress = hostnameRule({
  name: 'target-address',
  describe:
    'A name leads to public addresses, and to others only in ranges that its zone allows; to what no connection may go (link-local, metadata services, multicast) never.',
  needs: ['zones'],
  judge: ({ contract: { target } }, _, { zones: { own } }) => {
    // Without a zone nobody could have allowed a range, and managed-zone says so already.
    if (!('addresses' in target) || own === null) return noFindings;
    return target.addresses.flatMap((text, index) => {
      const address = parseAddress(text);
      const fault = address === null ? 'it is not a literal IP address' : (addressFault(address, own.allowedRanges) ?? clothesOf(address));
      return fault === null
        ? noFindings
        : deny(`${text} cannot be the target of a name: ${fault}.`, remedyFor(address), { path: `target.addresses.${index}` });
    });
  },
});

export const targetPort = hostnameRule({
  name: 'target-port',
  describe: 'A name is reached on the port of its zone, or on one that the zone allows: a probe connects there, again and again.',
  needs: ['zones'],
  judge: ({ contract: { target, routing } }, _, { zones: { own } }) =>
    isCertificateOnly({ target }) || own === null || routing.port === undefined || portAllowed(routing.port, own)
      ? noFindings
      : deny(
          `Names in ${own.apex} are not reached on port ${routing.port}.`,
          `Give one of its ports (${portsListed(own)}), or ask a platform admin to allow the port in the zone.`,
          { path: 'routing.port' },
        ),
});
