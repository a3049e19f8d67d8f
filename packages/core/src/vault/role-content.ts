// Whether a role of Vault's PKI signs for what a certificate names beside hostnames, as Vault judges it (allow_ip_sans, allowed_uri_sans),
// and by what change of the role it would.
import { inRange, parseAddress, parseRange } from '../address/address.ts';
import type { VaultRole } from './role.ts';
import type { RoleFault, RoleOrder } from './role-fault.ts';
import { matchesGlob, type RoleChange } from './role-names.ts';

const isWithin = (ranges: readonly string[], address: string): boolean => {
  const octets = parseAddress(address) ?? [];
  return ranges.flatMap((range) => parseRange(range) ?? []).some((range) => inRange(octets, range));
};

export function addressesFault(role: VaultRole, { content: { addresses } }: RoleOrder): RoleFault | null {
  const [first] = addresses;
  if (first === undefined) return null;
  const ranges = role.allowed_ip_sans_cidr;
  const outside = ranges.length === 0 ? [] : addresses.filter((address) => !isWithin(ranges, address));
  const widened: RoleChange = outside.length === 0 ? {} : { allowed_ip_sans_cidr: [...ranges, ...outside.map(asRange)].join(',') };
  if (!role.allow_ip_sans)
    return { rule: 'allow_ip_sans', says: `signs for no address, such as ${first}`, change: { allow_ip_sans: 'true', ...widened } };
  if (outside.length === 0) return null;
  const says = `does not sign for ${outside.join(', ')}: its networks are ${ranges.join(', ')}`;
  return { rule: 'allowed_ip_sans_cidr', says, change: widened };
}

const asRange = (address: string): string => `${address}/${address.includes(':') ? 128 : 32}`;

/** Null where it signs for the SPIFFE ID, or where that depends on whose token asks. */
export function uriFault(role: VaultRole, { content: { spiffeId } }: RoleOrder): RoleFault | null {
  const { allowed_uri_sans: allowed } = role;
  if (spiffeId === null || allowed.some((pattern) => matchesGlob(pattern, spiffeId))) return null;
  if (role.allowed_uri_sans_template && allowed.length > 0) return null;
  const says = `does not sign for ${spiffeId}: ${allowed.length === 0 ? 'it allows no URI' : `its URIs are ${allowed.join(', ')}`}`;
  return { rule: 'allowed_uri_sans', says, change: { allowed_uri_sans: [...allowed, spiffeId].join(',') } };
}
