import { tag } from './der.ts';
import { children, expectTag, readDer } from './der-reader.ts';

/** SubjectPublicKeyInfo, DER, of a request (PKCS#10, DER) that was made here. Errors: invalid-input. */
export function requestKey(csr: Uint8Array): Uint8Array {
  const [info] = children(expectTag(readDer(csr), tag.sequence, 'the request'), 3);
  const [, , spki] = children(expectTag(info, tag.sequence, 'the request'), 4);
  return expectTag(spki, tag.sequence, 'the public key').raw;
}
