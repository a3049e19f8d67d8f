// The certificate that shows control over a name in a TLS handshake (RFC 8737 §3): nobody trusts it, and nobody needs to. It carries what
// the CA looks for, and a key that is made for it and used for nothing else.
import { createHash } from 'node:crypto';
import { HostmasterError } from '../errors.ts';
import { extension, leafSubject, signStructure, subjectAltName, tbsCertificate } from '../pki/build-certificate.ts';
import { readCertificate } from '../pki/certificate.ts';
import { octetString, tag } from '../pki/der.ts';
import { type DerValue, expectTag } from '../pki/der-reader.ts';
import { isDeliverable } from '../pki/destination.ts';
import { readSubjectAltName } from '../pki/extensions.ts';
import { objectIdentifiers as id } from '../pki/object-identifiers.ts';
import type { Signer } from '../pki/signer.ts';

/** The protocol by which a CA asks, and alone (ALPN, RFC 7301; RFC 8737 §6.2). */
export const acmeTls = 'acme-tls/1';

/** A proof that is asked for later is made anew. */
const hoursBefore = 1;
const hoursAfter = 24;
const hour = 3_600_000;

export type ProofDraft = {
  /** In lower-case A-labels; a wildcard has no such proof. */
  readonly hostname: string;
  readonly keyAuthorization: string;
  readonly serial: string;
  readonly now: Date;
};

/** Contents of the extension: SHA-256 of the key authorization, as an OCTET STRING (RFC 8737 §3). */
const authorizationOf = (keyAuthorization: string): Uint8Array => octetString(createHash('sha256').update(keyAuthorization).digest());

/** Whether control over it can be shown so: no wildcard, and nothing that is no host name. */
export const isProvedInHandshake = (hostname: string): boolean => isDeliverable(hostname) && !hostname.startsWith('*.');

/** Self-signed, DER, valid from an hour before for a day after. Errors: invalid-input for a wildcard, and what is no host name in A-labels. */
export function proofCertificate({ hostname, keyAuthorization, serial, now }: ProofDraft, signer: Signer): Promise<Uint8Array> {
  if (!isProvedInHandshake(hostname))
    throw new HostmasterError(
      'invalid-input',
      'Control is shown in a handshake for a host name in lower-case A-labels, and for no wildcard.',
    );
  const at = (hours: number): Date => new Date(Math.floor(now.getTime() / 1000) * 1000 + hours * hour);
  const draft = { serial, notBefore: at(-hoursBefore), notAfter: at(hoursAfter), spki: signer.spki };
  // Who it says it is matters to nobody; an issuer without a name would be no X.509 (RFC 5280 §4.1.2.4).
  const subject = leafSubject(['tls-alpn-01']);
  const self = { subject, keyIdentifier: new Uint8Array(), algorithm: signer.algorithm };
  const extensions = [subjectAltName([hostname], false), extension(id.acmeIdentifier, authorizationOf(keyAuthorization), true)];
  return signStructure(tbsCertificate(draft, self, subject, extensions), signer);
}

/**
 * What is wrong with a certificate as this proof, in words that follow what presents it; null: a CA takes it. Whatever it is, it
 * never throws.
 */
export function proofCertificateFault(
  der: Uint8Array,
  { hostname, keyAuthorization }: Pick<ProofDraft, 'hostname' | 'keyAuthorization'>,
): string | null {
  try {
    const { extensions } = readCertificate(der);
    const shown = extensions.get(id.acmeIdentifier);
    if (shown === undefined) return 'presents a certificate that is no proof';
    if (!shown.critical) return 'presents a proof that is not marked as critical';
    const names = extensions.get(id.subjectAltName);
    if (names === undefined || !speaksForAlone(names.value, hostname)) return 'presents a proof of another name';
    const authorization = expectTag(shown.value, tag.octetString, 'the proof').raw;
    return Buffer.compare(authorization, authorizationOf(keyAuthorization)) === 0 ? null : 'presents the proof of another order';
  } catch (error) {
    if (!(error instanceof HostmasterError)) throw error;
    return 'presents what is no certificate that can be read';
  }
}

function speaksForAlone(names: DerValue, hostname: string): boolean {
  const { dns, addresses, uris, otherTags } = readSubjectAltName(names);
  return dns.length + addresses.length + uris.length + otherTags.length === 1 && dns[0]?.toLowerCase() === hostname;
}
