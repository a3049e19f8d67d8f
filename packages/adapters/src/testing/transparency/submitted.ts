// What CAs submit to logs, made of a leaf of the test CA: its precertificate, and the certificate that holds what the logs have answered.
import { extension } from '@hostmaster/core/pki/build-certificate';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { bitString, sequence, tlv } from '@hostmaster/core/pki/der';
import { children, readDer } from '@hostmaster/core/pki/der-reader';

export type Submitted = {
  /** What is to be signed, without poison; null for a certificate. */
  readonly tbs: Uint8Array | null;
  /** DER, the certificate or precertificate first. */
  readonly chain: readonly Uint8Array[];
};

const poison = '1.3.6.1.4.1.11129.2.4.3';
const timestamps = '1.3.6.1.4.1.11129.2.4.2';

/** With one extension more; nobody has signed that. */
function withExtension(der: Uint8Array, added: Uint8Array): Uint8Array {
  const { tbs, signatureAlgorithm } = readCertificate(der);
  const parts = children(readDer(tbs)).map(({ tag, raw, content }) =>
    tag === 0xa3 ? tlv(0xa3, [sequence(...children(readDer(content)).map((each) => each.raw), added)]) : raw,
  );
  return sequence(sequence(...parts), signatureAlgorithm, bitString(Uint8Array.of(1)));
}

export const certificateEntry = (...chain: Uint8Array[]): Submitted => ({ tbs: null, chain });
export const precertificateEntry = (leaf: Uint8Array, ...chain: Uint8Array[]): Submitted => ({
  tbs: readCertificate(leaf).tbs,
  chain: [withExtension(leaf, extension(poison, Uint8Array.of(5, 0), true)), ...chain],
});
/** RFC 6962 §3.3: the timestamps stand in an OCTET STRING. */
export const withTimestamps = (leaf: Uint8Array): Uint8Array => withExtension(leaf, extension(timestamps, Uint8Array.of(4, 2, 0, 0)));
