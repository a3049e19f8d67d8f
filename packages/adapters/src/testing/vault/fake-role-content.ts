// What a role of Vault's PKI engine allows beside hostnames, and for what use it signs, as its documentation says it ("Create/Update role":
// allow_ip_sans, allowed_uri_sans, server_flag, client_flag, ext_key_usage), and OpenBao's (allowed_ip_sans_cidr).
import { BlockList, isIP } from 'node:net';
import { octetString, oid, sequence } from '@hostmaster/core/pki/der';
import { objectIdentifiers as id } from '@hostmaster/core/pki/object-identifiers';
import { asExpression, type CsrParts, type FakeRole, listOf, nameRefusalOf, type SignRequest } from './fake-role.ts';

/** With use_csr_sans what the CSR has, and nothing of the call; else what the call has. */
export function othersOf({ use_csr_sans: fromCsr }: FakeRole, csr: CsrParts, { ip_sans: ips = '', uri_sans: uris = '' }: SignRequest) {
  return fromCsr ? { addresses: csr.addresses, uris: csr.uris } : { addresses: listOf(ips), uris: listOf(uris) };
}

function isAllowed(networks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits = ''] = network.split('/');
    list.addSubnet(base, Number(bits), isIP(base) === 6 ? 'ipv6' : 'ipv4');
  }
  return networks.length === 0 || list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Why the role does not sign for these addresses and URIs, in Vault's words; null where it does. */
function otherRefusalOf(role: FakeRole, csr: CsrParts, request: SignRequest): string | null {
  const { addresses, uris } = othersOf(role, csr, request);
  const via = role.use_csr_sans ? 'CSR' : 'the API';
  if (addresses.length > 0 && !role.allow_ip_sans)
    return `IP Subject Alternative Names are not allowed in this role, but was provided ${role.use_csr_sans ? 'some via CSR' : `[${addresses.join(' ')}]`}`;
  const odd = addresses.find((address) => isIP(address) === 0);
  if (odd !== undefined) return `the value ${JSON.stringify(odd)} is not a valid IP address`;
  const outside = addresses.find((address) => !isAllowed(role.allowed_ip_sans_cidr, address));
  if (outside !== undefined) return `the IP address ${JSON.stringify(outside)} is not allowed in this role`;
  if (uris.length > 0 && role.allowed_uri_sans.length === 0)
    return `URI Subject Alternative Names are not allowed in this role, but were provided via ${via}`;
  return uris.every((uri) => role.allowed_uri_sans.some((glob) => asExpression(glob).test(uri)))
    ? null
    : `URI Subject Alternative Names were provided via ${via} which are not valid for this role`;
}

/** Why the role does not sign, in Vault's words; null where it does. */
export const refusalOf = (role: FakeRole, csr: CsrParts, request: SignRequest): string | null =>
  nameRefusalOf(role, csr, request) ?? otherRefusalOf(role, csr, request);

/** The names of Go's crypto/x509, to which its documentation leads. */
const purposes: Readonly<Record<string, string>> = {
  any: id.anyExtendedKeyUsage,
  serverauth: id.serverAuth,
  clientauth: id.clientAuth,
  codesigning: '1.3.6.1.5.5.7.3.3',
  emailprotection: '1.3.6.1.5.5.7.3.4',
  timestamping: '1.3.6.1.5.5.7.3.8',
  ocspsigning: id.ocspSigning,
};

/** The extension that its certificates have, DER; null: none, as of a role that names no use. What it does not know counts for nothing. */
export function purposesOf(role: FakeRole): Uint8Array | null {
  const flagged = { serverauth: role.server_flag, clientauth: role.client_flag, codesigning: role.code_signing_flag };
  const named = [
    ...Object.entries({ ...flagged, emailprotection: role.email_protection_flag }).flatMap(([name, on]) => (on ? [name] : [])),
    ...role.ext_key_usage.map((word) => word.trim().toLowerCase()),
  ];
  const identifiers = new Set([...named.flatMap((name) => purposes[name] ?? []), ...role.ext_key_usage_oids]);
  return identifiers.size === 0
    ? null
    : sequence(oid(id.extendedKeyUsage), octetString(sequence(...[...identifiers].map((one) => oid(one)))));
}
