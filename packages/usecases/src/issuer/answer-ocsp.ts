// Answers whoever asks whether a certificate is revoked (RFC 6960, RFC 5019), from what a worker has signed: there is no key here, and
// nothing is signed for a question. So a nonce, which is optional (RFC 9654), is left unanswered: clients go by the times instead
// (RFC 5019 §4).
import { HostmasterError } from '@hostmaster/core/errors';
import { readCertificate } from '@hostmaster/core/pki/certificate';
import { issuerChain } from '@hostmaster/core/pki/chain';
import { issuerHashes } from '@hostmaster/core/pki/ocsp-cert-id';
import { type AskedCertificate, parseOcspRequest } from '@hostmaster/core/pki/ocsp-request';
import { type OcspFailure, ocspFailure } from '@hostmaster/core/pki/ocsp-response';
import { keptResponse } from '@hostmaster/db/ocsp-response';
import type { Ctx } from '../context.ts';

export type OcspAnswer = {
  /** An OCSPResponse, DER. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** From when to when it may be kept; null where it may not. */
  readonly kept: { readonly thisUpdate: Date; readonly nextUpdate: Date } | null;
};

const failed = (failure: OcspFailure): OcspAnswer => ({ body: Uint8Array.from(ocspFailure(failure)), kept: null });

/** @param request an OCSPRequest, DER, as anybody may send it. Null where there is no such issuer. Errors: those of the database. */
export async function answerOcsp({ db, clock }: Pick<Ctx, 'db' | 'clock'>, slug: string, request: Uint8Array): Promise<OcspAnswer | null> {
  const asked = read(request);
  if (asked === null) return failed('malformedRequest');
  const [one, ...others] = asked;
  // Each response is about one certificate (RFC 5019 §2.1.1 has clients ask for one alone).
  if (one === undefined || one.hash === null || one.serial === null || others.length > 0) return failed('unauthorized');
  const kept = await keptResponse(db, slug, one.serial, one.hash);
  if (kept === null) return null;
  const { response, thisUpdate, nextUpdate, chainPem } = kept;
  if (nextUpdate === null || !isOf(chainPem, one.hash, one)) return failed('unauthorized');
  // It is known here, and what can be said of it is out of date: a worker is behind.
  if (response === null || thisUpdate === null || nextUpdate <= clock.now()) return failed('tryLater');
  return { body: response, kept: { thisUpdate, nextUpdate } };
}

function read(request: Uint8Array): readonly AskedCertificate[] | null {
  try {
    return parseOcspRequest(request);
  } catch (error) {
    if (error instanceof HostmasterError) return null;
    throw error;
  }
}

/** Whether the issuer that is asked of is the one of this chain: serials are unique below one issuer alone. */
function isOf(chainPem: string, hash: 'sha1' | 'sha256', { issuerNameHash, issuerKeyHash }: AskedCertificate): boolean {
  const [own] = issuerChain(chainPem);
  if (own === undefined) return false;
  const { name, key } = issuerHashes(readCertificate(own), hash);
  return Buffer.compare(name, issuerNameHash) === 0 && Buffer.compare(key, issuerKeyHash) === 0;
}
