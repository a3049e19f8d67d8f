// What the fake of ACM looks at before it takes an import (https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html,
// import-certificate-format.html, import-reimport.html).
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { splitPem } from '@hostmaster/core/pki/chain';
import { describeCertificate } from '@hostmaster/core/pki/describe-certificate';
import type { Held, Imported } from './fake-certificates.ts';

type Read = { readonly leaf: Uint8Array; readonly names: readonly string[]; readonly key: string };
type Fault = { readonly fault: string };

const keys: Readonly<Record<string, string>> = {
  'ecdsa-p256': 'EC_prime256v1',
  'ecdsa-p384': 'EC_secp384r1',
  'rsa-2048': 'RSA_2048',
  'rsa-3072': 'RSA_3072',
  'rsa-4096': 'RSA_4096',
};
const fault = (text: string): Fault => ({ fault: text });

/** Whole PEM blocks of one kind and nothing between them. */
const isPem = (text: string, label: string): boolean =>
  new RegExp(`^(-----BEGIN ${label}-----\\n([A-Za-z0-9+/=]+\\n)+-----END ${label}-----\\n?)+$`).test(text);

/** @param known what is imported over */
export function importFault({ certificate, chain, privateKey }: Imported, known: Held | null, now: Date): Read | Fault {
  if (!isPem(certificate, 'CERTIFICATE') || splitPem(certificate).length !== 1)
    return fault('The certificate field contains more than one certificate, or something else.');
  if (!isPem(privateKey, 'PRIVATE KEY')) return fault('The private key is not supported.');
  if (chain !== '' && !isPem(chain, 'CERTIFICATE')) return fault('The certificate chain provided is not in a valid PEM format.');
  const all = [certificate, ...(chain === '' ? [] : splitPem(chain))].map((each) => new X509Certificate(each));
  const [leaf, ...above] = all;
  if (leaf === undefined) return fault('There is no certificate.');
  if (!leaf.checkPrivateKey(createPrivateKey(privateKey))) return fault('The private key length or key does not match the certificate.');
  if (above.some(({ fingerprint256 }) => fingerprint256 === leaf.fingerprint256)) return fault('The chain contains the leaf certificate.');
  const isLinked = all.every((one, at) => {
    const next = all[at + 1];
    return next === undefined || (one.checkIssued(next) && one.verify(next.publicKey));
  });
  if (!isLinked) return fault('Could not validate the certificate with the certificate chain.');
  const last = all.at(-1);
  if (above.length === 0 && leaf.subject !== leaf.issuer)
    return fault(
      'Provided certificate is not a valid self signed. Please provide either a valid self-signed certificate or certificate chain.',
    );
  if (last === undefined || all.some((one) => now < new Date(one.validFrom) || now > new Date(one.validTo)))
    return fault('The certificate must be currently valid.');
  const described = describeCertificate(leaf.raw);
  const key = keys[described.keyAlgorithm];
  if (key === undefined) return fault(`The key algorithm ${described.keyAlgorithm} is not supported.`);
  const signer = above[0] === undefined ? described.keyAlgorithm : describeCertificate(above[0].raw).keyAlgorithm;
  if (signer.split('-')[0] !== described.keyAlgorithm.split('-')[0])
    return fault('The cryptographic algorithm of the certificate must match the algorithm of the signing CA.');
  if (described.subjectAltNames.length === 0) return fault('The certificate has no domain name.');
  if (known?.imported === null) return fault('The certificate to be re-imported was not imported.');
  if (known !== null && known.key !== key) return fault('The key type and size of a certificate cannot be changed on re-import.');
  const before = known?.imported === undefined || known.imported === null ? [] : new X509Certificate(known.imported.certificate).keyUsage;
  const usages: readonly string[] = leaf.keyUsage ?? [];
  if ((before ?? []).some((usage) => !usages.includes(usage))) return fault('Extended key usages cannot be removed on re-import.');
  return { leaf: leaf.raw, names: described.subjectAltNames, key };
}
