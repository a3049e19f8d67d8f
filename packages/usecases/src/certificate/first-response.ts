import type { CertificateIssuer } from '@hostmaster/core/pki/issuer';
import { ocspRefreshAt } from '@hostmaster/core/pki/ocsp-validity';
import { openOcspSigner } from '../issuer/ocsp-signer.ts';

/**
 * What answers whoever asks whether a new certificate is revoked: stored with it, so that none is served before there is an answer.
 * Null where its issuer answers itself, or nobody does. Errors: key-unreadable, issuer-refused.
 */
export async function firstResponse(
  ctx: Parameters<typeof openOcspSigner>[0],
  issuer: { readonly id: string; readonly slug: string },
  { authority }: CertificateIssuer,
  { serial, notAfter }: { readonly serial: string; readonly notAfter: Date },
) {
  const signer = authority === undefined ? null : await openOcspSigner(ctx, issuer, authority);
  if (signer === null) return null;
  const { sha1, sha256 } = await signer.sign({ serial, revoked: null });
  const { thisUpdate, nextUpdate } = signer.times;
  return {
    issuerId: issuer.id,
    sha1: Buffer.from(sha1),
    sha256: Buffer.from(sha256),
    ...{ thisUpdate, nextUpdate, refreshAt: ocspRefreshAt(signer.times, notAfter) },
  };
}
