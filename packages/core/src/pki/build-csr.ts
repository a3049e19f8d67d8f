import { leafSubject, signStructure, subjectAltName } from './build-certificate.ts';
import { contextConstructed, integer, oid, sequence, setOf } from './der.ts';
import type { LeafContent } from './leaf-content.ts';
import { objectIdentifiers as id } from './object-identifiers.ts';
import type { Signer } from './signer.ts';

/** A signed certificate request (RFC 2986), DER, for DNS names as A-labels; the first becomes the common name if it fits. @param others that it asks for */
export async function buildCsr(
  signer: Signer,
  names: readonly string[],
  others?: Pick<LeafContent, 'addresses' | 'spiffeId'>,
): Promise<Uint8Array> {
  const extensions = sequence(subjectAltName(names, false, others));
  const attributes = contextConstructed(0, sequence(oid(id.extensionRequest), setOf(extensions)));
  return signStructure(sequence(integer(0), leafSubject(names), signer.spki, attributes), signer);
}
