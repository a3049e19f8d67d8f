import { parseAddress } from '../address/address.ts';
import { readCertificate } from './certificate.ts';
import { splitPem } from './chain.ts';
import { children, readOid } from './der-reader.ts';
import { readNameConstraints, satisfiesAddressConstraints, satisfiesUriConstraints } from './extensions.ts';
import { isServerContent, type LeafContent, purposes } from './leaf-content.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';

/**
 * What of a certificate a CA may not sign, as its own certificate says, where that was made before such things were asked for; null where it may
 * sign all of it, or says nothing. @param chainPem the CA first; empty where it is elsewhere. Errors: invalid-input.
 */
export function contentFault(chainPem: string, content: LeafContent): string | null {
  const [signing] = isServerContent(content) || chainPem === '' ? [] : splitPem(chainPem);
  if (signing === undefined) return null;
  const { extensions } = readCertificate(signing);
  const extension = extensions.get(id.extendedKeyUsage);
  const above = extension === undefined ? null : children(extension.value).map(readOid);
  if (above !== null && !content.usages.every((one) => above.includes(purposes[one]))) return 'clients';
  const bounds = extensions.get(id.nameConstraints);
  const constraints = bounds === undefined ? null : readNameConstraints(bounds.value);
  const open = constraints !== null && constraints.addresses.permitted.length > 0;
  const { spiffeId } = content;
  if (spiffeId !== null && constraints !== null && !satisfiesUriConstraints(constraints, spiffeId)) return spiffeId;
  return content.addresses.find((one) => !(open && satisfiesAddressConstraints(constraints, parseAddress(one) ?? []))) ?? null;
}
