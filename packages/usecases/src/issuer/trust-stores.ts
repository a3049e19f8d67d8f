// The published roots in the containers that programs read them from, beside `root.pem`.
import { X509Certificate } from 'node:crypto';
import { jksTrustStore, pkcs7Bundle, pkcs12TrustStore, type TrustAnchor } from '@hostmaster/core/pki/trust-store';

/** It keeps no secret, and is what Java expects of such a file. */
export const trustStorePassword = 'changeit';

type Store = { readonly contentType: string; make(anchors: readonly TrustAnchor[]): Uint8Array };

/** By the name of the file. */
export const trustStores: Readonly<Record<string, Store>> = {
  'root.p12': { contentType: 'application/x-pkcs12', make: (anchors) => pkcs12TrustStore(anchors, trustStorePassword) },
  'root.jks': { contentType: 'application/x-java-keystore', make: (anchors) => jksTrustStore(anchors, trustStorePassword) },
  'root.p7b': {
    contentType: 'application/x-pkcs7-certificates',
    make: (anchors) => pkcs7Bundle(anchors.map(({ certificate }) => certificate)),
  },
};

/** A root as a store names it: by its own fingerprint, so that it has the same name wherever it is installed. */
export function trustAnchorOf(pem: string): TrustAnchor {
  const { raw, fingerprint256, validFrom } = new X509Certificate(pem);
  const short = fingerprint256.replaceAll(':', '').slice(0, 8).toLowerCase();
  return { certificate: raw, alias: `hostmaster-${short}`, since: new Date(validFrom) };
}
