// The chain of a leaf out of certificates in whatever order, some of which may have nothing to do with it.
import { HostmasterError } from '../errors.ts';
import { type Certificate, nodeCertificate, readCertificate } from './certificate.ts';

/** More than any sane chain holds above its leaf. */
const longest = 9;

const isSelfSigned = ({ subject, issuer }: Certificate): boolean => Buffer.compare(subject, issuer) === 0;

function signed(above: Certificate, below: Certificate): boolean {
  if (Buffer.compare(above.subject, below.issuer) !== 0) return false;
  const [issuer, subject] = [nodeCertificate(above.der), nodeCertificate(below.der)];
  return subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}

/**
 * Leaf first, each signed by the next, up to the last that is there; a root is left out (RFC 8446 §4.4.2). Of several that signed the
 * same one, as where a CA is cross-signed, the one that is valid longest is taken. Nothing is taken twice, so that a loop ends.
 * Errors: invalid-input where one cannot be read, or none signed the leaf.
 */
export function pathFrom(leaf: Uint8Array, others: readonly Uint8Array[]): readonly Uint8Array[] {
  const left = new Map(others.map((der) => [Buffer.from(der).toString('base64'), der]));
  left.delete(Buffer.from(leaf).toString('base64'));
  const pool = [...left.values()].map(readCertificate).sort((a, b) => b.notAfter.getTime() - a.notAfter.getTime());
  const path = [readCertificate(leaf)];
  for (let at = path[0]; at !== undefined && path.length <= longest; ) {
    const below: Certificate = at;
    const above: Certificate | undefined = pool.find((one) => !path.includes(one) && signed(one, below));
    if (above === undefined && path.length === 1)
      throw new HostmasterError('invalid-input', 'None of the certificates signed the first one.');
    if (above === undefined || isSelfSigned(above)) break;
    path.push(above);
    at = above;
  }
  return path.map(({ der }) => der);
}
