import { HostmasterError } from '../errors.ts';
import { isStoredHostname } from '../hostname/parse-hostname.ts';
import { type CertificateRequest, checkRequestedNames, parseCsr } from './csr.ts';
import type { CertificateOrder } from './issuer.ts';
import { otherNames, serverContent } from './leaf-content.ts';

/** Passes an order of hostnames, each once. For an issuer that has no suffixes of its own to hold names against. Errors: issuer-refused. */
export function requireHostnames({ names }: Pick<CertificateOrder, 'names'>): void {
  const other = names.find((name) => !isStoredHostname(name));
  const fault =
    names.length === 0
      ? 'The order names nothing.'
      : other !== undefined
        ? `${other} is no hostname.`
        : new Set(names).size < names.length
          ? 'The order names something twice.'
          : null;
  if (fault !== null) throw new HostmasterError('issuer-refused', fault);
}

/** The request of an order, held against the names ordered. A broken rule is a refusal of the issuer's. Errors: issuer-refused with the rules. */
export function requestOf({
  csr,
  names,
  content = serverContent,
}: Pick<CertificateOrder, 'csr' | 'names' | 'content'>): CertificateRequest {
  if (csr === null) throw new HostmasterError('issuer-refused', 'It signs a request, and the order has none.');
  const request = readRequest(csr);
  const violations = checkRequestedNames(request, [...names, ...otherNames(content)]);
  if (violations.length > 0) throw new HostmasterError('issuer-refused', violations.map(({ reason }) => reason).join(' '), { violations });
  return request;
}

function readRequest(csr: Uint8Array): CertificateRequest {
  try {
    return parseCsr(csr);
  } catch (error) {
    if (!(error instanceof HostmasterError)) throw error;
    throw new HostmasterError('issuer-refused', error.message, { violations: error.violations, cause: error });
  }
}
