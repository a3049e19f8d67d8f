import { parseCsr } from '@hostmaster/core/pki/csr';
import { keyFingerprint } from '@hostmaster/core/pki/key-policy';

/** The fingerprint of the public key that a CSR is made with; null where it is no CSR, which its reader says. */
export function csrKey(csr: string): string | null {
  try {
    return keyFingerprint(parseCsr(csr).publicKey);
  } catch {
    return null;
  }
}
